"""Find the ticket or the queue that a mail is meant for. Finding never authorises.

Who may write to the ticket that was found is asked in ``senders``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wagtail import hooks

from wagtail_helpdesk.intake.incoming import IncomingMessage
from wagtail_helpdesk.models import (
    AddressMode,
    HelpdeskSettings,
    Message,
    Notification,
    Queue,
    QueueAddress,
    Ticket,
)
from wagtail_helpdesk.references import (
    ReplyToken,
    number_in_subject,
    parse_reply_token,
)

_IDS_ASKED = 20


@dataclass(frozen=True)
class Found:
    """What a routing rule has found in a mail."""

    ticket_id: int
    #: The signature that led there, if one did.
    token: ReplyToken | None = None


@dataclass(frozen=True)
class RoutingRule:
    """A row of ``ROUTING_RULES``."""

    name: str
    find: Callable[[IncomingMessage], Found | None]


@dataclass(frozen=True)
class Route:
    """Where a mail is to go."""

    ticket: Ticket | None = None
    #: Name of the rule that found the ticket, else "".
    rule: str = ""
    token: ReplyToken | None = None
    #: Takes the mail if it becomes a ticket of its own; None: no desk takes any.
    queue: Queue | None = None
    #: True if the mail is for agents only (RT-06, SEC-101).
    is_comment: bool = False
    #: True if the sender's address is one of the desk's own.
    is_from_us: bool = False


def _by_token(texts: Iterable[str]) -> Found | None:
    for text in texts:
        token = parse_reply_token(text)
        if token is not None:
            return Found(ticket_id=token.ticket_id, token=token)
    return None


def by_reply_address(incoming: IncomingMessage) -> Found | None:
    """Find by a signed reply address among the recipients."""
    return _by_token(address.rpartition("@")[0] for address in incoming.recipients)


def by_signed_id(incoming: IncomingMessage) -> Found | None:
    """Find by a signed id in In-Reply-To or References."""
    return _by_token(incoming.thread_ids)


def by_known_id(incoming: IncomingMessage) -> Found | None:
    """Find by the Message-ID of a mail that the desk got or sent, the nearest first."""
    ids = [each[:255] for each in incoming.thread_ids[:_IDS_ASKED]]
    if not ids:
        return None
    known = dict(
        Message.objects.filter(message_id__in=ids).values_list("message_id", "ticket")
    )
    if ids[0] not in known:
        sent = Notification.objects.filter(message_id__in=ids)
        known |= dict(sent.values_list("message_id", "ticket"))
    return next((Found(ticket_id=known[each]) for each in ids if each in known), None)


def by_subject(incoming: IncomingMessage) -> Found | None:
    """Find by the number at the right end of the subject (WT-09)."""
    number = number_in_subject(incoming.subject)
    return None if number is None else Found(ticket_id=number)


#: First hit wins.
ROUTING_RULES: tuple[RoutingRule, ...] = (
    RoutingRule("reply address", by_reply_address),
    RoutingRule("signed id", by_signed_id),
    RoutingRule("known id", by_known_id),
    RoutingRule("subject", by_subject),
)


def routing_rules() -> list[RoutingRule]:
    """Return the routing rules of this site, in their order."""
    rows = list(ROUTING_RULES)
    for construct in hooks.get_hooks("construct_helpdesk_routing_rules"):
        construct(rows)
    return rows


def find_route(incoming: IncomingMessage) -> Route:
    """Return where the mail is to go, as far as the mail itself tells.

    The ticket's row stays locked until the caller's transaction ends, so that two
    copies of a mail, sent to two addresses, are seen one after the other.
    """
    ticket, rule, token = _find_ticket(incoming)
    addresses = _own_addresses(incoming)
    meant = [addresses[email] for email in incoming.recipients if email in addresses]
    is_comment = any(address.mode == AddressMode.COMMENT for address in meant)
    return Route(
        ticket=ticket,
        rule=rule,
        token=token,
        queue=_queue_of(meant, ticket=ticket),
        is_comment=is_comment or (token is not None and token.is_internal),
        is_from_us=incoming.sender_email in addresses,
    )


def _find_ticket(
    incoming: IncomingMessage,
) -> tuple[Ticket | None, str, ReplyToken | None]:
    for rule in routing_rules():
        found = rule.find(incoming)
        if found is None:
            continue
        rows = Ticket.objects.select_for_update().order_by()
        ticket = rows.filter(pk=found.ticket_id).first()
        if ticket is not None:
            return ticket, rule.name, found.token
    return None, "", None


def _own_addresses(incoming: IncomingMessage) -> dict[str, QueueAddress]:
    emails = {*incoming.recipients, incoming.sender_email} - {""}
    rows = QueueAddress.objects.filter(email__in=emails).select_related("queue")
    return {row.email: row for row in rows}


def _queue_of(meant: list[QueueAddress], *, ticket: Ticket | None) -> Queue | None:
    """Return the queue for a ticket of its own; mail to a dead one is not lost."""
    queue: Queue | None
    for queue in [address.queue for address in meant]:
        if queue.is_active:
            return queue
    queue = HelpdeskSettings.load().default_queue if ticket is None else ticket.queue
    if queue is None or not queue.is_active:
        queue = Queue.objects.filter(is_active=True).first()
    return queue
