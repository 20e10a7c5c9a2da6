"""Files: handed out through the application only, and inert."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.admin.conftest import SignIn
from wagtail_helpdesk.models import Attachment, Ticket

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def client(sign_in: SignIn) -> Client:
    return sign_in(factories.make_agent())


def upload(*, name: str, content: bytes, content_type: str) -> tuple[Ticket, str]:
    """Make a ticket with a file; return it and the file's address."""
    file = factories.make_file(name=name, content=content, content_type=content_type)
    ticket = factories.make_ticket(files=(file,))
    pk = Attachment.objects.get(message__ticket=ticket).pk
    return ticket, reverse("wagtail_helpdesk_tickets:attachment", args=[ticket.pk, pk])


@pytest.mark.parametrize(
    ("name", "content", "content_type", "served_as"),
    [
        ("a.png", PNG, "image/png", "image/png"),
        ("a.txt", b"text", "text/plain", "text/plain"),
        ("a.html", b"<script>", "text/html", "application/octet-stream"),
        ("a.svg", b"<svg onload=x>", "image/svg+xml", "application/octet-stream"),
        ("a.js", b"x()", "text/javascript", "application/octet-stream"),
        ("a.xml", b"<x/>", "application/xhtml+xml", "application/octet-stream"),
    ],
)
@pytest.mark.req("CTI-83", "SEC-70", "SEC-74")
def test_a_file_is_handed_out_so_that_nothing_in_it_runs(
    client: Client, name: str, content: bytes, content_type: str, served_as: str
) -> None:
    _ticket, address = upload(name=name, content=content, content_type=content_type)

    response = client.get(address)

    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"].split(";")[0] == served_as
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.req("SEC-70")
def test_only_harmless_pictures_are_shown_in_place(client: Client) -> None:
    dispositions = {}
    for name, content, kind in (
        ("a.png", PNG, "image/png"),
        ("a.svg", b"<svg/>", "image/svg+xml"),
        ("a.pdf", b"%PDF-1.4", "application/pdf"),
    ):
        _ticket, address = upload(name=name, content=content, content_type=kind)
        answer = client.get(f"{address}?inline")
        dispositions[name] = answer["Content-Disposition"].split(";")[0]

    assert dispositions == {
        "a.png": "inline",
        "a.svg": "attachment",
        "a.pdf": "attachment",
    }


@pytest.mark.req("SEC-71")
def test_a_file_is_found_under_its_own_ticket_only(client: Client) -> None:
    _ticket, address = upload(name="a.txt", content=b"x", content_type="text/plain")
    other = factories.make_ticket()
    pk = Attachment.objects.get().pk

    assert client.get(address).status_code == 200
    for name in ("attachment", "note_attachment"):
        wrong = reverse(f"wagtail_helpdesk_tickets:{name}", args=[other.pk, pk])
        assert client.get(wrong).status_code == 404


@pytest.mark.req("SEC-71")
def test_a_file_has_no_address_but_the_applications(client: Client) -> None:
    upload(name="a.txt", content=b"x", content_type="text/plain")
    stored = Attachment.objects.get().file.name

    assert not default_storage.exists(stored)
    address = f"{settings.MEDIA_URL}{stored}"
    assert client.get(address, follow=True).status_code == 404


def test_a_lost_file_is_not_found(client: Client) -> None:
    _ticket, address = upload(name="a.txt", content=b"x", content_type="text/plain")
    file: Any = Attachment.objects.get().file
    file.storage.delete(file.name)

    assert client.get(address).status_code == 404


@pytest.mark.req("SEC-72", "SEC-77")
def test_a_hostile_name_breaks_no_header(client: Client) -> None:
    _ticket, address = upload(
        name='../a"b\r\nX-Evil: 1\u202etxt.png',
        content=b"x",
        content_type="text/plain",
    )

    response = client.get(address)

    assert response.status_code == 200
    assert "X-Evil" not in response.headers
