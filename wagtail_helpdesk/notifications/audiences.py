"""Who is told: each audience is a function from an event to people."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from wagtail_helpdesk import permissions
from wagtail_helpdesk.models import AuthorKind, Requester, TicketEvent


@dataclass(frozen=True)
class Recipient:
    """A person to mail: a requester or a user, never both."""

    email: str
    requester: Requester | None = None
    user: Any = None


Audience = Callable[[TicketEvent], list[Recipient]]


def _people(requesters: Iterable[Requester]) -> list[Recipient]:
    return [Recipient(email=person.email, requester=person) for person in requesters]


def _recipient(user: Any) -> Recipient:
    return Recipient(email=user.email.lower(), user=user)


def _users(event: TicketEvent, users: Iterable[Any]) -> list[Recipient]:
    """Return the active users among these who may see the ticket (SEC-118).

    Asks once for all of them, and once more for an assignee from elsewhere.
    """
    ticket = event.ticket
    wanted = [user for user in users if user.is_active and user.email]
    if not wanted:
        return []
    known = permissions.viewers(ticket.queue).filter(pk__in=[one.pk for one in wanted])
    viewers = set(known.values_list("pk", flat=True))
    return [
        _recipient(user)
        for user in wanted
        if user.pk in viewers
        or (user.pk == ticket.assignee_id and permissions.may(user, "view", ticket))
    ]


def requester(event: TicketEvent) -> list[Recipient]:
    """Return the one who asked."""
    return _people([event.ticket.requester])


def requester_and_copied(event: TicketEvent) -> list[Recipient]:
    """Return the one who asked and the people copied (CTI-45, OST-07)."""
    copied = event.ticket.participants.filter(requester__isnull=False)
    rows = copied.select_related("requester")
    people = [row.requester for row in rows if row.requester is not None]
    return _people([event.ticket.requester, *people])


def queue_watchers(event: TicketEvent) -> list[Recipient]:
    """Return the agents who watch the ticket's queue (OTRS-05, RT-34)."""
    viewers = permissions.viewers(event.ticket.queue)
    watchers = viewers.filter(helpdesk_watches__queue=event.ticket.queue_id)
    return [_recipient(user) for user in watchers if user.email]


def _assigned(event: TicketEvent) -> list[Recipient]:
    ticket = event.ticket
    if ticket.assignee is not None:
        return _users(event, [ticket.assignee])
    if ticket.assigned_group is not None:
        return _users(event, ticket.assigned_group.user_set.all())
    return []


def assigned(event: TicketEvent) -> list[Recipient]:
    """Return the assignee, else the members of the group (OST-21, CTI-71, CTI-72)."""
    return _assigned(event)


def working_agents(event: TicketEvent) -> list[Recipient]:
    """Return the lock holder, else the assigned, else the watchers (OTRS-15)."""
    holder = event.ticket.lock_holder
    if holder is not None:
        return _users(event, [holder])
    return _assigned(event) or queue_watchers(event)


def last_respondent(event: TicketEvent) -> list[Recipient]:
    """Return the agent who answered last, else the assigned (OST-20)."""
    answers = event.ticket.messages.filter(
        kind=AuthorKind.AGENT, agent__isnull=False
    ).select_related("agent")
    last = answers.order_by("created_at", "pk").last()
    return (_users(event, [last.agent]) if last else []) or _assigned(event)


def respondents(event: TicketEvent) -> list[Recipient]:
    """Return the agents who have answered on this ticket (CTI-45)."""
    answers = event.ticket.messages.filter(kind=AuthorKind.AGENT, agent__isnull=False)
    users = get_user_model()._default_manager
    return _users(event, users.filter(pk__in=answers.values("agent")))


def watching_agents(event: TicketEvent) -> list[Recipient]:
    """Return the agents who watch this one ticket."""
    rows = event.ticket.participants.filter(user__isnull=False).select_related("user")
    return _users(event, [row.user for row in rows])
