"""The one writer of tickets: lock, re-read, check, change, record, plan, commit.

Everything else is flat; this module is allowed to be clever so that the verbs need
not be. Only ``wagtail_helpdesk.actions`` may import it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import Message, Status, Ticket, TicketEvent
from wagtail_helpdesk.notifications import planning
from wagtail_helpdesk.rules.event_kinds import LEAVES_UPDATED_AT, LOGGED, EventKind
from wagtail_helpdesk.rules.lifecycle import Phase, Trigger, next_phase
from wagtail_helpdesk.signals import ticket_event_recorded

_RELATED = ("queue", "status", "requester")


@dataclass
class TicketChange:
    """One change of one ticket, as far as it has come."""

    ticket: Ticket
    actor: Actor
    now: datetime
    events: list[TicketEvent] = field(default_factory=list)

    def trigger(self, trigger: Trigger, *, status: Status | None = None) -> None:
        """Move the phase by the table; the ticket takes that phase's default status.

        :param status: a status to take instead, chosen by hand; its phase counts.
        :raises TransitionNotAllowed: the table has no such row.
        """
        phase = next_phase(Phase(self.ticket.phase), trigger)
        if status is not None:
            self.take_status(status)
        elif phase != self.ticket.phase:
            self.take_status(Status.objects.default_of(phase))

    def take_status(self, status: Status) -> None:
        """Give the ticket a status, and with it the status's phase."""
        self.ticket.status = status
        self.ticket.phase = status.phase

    def record(
        self, kind: EventKind, /, *, message: Message | None = None, **data: Any
    ) -> None:
        """Write down what happened. A change without a record saves nothing."""
        self.events.append(
            TicketEvent(
                ticket=self.ticket,
                kind=kind,
                actor_kind=self.actor.kind,
                actor_label=self.actor.label,
                agent=self.actor.user,
                requester=self.actor.requester,
                message=message,
                data=data,
                created_at=self.now,
            )
        )


_running: ContextVar[dict[int, TicketChange] | None] = ContextVar(
    "wagtail_helpdesk_running_changes", default=None
)


def _lock_and_reread(ticket: Ticket, *, other: Ticket | None) -> None:
    """Make the caller's own object the locked, fresh row, so that no stale one cheats.

    The row is locked first and read with its relations after. One query for both
    finds nothing on PostgreSQL if the row waited for has another status by then: it
    is held against the status joined before. SQLite locks the whole file, but at the
    first write only: hence one that writes nothing new.
    """
    database = ticket._state.db or DEFAULT_DB_ALIAS
    rows = Ticket.objects.using(database)
    touched = rows.filter(pk__in=[ticket.pk, *([other.pk] if other else [])])
    if connections[database].features.has_select_for_update:
        # By number, so that two who want the same two rows don't wait for each other.
        list(touched.select_for_update().order_by("pk").values_list("pk"))
    else:
        touched.update(updated_at=F("updated_at"))
    ticket.refresh_from_db(from_queryset=rows.select_related(*_RELATED))


def _values(ticket: Ticket) -> dict[str, Any]:
    return {
        concrete.attname: getattr(ticket, concrete.attname)
        for concrete in ticket._meta.concrete_fields
    }


def _log(event: TicketEvent) -> None:
    """Tell Wagtail's log what a user did, by number only: it is not scoped (SEC-62).

    What comes in by mail or by the clock is in the ticket's own history alone. It
    would bury what editors did, and Wagtail reads that table whole.
    """
    log(
        event.ticket,
        f"wagtail_helpdesk.{event.kind}",
        user=event.agent,
        title=f"#{event.ticket.number}",
        data={"actor": str(event.actor_kind)},
    )


def _announcement(event: TicketEvent) -> Callable[[], None]:
    def announce() -> None:
        ticket_event_recorded.send(sender=TicketEvent, event=event)

    return announce


def _save(change: TicketChange, *, before: dict[str, Any]) -> None:
    ticket = change.ticket
    if any(event.kind not in LEAVES_UPDATED_AT for event in change.events):
        ticket.updated_at = change.now
    changed = [name for name, value in _values(ticket).items() if before[name] != value]
    if changed:
        ticket.save(update_fields=changed)
    for event in change.events:
        event.save(force_insert=True)
        if event.kind in LOGGED and change.actor.is_agent:
            _log(event)
    planning.plan(change.events)
    for event in change.events:
        transaction.on_commit(_announcement(event), robust=True)


@contextmanager
def _registered(change: TicketChange) -> Iterator[None]:
    running = _running.get() or {}
    token = _running.set({**running, change.ticket.pk: change})
    try:
        yield
    finally:
        _running.reset(token)


def _joined(ticket: Ticket, actor: Actor) -> TicketChange | None:
    running = (_running.get() or {}).get(ticket.pk)
    if running is None:
        return None
    if running.ticket is not ticket:
        raise RuntimeError("Verbs of one change must be given the same ticket object.")
    return TicketChange(
        ticket=ticket, actor=actor, now=running.now, events=running.events
    )


@contextmanager
def changing(
    ticket: Ticket, *, actor: Actor, verb: str, other: Ticket | None = None
) -> Iterator[TicketChange]:
    """Change an existing ticket in one transaction, by the steps of this module.

    Called while a change of the same ticket object is open, it joins that one: its
    own permission is asked, the events and mails are one change's.

    :param verb: name in ``permissions.VERB_PERMISSIONS``.
    :param other: a ticket that is to stay as it is meanwhile; not changed itself.
    :raises ActionNotPermitted: the actor may not do the verb.
    :raises TicketIsLocked: another agent holds the ticket.
    """
    joined = _joined(ticket, actor)
    if joined is not None:
        permissions.check(actor, verb, ticket)
        yield joined
        return
    with transaction.atomic():
        _lock_and_reread(ticket, other=other)
        permissions.check(actor, verb, ticket)
        before = _values(ticket)
        change = TicketChange(ticket=ticket, actor=actor, now=timezone.now())
        with _registered(change):
            yield change
        if change.events:
            _save(change, before=before)


@contextmanager
def opening(
    ticket: Ticket, *, actor: Actor, status: Status | None = None
) -> Iterator[TicketChange]:
    """Insert a new ticket and change it on, as :func:`changing` does.

    :param status: what it begins with, if not the default of the phase new.
    :raises ActionNotPermitted: the actor may not open one in this queue.
    """
    permissions.check_queue(actor, "open_ticket", ticket.queue)
    with transaction.atomic():
        now = timezone.now()
        change = TicketChange(ticket=ticket, actor=actor, now=now)
        change.take_status(status or Status.objects.default_of(Phase.NEW))
        ticket.created_at = ticket.updated_at = now
        ticket.save(force_insert=True)
        before = _values(ticket)
        with _registered(change):
            yield change
        _save(change, before=before)


@contextmanager
def joint(ticket: Ticket, *, actor: Actor) -> Iterator[None]:
    """Hold one change open, so that several verbs become one change and one mail.

    Asks for no permission of its own beyond looking; each verb inside asks for its.
    """
    with changing(ticket, actor=actor, verb="view"):
        yield
