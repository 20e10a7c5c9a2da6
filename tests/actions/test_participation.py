"""Who takes part, and who watches."""

import pytest

from tests.factories import make_agent, make_queue, make_requester, make_ticket
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import ActionNotPermitted, AssignmentNotAllowed
from wagtail_helpdesk.models import QueueWatch
from wagtail_helpdesk.rules.event_kinds import EventKind

pytestmark = pytest.mark.django_db


@pytest.mark.req("OST-08")
def test_add_participant_twice_is_once() -> None:
    ticket, person, actor = make_ticket(), make_requester(), Actor.agent(make_agent())

    for _time in range(2):
        actions.add_participant(ticket, actor=actor, requester=person)

    assert ticket.participants.get().requester == person
    assert ticket.events.filter(kind="participant_added").count() == 1


def test_add_participant_when_it_is_the_requester() -> None:
    ticket = make_ticket()

    actions.add_participant(
        ticket, actor=Actor.agent(make_agent()), requester=ticket.requester
    )

    assert not ticket.participants.exists()


def test_add_participant_when_it_is_nobody() -> None:
    with pytest.raises(AssignmentNotAllowed):
        actions.add_participant(make_ticket(), actor=Actor.agent(make_agent()))


@pytest.mark.req("SEC-103")
def test_remove_participant() -> None:
    ticket, actor = make_ticket(), Actor.agent(make_agent())
    actions.add_participant(ticket, actor=actor, requester=make_requester())

    actions.remove_participant(
        ticket, actor=actor, participant=ticket.participants.get()
    )

    assert not ticket.participants.exists()


@pytest.mark.req("SEC-54", "REL-56")
def test_remove_participant_who_is_off_already_or_takes_part_elsewhere() -> None:
    ticket, other, actor = make_ticket(), make_ticket(), Actor.agent(make_agent())
    actions.add_participant(other, actor=actor, requester=make_requester())
    row = other.participants.get()

    actions.remove_participant(ticket, actor=actor, participant=row)
    assert other.participants.exists()
    for _press in range(2):
        actions.remove_participant(other, actor=actor, participant=row)

    assert not ticket.events.filter(kind=EventKind.PARTICIPANT_REMOVED).exists()
    assert other.events.filter(kind=EventKind.PARTICIPANT_REMOVED).count() == 1


@pytest.mark.req("OTRS-04", "OTRS-22", "RT-34")
def test_watch_and_unwatch() -> None:
    queue, agent = make_queue(), make_agent()
    actor = Actor.agent(agent)

    actions.watch(queue, actor=actor)
    actions.watch(queue, actor=actor)
    assert QueueWatch.objects.get().user == agent
    actions.unwatch(queue, actor=actor)

    assert not QueueWatch.objects.exists()


def test_watch_when_the_queue_does_not_exist_for_the_agent() -> None:
    with pytest.raises(ActionNotPermitted):
        actions.watch(make_queue(is_restricted=True), actor=Actor.agent(make_agent()))
