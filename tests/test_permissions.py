"""Who may do which verb, and whose tickets exist for whom."""

from itertools import pairwise

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.factories import make_agent, make_queue, make_ticket, make_user
from wagtail_helpdesk import actions, permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import Queue, QueueRole
from wagtail_helpdesk.permissions import ROLES, VERB_PERMISSIONS, visible_tickets

pytestmark = pytest.mark.django_db

_NOT_VERBS = {"together"}


def test_every_action_has_a_row() -> None:
    assert set(actions.__all__) - _NOT_VERBS <= set(VERB_PERMISSIONS)


def test_every_role_has_its_verbs_and_no_unknown_ones() -> None:
    assert set(ROLES) == set(QueueRole)
    for verbs in ROLES.values():
        assert verbs - {"manage"} <= set(VERB_PERMISSIONS)


@pytest.mark.req("RT-19", "WT-16")
def test_every_role_may_do_what_the_one_below_may() -> None:
    ladder = [ROLES[role] for role in QueueRole]

    assert all(low < high for low, high in pairwise(ladder))


@pytest.mark.req("CTI-80")
def test_visible_tickets_for_an_agent_of_one_queue() -> None:
    own = make_ticket(queue=make_queue(is_restricted=True))
    unrestricted = make_ticket()
    make_ticket(queue=make_queue(is_restricted=True))
    agent = make_agent(queue=own.queue)

    assert set(visible_tickets(agent)) == {own, unrestricted}


@pytest.mark.req("CTI-75", "SEC-115")
def test_visible_tickets_holds_what_is_assigned_until_it_is_not() -> None:
    ticket = make_ticket(queue=make_queue(is_restricted=True))
    agent = make_agent(queue=make_queue())
    senior = make_agent(queue=ticket.queue)
    actor = Actor.agent(senior)

    actions.assign(ticket, actor=actor, assignee=agent)
    assert list(visible_tickets(agent)) == [ticket]
    assert permissions.may(agent, "reply", ticket)
    actions.unassign(ticket, actor=actor)
    assert not visible_tickets(agent).exists()
    assert not permissions.may(agent, "reply", ticket)


@pytest.mark.req("SEC-62", "SEC-113")
@pytest.mark.parametrize("kind", ["anonymous", "user", "staff", "inactive"])
def test_visible_tickets_for_those_who_are_no_agents(kind: str) -> None:
    make_ticket()
    users = {
        "anonymous": AnonymousUser,
        "user": make_user,
        "staff": lambda: make_user(is_staff=True),
        "inactive": lambda: make_user(is_superuser=True, is_active=False),
    }
    user = users[kind]()

    assert not visible_tickets(user).exists()
    assert not permissions.is_agent(user)


@pytest.mark.req("WT-16")
def test_a_reader_may_look_and_no_more() -> None:
    ticket, reader = make_ticket(), make_agent(role=QueueRole.READER)

    assert permissions.may(reader, "view", ticket)
    assert not permissions.may(reader, "reply", ticket)


@pytest.mark.req("CTI-80")
def test_an_agent_of_another_queue_may_look_and_no_more() -> None:
    ticket, agent = make_ticket(), make_agent(queue=make_queue())

    assert permissions.may(agent, "view", ticket)
    assert not permissions.may(agent, "reply", ticket)


def test_grants_of_is_read_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    agent, ticket = make_agent(), make_ticket()

    with django_assert_num_queries(1):
        permissions.may(agent, "reply", ticket)
        permissions.may(agent, "view", ticket)
        permissions.is_agent(agent)


def test_agents_of_a_queue() -> None:
    restricted, general = make_queue(is_restricted=True), make_queue()
    everywhere, inside = make_agent(), make_agent(queue=restricted)
    make_agent(role=QueueRole.READER)
    boss = make_user(is_superuser=True)

    assert set(permissions.agents([restricted])) == {inside, boss}
    assert set(permissions.agents([general])) == {everywhere, boss}
    assert set(permissions.agents()) == {everywhere, inside, boss}


@pytest.mark.req("SEC-112")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    restricted=st.lists(st.booleans(), min_size=1, max_size=4),
    granted=st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=3),
    assigned=st.one_of(st.none(), st.integers(0, 3)),
)
def test_what_is_listed_is_what_may_be_viewed(
    restricted: list[bool], granted: list[int | None], assigned: int | None
) -> None:
    queues: list[Queue] = [make_queue(is_restricted=flag) for flag in restricted]
    agent = make_user()
    for index in granted:
        queue = None if index is None else queues[index % len(queues)]
        agent.groups.add(*make_agent(queue=queue).groups.all())
    tickets = [make_ticket(queue=queue) for queue in queues]
    if assigned is not None:
        ticket = tickets[assigned % len(tickets)]
        type(ticket).objects.filter(pk=ticket.pk).update(assignee=agent)
        ticket.refresh_from_db()

    listed = set(visible_tickets(agent).filter(pk__in=[one.pk for one in tickets]))

    assert listed == {one for one in tickets if permissions.may(agent, "view", one)}
