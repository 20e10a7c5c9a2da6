"""Resolutions: how a ticket ended, one row each time (CTI-38)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.tickets import Ticket


class Resolution(models.Model):
    """One time that a ticket was resolved; its notes are public (CTI-37)."""

    wagtail_reference_index_ignore = True

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="resolutions"
    )
    notes = models.TextField(_("resolution notes"), blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="helpdesk_resolutions",
        null=True,
        blank=True,
    )
    actor_label = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")

    def __str__(self) -> str:
        return f"{self.actor_label}, {self.created_at:%Y-%m-%d %H:%M}"
