"""What a form for a mail begins with."""

from sandbox.mailbox.composing import (
    File,
    address_line,
    answer_addresses,
    domain_of,
)
from sandbox.mailbox.models import Folder, Mail
from sandbox.mailbox.people import is_desk_address, name_of
from sandbox.mailbox.quoting import MailProgram, reply_subject
from sandbox.mailbox.reading import Part, ReadMail


def writer_of(mail: Mail, *, box: str) -> str:
    """Return who answers a mail: the mailbox it is read in, else its first receiver.

    The desk answers in Wagtail, not here; a mail that only the desk received can still
    be forwarded by whoever wrote it.
    """
    received = mail.copies.filter(folder=Folder.INBOX).order_by("pk")
    addresses = [copy.address for copy in received]
    readers = [address for address in addresses if not is_desk_address(address)]
    if box.lower() in readers:
        return box.lower()
    return next(iter(readers), mail.from_email)


def first_values(
    mail: Mail, mail_read: ReadMail, *, writer: str, is_forward: bool
) -> dict[str, object]:
    """Return the form's first values for an answer or a forward."""
    to = "" if is_forward else address_line(answer_addresses(mail_read))
    prefix = "Fwd" if is_forward else "Re"
    return {
        "sender": address_line([(name_of(writer), writer)]),
        "to": to,
        "subject": reply_subject(mail.subject, prefix=prefix),
        "program": _usual_program(writer).value,
        "other": mail.pk,
        "is_forward": is_forward,
    }


def file_of(part: Part) -> File:
    """Return a received file as one to send along."""
    return File(name=part.name, content_type=part.content_type, content=part.content)


def _usual_program(writer: str) -> MailProgram:
    """Return what somebody would use: colleagues have Outlook, the others vary."""
    if domain_of(writer) == "everyday.example":
        return MailProgram.OUTLOOK
    return [MailProgram.GMAIL, MailProgram.PHONE][len(writer) % 2]
