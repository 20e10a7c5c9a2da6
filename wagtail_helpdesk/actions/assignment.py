"""Who is responsible, and in which queue the ticket waits."""

from django.contrib.auth.models import Group
from django.utils.translation import gettext

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actions.locking import lease, release
from wagtail_helpdesk.actors import Actor, User, user_label
from wagtail_helpdesk.changes import TicketChange, changing
from wagtail_helpdesk.exceptions import (
    ActionNotPermitted,
    AssignmentNotAllowed,
    TransitionNotAllowed,
)
from wagtail_helpdesk.models import Queue, Ticket
from wagtail_helpdesk.rules.event_kinds import EventKind


def _check_assignee(assignee: User) -> None:
    if not assignee.is_active or not permissions.grants_of(assignee).may_work:
        raise AssignmentNotAllowed(
            gettext("%(name)s does not work with tickets.")
            % {"name": user_label(assignee)}
        )


def check_takes_tickets(queue: Queue) -> None:
    """Raise unless new tickets may come into the queue.

    :raises TransitionNotAllowed: it is not active.
    """
    if not queue.is_active:
        raise TransitionNotAllowed(
            gettext("%(queue)s takes no tickets.") % {"queue": queue.name}
        )


def _hand_over_lock(change: TicketChange, *, assignee: User | None) -> None:
    """Let the lock go with the responsibility, for its whole time (OTRS-11)."""
    holder = change.ticket.lock_holder
    if holder is None or holder == assignee:
        return
    if assignee is None:
        release(change.ticket)
    else:
        lease(change, user=assignee)


def assign(
    ticket: Ticket,
    *,
    actor: Actor,
    assignee: User | None = None,
    group: Group | None = None,
) -> Ticket:
    """Make an agent or a group responsible, whatever their scope (CTI-71 … CTI-77).

    Does nothing if they are already. A lock goes along (OTRS-11).

    :raises AssignmentNotAllowed: that user is no agent, or neither or both are given.
    :raises TicketIsLocked: another agent holds the ticket.
    """
    if (assignee is None) == (group is None):
        raise AssignmentNotAllowed(gettext("Choose an agent or a group."))
    if assignee is not None:
        _check_assignee(assignee)
    with changing(ticket, actor=actor, verb="assign") as change:
        if ticket.assignee == assignee and ticket.assigned_group == group:
            return ticket
        ticket.assignee, ticket.assigned_group = assignee, group
        _hand_over_lock(change, assignee=assignee)
        change.record(
            EventKind.ASSIGNED, to=user_label(assignee) if assignee else str(group)
        )
    return ticket


def unassign(ticket: Ticket, *, actor: Actor) -> Ticket:
    """Make nobody responsible; does nothing if nobody is (CTI-73)."""
    with changing(ticket, actor=actor, verb="unassign") as change:
        if ticket.assignee is None and ticket.assigned_group is None:
            return ticket
        ticket.assignee = ticket.assigned_group = None
        change.record(EventKind.UNASSIGNED)
    return ticket


def move_to_queue(ticket: Ticket, *, actor: Actor, queue: Queue) -> Ticket:
    """Put the ticket into another queue (RT-09, RT-29); its lock is let go.

    An agent needs the right in the old queue, and must be able to see the new one.

    :raises ActionNotPermitted: the actor may not move it, or not there.
    :raises TransitionNotAllowed: the queue takes no tickets.
    """
    with changing(ticket, actor=actor, verb="move_to_queue") as change:
        if ticket.queue_id == queue.pk:
            return ticket
        is_hidden = actor.is_agent and (
            "view" not in permissions.grants_of(actor.user).verbs(queue)
        )
        if is_hidden:
            raise ActionNotPermitted(gettext("You may not move tickets there."))
        check_takes_tickets(queue)
        before = ticket.queue
        ticket.queue = queue
        release(ticket)
        change.record(EventKind.MOVED, old=before.name, new=queue.name)
    return ticket
