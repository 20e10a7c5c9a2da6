"""The post office: keep a mail, lay it into mailboxes, deliver it to the help desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.utils import timezone

from sandbox.mailbox import webhook
from sandbox.mailbox.models import Copy, Delivery, Door, Folder, Mail
from sandbox.mailbox.people import box_address, is_desk_address, name_of
from sandbox.mailbox.reading import ReadMail, read


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A mail that was sent, and how the desk's webhook answered this time."""

    mail: Mail
    deliveries: tuple[Delivery, ...]

    @property
    def is_accepted(self) -> bool:
        """Tell whether every call of the webhook was answered well."""
        return all(delivery.is_accepted for delivery in self.deliveries)


def send(
    raw: bytes,
    *,
    envelope_sender: str,
    recipients: Iterable[str],
    door: Door,
    site_url: str,
) -> Sending:
    """Take a mail in and bring it to all its recipients.

    The desk's copies go through the real webhook, one call for each address, as a
    provider does. The same bytes sent again make no second mail, but are delivered
    again.
    """
    addresses = list(dict.fromkeys(address.lower() for address in recipients))
    mail = keep(raw, envelope_sender=envelope_sender, recipients=addresses, door=door)
    deliveries = tuple(
        deliver(mail, recipient=address, site_url=site_url)
        for address in addresses
        if is_desk_address(address)
    )
    return Sending(mail=mail, deliveries=deliveries)


def deliver(mail: Mail, *, recipient: str, site_url: str) -> Delivery:
    """Call the webhook for one recipient and write down how it answered."""
    answer = webhook.call(
        bytes(mail.raw),
        envelope_sender=mail.envelope_sender,
        recipient=recipient,
        site_url=site_url,
    )
    return mail.deliveries.create(
        recipient=recipient, status_code=answer.status_code, answer=answer.text
    )


def keep(
    raw: bytes, *, envelope_sender: str, recipients: Iterable[str], door: Door
) -> Mail:
    """Store a mail and lay copies of it into the mailboxes of all concerned."""
    mail_read = read(raw)
    name, address = mail_read.sender
    mail, _ = Mail.objects.get_or_create(
        digest=sha256(raw).hexdigest(),
        defaults={
            "raw": raw,
            "door": door,
            "envelope_sender": envelope_sender[:320],
            "from_name": name[:255],
            "from_email": address[:320],
            "to_line": _to_line(mail_read)[:255],
            "subject": mail_read.subject[:998],
            "snippet": _snippet(mail_read),
            "message_id": mail_read.header("Message-ID")[:998],
            "has_files": bool(mail_read.files),
            "sent_at": mail_read.date or timezone.now(),
        },
    )
    copies = [(box_address(recipient), Folder.INBOX) for recipient in recipients]
    if address and not is_desk_address(address):
        copies.append((address, Folder.SENT))
    for owner, folder in copies:
        Copy.objects.get_or_create(
            mail=mail,
            address=owner[:320],
            folder=folder,
            # The desk reads its mail in Wagtail.
            defaults={"is_read": folder == Folder.SENT or is_desk_address(owner)},
        )
    return mail


def _to_line(mail: ReadMail) -> str:
    pairs = mail.addresses("To", "Cc")
    names = [
        name or name_of(box_address(address)) or address for name, address in pairs
    ]
    if len(names) > 2:
        return f"{names[0]}, {names[1]} and {len(names) - 2} more"
    return ", ".join(names)


def _snippet(mail: ReadMail) -> str:
    """Return how the mail begins, without what it quotes and without its rules."""
    said: list[str] = []
    for line in map(str.strip, mail.text.splitlines()):
        if line.startswith(("____", "----------")) or line.endswith("wrote:"):
            break
        if line and not line.startswith(("--", ">")):
            said.append(line)
    return " ".join(said)[:200]
