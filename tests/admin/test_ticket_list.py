"""The lists: what is in them, how they are narrowed, what they cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.admin.conftest import SignIn
from wagtail_helpdesk.admin import menu
from wagtail_helpdesk.models import Priority, Queue, QueueWatch, Status, Ticket
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db

ALL = "/admin/helpdesk/tickets/"
MINE = "/admin/helpdesk/my-queues/"
LOCKED = "/admin/helpdesk/locked/"


@pytest.fixture
def queue() -> Queue:
    return factories.make_queue(name="Support")


@pytest.fixture
def agent(queue: Queue) -> Any:
    return factories.make_agent(username="ana", first_name="Ana", watches=queue)


@pytest.fixture
def client(agent: Any, sign_in: SignIn) -> Client:
    return sign_in(agent)


def numbers(client: Client, address: str, query: dict[str, Any] | None = None) -> list:
    """Return the numbers of the tickets that a list shows, in its order."""
    response = client.get(address, query or {})
    assert response.status_code == 200
    return [ticket.pk for ticket in response.context["object_list"]]


@pytest.mark.req("OTRS-07", "OTRS-09", "OTRS-22", "OTRS-23")
def test_a_ticket_is_in_my_queues_or_locked_and_never_in_both(
    client: Client, agent: Any, queue: Queue
) -> None:
    other = factories.make_agent(username="ben")
    waiting = factories.make_ticket(queue=queue)
    held = factories.make_ticket(queue=queue, locked_by=agent)
    factories.make_ticket(queue=queue, locked_by=other)
    factories.make_ticket(queue=queue, phase=Phase.RESOLVED)
    factories.make_ticket(queue=factories.make_queue(name="Unwatched"))

    assert numbers(client, MINE) == [waiting.pk]
    assert numbers(client, LOCKED) == [held.pk]


def test_list_says_who_holds_a_ticket_and_calls_me_you(
    client: Client, agent: Any, queue: Queue
) -> None:
    other = factories.make_agent(username="ben", first_name="Ben")
    factories.make_ticket(queue=queue, locked_by=agent)
    factories.make_ticket(queue=queue, locked_by=other)

    page = client.get(ALL).content.decode()

    assert "Locked by you" in page
    assert "Locked by Ben" in page
    assert "Locked by Ana" not in page


@pytest.mark.req("OTRS-24")
def test_all_tickets_holds_those_of_other_queues(client: Client) -> None:
    ticket = factories.make_ticket(queue=factories.make_queue(name="Other"))

    assert numbers(client, ALL) == [ticket.pk]


@pytest.mark.req("CTI-97")
def test_closed_tickets_are_left_out_until_they_are_asked_for(
    client: Client, queue: Queue
) -> None:
    open_one = factories.make_ticket(queue=queue)
    closed = factories.make_ticket(queue=queue, phase=Phase.CLOSED)
    status = Status.objects.default_of(Phase.CLOSED)

    assert numbers(client, ALL) == [open_one.pk]
    assert set(numbers(client, ALL, {"closed": "shown"})) == {open_one.pk, closed.pk}
    assert numbers(client, ALL, {"status": status.pk}) == [closed.pk]


@pytest.mark.req("CTI-97", "CTI-98")
def test_status_priority_and_queue_take_several_values(
    client: Client, queue: Queue
) -> None:
    low = factories.make_ticket(queue=queue, priority=Priority.LOW)
    high = factories.make_ticket(queue=queue, priority=Priority.HIGH)
    factories.make_ticket(queue=queue, priority=Priority.NORMAL)
    new = Status.objects.default_of(Phase.NEW)
    pending = Status.objects.default_of(Phase.PENDING)

    query = {
        "priority": [Priority.LOW, Priority.HIGH],
        "status": [new.pk, pending.pk],
        "queue": [queue.pk],
    }

    assert set(numbers(client, ALL, query)) == {low.pk, high.pk}


@pytest.mark.req("CTI-99")
def test_assignee_may_be_me_nobody_or_a_person(
    client: Client, agent: Any, queue: Queue
) -> None:
    ben = factories.make_agent(username="ben")
    mine = factories.make_ticket(queue=queue, assignee=agent)
    bens = factories.make_ticket(queue=queue, assignee=ben)
    nobodys = factories.make_ticket(queue=queue)

    assert numbers(client, ALL, {"assignee": "me"}) == [mine.pk]
    assert numbers(client, ALL, {"assignee": "nobody"}) == [nobodys.pk]
    assert set(numbers(client, ALL, {"assignee": ["me", ben.pk]})) == {
        mine.pk,
        bens.pk,
    }


@pytest.mark.req("SEC-53")
def test_the_queue_filter_names_no_queue_that_the_agent_may_not_see(
    client: Client,
) -> None:
    factories.make_queue(name="Personnel", is_restricted=True)

    page = client.get(ALL).content.decode()

    assert "Support" in page
    assert "Personnel" not in page


@pytest.mark.req("CTI-95")
def test_search_looks_into_subjects_and_requesters(
    client: Client, queue: Queue
) -> None:
    kim = factories.make_requester(email="kim@example.org", name="Kim Lee")
    by_subject = factories.make_ticket(queue=queue, subject="The VPN is slow")
    by_person = factories.make_ticket(queue=queue, requester=kim)

    assert numbers(client, ALL, {"q": "vpn"}) == [by_subject.pk]
    assert numbers(client, ALL, {"q": "kim@"}) == [by_person.pk]


@pytest.mark.parametrize("form", ["{}", "#{}", " #{} "])
@pytest.mark.req("CTI-80", "CTI-96")
def test_a_number_leads_straight_to_its_ticket(
    client: Client, queue: Queue, form: str
) -> None:
    ticket = factories.make_ticket(queue=queue, phase=Phase.CLOSED)

    response = client.get(MINE, {"q": form.format(ticket.pk)})

    assert response.status_code == 302
    assert response["Location"] == f"{ALL}{ticket.pk}/"


@pytest.mark.parametrize(
    "query",
    [
        {"q": "99999999999999999999"},
        {"q": "x" * 10_000},
        {"q": "a\x00b"},
        {"ordering": "requester__user__password"},
        {"ordering": "-requester__email__regex"},
        {"status": "nonsense", "priority": "99", "queue": "-1", "assignee": "' OR 1"},
        {"requester__email__startswith": "k", "p": "99999"},
    ],
)
@pytest.mark.req("SEC-56", "SEC-125")
def test_a_hostile_query_is_ignored(
    client: Client, queue: Queue, query: dict[str, str]
) -> None:
    factories.make_ticket(queue=queue)

    assert client.get(ALL, query).status_code == 200
    assert client.get(f"{ALL}results/", query).status_code == 200


@pytest.mark.req("CTI-104", "CTI-105")
def test_lists_are_sorted_by_the_last_change_unless_told_otherwise(
    client: Client, queue: Queue, clock: Any
) -> None:
    first = factories.make_ticket(queue=queue, priority=Priority.CRITICAL)
    clock.shift(60)
    second = factories.make_ticket(queue=queue, priority=Priority.LOW)
    clock.shift(60)
    factories.make_message(ticket=first)

    assert numbers(client, ALL) == [first.pk, second.pk]
    assert numbers(client, ALL, {"ordering": "-pk"}) == [second.pk, first.pk]
    assert numbers(client, ALL, {"ordering": "priority"}) == [second.pk, first.pk]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (MINE, "watch no queue"),
        (LOCKED, "locked no ticket"),
        ("/admin/helpdesk/assigned/", "assigned to you"),
        ("/admin/helpdesk/unassigned/", "Somebody is responsible"),
        ("/admin/helpdesk/reopened/", "that was reopened"),
        (ALL, "no tickets"),
    ],
)
def test_an_empty_list_says_something_useful(
    client: Client, agent: Any, address: str, words: str
) -> None:
    QueueWatch.objects.filter(user=agent).delete()

    page = client.get(address).content.decode()

    assert words in page


@pytest.mark.req("OTRS-04")
def test_an_agent_chooses_the_queues_that_they_watch(
    client: Client, agent: Any
) -> None:
    queue = factories.make_queue(name="Facilities")
    base = f"{MINE}watching/{queue.pk}/"

    client.post(f"{base}watch/")
    watched = QueueWatch.objects.filter(user=agent, queue=queue).exists()
    client.post(f"{base}unwatch/")

    assert watched
    assert not QueueWatch.objects.filter(user=agent, queue=queue).exists()


@pytest.mark.req("OTRS-22", "OTRS-23", "CTI-41", "CTI-71", "CTI-72", "CTI-73")
def test_each_of_the_agents_lists_shows_its_own_and_the_menu_counts_them(
    agent: Any, queue: Queue, client: Client
) -> None:
    group = factories.make_group()
    agent.groups.add(group)
    other = factories.make_agent()
    waiting = factories.make_ticket(queue=queue)
    held = factories.make_ticket(queue=queue, locked_by=agent, assignee=other)
    own = factories.make_ticket(assignee=agent)
    groups = factories.make_ticket(assigned_group=group, is_reopened=True)
    factories.make_ticket(assignee=agent, phase=Phase.RESOLVED)
    factories.make_ticket(queue=factories.make_queue(is_restricted=True))

    with CaptureQueriesContext(connection) as first:
        counted = menu.counts(agent)
    with CaptureQueriesContext(connection) as again:
        menu.counts(agent)

    shown = {
        name: set(numbers(client, f"/admin/helpdesk/{path}/"))
        for name, path in (
            ("my_queues", "my-queues"),
            ("locked_by_me", "locked"),
            ("assigned_to_me", "assigned"),
            ("unassigned", "unassigned"),
            ("reopened", "reopened"),
        )
    }
    assert shown == {
        "my_queues": {waiting.number},
        "locked_by_me": {held.number},
        "assigned_to_me": {own.number, groups.number},
        "unassigned": {waiting.number},
        "reopened": {groups.number},
    }
    assert counted == {name: len(found) for name, found in shown.items()}
    # One for the counts, one for the grants of a user object's first use.
    assert len(first) <= 2
    assert len(again) == 0


@pytest.mark.req("SEC-61", "SEC-62")
def test_the_menu_is_for_agents(sign_in: SignIn, client: Client) -> None:
    editor = factories.make_user()
    editor.groups.add(factories.make_group())

    assert "wagtail-helpdesk" in client.get("/admin/").content.decode()
    assert "wagtail-helpdesk" not in sign_in(editor).get("/admin/").content.decode()


def test_a_list_of_fifty_tickets_takes_few_queries(
    client: Client, agent: Any, queue: Queue
) -> None:
    people = [factories.make_requester() for _number in range(10)]
    for number in range(50):
        factories.make_ticket(
            queue=queue,
            requester=people[number % 10],
            assignee=agent if number % 2 else None,
            locked_by=agent if number % 3 else None,
        )
    client.get(ALL)

    with CaptureQueriesContext(connection) as queries:
        shown = numbers(client, ALL)

    assert len(shown) == 50
    assert len(queries) <= 12, "\n".join(query["sql"] for query in queries)


def test_tickets_cannot_be_made_deleted_or_chosen_by_stock_views(
    sign_in: SignIn, queue: Queue
) -> None:
    ticket = factories.make_ticket(queue=queue)
    root = sign_in(factories.make_user(is_superuser=True))
    base = "/admin/snippets/wagtail_helpdesk/ticket/"

    assert root.get(base).status_code == 404
    for part in ("copy", "delete", "usage", "history", "inspect"):
        assert root.post(f"{ALL}{part}/{ticket.pk}/").status_code == 404
        assert root.post(f"{ALL}{ticket.pk}/{part}/").status_code == 404
    bulk = f"/admin/bulk/wagtail_helpdesk/ticket/delete/?id={ticket.pk}"
    assert root.get(bulk).status_code == root.post(bulk).status_code == 404
    chooser = "/admin/snippets/choose/wagtail_helpdesk/ticket/"
    assert root.get(chooser).status_code == 404
    assert Ticket.objects.filter(pk=ticket.pk).exists()


def test_mails_lead_to_the_screen() -> None:
    assert reverse("wagtail_helpdesk_tickets:edit", args=[1042]) == f"{ALL}1042/"
