"""What happens at the same instant: real threads on a real database server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import SYSTEM, make_agent, make_queue, make_requester, make_ticket
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.models import (
    Message,
    Notification,
    Status,
    Ticket,
    TicketLink,
)
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import Phase
from wagtail_helpdesk.rules.links import LinkKind

ROUNDS = 25


@pytest.fixture(autouse=True)
def _server(transactional_db: None) -> Iterator[None]:
    """SQLite in memory is one connection; races need a server with several."""
    if connection.vendor == "sqlite":
        pytest.skip("needs PostgreSQL or MariaDB (HELPDESK_TEST_DB)")
    yield


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Run the steps at the same instant; return each one's result or refusal."""
    barrier = Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=20)
            return step()
        except HelpdeskError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(run, steps))


@pytest.mark.req("REL-50", "OTRS-08")
def test_of_agents_who_lock_at_once_exactly_one_wins() -> None:
    agents = [make_agent() for _one in range(4)]

    for _round in range(ROUNDS):
        pk = make_ticket().pk

        def lock(agent: object, pk: int = pk) -> object:
            return actions.lock(Ticket.objects.get(pk=pk), actor=Actor.agent(agent))

        results = at_once(*(lambda agent=agent: lock(agent) for agent in agents))

        refused = [one for one in results if isinstance(one, HelpdeskError)]
        ticket = Ticket.objects.get(pk=pk)
        assert len(refused) == 3
        assert ticket.events.filter(kind=EventKind.LOCKED).count() == 1
        assert ticket.locked_by in agents


@pytest.mark.req("CTI-43", "REL-51")
def test_a_reply_and_the_closing_job_never_both_win() -> None:
    for number in range(ROUNDS):
        late = timedelta(milliseconds=30 if number % 2 else 0)
        pk = make_ticket(phase=Phase.RESOLVED, closes_at=timezone.now() + late).pk

        def reply(pk: int = pk) -> object:
            ticket = Ticket.objects.get(pk=pk)
            actor = Actor.for_requester(ticket.requester)
            return actions.reply(ticket, actor=actor, body="Wait!")

        def close(pk: int = pk) -> object:
            return actions.close(Ticket.objects.get(pk=pk), actor=SYSTEM)

        replied, _closed = at_once(reply, close)

        ticket = Ticket.objects.get(pk=pk)
        is_kept = isinstance(replied, Message)
        assert ticket.messages.count() == (2 if is_kept else 1)
        if is_kept:
            assert ticket.phase == Phase.NEW
            assert not ticket.events.filter(kind=EventKind.CLOSED).exists()
        else:
            assert ticket.phase in {Phase.CLOSED, Phase.RESOLVED}


@pytest.mark.req("REL-52")
def test_an_assignment_and_a_reopening_at_once_both_survive() -> None:
    ana, ben = make_agent(), make_agent()

    for _round in range(ROUNDS):
        pk = make_ticket(phase=Phase.RESOLVED).pk

        def assign(pk: int = pk) -> object:
            ticket = Ticket.objects.get(pk=pk)
            return actions.assign(ticket, actor=Actor.agent(ana), assignee=ben)

        def reply(pk: int = pk) -> object:
            ticket = Ticket.objects.get(pk=pk)
            actor = Actor.for_requester(ticket.requester)
            return actions.reply(ticket, actor=actor, body="It is back.")

        at_once(assign, reply)

        ticket = Ticket.objects.get(pk=pk)
        assert (ticket.assignee, ticket.phase) == (ben, Phase.NEW)


@pytest.mark.req("REL-56", "REL-57")
def test_of_two_who_link_the_same_tickets_at_once_one_is_refused() -> None:
    actor = Actor.agent(make_agent())

    for _round in range(ROUNDS):
        pks = [make_ticket().pk, make_ticket().pk]

        def link(here: int, there: int) -> object:
            ticket, target = (Ticket.objects.get(pk=pk) for pk in (here, there))
            kind = LinkKind.RELATED
            return actions.link(ticket, actor=actor, target=target, kind=kind)

        results = at_once(partial(link, *pks), partial(link, *reversed(pks)))

        refused = [one for one in results if isinstance(one, HelpdeskError)]
        assert len(refused) == TicketLink.objects.filter(source__in=pks).count() == 1


@pytest.mark.req("SEC-18")
def test_a_crowd_of_first_mails_brings_as_many_receipts_as_a_queue_of_them() -> None:
    if not connection.features.has_select_for_no_key_update:
        pytest.skip("needs PostgreSQL: elsewhere a crowd may get a few more")
    queue = make_queue()
    person = Actor.for_requester(make_requester())

    def open_ticket(number: int) -> object:
        return actions.open_ticket(queue, actor=person, subject="x", body=f"{number}")

    at_once(*(partial(open_ticket, number) for number in range(8)))

    assert Ticket.objects.count() == 8
    assert Notification.objects.filter(alert="ticket_received").count() == 3


@pytest.mark.req("REL-27")
def test_the_form_of_a_new_ticket_sent_twice_at_once_opens_one() -> None:
    queue, agent = make_queue(), make_agent()
    shown_at = timezone.now().timestamp()

    def press(form: dict[str, object]) -> str:
        client = Client()
        client.force_login(agent)
        return client.post(reverse("wagtail_helpdesk_tickets:add"), form)["Location"]

    for number in range(5):
        form: dict[str, object] = {
            "email": f"kim{number}@example.org",
            "queue": queue.pk,
            "subject": "Lift",
            "body": "It stands still.",
            "priority": 20,
            "status": Status.objects.default_of(Phase.NEW).pk,
            "rendered_at": shown_at,
        }
        assert len(set(at_once(*[partial(press, form)] * 4))) == 1

    assert Ticket.objects.count() == 5


@pytest.mark.req("REL-55")
def test_tickets_opened_at_once_have_numbers_of_their_own() -> None:
    queue = make_queue()
    people = [make_requester() for _one in range(20)]

    def open_for(person: object) -> int:
        return actions.open_ticket(
            queue, actor=Actor.for_requester(person), subject="x", body="y"
        ).number

    numbers = at_once(*(lambda person=person: open_for(person) for person in people))

    assert len(set(numbers)) == 20
