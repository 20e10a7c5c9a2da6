"""Notifications: each mail to send is a row before it is a mail (the outbox)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.events import TicketEvent
from wagtail_helpdesk.models.requesters import Requester
from wagtail_helpdesk.models.tickets import Ticket


class NotificationState(models.TextChoices):
    """How far a mail has come."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("no longer wanted")
    FAILED = "failed", _("not delivered")


class Notification(models.Model):
    """One mail to one person about one occasion."""

    wagtail_reference_index_ignore = True

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="notifications"
    )
    event = models.ForeignKey(
        TicketEvent, on_delete=models.CASCADE, related_name="notifications"
    )
    #: Name of the row in ``notifications.alerts.ALERTS``.
    alert = models.CharField(max_length=40)
    #: Lower case; one person gets one mail about one change (OST-15).
    email = models.EmailField()
    requester = models.ForeignKey(
        Requester,
        on_delete=models.CASCADE,
        related_name="notifications",
        null=True,
        blank=True,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="helpdesk_notifications",
        null=True,
        blank=True,
    )
    #: Our own Message-ID, the same at every attempt (REL-42).
    message_id = models.CharField(max_length=255, unique=True)
    #: What the provider calls it; it comes back in delivery reports.
    provider_message_id = models.CharField(max_length=255, blank=True, db_index=True)
    subject = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        max_length=10,
        choices=NotificationState.choices,
        default=NotificationState.QUEUED,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email"], name="helpdesk_notification_unique"
            )
        ]
        indexes = [
            models.Index(
                fields=["state", "next_attempt_at"], name="helpdesk_notification_due"
            ),
            models.Index(
                fields=["alert", "email", "created_at"],
                name="helpdesk_notification_brake",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} → {self.email}"
