"""Quote a mail below an answer as the common mail programs do."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formataddr
from enum import Enum
from html import escape

from sandbox.mailbox.reading import ReadMail

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(style|script|title)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)


class MailProgram(Enum):
    """The mail programs whose habits the mailbox knows."""

    GMAIL = "gmail"
    OUTLOOK = "outlook"
    PHONE = "phone"
    THUNDERBIRD = "thunderbird"

    @property
    def label(self) -> str:
        """Its name on the buttons."""
        return _LABELS[self]

    @property
    def user_agent(self) -> str:
        """What it writes into X-Mailer; empty if it writes nothing."""
        return _USER_AGENTS[self]

    @property
    def sends_html(self) -> bool:
        """Tell whether it writes an HTML part beside the text."""
        return self is not MailProgram.THUNDERBIRD


_LABELS = {
    MailProgram.GMAIL: "Gmail",
    MailProgram.OUTLOOK: "Outlook",
    MailProgram.PHONE: "a phone",
    MailProgram.THUNDERBIRD: "Thunderbird",
}
_USER_AGENTS = {
    MailProgram.GMAIL: "",
    MailProgram.OUTLOOK: "Microsoft Outlook 16.0",
    MailProgram.PHONE: "iPhone Mail (21F90)",
    MailProgram.THUNDERBIRD: "Mozilla Thunderbird",
}
_PHONE_SIGNATURE = "Sent from my iPhone"


@dataclass(frozen=True, kw_only=True)
class Words:
    """The two renderings of a mail's words; ``html`` is empty in a plain mail."""

    text: str
    html: str


def new_mail(body: str, *, program: MailProgram) -> Words:
    """Return a mail that answers nothing."""
    if program is MailProgram.PHONE:
        body = f"{body}\n\n{_PHONE_SIGNATURE}"
    html = f'<div dir="ltr">{_paragraphs(body)}</div>' if program.sends_html else ""
    return Words(text=f"{body}\n", html=html)


def answer(body: str, *, to: ReadMail, program: MailProgram) -> Words:
    """Return the answer's words with the other mail quoted below them."""
    original_text = _text_of(to)
    if program is MailProgram.OUTLOOK:
        return _outlook(body, to=to, original_text=original_text)
    if program is MailProgram.PHONE:
        body = f"{body}\n\n{_PHONE_SIGNATURE}"
    intro = _introduction(to, program=program)
    text = f"{body}\n\n{intro}\n\n{_marked(original_text)}\n"
    html = ""
    if program.sends_html:
        html = (
            f'<div dir="ltr">{_paragraphs(body)}</div><br>'
            f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
            f"{escape(intro)}<br></div>"
            f'<blockquote class="gmail_quote" type="cite">{_html_of(to)}</blockquote>'
            "</div>"
        )
    return Words(text=text, html=html)


def forward(body: str, *, of: ReadMail, program: MailProgram) -> Words:
    """Return the words of a forward: one's own, then the other mail, unmarked."""
    if program is MailProgram.OUTLOOK:
        return _outlook(body, to=of, original_text=_text_of(of))
    heading = (
        "-------- Forwarded Message --------"
        if program is MailProgram.THUNDERBIRD
        else "---------- Forwarded message ---------"
    )
    if program is MailProgram.PHONE:
        heading = "Begin forwarded message:"
    fields = _fields(of, date_label="Date")
    text = "\n".join([body, "", heading, *fields, "", _text_of(of), ""])
    html = ""
    if program.sends_html:
        lines = "<br>".join(escape(line) for line in (heading, *fields))
        html = (
            f'<div dir="ltr">{_paragraphs(body)}</div><br>'
            f'<div class="gmail_quote">{lines}<br><br>{_html_of(of)}</div>'
        )
    return Words(text=text, html=html)


def reply_subject(subject: str, *, prefix: str = "Re") -> str:
    """Return the subject with the prefix, once."""
    if subject.lower().startswith(f"{prefix.lower()}:"):
        return subject
    return f"{prefix}: {subject}"


def _outlook(body: str, *, to: ReadMail, original_text: str) -> Words:
    """Quote as Outlook does: a rule, a block of headers, the mail unmarked."""
    fields = _fields(to, date_label="Sent")
    text = "\n".join([body, "", "_" * 32, *fields, "", original_text, ""])
    lines = "<br>".join(
        "<b>{}:</b> {}".format(*map(escape, line.split(": ", 1))) for line in fields
    )
    html = (
        f'<div class="WordSection1">{_paragraphs(body)}'
        '<div id="divRplyFwdMsg" style="border:none;border-top:solid #E1E1E1 1.0pt;'
        f'padding:3.0pt 0 0 0"><p class="MsoNormal">{lines}</p></div>'
        f"{_html_of(to)}</div>"
    )
    return Words(text=text, html=html)


def _fields(mail: ReadMail, *, date_label: str) -> list[str]:
    to = ", ".join(name or address for name, address in mail.addresses("To"))
    return [
        f"From: {formataddr(mail.sender, charset='utf-8')}",
        f"{date_label}: {_date(mail):%A, %d %B %Y %H:%M}",
        f"To: {to}",
        f"Subject: {mail.subject}",
    ]


def _introduction(mail: ReadMail, *, program: MailProgram) -> str:
    name, address = mail.sender
    date = _date(mail)
    if program is MailProgram.GMAIL:
        when = f"{date:%a}, {date.day} {date:%b %Y} at {date:%H:%M}"
        return f"On {when}, {name or address} <{address}> wrote:"
    if program is MailProgram.PHONE:
        when = f"{date.day} {date:%b %Y}, at {date:%H:%M}"
        return f"On {when}, {name or address} <{address}> wrote:"
    return f"On {date:%d/%m/%Y} {date:%H:%M}, {name or address} wrote:"


def _date(mail: ReadMail) -> datetime:
    return mail.date or datetime.now(tz=UTC)


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.rstrip().split("\n"))


def _paragraphs(body: str) -> str:
    return "".join(
        f"<div>{escape(line)}</div>" if line.strip() else "<div><br></div>"
        for line in body.split("\n")
    )


def _html_of(mail: ReadMail) -> str:
    if not mail.html:
        return _paragraphs(mail.text)
    found = _BODY.search(mail.html)
    return found[1] if found else mail.html


def _text_of(mail: ReadMail) -> str:
    return (mail.text or _TAG.sub("", mail.html)).strip()
