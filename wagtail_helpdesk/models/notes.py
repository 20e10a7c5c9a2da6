"""Internal notes: a table of their own that requesters' doors may not import.

Not exported by ``wagtail_helpdesk.models``, and no ticket leads to them, so that the
portal and the requesters' mails can't reach one by accident (CTI-47, SEC-100).
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.inbound import InboundEmail
from wagtail_helpdesk.models.messages import (
    AbstractAttachment,
    AbstractVersion,
    BodyFormat,
)
from wagtail_helpdesk.models.tickets import Ticket


class NoteKind(models.TextChoices):
    """Where a note comes from."""

    NOTE = "note", _("Internal note")
    SYSTEM = "system", _("Automatic mail")
    UNVERIFIED = "unverified", _("Sender not verified")


class InternalNote(models.Model):
    """What agents tell each other about a ticket."""

    wagtail_reference_index_ignore = True

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(
        max_length=10, choices=NoteKind.choices, default=NoteKind.NOTE
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    author_name = models.CharField(max_length=254)
    body = models.TextField()
    body_format = models.CharField(
        max_length=10, choices=BodyFormat.choices, default=BodyFormat.MARKDOWN
    )
    inbound_email = models.ForeignKey(
        InboundEmail,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    #: Once deleted, ``body`` is empty; the words are in the versions.
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        indexes = [
            models.Index(fields=["ticket", "created_at"], name="helpdesk_note_ticket")
        ]

    def __str__(self) -> str:
        return f"{self.author_name}, {self.created_at:%Y-%m-%d %H:%M}"


class NoteVersion(AbstractVersion):
    """An earlier text of an internal note."""

    note = models.ForeignKey(
        InternalNote, on_delete=models.CASCADE, related_name="versions"
    )

    class Meta(AbstractVersion.Meta):
        verbose_name = _("earlier text of a note")
        verbose_name_plural = _("earlier texts of notes")


class NoteAttachment(AbstractAttachment):
    """A file of an internal note (CTI-94)."""

    note = models.ForeignKey(
        InternalNote, on_delete=models.CASCADE, related_name="attachments"
    )

    class Meta(AbstractAttachment.Meta):
        verbose_name = _("attachment of a note")
        verbose_name_plural = _("attachments of notes")
