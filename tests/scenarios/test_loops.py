"""Robots that answer every mail, without a header that says what they are."""

import pytest
from django.core import mail
from django.test import Client
from time_machine import Traveller

from tests.conftest import Settle
from tests.factories import make_agent, make_queue, make_requester
from tests.scenarios.post import DESK, Person
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.intake.brakes import MAILS_AN_HOUR
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.models.notes import InternalNote, NoteKind

pytestmark = pytest.mark.django_db

ROUNDS = 40


def let_them_answer(*robots: Person, clock: Traveller) -> int:
    """Let each answer every new mail of the desk; return how many mails there were."""
    answered = {robot.email: len(robot.inbox) - 1 for robot in robots}
    for _round in range(ROUNDS):
        for robot in robots:
            if len(robot.inbox) > answered[robot.email]:
                answered[robot.email] = len(robot.inbox)
                clock.shift(5)
                robot.answer("I got your mail.")
    return len(mail.outbox)


@pytest.mark.req("SEC-17", "SEC-18")
@pytest.mark.parametrize("second", ["copied", "agent"])
def test_two_robots_on_one_ticket_fall_silent(
    client: Client, settle: Settle, clock: Traveller, second: str
) -> None:
    queue = make_queue(name="Support", email=DESK)
    ann = Person(email="ann@robots.example", client=client, settle=settle)
    agent = make_agent(watches=queue)
    ann.write("Hello", "I am a machine.")
    ticket = Ticket.objects.get()
    actor = Actor.agent(agent)
    if second == "copied":
        email = "bob@robots.example"
        copied = make_requester(email=email)
        actions.add_participant(ticket, actor=actor, requester=copied)
    else:
        email = agent.email
        actions.assign(ticket, actor=actor, assignee=agent)
    other = Person(email=email, client=client, settle=settle)
    with settle():
        actions.reply(ticket, actor=actor, body="How can we help?")

    sent = let_them_answer(ann, other, clock=clock)

    assert sent <= 4 * MAILS_AN_HOUR
    note = InternalNote.objects.get(ticket=ticket, kind=NoteKind.SYSTEM)
    assert "nobody is mailed" in note.body
    last = ticket.messages.last()
    clock.shift(3600)
    with settle():
        actions.reply(ticket, actor=actor, body="A person again.")
    assert last is not None
    assert ann.inbox[-1].body.count("A person again.") == 1
