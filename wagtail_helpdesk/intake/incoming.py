"""The one value type that every channel turns its mail into."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from wagtail_helpdesk.attachments import IncomingFile


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What the one who delivered the mail says of it; nothing here is the sender's."""

    #: Name of Anymail's provider, or "pipe".
    provider: str = ""
    #: Address in SMTP's MAIL FROM; "" is the null sender, None is not known.
    envelope_sender: str | None = None
    envelope_recipient: str = ""
    spam_detected: bool | None = None
    spam_score: float | None = None


@dataclass(frozen=True, kw_only=True)
class IncomingMessage:
    """One mail, cleaned and bounded, with nothing decided about it yet."""

    delivery: Delivery = field(default_factory=Delivery)
    #: With angle brackets, or "" if the mail has none.
    message_id: str = ""
    #: Ids with angle brackets, as they stand in In-Reply-To.
    in_reply_to: tuple[str, ...] = ()
    #: The last ids of References, in their order.
    references: tuple[str, ...] = ()
    #: "" unless there is exactly one From with exactly one address (SEC-12).
    sender_email: str = ""
    sender_name: str = ""
    reply_to: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    #: Delivered-To, X-Original-To, X-Forwarded-To and the like (RT-32).
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    #: All words to read in place, pages without a plain form among them as text.
    text: str = ""
    #: The pages as they came, never to be shown without being cleaned.
    html: str = ""
    files: tuple[IncomingFile, ...] = ()
    #: The headers that guards read, by lower-case name, undecoded.
    headers: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    #: Media types of the mail and of its parts.
    part_types: frozenset[str] = frozenset()
    #: Message-IDs and addresses quoted in a bounce's copy of our mail.
    returned_ids: tuple[str, ...] = ()
    #: Sentences for agents about what could not be read.
    problems: tuple[str, ...] = ()
    #: How it came, as a ticket stores it.
    channel: str = "mail"

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return every address it may have been meant for, the surest first."""
        candidates = [
            self.delivery.envelope_recipient,
            *self.delivered_to,
            *self.to,
            *self.cc,
        ]
        return tuple(dict.fromkeys(address for address in candidates if address))

    @property
    def thread_ids(self) -> tuple[str, ...]:
        """Return the ids it answers to, the nearest first."""
        return tuple(dict.fromkeys([*self.in_reply_to, *reversed(self.references)]))

    @property
    def answers_something(self) -> bool:
        """Tell whether it names a mail that it answers."""
        return bool(self.in_reply_to or self.references)

    def header(self, name: str) -> str:
        """Return the first value of a header that guards may read, else ""."""
        values = self.headers.get(name, ())
        return values[0].strip() if values else ""

    @property
    def fingerprint(self) -> str:
        """Return what two deliveries of one mail to one address have in common.

        The Message-ID alone is not enough: strangers choose it (REL-21). A mail
        without one is told from its like by its trace (REL-22).
        """
        traces = () if self.message_id else self.headers.get("received", ())
        return _digest_of(
            [
                self.delivery.envelope_recipient.lower(),
                self.content_digest,
                *traces,
            ]
        )

    @property
    def content_digest(self) -> str:
        """Return what copies of one mail to several addresses have in common."""
        return _digest_of(
            [
                self.message_id,
                *self.headers.get("from", ()),
                *self.headers.get("date", ()),
                self.subject,
                self.text,
                self.html,
                *(name_and_digest(file) for file in self.files),
            ]
        )


def name_and_digest(file: IncomingFile) -> str:
    """Return a short text that differs where the files differ."""
    content = file.content if isinstance(file.content, bytes) else file.content.read()
    return f"{file.name}\n{hashlib.sha256(content).hexdigest()}"


def _digest_of(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        # Each part on its own, so that moving a border changes the digest.
        digest.update(hashlib.sha256(part.encode("utf-8", "replace")).digest())
    return digest.hexdigest()
