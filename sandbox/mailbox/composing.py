"""Write mails: new ones, answers, forwards."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, getaddresses, make_msgid

from sandbox.mailbox import quoting
from sandbox.mailbox.quoting import MailProgram, Words
from sandbox.mailbox.reading import ReadMail

#: Pure ASCII on the wire, so that the source can be read as it stands.
WIRE = policy.SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, kw_only=True)
class File:
    """A file to send along."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A mail that is about to be sent."""

    sender: str
    to: str
    subject: str
    body: str
    cc: str = ""
    program: MailProgram = MailProgram.GMAIL
    files: tuple[File, ...] = ()
    #: The mail it answers or forwards.
    other: ReadMail | None = None
    is_forward: bool = False


def write(draft: Draft, *, now: datetime) -> EmailMessage:
    """Return the draft as a mail that is ready to be sent."""
    message = EmailMessage(policy=WIRE)
    message["From"] = _address_list(draft.sender)
    message["To"] = _address_list(draft.to)
    if draft.cc:
        message["Cc"] = _address_list(draft.cc)
    message["Subject"] = " ".join(draft.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=domain_of(draft.sender))
    if draft.other is not None and not draft.is_forward:
        add_thread(message, other=draft.other)
    if draft.program.user_agent:
        message["X-Mailer"] = draft.program.user_agent
    words = _words(draft)
    message.set_content(words.text, charset="utf-8")
    if words.html:
        message.add_alternative(words.html, subtype="html", charset="utf-8")
    for file in draft.files:
        attach(message, file=file)
    return message


def attach(message: EmailMessage, *, file: File) -> None:
    """Add a file; a mail stays a mail, everything else is bytes."""
    maintype, _, subtype = file.content_type.partition("/")
    if maintype in ("message", "multipart") or not subtype:
        maintype, subtype = "application", "octet-stream"
    message.add_attachment(
        file.content, maintype=maintype, subtype=subtype, filename=file.name
    )


def add_thread(message: EmailMessage, *, other: ReadMail) -> None:
    """Make the mail an answer to the other one (RFC 5322, 3.6.4)."""
    message_id = other.header("Message-ID")
    if not message_id:
        return
    earlier = other.header("References") or other.header("In-Reply-To")
    message["In-Reply-To"] = message_id
    message["References"] = f"{earlier} {message_id}".strip()


def answer_addresses(mail: ReadMail) -> list[tuple[str, str]]:
    """Return whom an answer goes to: Reply-To if there is one, else the sender."""
    return mail.addresses("Reply-To") or mail.addresses("From")


def address_line(pairs: list[tuple[str, str]]) -> str:
    """Return addresses as one types them into a mail program."""
    return ", ".join(formataddr(pair, charset="utf-8") for pair in pairs)


def bare_addresses(*lines: str) -> list[str]:
    """Return the addresses in these lines, lower-case, each once."""
    found = [address.lower() for _, address in getaddresses(lines) if "@" in address]
    return list(dict.fromkeys(found))


def domain_of(line: str) -> str:
    """Return the domain of the first address, for Message-IDs."""
    return next(iter(bare_addresses(line)), "nobody@mail.example").rpartition("@")[2]


def _words(draft: Draft) -> Words:
    if draft.other is None:
        return quoting.new_mail(draft.body, program=draft.program)
    if draft.is_forward:
        return quoting.forward(draft.body, of=draft.other, program=draft.program)
    return quoting.answer(draft.body, to=draft.other, program=draft.program)


def _address_list(line: str) -> str:
    pairs = [(n, a) for n, a in getaddresses([line]) if a]
    return ", ".join(formataddr(pair, charset="utf-8") for pair in pairs) or line
