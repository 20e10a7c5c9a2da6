"""Who gets which mail, once."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from tests.factories import (
    make_agent,
    make_group,
    make_message,
    make_queue,
    make_requester,
    make_ticket,
    make_user,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import Notification, Queue, QueueAddress

pytestmark = pytest.mark.django_db


def open_for(person: object, queue: Queue) -> None:
    actions.open_ticket(queue, actor=Actor.for_requester(person), subject="x", body="y")


def told() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("alert", "email"))


@pytest.mark.req("OTRS-03", "OTRS-05", "OST-04", "OST-18")
def test_plan_when_a_ticket_is_opened() -> None:
    queue = make_queue()
    watcher = make_agent(watches=queue)
    make_agent()
    person = make_requester()

    open_for(person, queue)

    assert told() == [
        ("ticket_opened", watcher.email),
        ("ticket_received", person.email),
    ]


@pytest.mark.req("SEC-17", "RT-15")
def test_plan_when_a_machine_wrote_tells_agents_only() -> None:
    queue = make_queue()
    watcher = make_agent(watches=queue)

    actions.open_ticket(
        queue,
        actor=Actor.for_requester(make_requester()),
        subject="Backup failed",
        body="Disk full.",
        is_automatic=True,
    )

    assert told() == [("ticket_opened", watcher.email)]


@pytest.mark.req("CTI-45", "CTI-78")
def test_plan_when_an_agent_answers_tells_those_who_did_before() -> None:
    ana, ben, ticket = make_agent(), make_agent(), make_ticket()
    make_message(ticket=ticket, agent=ana)
    actions.unlock(ticket, actor=Actor.agent(ana))

    actions.reply(ticket, actor=Actor.agent(ben), body="One more thing.")

    assert told() == [
        ("agent_replied", ticket.requester.email),
        ("colleague_replied", ana.email),
    ]


@pytest.mark.req("SEC-118")
def test_plan_when_a_watcher_has_lost_the_right() -> None:
    queue = make_queue(is_restricted=True)
    make_agent(watches=queue)

    open_for(make_requester(), queue)

    assert [alert for alert, _email in told()] == ["ticket_received"]


@pytest.mark.req("OTRS-15", "OST-19")
@pytest.mark.parametrize("who", ["holder", "assignee", "watcher"])
def test_plan_when_a_requester_replies_tells_the_first_of_the_chain(who: str) -> None:
    queue = make_queue()
    people = {
        "watcher": make_agent(watches=queue),
        "assignee": make_agent(),
        "holder": make_agent(),
    }
    ticket = make_ticket(
        queue=queue,
        assignee=people["assignee"] if who in {"assignee", "holder"} else None,
        locked_by=people["holder"] if who == "holder" else None,
    )

    actions.reply(ticket, actor=Actor.for_requester(ticket.requester), body="Well?")

    assert told() == [("requester_replied", people[who].email)]


@pytest.mark.req("OST-15")
def test_plan_when_one_person_is_in_several_audiences() -> None:
    queue = make_queue()
    agent = make_agent(watches=queue)
    person = make_requester(email=agent.email)

    open_for(person, queue)

    assert told() == [("ticket_received", agent.email)]


@pytest.mark.req("SEC-18", "OST-12")
def test_plan_when_one_address_opens_many_tickets(clock: Traveller) -> None:
    queue, person = make_queue(), make_requester()

    for _round in range(50):
        open_for(person, queue)
    assert len(told()) == 3
    clock.shift(timedelta(hours=1, seconds=1))
    open_for(person, queue)

    assert len(told()) == 4


@pytest.mark.req("SEC-17")
def test_plan_when_the_requester_is_one_of_our_own_addresses() -> None:
    queue = make_queue()
    person = make_requester(email="loop@desk.example")
    QueueAddress.objects.create(queue=queue, email="loop@desk.example")

    open_for(person, queue)

    assert told() == []


@pytest.mark.req("REL-39")
def test_plan_when_the_change_fails_leaves_no_row() -> None:
    ticket = make_ticket()
    actor = Actor.for_requester(ticket.requester)

    with pytest.raises(ZeroDivisionError), actions.together(ticket, actor=actor):
        actions.reply(ticket, actor=actor, body="x")
        _unused = 1 / 0

    assert told() == []


def test_plan_costs_the_same_for_many_members_of_a_group(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    group, ticket, boss = make_group(), make_ticket(), make_agent()
    members = [make_agent() for _one in range(12)]
    group.user_set.add(*members, make_user())

    with django_assert_max_num_queries(25):
        actions.assign(ticket, actor=Actor.agent(boss), group=group)

    assert told() == sorted(("assigned", member.email) for member in members)


@pytest.mark.req("CTI-75", "SEC-118")
def test_plan_when_the_assignee_comes_from_another_queue() -> None:
    ticket = make_ticket(queue=make_queue(is_restricted=True))
    senior, other = make_agent(queue=ticket.queue), make_agent(queue=make_queue())

    actions.assign(ticket, actor=Actor.agent(senior), assignee=other)

    assert told() == [("assigned", other.email)]


def test_plan_costs_the_same_for_many_watchers(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    queue, person = make_queue(), make_requester()
    for _one in range(12):
        make_agent(watches=queue)

    with django_assert_max_num_queries(40):
        open_for(person, queue)

    assert Notification.objects.count() == 13
