"""Requesters: people who ask, known by their mail address, account optional."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Requester(models.Model):
    """Someone who asks (RT-01: no account is needed)."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="helpdesk_requester",
        verbose_name=_("account"),
        null=True,
        blank=True,
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        help_text=_("Code of the language of mails to this person; empty: the site's."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "email"]
        verbose_name = _("requester")
        verbose_name_plural = _("requesters")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="helpdesk_requester_lower",
                violation_error_message=_("Write the address in lower case."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, else the address."""
        return self.name or self.email
