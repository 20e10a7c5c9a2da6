"""Inbound mails: each is a row before anything parses it (the inbox)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.storage import inbound_path, private_storage
from wagtail_helpdesk.models.tickets import Ticket


class InboundDoor(models.TextChoices):
    """The way by which a mail came in."""

    WEBHOOK = "webhook", _("webhook")
    SIGNAL = "signal", _("Anymail's signal")
    PIPE = "pipe", _("command")


class InboundState(models.TextChoices):
    """What became of a mail."""

    RECEIVED = "received", _("received")
    PROCESSING = "processing", _("being processed")
    ACCEPTED = "accepted", _("accepted")
    HELD = "held", _("held for a person to look at")
    DROPPED = "dropped", _("dropped")
    FAILED = "failed", _("failed")


class InboundEmail(models.Model):
    """One mail, or one call of a provider, as received, and what became of it."""

    wagtail_reference_index_ignore = True

    door = models.CharField(_("door"), max_length=10, choices=InboundDoor.choices)
    #: Name of Anymail's provider; "pipe" for the command.
    provider = models.CharField(_("provider"), max_length=30)
    #: SHA-256 of what came in, in hex: the same call again makes no second row.
    digest = models.CharField(max_length=64)
    raw = models.FileField(
        storage=private_storage, upload_to=inbound_path, max_length=200
    )
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    content_type = models.CharField(max_length=255, blank=True)
    #: Path, query and the few headers without which the provider's parser can't read.
    request_meta = models.JSONField(default=dict, blank=True)
    part_of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        related_name="parts",
        null=True,
        blank=True,
        help_text=_("The call that carried this mail together with others."),
    )
    #: Which of the call's mails this is, from 0.
    part_number = models.PositiveSmallIntegerField(default=0)
    envelope_sender = models.CharField(max_length=320, blank=True)
    envelope_recipient = models.CharField(max_length=320, blank=True)
    message_id = models.CharField(max_length=255, blank=True, db_index=True)
    from_email = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    #: The same mail delivered again has the same fingerprint (REL-20, REL-22).
    fingerprint = models.CharField(max_length=64, null=True, blank=True, unique=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=InboundState.choices,
        default=InboundState.RECEIVED,
    )
    reason = models.CharField(_("reason"), max_length=100, blank=True)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.SET_NULL,
        related_name="inbound_emails",
        verbose_name=_("ticket"),
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("inbound mail")
        verbose_name_plural = _("inbound mails")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "digest"], name="helpdesk_inboundemail_unique"
            )
        ]
        indexes = [
            models.Index(fields=["state", "received_at"], name="helpdesk_inbound_state")
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id or self.digest[:12]
