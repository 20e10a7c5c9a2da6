"""Statuses, resolving, reopening, closing."""

from datetime import timedelta

import pytest
from django.core import mail
from time_machine import Traveller

from tests.conftest import Settle
from tests.factories import (
    SYSTEM,
    make_agent,
    make_message,
    make_queue,
    make_ticket,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import ActionNotPermitted, TransitionNotAllowed
from wagtail_helpdesk.models import Status
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db


@pytest.mark.req("CTI-30", "CTI-36", "CTI-37", "CTI-38", "CTI-40", "RT-12")
def test_resolve_with_notes(settle: Settle, clock: Traveller) -> None:
    agent = make_agent(first_name="Ana")
    ticket = make_ticket(locked_by=agent)

    with settle():
        actions.resolve(ticket, actor=Actor.agent(agent), notes="New *fuse*.")

    ticket.refresh_from_db()
    assert ticket.phase == Phase.RESOLVED
    assert ticket.closes_at - ticket.resolved_at == timedelta(days=7)
    assert ticket.locked_by is None
    assert ticket.resolutions.get().notes == "New *fuse*."
    assert ticket.resolutions.get().resolved_by == agent
    (sent,) = mail.outbox
    assert "New *fuse*." in sent.body
    assert "<em>fuse</em>" in sent.alternatives[0].content
    assert "March 10, 2026" in sent.body


@pytest.mark.req("OTRS-19")
def test_resolve_when_quiet_sends_no_mail(settle: Settle) -> None:
    ticket = make_ticket()

    with settle():
        actions.resolve(
            ticket, actor=Actor.agent(make_agent()), notes="Spam.", is_quiet=True
        )

    assert ticket.phase == Phase.RESOLVED
    assert mail.outbox == []


@pytest.mark.req("CTI-40")
def test_resolve_when_the_queue_has_its_own_window() -> None:
    ticket = make_ticket(queue=make_queue(reopen_window_days=0))

    actions.resolve(ticket, actor=SYSTEM)

    assert ticket.closes_at == ticket.resolved_at
    with pytest.raises(TransitionNotAllowed):
        make_message(ticket=ticket)


@pytest.mark.req("CTI-38")
def test_resolve_twice_keeps_both_notes() -> None:
    ticket = make_ticket()

    actions.resolve(ticket, actor=SYSTEM, notes="First.")
    actions.reopen(ticket, actor=Actor.agent(make_agent()))
    actions.resolve(ticket, actor=SYSTEM, notes="Second.")

    notes = ticket.resolutions.values_list("notes", flat=True)
    assert list(notes) == ["First.", "Second."]


def test_resolve_when_it_is_resolved_already() -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)

    with pytest.raises(TransitionNotAllowed, match="resolved already"):
        actions.resolve(ticket, actor=SYSTEM)


@pytest.mark.req("CTI-35")
@pytest.mark.parametrize("phase", [Phase.RESOLVED, Phase.CLOSED])
def test_reopen_ignores_the_window(phase: Phase, clock: Traveller) -> None:
    ticket = make_ticket(phase=phase)
    clock.shift(timedelta(days=400))

    actions.reopen(ticket, actor=Actor.agent(make_agent()))

    ticket.refresh_from_db()
    assert ticket.phase == Phase.NEW
    assert ticket.is_reopened
    assert (ticket.resolved_at, ticket.closes_at, ticket.closed_at) == (None,) * 3


@pytest.mark.req("CTI-33", "CTI-35")
def test_reopen_when_a_requester_asks_for_it_without_words() -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)

    with pytest.raises(ActionNotPermitted):
        actions.reopen(ticket, actor=Actor.for_requester(ticket.requester))


@pytest.mark.req("CTI-27", "CTI-29", "RT-11")
def test_set_status_when_it_is_one_of_the_administrators() -> None:
    ticket = make_ticket()
    waiting = Status.objects.create(name="Waiting for supplier", phase=Phase.PENDING)

    actions.set_status(ticket, actor=Actor.agent(make_agent()), status=waiting)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.phase) == (waiting, Phase.PENDING)
    event = ticket.events.get(kind=EventKind.STATUS_CHANGED)
    assert event.data == {"old": "New", "new": "Waiting for supplier"}


@pytest.mark.req("CTI-28", "CTI-30")
def test_set_status_when_the_chosen_one_resolves() -> None:
    ticket = make_ticket()
    unsolved = Status.objects.create(name="Won't fix", phase=Phase.RESOLVED)

    actions.set_status(
        ticket, actor=Actor.agent(make_agent()), status=unsolved, notes="Too old."
    )

    ticket.refresh_from_db()
    assert ticket.status == unsolved
    assert ticket.closes_at is not None
    assert ticket.resolutions.get().notes == "Too old."
    event = ticket.events.get(kind=EventKind.STATUS_CHANGED)
    assert event.data["new"] == "Won't fix"


def test_set_status_when_resolving_says_it_already_records_one_event() -> None:
    ticket = make_ticket()
    resolved = Status.objects.default_of(Phase.RESOLVED)

    actions.set_status(ticket, actor=Actor.agent(make_agent()), status=resolved)

    kinds = ticket.events.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.OPENED, EventKind.RESOLVED]


@pytest.mark.req("CTI-35")
def test_set_status_when_the_chosen_one_reopens() -> None:
    ticket = make_ticket(phase=Phase.CLOSED)
    in_progress = Status.objects.default_of(Phase.OPEN)

    actions.set_status(ticket, actor=Actor.agent(make_agent()), status=in_progress)

    assert ticket.status == in_progress
    assert ticket.is_reopened
    event = ticket.events.get(kind=EventKind.STATUS_CHANGED)
    assert event.data["new"] == "In progress"


def test_set_status_when_it_has_it_already_records_nothing() -> None:
    ticket = make_ticket()
    before = ticket.updated_at

    actions.set_status(ticket, actor=SYSTEM, status=ticket.status)

    assert ticket.events.count() == 1
    assert ticket.updated_at == before


@pytest.mark.req("CTI-31")
def test_close_when_the_window_is_over(clock: Traveller) -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)
    clock.shift(timedelta(days=7))

    actions.close(ticket, actor=Actor.system("scheduled closure"))

    ticket.refresh_from_db()
    assert ticket.phase == Phase.CLOSED
    assert ticket.closed_at is not None
    event = ticket.events.get(kind=EventKind.CLOSED)
    assert (event.actor_kind, event.actor_label) == ("system", "scheduled closure")


@pytest.mark.req("CTI-43")
def test_close_when_a_reply_was_faster(clock: Traveller) -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)
    stale = type(ticket).objects.get(pk=ticket.pk)
    make_message(ticket=ticket, body="Wait!")
    clock.shift(timedelta(days=8))

    actions.close(stale, actor=SYSTEM)

    ticket.refresh_from_db()
    assert ticket.phase == Phase.NEW
    assert not ticket.events.filter(kind=EventKind.CLOSED).exists()


@pytest.mark.req("CTI-31", "CTI-34")
def test_close_when_an_agent_tries() -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)

    with pytest.raises(ActionNotPermitted):
        actions.close(ticket, actor=Actor.agent(make_agent()))
