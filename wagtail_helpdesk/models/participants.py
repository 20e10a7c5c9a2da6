"""Participants: people copied on a ticket, and agents who watch it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.requesters import Requester
from wagtail_helpdesk.models.tickets import Ticket


class ParticipantKind(models.TextChoices):
    """Why someone takes part."""

    CC = "cc", _("copied person")
    WATCHER = "watcher", _("watching agent")


class Participant(models.Model):
    """A copied person or an agent who watches; exactly one of the two."""

    wagtail_reference_index_ignore = True

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="participants"
    )
    kind = models.CharField(max_length=10, choices=ParticipantKind.choices)
    requester = models.ForeignKey(
        Requester,
        on_delete=models.CASCADE,
        related_name="participations",
        null=True,
        blank=True,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="helpdesk_participations",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="cc", requester__isnull=False, user__isnull=True)
                | Q(kind="watcher", requester__isnull=True, user__isnull=False),
                name="helpdesk_participant_is_one",
            ),
            models.UniqueConstraint(
                fields=["ticket", "requester"], name="helpdesk_participant_requester"
            ),
            models.UniqueConstraint(
                fields=["ticket", "user"], name="helpdesk_participant_user"
            ),
        ]

    def __str__(self) -> str:
        return str(self.requester or self.user)
