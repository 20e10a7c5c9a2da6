"""Turn one mail, in whatever state, into an IncomingMessage; raise for none."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from django.utils.translation import gettext

from wagtail_helpdesk.intake.addresses import (
    read_addr_spec,
    read_emails,
    read_mailboxes,
)
from wagtail_helpdesk.intake.charsets import decode
from wagtail_helpdesk.intake.cleaning import clean_line, clean_text, without_surrogates
from wagtail_helpdesk.intake.incoming import Delivery, IncomingMessage
from wagtail_helpdesk.intake.parts import UNREADABLE, Parts, read_parts
from wagtail_helpdesk.intake.raw_mail import (
    AS_WRITTEN,
    bounded,
    header_fields,
    is_too_deep,
    split_header,
)

#: The only headers that anything of ours reads (SEC-09).
READ_HEADERS = frozenset(
    {
        "auto-submitted",
        "authentication-results",
        "content-type",
        "date",
        "feedback-id",
        "from",
        "list-help",
        "list-id",
        "list-post",
        "list-unsubscribe",
        "precedence",
        "received",
        "return-path",
        "x-auto-reply-from",
        "x-auto-response-suppress",
        "x-autoreply",
        "x-autorespond",
        "x-failed-recipients",
        "x-fc-machinegenerated",
        "x-helpdesk-instance",
        "x-mail-autoreply",
        "x-post-messageclass",
        "x-vacation",
    }
)
#: Ids read of References, from its right end.
REFERENCES_LIMIT = 50

_DELIVERED_TO = ("delivered-to", "x-original-to", "x-forwarded-to", "envelope-to")
_ID = re.compile(r"<[^<>\s]{1,500}>")
_FOLD = re.compile(r"\r?\n[ \t]*")
_YEARS = range(1980, 2100)
_TEXT_OF_UNREADABLE = 65_536

#: Headers in their order: (name, value).
Fields = list[tuple[str, str]]


def parse(raw: bytes, *, delivery: Delivery | None = None) -> IncomingMessage:
    """Read a raw mail; what can't be read is named in `problems`."""
    delivery = delivery or Delivery()
    header, body = split_header(raw)
    fields = [
        (name.decode("ascii"), value.decode("utf-8", "surrogateescape"))
        for name, value in header_fields(header)
    ]
    parts = None
    if not is_too_deep(raw):
        try:
            message = BytesParser(policy=AS_WRITTEN).parsebytes(bounded(raw))
            parts = read_parts(message)
        except UNREADABLE:
            parts = None
    if parts is None:
        parts = Parts(
            text=decode(body[:_TEXT_OF_UNREADABLE]),
            problems=[gettext("The parts of this mail could not be told apart.")],
        )
    return _incoming(fields, parts=parts, delivery=delivery)


def parse_parsed(
    message: Message, *, fields: Fields, delivery: Delivery
) -> IncomingMessage:
    """Read a mail that its provider has taken apart.

    :param message: the parts, as Anymail has put them together again.
    :param fields: the headers as the provider gave them, undecoded if it was so kind.
    """
    return _incoming(fields, parts=read_parts(message), delivery=delivery)


def fields_of(message: Message) -> Fields:
    """Return the headers of a message as they were before anything decoded them."""
    fields = []
    for name, value in message.raw_items():
        fields.append((name, str(value)))
    return fields


def _incoming(fields: Fields, *, parts: Parts, delivery: Delivery) -> IncomingMessage:
    headers = _by_name(fields)
    sender_email, sender_name = _sender(headers.get("from", ()))
    references = _ids(headers.get("references", ()))
    subject = headers.get("subject", ("",))[0]
    return IncomingMessage(
        delivery=_completed(delivery, headers=headers),
        message_id=next(iter(_ids(headers.get("message-id", ())[:1])), ""),
        in_reply_to=_ids(headers.get("in-reply-to", ()))[:REFERENCES_LIMIT],
        references=references[-REFERENCES_LIMIT:],
        sender_email=sender_email,
        sender_name=sender_name,
        reply_to=read_emails(headers.get("reply-to", ())),
        to=read_emails(headers.get("to", ())),
        cc=read_emails(headers.get("cc", ())),
        delivered_to=read_emails(
            tuple(value for name in _DELIVERED_TO for value in headers.get(name, ()))
        ),
        subject=clean_line(decoded(subject)),
        date=_date(headers.get("date", ())),
        text=clean_text(parts.text),
        html=clean_text(parts.html),
        files=tuple(parts.files),
        headers=MappingProxyType(
            {name: values for name, values in headers.items() if name in READ_HEADERS}
        ),
        part_types=frozenset(parts.types),
        returned_ids=tuple(dict.fromkeys(parts.returned_ids))[:REFERENCES_LIMIT],
        problems=tuple(parts.problems),
    )


def _by_name(fields: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    headers: dict[str, tuple[str, ...]] = {}
    for name, value in fields:
        key = name.strip().lower()
        headers[key] = (*headers.get(key, ())[:20], _FOLD.sub(" ", value).strip())
    return headers


def _completed(
    delivery: Delivery, *, headers: Mapping[str, tuple[str, ...]]
) -> Delivery:
    """Fill in what the door did not say, and clean what it did."""
    sender = delivery.envelope_sender
    if sender is None and headers.get("return-path"):
        sender = headers["return-path"][0]
    if sender is not None:
        sender = read_addr_spec(sender) or ("" if sender in ("", "<>") else None)
    return Delivery(
        provider=delivery.provider,
        envelope_sender=sender,
        envelope_recipient=read_addr_spec(delivery.envelope_recipient),
        spam_detected=delivery.spam_detected,
        spam_score=delivery.spam_score,
    )


def decoded(value: str) -> str:
    """Return the text of a header's encoded words; never raise."""
    if "=?" not in value:
        return without_surrogates_in_header(value)
    try:
        chunks = decode_header(_FOLD.sub(" ", value))
    except UNREADABLE:
        return without_surrogates_in_header(value)
    texts = []
    for chunk, charset in chunks:
        if isinstance(chunk, bytes):
            texts.append(decode(chunk, charset or ""))
        else:
            texts.append(without_surrogates_in_header(chunk))
    return "".join(texts)


def without_surrogates_in_header(value: str) -> str:
    """Return a header's raw bytes, kept as surrogates, as likely characters."""
    try:
        return decode(value.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return without_surrogates(value)


def _sender(values: tuple[str, ...]) -> tuple[str, str]:
    """Return (address, name) of the one who wrote, "" where that is in doubt."""
    if len(values) != 1:
        return "", ""
    mailboxes = read_mailboxes(values[0], limit=2)
    if len(mailboxes) != 1:
        return "", ""
    name = clean_line(decoded(mailboxes[0].name), limit=254)
    return mailboxes[0].email, name


def _ids(values: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for value in values:
        found.extend(_ID.findall(value))
    return tuple(clean_line(each) for each in found)


def _date(values: tuple[str, ...]) -> datetime | None:
    if not values:
        return None
    try:
        date = parsedate_to_datetime(values[0][:200])
        if date.year not in _YEARS:
            return None
        return date if date.tzinfo else date.replace(tzinfo=UTC)
    except UNREADABLE:
        return None
