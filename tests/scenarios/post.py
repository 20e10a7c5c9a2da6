"""Mails between people and the desk, as their programs write them."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from django.core import mail
from django.test import Client

from tests.conftest import Settle
from tests.intake.payloads import postmark

DESK = "support@desk.example"


@dataclass
class Person:
    """Somebody with a mail program; remembers what the desk wrote to them."""

    email: str
    client: Client
    settle: Settle
    name: str = ""
    sent: list[EmailMessage] = field(default_factory=list)

    @property
    def inbox(self) -> list[Any]:
        """Return the desk's mails to this person, oldest first."""
        return [message for message in mail.outbox if message.to == [self.email]]

    def write(self, subject: str, text: str, *, to: str = DESK, **headers: str) -> None:
        """Send a mail to the desk, through the provider's webhook."""
        message = EmailMessage()
        message["From"] = f"{self.name} <{self.email}>" if self.name else self.email
        message["To"] = to
        message["Subject"] = subject
        message["Message-ID"] = make_msgid(domain="mail.example.org")
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        self.sent.append(message)
        with self.settle():
            post = postmark(message.as_bytes(), self.email, to)
            answer = post.send(self.client)
        assert answer.status_code == 200

    def answer(self, text: str) -> None:
        """Answer the desk's last mail, the old text quoted below."""
        last = self.inbox[-1]
        quoted = "\n".join(f"> {line}" for line in last.body.splitlines())
        self.write(
            last.subject if last.subject.startswith("Re:") else f"Re: {last.subject}",
            f"{text}\n\nOn Tue, 3 Mar 2026 at 10:00, Support wrote:\n{quoted}\n",
            to=last.reply_to[0],
            In_Reply_To=last.extra_headers["Message-ID"],
            References=f"{last.extra_headers['References']} "
            f"{last.extra_headers['Message-ID']}",
        )
