"""A mail of the desk, as the sandbox's mail programs receive it."""

from email.message import EmailMessage

from sandbox.mailbox.composing import WIRE

SUBJECT = "Re: Till does not print [#1042]"
HTML = "<p>Turn it <b>off</b>.</p>"
MESSAGE_ID = "<0a1b.1042-r7-p-abcdefghijklmnop@desk.everyday.example>"
THREAD_ID = "<thread.1042-r7-p-abcdefghijklmnop@desk.everyday.example>"
REPLY_TO = "reply+1042-r7-p-abcdefghijklmnop@desk.everyday.example"


def answer_of_desk(*, reply_to: str = REPLY_TO, html: str = HTML) -> bytes:
    """Return an answer by Ana to Jonas."""
    message = EmailMessage(policy=WIRE)
    message["From"] = '"Ana Okafor (IT)" <it@everyday.example>'
    message["To"] = "Jonas Weber <jonas.weber@everyday.example>"
    message["Subject"] = SUBJECT
    message["Date"] = "Tue, 03 Mar 2026 10:12:00 +0000"
    message["Message-ID"] = MESSAGE_ID
    message["References"] = THREAD_ID
    if reply_to:
        message["Reply-To"] = reply_to
    message.set_content("Turn it off.\nThen on.\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()
