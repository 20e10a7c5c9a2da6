"""Statuses, resolving, reopening, closing."""

from wagtail_helpdesk.actions.locking import release
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.changes import TicketChange, changing
from wagtail_helpdesk.markup import clean_text
from wagtail_helpdesk.models import HelpdeskSettings, Resolution, Status, Ticket
from wagtail_helpdesk.rules.deadlines import closes_at, is_window_over
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import (
    Phase,
    Role,
    Trigger,
    next_phase,
    trigger_of_choice,
)


def _resolve(
    change: TicketChange, *, notes: str, status: Status | None, is_quiet: bool
) -> None:
    ticket = change.ticket
    change.trigger(Trigger.RESOLVED, status=status)
    days = HelpdeskSettings.load().window_days_for(ticket.queue)
    ticket.resolved_at = change.now
    ticket.closes_at = closes_at(change.now, window_days=days)
    resolution = Resolution.objects.create(
        ticket=ticket,
        notes=clean_text(notes).strip(),
        resolved_by=change.actor.user,
        actor_label=change.actor.label,
        created_at=change.now,
    )
    release(ticket)
    change.record(EventKind.RESOLVED, resolution=resolution.pk, is_quiet=is_quiet)


def _reopen(change: TicketChange, *, status: Status | None) -> None:
    ticket = change.ticket
    change.trigger(Trigger.REOPENED, status=status)
    ticket.resolved_at = ticket.closes_at = ticket.closed_at = None
    ticket.is_reopened = True
    change.record(EventKind.REOPENED)


def resolve(
    ticket: Ticket, *, actor: Actor, notes: str = "", is_quiet: bool = False
) -> Ticket:
    """Say that it is solved; the reopen window begins (CTI-30, CTI-36 … CTI-38).

    :param notes: what solved it, Markdown; requesters read it (CTI-37).
    :param is_quiet: True sends no mail (OTRS-19); the notes stay readable.
    :raises TransitionNotAllowed: it is resolved or closed already.
    :raises TicketIsLocked: another agent holds the ticket.
    """
    with changing(ticket, actor=actor, verb="resolve") as change:
        _resolve(change, notes=notes, status=None, is_quiet=is_quiet)
    return ticket


def reopen(ticket: Ticket, *, actor: Actor) -> Ticket:
    """Take up a resolved or closed ticket again, whatever its window (CTI-35).

    :raises TransitionNotAllowed: the ticket is not finished.
    """
    with changing(ticket, actor=actor, verb="reopen") as change:
        _reopen(change, status=None)
    return ticket


def _is_implied(status: Status, *, phase: Phase, trigger: Trigger | None) -> bool:
    """Tell whether the trigger alone leads to this status, so that it needs no word."""
    return trigger is not None and (
        status == Status.objects.default_of(next_phase(phase, trigger))
    )


def set_status(
    ticket: Ticket, *, actor: Actor, status: Status, notes: str = ""
) -> Ticket:
    """Give the ticket a status chosen by hand; does nothing if it has it (CTI-29).

    A status of the resolved phase resolves it, one of an unfinished phase reopens a
    finished one: a choice of words changes nothing in the rules.

    :param notes: what solved it, if the status resolves the ticket; else ignored.
    :raises TransitionNotAllowed: the table ``CHOICES`` doesn't let this role.
    """
    with changing(ticket, actor=actor, verb="set_status") as change:
        before, phase = ticket.status, Phase(ticket.phase)
        if status.pk == before.pk:
            return ticket
        trigger = trigger_of_choice(
            phase, chosen=Phase(status.phase), role=Role(actor.kind.value)
        )
        if trigger is Trigger.RESOLVED:
            _resolve(change, notes=notes, status=status, is_quiet=False)
        elif trigger is Trigger.REOPENED:
            _reopen(change, status=status)
        else:
            change.take_status(status)
        if not _is_implied(status, phase=phase, trigger=trigger):
            change.record(EventKind.STATUS_CHANGED, old=before.name, new=status.name)
    return ticket


def close(ticket: Ticket, *, actor: Actor) -> Ticket:
    """Close a resolved ticket whose window is over; else do nothing (CTI-31).

    Asked again under the row's lock: a reply that came a second earlier wins, and
    the ticket stays open (CTI-43).
    """
    with changing(ticket, actor=actor, verb="close") as change:
        if not is_window_over(ticket.closes_at, now=change.now):
            return ticket
        change.trigger(Trigger.WINDOW_OVER)
        ticket.closed_at = change.now
        ticket.closes_at = None
        change.record(EventKind.CLOSED)
    return ticket
