"""Write the mails that no person writes: bounces and out-of-office replies."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message, MIMEPart
from email.utils import format_datetime, make_msgid

from sandbox.mailbox.composing import WIRE, add_thread, address_line, domain_of
from sandbox.mailbox.reading import ReadMail

_OUT_OF_OFFICE = """\
Hello,

thank you for your mail. I am away until Monday and read no mail until then.
In urgent cases please ring the front desk on extension 10.

Kind regards
"""
_BOUNCE = """\
This is the mail system at host mx.%(domain)s.

I'm sorry to have to inform you that your message could not be delivered to one
or more recipients. It's attached below.

<%(recipient)s>: host mx.%(domain)s said: 550 5.1.1 Mailbox unavailable
    (in reply to RCPT TO command)
"""


def bounce(raw: bytes, *, recipient: str, to: str, now: datetime) -> EmailMessage:
    """Return the report that a mail could not be delivered (RFC 3464)."""
    domain = domain_of(recipient)
    words = _BOUNCE % {"domain": domain, "recipient": recipient}
    report = EmailMessage(policy=WIRE)
    report["From"] = f"Mail Delivery System <MAILER-DAEMON@mx.{domain}>"
    report["To"] = to
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(now)
    report["Message-ID"] = make_msgid(domain=f"mx.{domain}")
    report["Auto-Submitted"] = "auto-replied"
    report["MIME-Version"] = "1.0"
    report["Content-Type"] = "multipart/report"
    report.set_param("report-type", "delivery-status")
    for part in (_text(words), _status(recipient, domain=domain), _original(raw)):
        report.attach(part)
    return report


def out_of_office(
    other: ReadMail, *, sender: tuple[str, str], to: str, now: datetime, is_marked: bool
) -> EmailMessage:
    """Return an out-of-office reply.

    Well-behaved programs mark it as automatic. Some don't: then only the subject tells.
    """
    message = EmailMessage(policy=WIRE)
    message["From"] = address_line([sender])
    message["To"] = to
    label = "Automatic reply" if is_marked else "Out of office"
    message["Subject"] = f"{label}: {other.subject}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=domain_of(sender[1]))
    add_thread(message, other=other)
    if is_marked:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_OUT_OF_OFFICE)
    return message


def _text(words: str) -> MIMEPart:
    part = MIMEPart(policy=WIRE)
    part.set_content(words)
    return part


def _status(recipient: str, *, domain: str) -> Message:
    """Return the part that machines read: two groups of header-like lines."""
    about_mail = Message(policy=policy.compat32)
    about_mail["Reporting-MTA"] = f"dns; mx.{domain}"
    about_recipient = Message(policy=policy.compat32)
    about_recipient["Final-Recipient"] = f"rfc822; {recipient}"
    about_recipient["Action"] = "failed"
    about_recipient["Status"] = "5.1.1"
    about_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 Mailbox unavailable"
    part = Message(policy=policy.compat32)
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([about_mail, about_recipient])
    return part


def _original(raw: bytes) -> Message:
    part = Message(policy=policy.compat32)
    part["Content-Type"] = "message/rfc822"
    part.set_payload([message_from_bytes(raw, policy=policy.compat32)])
    return part
