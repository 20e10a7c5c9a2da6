"""Reasons to drop, hold or quietly keep what came in (SEC-17, SEC-20, RT-15).

A guard reads one mail and nothing else: no database, no clock. The first that finds
its kind decides. What a kind leads to is one column of the table, so that a site can
take another decision without another test.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils.crypto import constant_time_compare
from wagtail import hooks

from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.intake.automatic_subjects import (
    is_bounce_subject,
    is_out_of_office_subject,
)
from wagtail_helpdesk.intake.incoming import IncomingMessage
from wagtail_helpdesk.references import instance_id, parse_reply_token


class Consequence(Enum):
    """What happens to a mail that a guard has recognised."""

    #: Kept as a row, seen by nobody but administrators.
    DROP = "drop"
    #: Put aside for a person to look at; no ticket, no mail.
    HOLD = "hold"
    #: A note at its ticket, if it has one by a signature of ours; else dropped.
    NOTE_IF_SIGNED = "note if signed"
    #: A note at its ticket, if it has one; else dropped.
    NOTE = "note"
    #: A message or a ticket like any other, but nothing is sent by itself.
    QUIET = "quiet"


@dataclass(frozen=True)
class Guard:
    """A row of ``GUARDS``."""

    #: Name of the reason; it is stored with the mail.
    kind: str
    recognises: Callable[[IncomingMessage], bool]
    consequence: Consequence


_BOUNCERS = re.compile(
    r"(?:mailer-?daemon|postmaster|mail-?daemon|mdaemon|mailerdaemon|bounces?"
    r"|double-bounce|mailsubsystem|mail-delivery-subsystem)(?:[+._-].*)?@.*",
    re.IGNORECASE,
)
_BOUNCE_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_AUTO_REPLY_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-vacation",
)
_REPLIED = frozenset({"auto-replied", "auto-notified", "vacation", "auto-reply"})
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help", "feedback-id")


def _is_spam(incoming: IncomingMessage) -> bool:
    delivery = incoming.delivery
    if delivery.spam_detected:
        return True
    limit = get_conf().spam_score
    score = delivery.spam_score
    return limit is not None and score is not None and score >= limit


def _is_our_own(incoming: IncomingMessage) -> bool:
    """Recognise a mail of ours that somebody's system sends back as it is."""
    if parse_reply_token(incoming.message_id) is not None:
        return True
    return constant_time_compare(incoming.header("x-helpdesk-instance"), instance_id())


def _report_type(incoming: IncomingMessage) -> str:
    value = incoming.header("content-type").lower()
    if not value.startswith("multipart/report"):
        return ""
    match = re.search(r"report-type\s*=\s*\"?([a-z-]{1,60})", value)
    return match[1] if match else "unknown"


def _is_complaint(incoming: IncomingMessage) -> bool:
    return (
        _report_type(incoming) == "feedback-report"
        or "message/feedback-report" in incoming.part_types
    )


def _is_receipt(incoming: IncomingMessage) -> bool:
    return (
        _report_type(incoming) == "disposition-notification"
        or "message/disposition-notification" in incoming.part_types
    )


def _is_bounce(incoming: IncomingMessage) -> bool:
    if _report_type(incoming) or incoming.part_types & _BOUNCE_TYPES:
        return True
    if "x-failed-recipients" in incoming.headers:
        return True
    if _BOUNCERS.fullmatch(incoming.sender_email):
        return True
    sender = incoming.header("from").strip()
    if sender in ("", "<>") and "from" in incoming.headers:
        return True
    # A bare "MAILER-DAEMON" is no address, but it is how some systems sign.
    if not incoming.sender_email and _BOUNCERS.fullmatch(f"{sender.strip('<>')}@"):
        return True
    is_null = incoming.delivery.envelope_sender == ""
    return is_null and is_bounce_subject(incoming.subject)


def _auto_submitted(incoming: IncomingMessage) -> str:
    value = incoming.header("auto-submitted").partition(";")[0]
    return value.partition("(")[0].strip().lower()


def _is_auto_reply(incoming: IncomingMessage) -> bool:
    if _auto_submitted(incoming) in _REPLIED:
        return True
    if any(name in incoming.headers for name in _AUTO_REPLY_HEADERS):
        return True
    precedence = incoming.header("precedence").lower()
    return precedence in ("auto_reply", "auto-reply")


def _is_auto_reply_by_subject(incoming: IncomingMessage) -> bool:
    return is_out_of_office_subject(incoming.subject)


def _is_bounce_by_subject(incoming: IncomingMessage) -> bool:
    return is_bounce_subject(incoming.subject) and not incoming.answers_something


def _is_generated(incoming: IncomingMessage) -> bool:
    if _auto_submitted(incoming) not in ("", "no"):
        return True
    return bool(
        incoming.header("x-fc-machinegenerated")
        or incoming.header("x-post-messageclass")
    )


def _is_bulk(incoming: IncomingMessage) -> bool:
    if incoming.header("precedence").lower() in ("bulk", "junk", "list"):
        return True
    return any(name in incoming.headers for name in _LIST_HEADERS)


def _has_null_sender(incoming: IncomingMessage) -> bool:
    return incoming.delivery.envelope_sender == ""


def _asks_for_silence(incoming: IncomingMessage) -> bool:
    # Exchange stamps this on what people write by hand, so it makes no mail automatic.
    value = incoming.header("x-auto-response-suppress").lower()
    words = {word.strip() for word in value.split(",")}
    return bool(words & {"all", "oof", "autoreply", "dr"})


#: First match wins.
GUARDS: tuple[Guard, ...] = (
    Guard("spam", _is_spam, Consequence.HOLD),
    Guard("loop", _is_our_own, Consequence.DROP),
    Guard("complaint", _is_complaint, Consequence.NOTE_IF_SIGNED),
    Guard("receipt", _is_receipt, Consequence.DROP),
    Guard("bounce", _is_bounce, Consequence.NOTE_IF_SIGNED),
    Guard("auto-reply", _is_auto_reply, Consequence.NOTE),
    Guard("generated", _is_generated, Consequence.QUIET),
    Guard("bulk", _is_bulk, Consequence.QUIET),
    Guard("out-of-office", _is_auto_reply_by_subject, Consequence.NOTE),
    Guard("bounce-subject", _is_bounce_by_subject, Consequence.NOTE_IF_SIGNED),
    Guard("null-sender", _has_null_sender, Consequence.QUIET),
    Guard("silent", _asks_for_silence, Consequence.QUIET),
)


def guards() -> list[Guard]:
    """Return the guards of this site, in their order."""
    rows = list(GUARDS)
    for construct in hooks.get_hooks("construct_helpdesk_guards"):
        construct(rows)
    return rows


def judge(incoming: IncomingMessage) -> Guard | None:
    """Return the guard that recognises the mail, or None for an ordinary one."""
    return next((guard for guard in guards() if guard.recognises(incoming)), None)
