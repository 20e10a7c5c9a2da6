"""An agent opens a ticket on behalf of somebody."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.admin.conftest import SignIn
from wagtail_helpdesk.models import Priority, Queue, Requester, Status, Ticket
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/helpdesk/tickets/new/"


@pytest.fixture
def queue() -> Queue:
    return factories.make_queue(name="Support")


@pytest.fixture
def client(sign_in: SignIn, queue: Queue) -> Client:
    return sign_in(factories.make_agent(queue=queue))


def filled_in(queue: Queue, /, **changed: Any) -> dict[str, Any]:
    """Return the form as an agent fills it in."""
    return {
        "email": "Kim@Example.org",
        "name": "Kim Lee",
        "queue": queue.pk,
        "subject": "Called about the printer",
        "body": "It **burns**.",
        "priority": Priority.HIGH,
        "status": Status.objects.default_of(Phase.NEW).pk,
        **changed,
    }


@pytest.mark.req("CTI-02", "CTI-09")
def test_the_ticket_is_the_requesters_and_they_get_a_receipt(
    client: Client, queue: Queue, settle: Any, mailoutbox: list[Any]
) -> None:
    with settle():
        response = client.post(ADDRESS, filled_in(queue))

    ticket = Ticket.objects.get()
    message = ticket.messages.get()
    assert response["Location"] == f"/admin/helpdesk/tickets/{ticket.pk}/"
    assert ticket.requester.email == "kim@example.org"
    assert (ticket.channel, ticket.priority) == ("admin", Priority.HIGH)
    assert (message.kind, message.body_format) == ("requester", "markdown")
    assert ["kim@example.org"] in [mail.to for mail in mailoutbox]


def test_a_known_requester_keeps_the_name_they_gave(
    client: Client, queue: Queue
) -> None:
    factories.make_requester(email="kim@example.org", name="Kim")

    client.post(ADDRESS, filled_in(queue, name="Somebody Else"))

    assert Requester.objects.get().name == "Kim"


def test_no_receipt_is_sent_if_it_is_not_wanted(
    client: Client, queue: Queue, settle: Any, mailoutbox: list[Any]
) -> None:
    with settle():
        client.post(ADDRESS, filled_in(queue, is_quiet="on"))

    assert mailoutbox == []


@pytest.mark.req("REL-27")
def test_a_second_press_opens_no_second_ticket(client: Client, queue: Queue) -> None:
    data = filled_in(queue, rendered_at=timezone.now().timestamp())

    answers = [client.post(ADDRESS, data) for _press in range(2)]

    assert Ticket.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.parametrize(
    "changed", [{"email": "nobody"}, {"subject": ""}, {"body": " "}, {"queue": "0"}]
)
def test_an_incomplete_form_comes_back_as_it_was(
    client: Client, queue: Queue, changed: dict[str, str]
) -> None:
    response = client.post(ADDRESS, filled_in(queue, **changed))

    assert response.status_code == 422
    assert 'value="Kim Lee"' in response.content.decode()
    assert not Ticket.objects.exists()
    assert not Requester.objects.exists()


@pytest.mark.req("RT-19", "SEC-110")
def test_only_queues_where_one_may_open_tickets_are_offered(
    client: Client, sign_in: SignIn, queue: Queue
) -> None:
    other = factories.make_queue(name="Facilities")
    reader = sign_in(factories.make_agent(role="reader"))

    page = client.get(ADDRESS).content.decode()
    refused = client.post(ADDRESS, filled_in(other))

    assert "Support" in page
    assert "Facilities" not in page
    assert refused.status_code == 422
    assert reader.get(ADDRESS).status_code == 302
    assert not Ticket.objects.exists()
