"""Changing the facts of a ticket on its screen."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.admin.conftest import SignIn
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import Priority, QueueRole, Requester, Ticket, TicketLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Any:
    return factories.make_agent(username="ana", first_name="Ana")


@pytest.fixture
def client(ana: Any, sign_in: SignIn) -> Client:
    return sign_in(ana)


@pytest.fixture
def ticket() -> Ticket:
    return factories.make_ticket(subject="Lamp")


def post(client: Client, ticket: Ticket, verb: str, **data: Any) -> Any:
    url = reverse("wagtail_helpdesk_tickets:verb", args=[ticket.pk, verb])
    return client.post(url, data)


def screen(client: Client, ticket: Ticket) -> str:
    url = reverse("wagtail_helpdesk_tickets:edit", args=[ticket.pk])
    return client.get(url).content.decode()


@pytest.mark.req("CTI-09")
def test_subject_and_priority_are_changed(client: Client, ticket: Ticket) -> None:
    post(client, ticket, "rename", subject="Lamp blinks")
    post(client, ticket, "priority", priority=Priority.CRITICAL)

    ticket.refresh_from_db()
    assert (ticket.subject, ticket.priority) == ("Lamp blinks", Priority.CRITICAL)
    page = screen(client, ticket)
    assert "Ana changed the subject, which was “Lamp”" in page
    assert "Ana set the priority to Critical" in page


@pytest.mark.req("RT-28")
def test_the_requester_is_changed_to_somebody_new_or_known(
    client: Client, ticket: Ticket
) -> None:
    former = ticket.requester
    known = factories.make_requester(email="kim@example.org", name="Kim")

    post(client, ticket, "requester", email="NEW@example.org", name="Newcomer")
    ticket.refresh_from_db()
    assert ticket.requester.email == "new@example.org"
    assert ticket.requester.name == "Newcomer"
    post(
        client,
        ticket,
        "requester",
        email="kim@example.org",
        name="Nobody",
        keep_as_copied="on",
    )

    ticket.refresh_from_db()
    assert ticket.requester == known
    assert Requester.objects.get(pk=known.pk).name == "Kim"
    copied = [row.requester.email for row in ticket.participants.all()]
    assert copied == ["new@example.org"]
    assert former.email not in copied


@pytest.mark.req("CTI-63", "CTI-64", "CTI-65", "CTI-66")
@pytest.mark.parametrize("written", ["{}", "#{}", " #{} "])
def test_a_link_is_added_by_number_and_removed(
    client: Client, ticket: Ticket, written: str
) -> None:
    other = factories.make_ticket(subject="Fuse")

    number = written.format(other.number)
    post(client, ticket, "link", number=number, kind="caused_by")
    link = TicketLink.objects.get()
    assert (link.source, link.target, link.kind) == (ticket, other, "caused_by")
    assert "cause of" in screen(client, other)
    post(client, other, "unlink", link=link.pk)

    assert not TicketLink.objects.exists()


@pytest.mark.req("SEC-53", "SEC-54")
def test_a_hidden_ticket_can_be_neither_linked_nor_unlinked(
    client: Client, ticket: Ticket
) -> None:
    queue = factories.make_queue(is_restricted=True)
    hidden = factories.make_ticket(queue=queue, subject="canary")
    boss = Actor.agent(factories.make_user(is_superuser=True))
    link = actions.link(ticket, actor=boss, target=hidden, kind="related")

    refused = post(client, ticket, "link", number=hidden.number, kind="parent")
    missing = post(client, ticket, "link", number=999_999, kind="parent")
    post(client, ticket, "unlink", link=link.pk)

    assert refused.status_code == missing.status_code == 422
    assert "There is no such ticket." in refused.content.decode()
    assert "canary" not in refused.content.decode()
    assert TicketLink.objects.get() == link


@pytest.mark.req("SEC-54")
def test_a_link_of_other_tickets_is_left_alone(
    client: Client, ticket: Ticket, ana: Any
) -> None:
    one, two = factories.make_ticket(), factories.make_ticket()
    link = actions.link(one, actor=Actor.agent(ana), target=two, kind="related")

    answer = post(client, ticket, "unlink", link=link.pk)

    assert answer.status_code == 422
    assert TicketLink.objects.exists()


@pytest.mark.req("WT-16")
def test_a_reader_is_offered_none_of_it(sign_in: SignIn, ticket: Ticket) -> None:
    reader = sign_in(factories.make_agent(role=QueueRole.READER))

    page = screen(reader, ticket)
    for verb in ("rename", "priority", "requester", "link"):
        assert f"/{verb}/" not in page
        post(reader, ticket, verb, subject="x", priority=40, email="a@b.example")

    ticket.refresh_from_db()
    assert (ticket.subject, ticket.priority) == ("Lamp", Priority.NORMAL)
