"""Nothing of a restricted queue's ticket shows anywhere to those without a role there.

The walk takes its addresses from the URLconf, so a view added later is walked, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from tests import factories
from tests.admin.conftest import SignIn
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.ticket_verbs import get_verbs
from wagtail_helpdesk.models import (
    Attachment,
    Message,
    Queue,
    Requester,
    Ticket,
    TicketEvent,
)
from wagtail_helpdesk.models.notes import InternalNote, NoteAttachment

pytestmark = [pytest.mark.django_db]

CANARIES = ("canarysubject", "canaryperson", "canaryfile", "canarybody", "canaryqueue")


@dataclass(frozen=True)
class Secret:
    """A ticket of a restricted queue, every part of which has a canary."""

    ticket: Ticket
    queue: Queue
    file_pk: int
    note_file_pk: int
    note_pk: int


@pytest.fixture
def secret() -> Secret:
    """Make the ticket that must not be seen."""
    queue = factories.make_queue(name="canaryqueue", is_restricted=True)
    ticket = factories.make_ticket(
        queue=queue,
        requester=factories.make_requester(
            email="canaryperson@example.org", name="canaryperson"
        ),
        subject="canarysubject",
        body="canarybody",
        files=(factories.make_file(name="canaryfile.txt", content=b"canarybody"),),
    )
    insider = factories.make_agent(username="insider", queue=queue)
    note = actions.add_note(
        ticket,
        actor=Actor.agent(insider),
        body="canarybody",
        files=[factories.make_file(name="canaryfile.txt", content=b"canarybody")],
    )
    return Secret(
        ticket=ticket,
        queue=queue,
        file_pk=Attachment.objects.get().pk,
        note_file_pk=NoteAttachment.objects.get().pk,
        note_pk=note.pk,
    )


def helpdesk_patterns(
    resolver: URLResolver, *, path: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, list[str]]]:
    """Walk the URLconf: name, path and parameters of all that is the helpdesk's."""
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from helpdesk_patterns(entry, path=here, namespaces=inner)
        elif isinstance(entry, URLPattern) and "helpdesk" in here + ":".join(
            namespaces
        ):
            if "inbound" in here or not isinstance(entry.pattern, RoutePattern):
                continue
            name = ":".join([*namespaces, entry.name or ""])
            yield name, here, list(entry.pattern.converters)


def addresses(secret: Secret) -> list[str]:
    """Return every address of the helpdesk, about the secret where it can be."""
    found: list[str] = []
    for name, _path, parameters in helpdesk_patterns(get_resolver()):
        given: dict[str, Any] = {"pk": secret.ticket.pk, "ticket_pk": secret.ticket.pk}
        if name.endswith(":attachment"):
            given["pk"] = secret.file_pk
        elif name.endswith(":entry"):
            given = {
                "pk": secret.ticket.pk,
                "kind": "note",
                "entry_pk": secret.note_pk,
                "operation": "edit",
            }
        elif name.endswith(":note_attachment"):
            given["pk"] = secret.note_file_pk
        elif "queues:" in name:
            given["pk"] = secret.queue.pk
        for verb in get_verbs() if "verb" in parameters else [""]:
            kwargs = {
                key: value
                for key, value in {**given, "verb": verb}.items()
                if key in parameters
            }
            found.append(reverse(name, kwargs=kwargs))
    pk = secret.ticket.pk
    label = "wagtail_helpdesk/ticket"
    stock = [
        f"/admin/bulk/{label}/delete/?id={pk}",
        f"/admin/bulk/{label}/delete/?id=all",
        f"/admin/snippets/choose/{label}/",
        f"/admin/snippets/choose/{label}/results/?q=canary",
        f"/admin/snippets/choose/{label}/chosen/{pk}/",
        f"/admin/snippets/choose/{label}/chosen-multiple/?id={pk}",
        f"/admin/snippets/{label}/",
        f"/admin/snippets/{label}/edit/{pk}/",
        f"/admin/snippets/{label}/history/{pk}/",
        f"/admin/snippets/{label}/usage/{pk}/",
        "/admin/snippets/",
        "/admin/reports/site-history/",
        "/admin/reports/site-history/results/",
        "/admin/",
    ]
    tickets = "/admin/helpdesk/tickets/"
    asked = [
        f"{tickets}?q=canary",
        f"{tickets}?q=%23{pk}",
        f"{tickets}?q={pk}",
        f"{tickets}results/?q=canary",
        f"{tickets}results/?q={pk}",
        f"{tickets}?queue={secret.queue.pk}",
        f"{tickets}?ordering=requester__email&closed=shown",
        f"{tickets}?export=csv",
        f"{tickets}?export=xlsx",
        f"{tickets}{pk}/edit/",
        f"{tickets}{pk}/delete/",
        f"{tickets}{pk}/history/",
        f"{tickets}{pk}/usage/",
        f"{tickets}{pk}/copy/",
        f"{tickets}{pk}/inspect/",
    ]
    return [*found, *stock, *asked]


def text_of(response: Any) -> str:
    """Return all that a response says: body, headers and cookies' messages."""
    body = (
        b"".join(response.streaming_content) if response.streaming else response.content
    )
    return (
        body.decode("utf-8", "replace") + str(response.headers) + str(response.cookies)
    )


def outsiders() -> dict[str, Any]:
    """Return those who have no role in the restricted queue."""
    editor = factories.make_user(username="editor")
    editor.groups.add(factories.make_group())
    other = factories.make_queue(name="Support")
    return {
        "agent of another queue": factories.make_agent(queue=other, role="manager"),
        "agent of all queues": factories.make_agent(role="manager"),
        "reader": factories.make_agent(role="reader"),
        "editor": editor,
        "user": factories.make_user(username="mere-user"),
    }


def snapshot() -> tuple[Any, ...]:
    """Return what a request by an outsider must leave as it is."""
    return (
        list(Ticket.objects.order_by("pk").values_list()),
        list(Queue.objects.order_by("pk").values_list()),
        Message.objects.count(),
        InternalNote.objects.count(),
        TicketEvent.objects.count(),
        Requester.objects.count(),
    )


def walk(client: Client, secret: Secret) -> Iterator[tuple[str, str, HttpResponse]]:
    """Ask for everything, by GET and by POST."""
    posted = {"body": "x", "status": "", "queue": secret.queue.pk, "assignee": "user-1"}
    for address in addresses(secret):
        yield "GET", address, client.get(address)
        yield "POST", address, client.post(address, posted)


@pytest.mark.parametrize(
    "who",
    ["agent of another queue", "agent of all queues", "reader", "editor", "user", ""],
)
@pytest.mark.req("SEC-50", "SEC-52", "SEC-53", "SEC-110", "SEC-113")
def test_no_address_shows_or_changes_a_foreign_ticket(
    secret: Secret, sign_in: SignIn, who: str
) -> None:
    client = sign_in(outsiders()[who]) if who else Client()
    before = snapshot()

    answers = [
        (method, address, response.status_code, text_of(response))
        for method, address, response in walk(client, secret)
    ]

    shown = [
        f"{method} {address}: {canary}"
        for method, address, _status, text in answers
        for canary in CANARIES
        # One's own search comes back in the search box.
        if canary in text.replace('value="canary"', "").replace("q=canary", "")
    ]
    broken = [entry[:3] for entry in answers if entry[2] >= 500]
    assert not shown
    assert not broken
    assert snapshot() == before
    assert len(answers) > 60


@pytest.mark.req("SEC-50")
def test_the_walk_sees_the_canaries_as_an_insider(
    secret: Secret, sign_in: SignIn
) -> None:
    insider = factories.make_agent(queue=secret.queue)
    client = sign_in(insider)

    seen = "".join(text_of(client.get(address)) for address in addresses(secret))

    assert all(canary in seen for canary in CANARIES)


@pytest.mark.req("SEC-51")
def test_state_is_changed_by_post_with_a_token_only(sign_in: SignIn) -> None:
    queue = factories.make_queue()
    agent = factories.make_agent(queue=queue, role="manager")
    ticket = factories.make_ticket(queue=queue)
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(agent)
    before = snapshot()

    answers = {}
    for verb in get_verbs():
        address = reverse("wagtail_helpdesk_tickets:verb", args=[ticket.pk, verb])
        careful.get(address)
        answers[verb] = careful.post(address, {"body": "x"}).status_code

    assert set(answers.values()) == {403}
    assert snapshot() == before


@pytest.mark.req("CTI-75", "SEC-115")
def test_the_assignee_sees_a_foreign_ticket_as_long_as_it_is_theirs(
    secret: Secret, sign_in: SignIn
) -> None:
    agent = factories.make_agent()
    client = sign_in(agent)
    address = reverse("wagtail_helpdesk_tickets:edit", args=[secret.ticket.pk])

    Ticket.objects.filter(pk=secret.ticket.pk).update(assignee=agent)
    while_theirs = client.get(address)
    Ticket.objects.filter(pk=secret.ticket.pk).update(assignee=None)
    afterwards = client.get(address)

    assert while_theirs.status_code == 200
    assert afterwards.status_code == 404


@pytest.mark.req("SEC-53")
def test_links_and_moves_do_not_name_what_the_reader_may_not_see(
    secret: Secret, sign_in: SignIn
) -> None:
    queue = factories.make_queue(name="Support")
    root = factories.make_user(username="root", is_superuser=True)
    ticket = factories.make_ticket(queue=queue)
    boss = Actor.agent(root)
    actions.link(ticket, actor=boss, target=secret.ticket, kind="related")
    actions.move_to_queue(ticket, actor=boss, queue=secret.queue)
    actions.move_to_queue(ticket, actor=boss, queue=queue)

    page = sign_in(factories.make_agent()).get(
        reverse("wagtail_helpdesk_tickets:edit", args=[ticket.pk])
    )

    text = page.content.decode()
    assert f"#{secret.ticket.pk}" not in text
    assert not [canary for canary in CANARIES if canary in text]
    assert "linked it with another ticket" in text
    assert "moved it from Support to another queue" in text
