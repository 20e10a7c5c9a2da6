"""Exclusive work: a lock is a lease with a holder and an end (OTRS-06 … OTRS-11)."""

from django.utils.translation import gettext

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import Actor, User, user_label
from wagtail_helpdesk.changes import TicketChange, changing
from wagtail_helpdesk.exceptions import TicketIsLocked, TransitionNotAllowed
from wagtail_helpdesk.models import HelpdeskSettings, Ticket
from wagtail_helpdesk.rules.deadlines import lock_expires_at
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import UNFINISHED


def lease(change: TicketChange, *, user: User) -> None:
    """Give the lock of a ticket that is being changed to this user, from now on."""
    hours = HelpdeskSettings.load().lock_hours_for(change.ticket.queue)
    change.ticket.locked_by = user
    change.ticket.locked_at = change.now
    change.ticket.lock_expires_at = lock_expires_at(change.now, timeout_hours=hours)


def release(ticket: Ticket) -> None:
    """Take the lock off a ticket that is being changed."""
    ticket.locked_by = ticket.locked_at = ticket.lock_expires_at = None


def lock_for_work(change: TicketChange) -> None:
    """Lock an unlocked ticket for the agent who works on it, or renew the lease.

    A finished ticket is left as it is: there is nothing to keep others from.
    """
    ticket, user = change.ticket, change.actor.user
    if ticket.phase not in UNFINISHED:
        return
    holder = ticket.lock_holder
    if holder is None:
        lease(change, user=user)
        change.record(EventKind.LOCKED, by_reply=True)
    elif holder.pk == user.pk and ticket.lock_expires_at is not None:
        since = ticket.locked_at
        lease(change, user=user)
        ticket.locked_at = since


def lock(ticket: Ticket, *, actor: Actor) -> Ticket:
    """Take a ticket for oneself alone; does nothing if one holds it already.

    :raises TicketIsLocked: another agent was faster; the sentence names them.
    :raises TransitionNotAllowed: the ticket is finished.
    """
    with changing(ticket, actor=actor, verb="lock") as change:
        if ticket.phase not in UNFINISHED:
            raise TransitionNotAllowed(
                gettext("A resolved or closed ticket can't be locked.")
            )
        if ticket.lock_holder is None:
            lease(change, user=actor.user)
            change.record(EventKind.LOCKED)
    return ticket


def unlock(ticket: Ticket, *, actor: Actor) -> Ticket:
    """Put a ticket back into its queue (OTRS-09); does nothing if it is unlocked.

    :raises TicketIsLocked: another holds it, and the actor may not take over.
    """
    with changing(ticket, actor=actor, verb="unlock") as change:
        holder = ticket.lock_holder
        if holder is None:
            return ticket
        is_own = holder.pk == actor.user.pk
        if not is_own and not permissions.may(actor.user, "take_over", ticket):
            raise TicketIsLocked(
                gettext("%(holder)s works on this ticket and has locked it.")
                % {"holder": user_label(holder)}
            )
        release(ticket)
        change.record(EventKind.UNLOCKED, holder=user_label(holder))
    return ticket


def take_over(ticket: Ticket, *, actor: Actor) -> Ticket:
    """Take the lock from its holder; what that one typed is not touched.

    :raises ActionNotPermitted: the actor may not take over.
    :raises TransitionNotAllowed: the ticket is finished.
    """
    with changing(ticket, actor=actor, verb="take_over") as change:
        if ticket.phase not in UNFINISHED:
            raise TransitionNotAllowed(
                gettext("A resolved or closed ticket can't be locked.")
            )
        holder = ticket.lock_holder
        if holder is not None and holder.pk == actor.user.pk:
            return ticket
        lease(change, user=actor.user)
        change.record(EventKind.TAKEN_OVER, holder=user_label(holder) if holder else "")
    return ticket


def expire_lock(ticket: Ticket, *, actor: Actor) -> Ticket:
    """Take off a lock whose time is over; does nothing if it was renewed since."""
    with changing(ticket, actor=actor, verb="expire_lock") as change:
        holder = ticket.locked_by
        if holder is not None and ticket.lock_holder is None:
            release(ticket)
            change.record(EventKind.LOCK_EXPIRED, holder=user_label(holder))
    return ticket
