"""Editing and deleting what stands in the conversation."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.admin.conftest import SignIn
from wagtail_helpdesk.admin.entry_views import ENTRY_VERBS
from wagtail_helpdesk.models import Attachment, Message, Queue, QueueRole, Ticket
from wagtail_helpdesk.permissions import VERB_PERMISSIONS


@pytest.fixture
def queue() -> Queue:
    return factories.make_queue(name="Support")


@pytest.fixture
def agent(queue: Queue) -> Any:
    return factories.make_agent(username="ana", first_name="Ana")


@pytest.fixture
def client(agent: Any, sign_in: SignIn) -> Client:
    return sign_in(agent)


def address(ticket: Ticket, kind: str, pk: int, operation: str) -> str:
    return reverse(
        "wagtail_helpdesk_tickets:entry", args=[ticket.pk, kind, pk, operation]
    )


def screen(client: Client, ticket: Ticket) -> str:
    url = reverse("wagtail_helpdesk_tickets:edit", args=[ticket.pk])
    return client.get(url).content.decode()


pytestmark = pytest.mark.django_db


def test_every_row_has_its_permission() -> None:
    assert {verb.permission for verb in ENTRY_VERBS.values()} <= set(VERB_PERMISSIONS)


@pytest.mark.req("CTI-54", "CTI-56")
def test_an_edited_message_shows_its_earlier_text(
    client: Client, agent: Any, queue: Queue
) -> None:
    ticket = factories.make_ticket(queue=queue, body="teh printer")
    message = ticket.messages.get()
    url = address(ticket, "message", message.pk, "edit")
    assert url in screen(client, ticket)
    assert "teh printer" in client.get(url).content.decode()

    answer = client.post(url, {"body": "the printer"})

    assert answer.headers["Location"].endswith(f"#message-{message.pk}")
    page = screen(client, ticket)
    assert "the printer" in page
    assert "teh printer" in page
    assert "Edited" in page


@pytest.mark.req("CTI-55", "SEC-37")
def test_a_deleted_message_leaves_a_placeholder_and_hands_out_no_file(
    client: Client, agent: Any, queue: Queue
) -> None:
    ticket = factories.make_ticket(
        queue=queue, files=(factories.make_file(name="secret.txt"),)
    )
    message = ticket.messages.get()
    url = address(ticket, "message", message.pk, "delete")

    client.get(url)
    assert Message.objects.get().deleted_at is None
    client.post(url)

    page = screen(client, ticket)
    assert "Deleted by" in page
    assert "secret.txt" not in page
    file_url = reverse(
        "wagtail_helpdesk_tickets:attachment",
        args=[ticket.pk, Attachment.objects.get().pk],
    )
    assert client.get(file_url).status_code == 404
    assert client.get(url).status_code == 404


def test_a_note_is_edited_and_deleted(client: Client, agent: Any, queue: Queue) -> None:
    ticket = factories.make_ticket(queue=queue)
    note = factories.make_note(ticket=ticket, agent=agent, body="one")

    client.post(address(ticket, "note", note.pk, "edit"), {"body": "two"})
    client.post(address(ticket, "note", note.pk, "delete"))

    page = screen(client, ticket)
    assert "Deleted by" in page
    assert "one" in page
    assert "two" in page


def test_what_was_typed_comes_back_when_it_is_refused(
    client: Client, agent: Any, queue: Queue
) -> None:
    ticket = factories.make_ticket(queue=queue)
    url = address(ticket, "message", ticket.messages.get().pk, "edit")

    answer = client.post(url, {"body": "   "})

    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()


@pytest.mark.req("WT-16", "SEC-50", "SEC-57")
def test_a_reader_gets_no_button_and_no_way(sign_in: SignIn, queue: Queue) -> None:
    ticket = factories.make_ticket(queue=queue, body="as it was")
    reader = sign_in(factories.make_agent(role=QueueRole.READER))
    url = address(ticket, "message", ticket.messages.get().pk, "edit")

    assert url not in screen(reader, ticket)
    assert reader.get(url).status_code == 404
    reader.post(url, {"body": "changed"})

    assert ticket.messages.get().body == "as it was"


@pytest.mark.parametrize(
    ("kind", "operation"), [("message", "burn"), ("event", "edit"), ("note", "edit")]
)
def test_there_is_no_other_entry_or_operation(
    client: Client, agent: Any, queue: Queue, kind: str, operation: str
) -> None:
    ticket = factories.make_ticket(queue=queue)
    pk = ticket.messages.get().pk

    assert client.get(address(ticket, kind, pk, operation)).status_code == 404
