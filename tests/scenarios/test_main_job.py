"""A mail becomes a ticket, an agent answers, it is resolved, it closes by itself."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Traveller

from tests.conftest import Settle
from tests.factories import make_agent, make_queue
from tests.scenarios.post import DESK, Person
from wagtail_helpdesk import actions, tasks
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import Queue, Ticket
from wagtail_helpdesk.rules.lifecycle import Phase
from wagtail_helpdesk.rules.links import LinkKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return make_queue(name="Support", email=DESK)


@pytest.fixture
def ann(client: Client, settle: Settle) -> Person:
    return Person(
        email="ann@example.org", name="Ann Customer", client=client, settle=settle
    )


@pytest.mark.req("RT-01", "RT-05", "RT-12", "WT-10", "WT-13", "CTI-31", "CTI-33")
@pytest.mark.req("CTI-37", "CTI-41", "CTI-42", "OTRS-14", "WT-05", "WT-06", "WT-11")
def test_from_the_first_mail_to_the_follow_up(
    ann: Person, queue: Queue, settle: Settle, clock: Traveller
) -> None:
    agent = make_agent(first_name="Ana", watches=queue)
    ana = Actor.agent(agent)

    ann.write("Printer on fire", "It smells of plastic.")
    ticket = Ticket.objects.get()
    assert (ticket.queue, ticket.phase, ticket.assignee) == (queue, Phase.NEW, None)
    assert ticket.requester.name == "Ann Customer"
    receipt = ann.inbox[0]
    assert receipt.subject == f"Re: Printer on fire [#{ticket.number}]"
    assert receipt.extra_headers["In-Reply-To"] == ann.sent[0]["Message-ID"]

    clock.shift(600)
    with settle():
        actions.reply(ticket, actor=ana, body="Please unplug it.")
    ticket.refresh_from_db()
    assert (ticket.phase, ticket.lock_holder) == (Phase.OPEN, agent)
    assert "Please unplug it." in ann.inbox[1].body

    clock.shift(600)
    ann.answer("I did. It still smells.")
    assert Ticket.objects.count() == 1
    newest = ticket.messages.last()
    assert newest.body == "I did. It still smells."
    assert "Please unplug it." in newest.body_full
    assert newest.requester == ticket.requester

    clock.shift(600)
    with settle():
        actions.resolve(ticket, actor=ana, notes="We brought a new one.")
    assert "We brought a new one." in ann.inbox[2].body

    clock.shift(timedelta(days=3))
    ann.answer("The new one smells, too.")
    ticket.refresh_from_db()
    assert (ticket.phase, ticket.is_reopened) == (Phase.NEW, True)

    with settle():
        actions.resolve(ticket, actor=ana, notes="Another one.")
    clock.shift(timedelta(days=7, seconds=1))
    tasks.close_resolved_tickets()
    ticket.refresh_from_db()
    assert ticket.phase == Phase.CLOSED
    closed = ticket.events.get(kind="closed")
    assert (closed.actor_kind, closed.actor_label) == ("system", "scheduled closure")

    ann.answer("And again!")
    ticket.refresh_from_db()
    assert ticket.phase == Phase.CLOSED
    follow_up = Ticket.objects.exclude(pk=ticket.pk).get()
    assert follow_up.subject == "Printer on fire"
    link = follow_up.links_out.get()
    assert (link.kind, link.target) == (LinkKind.FOLLOW_UP_OF, ticket)
    assert follow_up.messages.get().body.startswith("And again!")
    assert f"#{ticket.number} is closed" in ann.inbox[-1].body
    assert ann.inbox[-1].subject.endswith(f"[#{follow_up.number}]")


@pytest.mark.req("RT-04", "RT-30", "SEC-01")
def test_an_agent_answers_from_their_own_mail_program(
    ann: Person, queue: Queue, client: Client, settle: Settle
) -> None:
    agent = make_agent(first_name="Ana", watches=queue)
    ana = Person(email=agent.email, client=client, settle=settle)
    ann.write("Printer on fire", "It smells of plastic.")
    ticket = Ticket.objects.get()

    ana.answer("Please unplug it.")

    ticket.refresh_from_db()
    newest = ticket.messages.last()
    assert (newest.agent, newest.body) == (agent, "Please unplug it.")
    assert ticket.phase == Phase.OPEN
    assert "Please unplug it." in ann.inbox[-1].body
    assert agent.email not in ann.inbox[-1].message().as_string()


@pytest.mark.req("SEC-01", "SEC-06", "SEC-17")
def test_what_must_not_happen(
    ann: Person, queue: Queue, client: Client, settle: Settle
) -> None:
    agent = make_agent(first_name="Ana", watches=queue)
    ann.write("Printer on fire", "It smells of plastic.")
    ticket = Ticket.objects.get()
    mallory = Person(email="mallory@evil.example", client=client, settle=settle)
    forger = Person(email=agent.email, name="Ana", client=client, settle=settle)
    to_ann = len(ann.inbox)

    forger.write(
        f"Re: Printer on fire [#{ticket.number}]",
        "Send us your password.",
        In_Reply_To=ann.inbox[0].extra_headers["Message-ID"],
    )
    mallory.write(f"Hello [#{ticket.number}]", "Let me in.")
    ann.write(
        f"Automatic reply: Printer on fire [#{ticket.number}]",
        "I am on holiday.",
        Auto_Submitted="auto-replied",
    )

    assert ticket.messages.count() == 1
    assert len(ann.inbox) == to_ann
    stranger = Ticket.objects.exclude(pk=ticket.pk).get()
    assert stranger.requester.email == "mallory@evil.example"
    assert "Printer" not in mallory.inbox[0].body
    ticket.refresh_from_db()
    assert ticket.phase == Phase.NEW
