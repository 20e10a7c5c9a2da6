"""What the mailbox keeps: mails, whose mailbox they lie in, calls of the webhook."""

from django.db import models
from django.utils import timezone


class Door(models.TextChoices):
    """How a mail came to be here."""

    DESK = "desk", "sent by the help desk"
    MAILBOX = "mailbox", "written in the mailbox"
    SMTP = "smtp", "sent by a mail program"
    COMMAND = "command", "sent by the command"


class Mail(models.Model):
    """One mail, byte for byte, with the few facts that lists show."""

    raw = models.BinaryField()
    #: SHA-256 of ``raw``: what is sent again, is the same mail.
    digest = models.CharField(max_length=64, unique=True)
    door = models.CharField(max_length=10, choices=Door.choices)
    envelope_sender = models.CharField(max_length=320, blank=True)
    from_name = models.CharField(max_length=255, blank=True)
    from_email = models.CharField(max_length=320, blank=True)
    #: As a person would say it: "Ana, Kim and 2 more".
    to_line = models.CharField(max_length=255, blank=True)
    subject = models.CharField(max_length=998, blank=True)
    snippet = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=998, blank=True)
    has_files = models.BooleanField(default=False)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.subject or "(no subject)"

    @property
    def from_line(self) -> str:
        """The sender's name, else the address."""
        return self.from_name or self.from_email or "(nobody)"


class Folder(models.TextChoices):
    """The two folders of a mailbox."""

    INBOX = "inbox", "inbox"
    SENT = "sent", "sent"


class Copy(models.Model):
    """A mail in somebody's mailbox."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="copies")
    address = models.CharField(max_length=320, db_index=True)
    folder = models.CharField(max_length=5, choices=Folder.choices)
    is_read = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mail", "address", "folder"], name="mailbox_copy_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.mail}"


class Delivery(models.Model):
    """One call of the help desk's inbound webhook, and its answer."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.CharField(max_length=320)
    #: None: the webhook could not be reached.
    status_code = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.status_code}"

    @property
    def is_accepted(self) -> bool:
        """Tell whether the provider may forget the mail."""
        return self.status_code == 200
