"""The one writer."""

from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage
from time_machine import Traveller
from wagtail.models import ModelLogEntry

from tests.conftest import Settle
from tests.factories import SYSTEM, make_agent, make_queue, make_ticket
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import TicketEvent
from wagtail_helpdesk.signals import ticket_event_recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[TicketEvent]]:
    events: list[TicketEvent] = []

    def listen(*, event: TicketEvent, **kwargs: object) -> None:
        events.append(event)

    ticket_event_recorded.connect(listen)
    yield events
    ticket_event_recorded.disconnect(listen)


def test_the_signal_is_sent_after_commit(
    settle: Settle, heard: list[TicketEvent]
) -> None:
    with settle():
        ticket = make_ticket()
        assert heard == []

    assert [(event.kind, event.ticket) for event in heard] == [("opened", ticket)]


def test_a_receiver_that_raises_stops_neither_others_nor_the_mail(
    settle: Settle, heard: list[TicketEvent], mailoutbox: list[EmailMessage]
) -> None:
    def explode(**kwargs: object) -> None:
        raise RuntimeError("an outsider's bug")

    ticket = make_ticket()
    ticket_event_recorded.connect(explode)
    try:
        with settle():
            actions.reply(ticket, actor=Actor.agent(make_agent()), body="x")
    finally:
        ticket_event_recorded.disconnect(explode)

    assert len(mailoutbox) == 1


def test_updated_at_is_left_alone_by_a_lock(clock: Traveller) -> None:
    ticket = make_ticket()
    before = ticket.updated_at
    clock.shift(60)

    actions.lock(ticket, actor=Actor.agent(make_agent()))
    assert ticket.updated_at == before
    actions.reply(ticket, actor=Actor.for_requester(ticket.requester), body="x")

    assert ticket.updated_at > before


@pytest.mark.req("SEC-62")
def test_wagtails_log_knows_the_number_and_no_subject() -> None:
    agent = make_agent()
    ticket = make_ticket(subject="The canary sings", queue=make_queue())

    actions.resolve(ticket, actor=Actor.agent(agent))

    entry = ModelLogEntry.objects.get()
    assert entry.action == "wagtail_helpdesk.resolved"
    assert (entry.user, entry.label) == (agent, f"#{ticket.number}")
    assert "canary" not in f"{entry.label}{entry.data}"


def test_wagtails_log_is_not_told_what_no_user_did() -> None:
    ticket = make_ticket(queue=make_queue())

    actions.resolve(ticket, actor=SYSTEM)

    assert not ModelLogEntry.objects.exists()
