"""Events: what happened to a ticket, by whom, when. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.actors import ActorKind
from wagtail_helpdesk.models.messages import Message
from wagtail_helpdesk.models.requesters import Requester
from wagtail_helpdesk.models.tickets import Ticket
from wagtail_helpdesk.rules.event_kinds import EventKind, event_kind_choices


class TicketEvent(models.Model):
    """One thing that happened."""

    wagtail_reference_index_ignore = True

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40, choices=event_kind_choices)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_label = models.CharField(max_length=254)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    requester = models.ForeignKey(
        Requester, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    #: Ids and names of what changed; never the text of a note.
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["ticket", "created_at"], name="helpdesk_event_ticket")
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {EventKind(self.kind).label}"
