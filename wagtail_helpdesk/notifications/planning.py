"""From recorded events to rows in the outbox: who gets which mail, once."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Q

from wagtail_helpdesk.background import run_after_commit
from wagtail_helpdesk.models import (
    Notification,
    Queue,
    QueueAddress,
    Requester,
    TicketEvent,
)
from wagtail_helpdesk.models.queues import public_address
from wagtail_helpdesk.notifications.alerts import Alert, get_alerts
from wagtail_helpdesk.notifications.audiences import Recipient
from wagtail_helpdesk.notifications.sender import default_address
from wagtail_helpdesk.references import (
    ReplyToken,
    id_domain,
    is_reply_address,
    new_message_id,
)

_HOUR = timedelta(hours=1)


def token_for(
    *, ticket_id: int, requester_id: int | None, user_id: int | None, is_internal: bool
) -> ReplyToken:
    """Return the token of a mail to this person about this ticket."""
    return ReplyToken(
        ticket_id=ticket_id,
        recipient_kind="u" if requester_id is None else "r",
        recipient_id=(user_id if requester_id is None else requester_id) or 0,
        is_internal=is_internal,
    )


def _is_actor(event: TicketEvent, recipient: Recipient) -> bool:
    if recipient.user is not None:
        return bool(event.agent_id == recipient.user.pk)
    return event.requester_id is not None and (
        recipient.requester is not None and event.requester_id == recipient.requester.pk
    )


def _wait_for_others(recipient: Recipient) -> None:
    """Let changes that are about to mail this person count one after the other.

    The weaker lock is needed: the tickets being opened hold on to the person's row.
    SQLite has one writer anyway; elsewhere a crowd may get a receipt too many.
    """
    features = connections[DEFAULT_DB_ALIAS].features
    if recipient.requester is not None and features.has_select_for_no_key_update:
        people = Requester.objects.select_for_update(no_key=True)
        people.values_list("pk").filter(pk=recipient.requester.pk).first()


def _is_over_limit(alert: Alert, recipient: Recipient, event: TicketEvent) -> bool:
    if alert.hourly_limit is None:
        return False
    _wait_for_others(recipient)
    recent = Notification.objects.filter(
        alert=alert.name,
        email=recipient.email,
        created_at__gt=event.created_at - _HOUR,
    )
    return recent.count() >= alert.hourly_limit


def _wanted(
    events: Sequence[TicketEvent],
) -> Iterator[tuple[Alert, TicketEvent, Recipient]]:
    """Yield each person once, with the first row of the table that names them."""
    told: set[str] = set()
    for alert in get_alerts():
        for event in events:
            if event.kind != alert.occasion or event.data.get("is_quiet"):
                continue
            if event.data.get("is_automatic") and not alert.for_agents:
                # Machines that answer machines do not stop (SEC-17).
                continue
            for recipient in alert.audience(event):
                is_skipped = recipient.email in told or (
                    _is_actor(event, recipient) and not alert.tells_actor
                )
                if not is_skipped and not _is_over_limit(alert, recipient, event):
                    told.add(recipient.email)
                    yield alert, event, recipient


def _notification(
    alert: Alert, event: TicketEvent, recipient: Recipient, *, domain: str
) -> Notification:
    requester_id = recipient.requester.pk if recipient.requester else None
    user_id = recipient.user.pk if recipient.user else None
    token = token_for(
        ticket_id=event.ticket_id,
        requester_id=requester_id,
        user_id=user_id,
        is_internal=alert.is_internal,
    )
    return Notification(
        ticket=event.ticket,
        event=event,
        alert=alert.name,
        email=recipient.email,
        requester_id=requester_id,
        user_id=user_id,
        message_id=new_message_id(token, domain=domain),
        created_at=event.created_at,
        next_attempt_at=event.created_at,
    )


def _addresses(queue: Queue, rows: Sequence[Recipient]) -> tuple[str, set[str]]:
    """Return the address the queue writes from, and the desk's own among the rows."""
    emails = {row.email for row in rows}
    known = QueueAddress.objects.filter(Q(queue=queue) | Q(email__in=emails))
    addresses = list(known.order_by("pk"))
    own = {address.email for address in addresses} | set(
        filter(is_reply_address, emails)
    )
    writes_from = public_address(
        each for each in addresses if each.queue_id == queue.pk
    )
    return writes_from or default_address(), own


def plan(events: Sequence[TicketEvent]) -> None:
    """Write a row for every mail that these events of one change bring about.

    Called in the change's transaction; the mails leave after it (REL-39).
    """
    wanted = list(_wanted(events))
    if not wanted:
        return
    writes_from, own = _addresses(
        events[0].ticket.queue, [recipient for _alert, _event, recipient in wanted]
    )
    rows = [
        _notification(*each, domain=id_domain(writes_from))
        for each in wanted
        if each[2].email not in own
    ]
    Notification.objects.bulk_create(rows)
    for pk in _keys(rows):
        run_after_commit("deliver_notification", pk)


def _keys(rows: Sequence[Notification]) -> list[int]:
    """Return the rows' keys, which not every database gives back to bulk_create."""
    if all(row.pk for row in rows):
        return [row.pk for row in rows]
    ids = [row.message_id for row in rows]
    found = Notification.objects.filter(message_id__in=ids)
    return list(found.values_list("pk", flat=True))
