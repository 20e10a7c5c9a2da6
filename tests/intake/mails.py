"""Read the mails of this folder, with what only a running desk knows filled in."""

from pathlib import Path
from typing import Any

from wagtail_helpdesk.intake.email_parsing import parse
from wagtail_helpdesk.intake.incoming import Delivery, IncomingMessage
from wagtail_helpdesk.models import Requester, Ticket
from wagtail_helpdesk.references import ReplyToken, instance_id

FOLDER = Path(__file__).parent / "emails"


def read_eml(name: str, **values: object) -> bytes:
    """Return a mail; ``{{name}}`` in it stands for the value of that name."""
    raw = (FOLDER / f"{name}.eml").read_bytes()
    for key, value in {"instance": instance_id(), **values}.items():
        raw = raw.replace(b"{{%s}}" % key.encode(), str(value).encode())
    return raw


def parse_eml(
    name: str, *, delivery: Delivery | None = None, **values: object
) -> IncomingMessage:
    """Return a mail as the tables see it."""
    return parse(read_eml(name, **values), delivery=delivery)


def token_of(ticket: Ticket, person: Any, *, is_internal: bool = False) -> str:
    """Return the signed name of a mail to this person about this ticket."""
    kind = "r" if isinstance(person, Requester) else "u"
    token = ReplyToken(
        ticket_id=ticket.pk,
        recipient_kind=kind,
        recipient_id=person.pk,
        is_internal=is_internal,
    )
    return str(token)


def forged(token: str) -> str:
    """Return the token with a signature that nobody gave."""
    return token[:-16] + "a" * 16
