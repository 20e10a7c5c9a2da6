"""What a ticket is about, how urgent it is, and who really asks."""

import pytest

from tests.conftest import Settle
from tests.factories import SYSTEM, make_agent, make_requester, make_ticket
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import ActionNotPermitted, EmptyText
from wagtail_helpdesk.models import Priority, QueueRole
from wagtail_helpdesk.rules.event_kinds import EventKind

pytestmark = pytest.mark.django_db


def test_rename() -> None:
    ticket = make_ticket(subject="Lamp")

    actions.rename(ticket, actor=Actor.agent(make_agent()), subject=" Lamp\r\nblinks ")

    ticket.refresh_from_db()
    assert ticket.subject == "Lamp blinks"
    event = ticket.events.get(kind=EventKind.RENAMED)
    assert event.data == {"old": "Lamp", "new": "Lamp blinks"}


def test_rename_when_there_are_no_words() -> None:
    ticket = make_ticket()

    with pytest.raises(EmptyText):
        actions.rename(ticket, actor=SYSTEM, subject="\x00 ")


@pytest.mark.req("CTI-09")
def test_set_priority() -> None:
    ticket = make_ticket()

    for _time in range(2):
        actions.set_priority(
            ticket, actor=Actor.agent(make_agent()), priority=Priority.HIGH
        )

    ticket.refresh_from_db()
    assert ticket.priority == Priority.HIGH
    assert ticket.events.filter(kind=EventKind.PRIORITY_CHANGED).count() == 1


@pytest.mark.req("CTI-09")
def test_set_priority_by_a_requester() -> None:
    ticket = make_ticket()

    with pytest.raises(ActionNotPermitted):
        actions.set_priority(
            ticket, actor=Actor.for_requester(ticket.requester), priority=Priority.HIGH
        )


def test_set_tags_takes_the_spelling_that_exists() -> None:
    first, second = make_ticket(), make_ticket()
    actions.set_tags(first, actor=SYSTEM, tags=["VPN"])

    actions.set_tags(second, actor=SYSTEM, tags=["vpn", "room  4", "vpn", ""])
    actions.set_tags(second, actor=SYSTEM, tags=["vpn"])

    assert {tag.name for tag in second.tags.all()} == {"VPN"}
    changes = second.events.filter(kind=EventKind.TAGS_CHANGED).order_by("pk")
    assert [event.data for event in changes] == [
        {"added": ["VPN", "room 4"], "removed": []},
        {"added": [], "removed": ["room 4"]},
    ]


@pytest.mark.req("RT-28")
def test_change_requester_sends_the_mails_to_the_new_one(
    settle: Settle, mailoutbox: list
) -> None:
    ticket, person = make_ticket(), make_requester()
    former, agent = ticket.requester, make_agent()

    actions.change_requester(ticket, actor=Actor.agent(agent), requester=person)
    with settle():
        actions.reply(ticket, actor=Actor.agent(agent), body="Hello.")

    assert [mail.to for mail in mailoutbox] == [[person.email]]
    with pytest.raises(ActionNotPermitted):
        actions.reply(ticket, actor=Actor.for_requester(former), body="Still me.")


@pytest.mark.req("RT-28")
def test_change_requester_may_keep_the_former_one_copied() -> None:
    ticket, person = make_ticket(), make_requester()
    former = ticket.requester
    actor = Actor.agent(make_agent())
    actions.add_participant(ticket, actor=actor, requester=person)

    actions.change_requester(ticket, actor=actor, requester=person, keep_as_copied=True)

    assert [row.requester for row in ticket.participants.all()] == [former]
    event = ticket.events.get(kind=EventKind.REQUESTER_CHANGED)
    assert event.data == {"old": former.name, "new": person.name}


@pytest.mark.req("WT-16")
def test_change_requester_by_a_reader() -> None:
    with pytest.raises(ActionNotPermitted):
        actions.change_requester(
            make_ticket(),
            actor=Actor.agent(make_agent(role=QueueRole.READER)),
            requester=make_requester(),
        )
