"""A lock is a lease with a holder and an end."""

from datetime import timedelta

import pytest
from time_machine import Traveller

from tests.factories import SYSTEM, make_agent, make_message, make_queue, make_ticket
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import (
    ActionNotPermitted,
    TicketIsLocked,
    TransitionNotAllowed,
)
from wagtail_helpdesk.models import QueueRole, Ticket
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db


@pytest.mark.req("OTRS-06", "OTRS-08")
def test_lock_when_it_is_free(clock: Traveller) -> None:
    ticket, ana = make_ticket(), make_agent()

    actions.lock(ticket, actor=Actor.agent(ana))

    ticket.refresh_from_db()
    assert ticket.lock_holder == ana
    assert ticket.lock_expires_at - ticket.locked_at == timedelta(hours=24)


@pytest.mark.req("OTRS-08", "REL-50")
def test_lock_when_another_was_faster() -> None:
    ticket = make_ticket(locked_by=make_agent(first_name="Ben"))

    with pytest.raises(TicketIsLocked, match="Ben"):
        actions.lock(ticket, actor=Actor.agent(make_agent()))


def test_lock_when_one_holds_it_already_records_nothing() -> None:
    ana = make_agent()
    ticket = make_ticket(locked_by=ana)

    actions.lock(ticket, actor=Actor.agent(ana))

    assert not ticket.events.filter(kind=EventKind.LOCKED).exists()


@pytest.mark.req("REL-58")
def test_lock_when_the_other_ones_time_is_over(clock: Traveller) -> None:
    ticket, ana = make_ticket(locked_by=make_agent()), make_agent()
    clock.shift(timedelta(days=1))

    actions.lock(ticket, actor=Actor.agent(ana))

    assert ticket.lock_holder == ana


def test_lock_when_the_ticket_is_finished() -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)

    with pytest.raises(TransitionNotAllowed):
        actions.lock(ticket, actor=Actor.agent(make_agent()))


def test_lock_when_locks_never_expire() -> None:
    ticket, ana = make_ticket(queue=make_queue(lock_timeout_hours=0)), make_agent()

    actions.lock(ticket, actor=Actor.agent(ana))

    assert ticket.lock_expires_at is None
    assert ticket.lock_holder == ana
    assert not Ticket.objects.unlocked(now=ticket.created_at).exists()


def test_reply_by_the_holder_renews_the_lease_but_not_its_beginning(
    clock: Traveller,
) -> None:
    ticket, ana = make_ticket(), make_agent()
    actions.lock(ticket, actor=Actor.agent(ana))
    locked_at = ticket.locked_at
    clock.shift(timedelta(hours=20))

    make_message(ticket=ticket, agent=ana)

    ticket.refresh_from_db()
    assert ticket.locked_at == locked_at
    assert ticket.lock_expires_at == locked_at + timedelta(hours=44)


def test_reply_to_a_resolved_ticket_does_not_lock_it() -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)

    make_message(ticket=ticket, agent=make_agent())

    assert ticket.locked_by is None
    assert ticket.phase == Phase.RESOLVED


@pytest.mark.req("OTRS-09")
def test_unlock_by_the_holder() -> None:
    ana = make_agent()
    ticket = make_ticket(locked_by=ana)

    actions.unlock(ticket, actor=Actor.agent(ana))

    ticket.refresh_from_db()
    assert ticket.locked_by is None
    assert ticket.events.filter(kind=EventKind.UNLOCKED).count() == 1


def test_unlock_by_another_needs_the_right_to_take_over() -> None:
    ticket = make_ticket(locked_by=make_agent(first_name="Ben"))

    with pytest.raises(TicketIsLocked, match="Ben"):
        actions.unlock(ticket, actor=Actor.agent(make_agent()))
    actions.unlock(ticket, actor=Actor.agent(make_agent(role=QueueRole.SENIOR)))

    assert ticket.lock_holder is None


def test_take_over_by_one_who_may() -> None:
    ticket = make_ticket(locked_by=make_agent(first_name="Ben"))
    senior = make_agent(role=QueueRole.SENIOR)

    actions.take_over(ticket, actor=Actor.agent(senior))

    assert ticket.lock_holder == senior
    assert ticket.events.get(kind=EventKind.TAKEN_OVER).data == {"holder": "Ben"}


def test_take_over_by_one_who_may_not() -> None:
    ticket = make_ticket(locked_by=make_agent())

    with pytest.raises(ActionNotPermitted):
        actions.take_over(ticket, actor=Actor.agent(make_agent()))


@pytest.mark.req("REL-58")
def test_expire_lock_when_the_time_is_over(clock: Traveller) -> None:
    ticket = make_ticket(locked_by=make_agent())

    actions.expire_lock(ticket, actor=SYSTEM)
    assert ticket.locked_by is not None
    clock.shift(timedelta(days=1))
    actions.expire_lock(ticket, actor=SYSTEM)

    assert ticket.locked_by is None
    assert ticket.events.filter(kind=EventKind.LOCK_EXPIRED).count() == 1


@pytest.mark.req("OTRS-07", "OTRS-23")
def test_locked_and_unlocked_lists_never_share_a_ticket(clock: Traveller) -> None:
    ana = make_agent()
    free, held = make_ticket(), make_ticket(locked_by=ana)
    now = held.locked_at

    assert list(Ticket.objects.unlocked(now=now)) == [free]
    assert list(Ticket.objects.locked_by_user(ana, now=now)) == [held]
    later = now + timedelta(days=1)
    assert set(Ticket.objects.unlocked(now=later)) == {free, held}
    assert not Ticket.objects.locked_by_user(ana, now=later).exists()
