"""Links between tickets; one row serves both sides (CTI-58)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.tickets import Ticket
from wagtail_helpdesk.rules.links import INVERSE_LABELS, LinkKind, link_kind_choices


class TicketLink(models.Model):
    """The source is … the target: parent of, duplicate of, follow-up of."""

    wagtail_reference_index_ignore = True

    source = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="links_out"
    )
    target = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="links_in"
    )
    kind = models.CharField(max_length=20, choices=link_kind_choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="helpdesk_link_not_itself"
            ),
            models.UniqueConstraint(
                fields=["source", "target", "kind"], name="helpdesk_link_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.source_id} {self.get_kind_display()} #{self.target_id}"

    def other_side(self, ticket: Ticket) -> Ticket:
        """Return the ticket at the other end."""
        return self.target if self.source_id == ticket.pk else self.source

    def label_for(self, ticket: Ticket) -> str:
        """Return what this ticket is to the other one, in words."""
        kind = LinkKind(self.kind)
        is_source = self.source_id == ticket.pk
        return str(kind.label if is_source else INVERSE_LABELS[kind])
