"""Let the demo's requesters write mails, and deliver what the desk answers."""

import json
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from sandbox.desk.cast import DOMAIN, REQUESTERS
from sandbox.desk.files import file_content
from sandbox.mailbox import post, webhook
from sandbox.mailbox.composing import Draft, File, address_line, answer_addresses, write
from sandbox.mailbox.models import Copy, Door, Folder, Mail
from sandbox.mailbox.quoting import MailProgram, reply_subject
from sandbox.mailbox.reading import read
from wagtail_helpdesk.intake import email, storing
from wagtail_helpdesk.models import (
    InboundDoor,
    InboundEmail,
    Notification,
    NotificationState,
    Ticket,
)
from wagtail_helpdesk.notifications import delivery


def write_to_desk(
    who: str, *, to: str, subject: str, text: str, files: tuple[str, ...] = ()
) -> Ticket:
    """Send a new mail to the desk and return the ticket that it became."""
    name, address = REQUESTERS[who]
    draft = Draft(
        sender=address_line([(name, address)]),
        to=to,
        subject=subject,
        body=text,
        program=_program(address),
        files=_files(files),
    )
    return _deliver(draft, recipient=to)


def answer_desk(who: str, ticket: Ticket, *, text: str, files: tuple[str, ...]) -> None:
    """Reply to the last mail that the desk sent to this person about the ticket."""
    name, address = REQUESTERS[who]
    last = _mails_to(address, ticket=ticket).first()
    if last is None:
        raise LookupError(f"The desk has sent {name} nothing about {ticket}.")
    other = read(bytes(last.raw))
    receiver = answer_addresses(other)
    draft = Draft(
        sender=address_line([(name, address)]),
        to=address_line(receiver),
        subject=reply_subject(other.subject),
        body=text,
        program=_program(address),
        files=_files(files),
        other=other,
    )
    _deliver(draft, recipient=receiver[0][1])


def send_notifications(ticket: Ticket, *, is_kept: bool) -> None:
    """Send what the desk has to say about a ticket.

    :param is_kept: False only writes down that it was sent, for mails so old that
        nobody keeps them.
    """
    waiting = Notification.objects.filter(ticket=ticket, state=NotificationState.QUEUED)
    if is_kept:
        for pk in waiting.values_list("pk", flat=True):
            delivery.deliver(pk)
    else:
        waiting.update(state=NotificationState.SENT, sent_at=timezone.now(), attempts=1)


def mark_read(*, before: datetime) -> None:
    """Let everybody have read what is older."""
    Copy.objects.filter(mail__sent_at__lt=before).update(is_read=True)


def _deliver(draft: Draft, *, recipient: str) -> Ticket:
    """Hand a mail to the desk as its webhook does, and have it worked on at once."""
    now = timezone.now()
    raw = write(draft, now=now).as_bytes()
    sender = read(raw).sender[1]
    mail = post.keep(
        raw, envelope_sender=sender, recipients=[recipient], door=Door.MAILBOX
    )
    body = webhook.payload(raw, envelope_sender=sender, recipient=recipient)
    row = storing.store(
        json.dumps(body).encode(),
        door=InboundDoor.WEBHOOK,
        provider="postmark",
        content_type="application/json",
        meta={},
    )
    if row is None:
        raise LookupError("The same mail was sent twice.")
    email.process(row.pk)
    InboundEmail.objects.filter(pk=row.pk).update(received_at=now)
    mail.deliveries.create(
        recipient=recipient, status_code=200, answer="OK", created_at=now
    )
    row.refresh_from_db()
    if row.ticket is None:
        raise LookupError(f"No ticket came of {draft.subject!r}: {row.reason}.")
    return row.ticket


def _mails_to(address: str, *, ticket: Ticket) -> QuerySet[Mail]:
    return Mail.objects.filter(
        copies__address=address,
        copies__folder=Folder.INBOX,
        subject__endswith=f"[#{ticket.number}]",
        door=Door.DESK,
    )


def _files(names: tuple[str, ...]) -> tuple[File, ...]:
    made = [(name, *file_content(name)) for name in names]
    return tuple(
        File(name=name, content=content, content_type=kind)
        for name, content, kind in made
    )


def _program(address: str) -> MailProgram:
    """Return what somebody writes mails with: Outlook in the museum."""
    if address.endswith(f"@{DOMAIN}"):
        return MailProgram.OUTLOOK
    programs = (MailProgram.GMAIL, MailProgram.PHONE, MailProgram.THUNDERBIRD)
    return programs[len(address) % 3]
