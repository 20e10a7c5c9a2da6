"""Mail's way through the desk: received by Anymail's signal, worked on in a task.

The row is the truth. A task is a hint that may come twice, late or never: whoever
works on a row claims it first, and ``due_inbound_emails`` finds what nobody works on.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.intake.accepting import accept
from wagtail_helpdesk.intake.calls import Call, ReceivedMail, Unreadable
from wagtail_helpdesk.intake.cleaning import clean_text
from wagtail_helpdesk.intake.email_parsing import fields_of, parse, parse_parsed
from wagtail_helpdesk.intake.incoming import Delivery, IncomingMessage
from wagtail_helpdesk.intake.outcomes import Outcome, Reason
from wagtail_helpdesk.intake.parts import UNREADABLE, mail_bytes
from wagtail_helpdesk.intake.payloads import finite_number
from wagtail_helpdesk.intake.raw_mail import split_header
from wagtail_helpdesk.intake.storing import (
    RAW_MAIL,
    delivery_of,
    meta_of,
    read_body,
    store,
)
from wagtail_helpdesk.intake.webhooks import PROVIDERS
from wagtail_helpdesk.models import InboundDoor, InboundEmail, InboundState

logger = logging.getLogger("wagtail_helpdesk")

#: A worker that has not finished after this long is taken for dead.
CLAIM_LEASE = timedelta(minutes=15)
#: How long a row waits for its own task, and for another attempt.
TASK_GRACE = timedelta(minutes=1)
RETRY_PAUSE = timedelta(minutes=2)

_PROVIDER_OF_PIPE = "pipe"
_ERROR_LENGTH = 2_000
_AT_ONCE = 3


def receive(
    sender: object, *, event: Any = None, esp_name: str = "", **kwargs: object
) -> None:
    """Keep a mail that Anymail's own webhook has parsed (the other door).

    :raises Exception: only if it could not be kept; the provider tries again then.
    """
    message = getattr(event, "message", None)
    if message is None:
        # Anymail sends this for a provider's test of the webhook.
        return
    provider = esp_name.strip().lower().replace(" ", "_")[:30]
    delivery = Delivery(
        provider=provider,
        envelope_sender=message.envelope_sender,
        envelope_recipient=message.envelope_recipient or "",
        spam_detected=message.spam_detected,
        spam_score=finite_number(message.spam_score),
    )
    # Writing a message out gives its parts their boundaries, so it comes first.
    _header, body = split_header(mail_bytes(message))
    header = [
        f"{name}: {' '.join(value.split())}" for name, value in fields_of(message)
    ]
    store(
        "\n".join([*header, "", ""]).encode("utf-8", "surrogateescape") + body,
        door=InboundDoor.SIGNAL,
        provider=provider,
        content_type=RAW_MAIL,
        meta=meta_of(delivery),
        recipient=delivery.envelope_recipient,
    )


def receive_raw(
    raw: bytes, *, recipient: str = "", sender: str | None = None
) -> InboundEmail | None:
    """Keep a raw mail that a mail server hands over; None if it is here already."""
    delivery = Delivery(
        provider=_PROVIDER_OF_PIPE, envelope_sender=sender, envelope_recipient=recipient
    )
    return store(
        raw,
        door=InboundDoor.PIPE,
        provider=_PROVIDER_OF_PIPE,
        content_type=RAW_MAIL,
        meta=meta_of(delivery),
        recipient=recipient,
    )


def due_inbound_emails(*, now: datetime) -> list[int]:
    """Return the keys of the rows that wait for work and that nobody works on."""
    waiting = Q(state=InboundState.RECEIVED)
    is_due = (
        waiting & Q(claimed_at=None, received_at__lte=now - TASK_GRACE)
        | waiting & Q(claimed_at__lte=now - RETRY_PAUSE)
        | Q(state=InboundState.PROCESSING, claimed_at__lte=now - CLAIM_LEASE)
    )
    rows = InboundEmail.objects.filter(is_due).order_by("received_at", "pk")
    return list(rows.values_list("pk", flat=True)[:1000])


def process(pk: int) -> None:
    """Make of one row what it is: a ticket, a reply, a note, nothing.

    Safe to call twice, and at the same time. What went wrong is written on the row;
    what may pass by itself is tried again by the sweep, up to INBOUND_MAX_ATTEMPTS.

    :raises Exception: what nobody foresaw, after it was written on the row.
    """
    row = _claim(pk)
    if row is None:
        return
    with _failures_written_on(row):
        try:
            _work_on(row)
        except Unreadable as error:
            outcome = Outcome(InboundState.HELD, Reason.UNREADABLE, error=str(error))
            _finish(row, outcome)


def retry(pk: int, *, is_released: bool = False) -> bool:
    """Put a row back to be worked on again; tell whether there was one to put back.

    :param is_released: True if a person says that a held mail is to be taken.
    """
    with transaction.atomic():
        ended = (InboundState.HELD, InboundState.FAILED, InboundState.DROPPED)
        rows = InboundEmail.objects.select_for_update().filter(pk=pk, state__in=ended)
        row = rows.first()
        if row is None:
            return False
        row.request_meta = {**row.request_meta, "is_released": is_released}
        row.state, row.attempts, row.claimed_at = InboundState.RECEIVED, 0, None
        row.reason = row.error = ""
        row.fingerprint = row.processed_at = None
        row.save()
    return True


def _claim(pk: int) -> InboundEmail | None:
    """Take the row for this worker; None if it is another's, or done."""
    now = timezone.now()
    free = Q(state=InboundState.RECEIVED) | Q(
        state=InboundState.PROCESSING, claimed_at__lte=now - CLAIM_LEASE
    )
    rows = InboundEmail.objects.filter(free, pk=pk)
    limit = get_conf().inbound_max_attempts
    # Counted and committed before the work: a mail that kills its worker would else
    # be tried for ever (LF-Q7).
    is_mine = rows.filter(attempts__lt=limit).update(
        state=InboundState.PROCESSING, attempts=F("attempts") + 1, claimed_at=now
    )
    if is_mine:
        return InboundEmail.objects.get(pk=pk)
    rows.update(
        state=InboundState.FAILED, reason=Reason.TRIED_TOO_OFTEN, processed_at=now
    )
    return None


@contextmanager
def _failures_written_on(row: InboundEmail) -> Iterator[None]:
    """Store an error with the mail; let it go on unless it may pass by itself."""
    is_done = False
    try:
        yield
        is_done = True
    except (OSError, OperationalError) as error:
        logger.warning("Inbound mail %s has to wait: %s", row.pk, error)
        _put_back(row, error=error)
        is_done = True
    finally:
        if not is_done:
            _put_back(row, error=sys.exception() or SystemExit())


def _put_back(row: InboundEmail, *, error: BaseException) -> None:
    problem = f"{type(error).__name__}: {error}"
    is_last = row.attempts >= get_conf().inbound_max_attempts
    InboundEmail.objects.filter(pk=row.pk, state=InboundState.PROCESSING).update(
        state=InboundState.FAILED if is_last else InboundState.RECEIVED,
        reason=Reason.TRIED_TOO_OFTEN if is_last else "",
        error=clean_text(problem, limit=_ERROR_LENGTH),
        processed_at=timezone.now() if is_last else None,
    )


def _work_on(row: InboundEmail) -> None:
    body = read_body(row)
    if row.content_type == RAW_MAIL:
        _take(row, parse(body, delivery=delivery_of(row)))
        return
    if row.provider not in PROVIDERS:
        raise Unreadable(f"There is no provider {row.provider!r}.")
    view = PROVIDERS[row.provider]()
    call = Call.of_row(row, body=body)
    try:
        bodies = view.split(call)
    except UNREADABLE as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if len(bodies) > 1:
        _keep_apart(row, bodies, content_type=view.split_type or row.content_type)
        return
    mails = view.unpack(call)
    if not mails:
        _finish(row, Outcome(InboundState.DROPPED, Reason.NOT_A_MAIL))
    elif mails[0].was_fetched:
        _keep_fetched(row, mails[0])
    else:
        _take(row, _read(mails[0]))


def _read(mail: ReceivedMail) -> IncomingMessage:
    if mail.raw is not None:
        return parse(mail.raw, delivery=mail.delivery)
    if mail.message is None:
        raise Unreadable("The call has neither a mail nor its parts.")
    return parse_parsed(mail.message, fields=mail.fields, delivery=mail.delivery)


def _keep_apart(row: InboundEmail, bodies: list[bytes], *, content_type: str) -> None:
    """Give each mail of a call a row of its own, so that none waits for another."""
    with transaction.atomic():
        for number, body in enumerate(bodies):
            store(
                body,
                door=InboundDoor(row.door),
                provider=row.provider,
                content_type=content_type,
                meta=row.request_meta,
                part_of=row,
                part_number=number,
            )
        _finish(row, Outcome(InboundState.ACCEPTED, Reason.SPLIT))


def _keep_fetched(row: InboundEmail, mail: ReceivedMail) -> None:
    """Keep what was fetched, for the provider will not offer it for ever."""
    with transaction.atomic():
        store(
            mail.raw or b"",
            door=InboundDoor(row.door),
            provider=row.provider,
            content_type=RAW_MAIL,
            meta=meta_of(mail.delivery),
            part_of=row,
        )
        _finish(row, Outcome(InboundState.ACCEPTED, Reason.SPLIT))


def _take(row: InboundEmail, incoming: IncomingMessage) -> None:
    """Accept the mail and write down what became of it, as one change."""
    for attempt in range(1, _AT_ONCE + 1):
        try:
            with transaction.atomic():
                _accept(row, incoming)
            return
        except IntegrityError:
            if not _is_duplicate(row, incoming):
                raise
            return
        except OperationalError:
            # A deadlock or a lock that took too long: the next try finds it gone.
            if attempt == _AT_ONCE:
                raise


def _accept(row: InboundEmail, incoming: IncomingMessage) -> None:
    row.message_id = incoming.message_id[:255]
    row.from_email = incoming.sender_email[:320]
    row.subject = incoming.subject[:255]
    row.envelope_sender = (incoming.delivery.envelope_sender or "")[:320]
    row.envelope_recipient = incoming.delivery.envelope_recipient[:320]
    row.request_meta = {
        **row.request_meta,
        "content_digest": incoming.content_digest,
    }
    # First of all, and a write: on SQLite it takes the lock at once, elsewhere it waits
    # for a copy that is being worked on, and fails if that copy is taken.
    rows = InboundEmail.objects.filter(pk=row.pk)
    rows.update(fingerprint=incoming.fingerprint)
    is_released = bool(row.request_meta.get("is_released"))
    _finish(row, accept(incoming, inbound_email=row, is_released=is_released))


def _is_duplicate(row: InboundEmail, incoming: IncomingMessage) -> bool:
    """Write down that another row holds the same mail, if one does."""
    same = InboundEmail.objects.filter(fingerprint=incoming.fingerprint)
    first = same.exclude(pk=row.pk).select_related("ticket").first()
    if first is None:
        return False
    _finish(row, Outcome(InboundState.DROPPED, Reason.DUPLICATE, first.ticket))
    return True


def _finish(row: InboundEmail, outcome: Outcome) -> None:
    row.state, row.reason = outcome.state, outcome.reason[:100]
    row.error = clean_text(outcome.error, limit=_ERROR_LENGTH)
    row.ticket = outcome.ticket
    row.processed_at = timezone.now()
    row.save(
        update_fields=[
            "state",
            "reason",
            "error",
            "ticket",
            "processed_at",
            "message_id",
            "from_email",
            "subject",
            "envelope_sender",
            "envelope_recipient",
            "request_meta",
        ]
    )
