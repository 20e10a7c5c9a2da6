"""Messages: the public conversation of a ticket."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.inbound import InboundEmail
from wagtail_helpdesk.models.requesters import Requester
from wagtail_helpdesk.models.storage import attachment_path, private_storage
from wagtail_helpdesk.models.tickets import Channel, Ticket


class BodyFormat(models.TextChoices):
    """How the source of a body is written (CTI-51, CTI-52)."""

    TEXT = "text", _("plain text")
    MARKDOWN = "markdown", _("Markdown")


class AuthorKind(models.TextChoices):
    """Who wrote: an end user's message and an agent's answer differ (OST-09)."""

    REQUESTER = "requester", _("requester")
    AGENT = "agent", _("agent")


class Message(models.Model):
    """What a requester or an agent wrote, for both to read."""

    wagtail_reference_index_ignore = True

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="messages"
    )
    kind = models.CharField(max_length=10, choices=AuthorKind.choices)
    requester = models.ForeignKey(
        Requester,
        on_delete=models.PROTECT,
        related_name="messages",
        null=True,
        blank=True,
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="helpdesk_messages",
        null=True,
        blank=True,
    )
    author_name = models.CharField(max_length=254)
    body = models.TextField()
    #: The whole text if ``body`` is only its new part, else empty (WT-13).
    body_full = models.TextField(blank=True)
    body_format = models.CharField(
        max_length=10, choices=BodyFormat.choices, default=BodyFormat.MARKDOWN
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    #: Message-ID of the mail that brought it, with its angle brackets.
    message_id = models.CharField(max_length=255, blank=True, db_index=True)
    inbound_email = models.ForeignKey(
        InboundEmail,
        on_delete=models.SET_NULL,
        related_name="messages",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    #: Once deleted, ``body`` is empty; the words are in the versions (CTI-55).
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["ticket", "created_at"], name="helpdesk_message_ticket"
            )
        ]

    def __str__(self) -> str:
        return f"{self.author_name}, {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_from_agent(self) -> bool:
        """Tell whether an agent wrote it."""
        return self.kind == AuthorKind.AGENT


class AbstractVersion(models.Model):
    """A text as it stood until somebody edited or deleted it (CTI-56)."""

    wagtail_reference_index_ignore = True

    body = models.TextField()
    #: Who replaced it.
    editor_label = models.CharField(max_length=254)
    #: When it was replaced.
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.editor_label}, {self.created_at:%Y-%m-%d %H:%M}"


class MessageVersion(AbstractVersion):
    """An earlier text of a message; for agents, never for requesters."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="versions"
    )

    class Meta(AbstractVersion.Meta):
        verbose_name = _("earlier text of a message")
        verbose_name_plural = _("earlier texts of messages")


class AbstractAttachment(models.Model):
    """A kept file; its stored name is random, its shown name is in a column."""

    wagtail_reference_index_ignore = True

    file = models.FileField(
        storage=private_storage, upload_to=attachment_path, max_length=200
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=130)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Attachment(AbstractAttachment):
    """A file of a message. Files of notes are a table of their own."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="attachments"
    )

    class Meta(AbstractAttachment.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
