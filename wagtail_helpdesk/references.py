"""How a ticket is named outside: ``[#1042]``, ``reply+…@``, signed Message-IDs.

A signature says that the desk itself once wrote this name to this person. It finds
the ticket; whether the sender may do anything is asked separately (SEC-01, SEC-06).
"""

import base64
import re
import uuid
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from wagtail_helpdesk.conf import get_conf

#: Width of the subject column, in characters (CTI-04).
SUBJECT_LENGTH = 255

_SALT = "wagtail_helpdesk.references"
_SIGNATURE_BYTES = 10
_LOCAL_PART = "reply"
_FALLBACK_DOMAIN = "helpdesk.invalid"

#: At most ten digits, ASCII only, not beginning with zero (SEC-07).
_NUMBER_AT_END = re.compile(
    r"(?:^|[\s:–-])(?:\[#([1-9][0-9]{0,9})\]|\(#([1-9][0-9]{0,9})\)|#([1-9][0-9]{0,9}))"
    r"[\s.]*$",
    re.ASCII,
)
_TOKEN = re.compile(
    r"([1-9][0-9]{0,18})-([ru])([1-9][0-9]{0,18})-([pi])-([a-z2-7]{16})", re.ASCII
)


@dataclass(frozen=True)
class ReplyToken:
    """What a signed name says: this ticket, written to this person, in this mode."""

    ticket_id: int
    #: ``"r"`` for a requester, ``"u"`` for a user.
    recipient_kind: str
    recipient_id: int
    #: True if the mail was for agents only: an answer to it stays with them (SEC-101).
    is_internal: bool

    def __str__(self) -> str:
        return f"{self._body()}-{_sign(self._body(), key=settings.SECRET_KEY)}"

    def _body(self) -> str:
        mode = "i" if self.is_internal else "p"
        return f"{self.ticket_id}-{self.recipient_kind}{self.recipient_id}-{mode}"


def _sign(body: str, *, key: str | bytes) -> str:
    digest = salted_hmac(_SALT, body, secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode("ascii").lower()


def parse_reply_token(text: str) -> ReplyToken | None:
    """Return the signed token in this local part or Message-ID, or None.

    Case is ignored, for mail servers fold it. Keys of ``SECRET_KEY_FALLBACKS`` count.
    """
    match = _TOKEN.search(text.lower()[:998])
    if match is None:
        return None
    ticket_id, kind, recipient_id, mode, signature = match.groups()
    body = f"{ticket_id}-{kind}{recipient_id}-{mode}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(signature, _sign(body, key=key)) for key in keys):
        return None
    return ReplyToken(
        ticket_id=int(ticket_id),
        recipient_kind=kind,
        recipient_id=int(recipient_id),
        is_internal=mode == "i",
    )


def reply_address(token: ReplyToken, *, fallback: str) -> str:
    """Return where an answer goes: the signed address, else the queue's own."""
    domain = get_conf().reply_domain
    return f"{_LOCAL_PART}+{token}@{domain}" if domain else fallback


def is_reply_address(address: str) -> bool:
    """Tell whether this address is in the form of our signed ones."""
    local_part, _, domain = address.lower().rpartition("@")
    reply_domain = get_conf().reply_domain.lower()
    return bool(reply_domain) and (
        domain == reply_domain and local_part.startswith(f"{_LOCAL_PART}+")
    )


def id_domain(address: str) -> str:
    """Return the right side of our Message-IDs, given the address we write from."""
    own = address.rpartition("@")[2]
    return get_conf().reply_domain or own or _FALLBACK_DOMAIN


def new_message_id(token: ReplyToken, *, domain: str) -> str:
    """Return a Message-ID of our own that carries the token (RFC 5322, 3.6.4)."""
    return f"<{uuid.uuid4().hex}.{token}@{domain}>"


def thread_id(token: ReplyToken, *, domain: str) -> str:
    """Return the constant id that stands first in References.

    Providers such as SES replace our Message-ID; this one survives in the header.
    """
    return f"<thread.{token}@{domain}>"


def subject_with_number(subject: str, *, number: int) -> str:
    """Return the subject of a mail, ending in the ticket's number (WT-10)."""
    ending = f"[#{number}]"
    one_line = " ".join(subject.split())
    if one_line.endswith(ending):
        return one_line
    return f"{one_line} {ending}".strip()


def number_in_subject(subject: str) -> int | None:
    """Return the number at the right end of a subject, or None (WT-09)."""
    match = _NUMBER_AT_END.search(subject[-200:])
    return int(next(filter(None, match.groups()))) if match else None


def instance_id() -> str:
    """Return what this desk signs its mails with, so that it knows its own again."""
    return salted_hmac(_SALT, "instance", algorithm="sha256").hexdigest()[:20]


def reply_marker() -> str:
    """Return the line above which people answer, in the active language (WT-14)."""
    return f"--- {gettext('Reply above this line')} ---"


@cache
def reply_markers() -> tuple[str, ...]:
    """Return that line in every language of the site."""
    markers: dict[str, None] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            markers[reply_marker()] = None
    return tuple(markers)


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "LANGUAGES":
        reply_markers.cache_clear()


setting_changed.connect(_forget, dispatch_uid="wagtail_helpdesk.references")
