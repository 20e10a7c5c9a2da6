"""How a mail reads, and how mail programs thread it."""

import pytest
from django.core import mail
from django.template.loader import get_template

from tests.conftest import Settle
from tests.factories import (
    SYSTEM,
    make_agent,
    make_file,
    make_message,
    make_queue,
    make_requester,
    make_ticket,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import Channel, Requester
from wagtail_helpdesk.notifications.alerts import ALERTS, Alert
from wagtail_helpdesk.notifications.rendering import MAX_ATTACHED_BYTES
from wagtail_helpdesk.references import parse_reply_token

pytestmark = pytest.mark.django_db


def reply(ticket: object, *, body: str = "Unplug it.", files: tuple = ()) -> None:
    actions.reply(
        ticket, actor=Actor.agent(make_agent(first_name="Ana")), body=body, files=files
    )


@pytest.mark.req("WT-10", "RT-30")
def test_render_threads_the_answer(settle: Settle) -> None:
    ticket = make_ticket(message_id="<first@example.org>")

    with settle():
        reply(ticket)
        make_message(ticket=ticket, body="And now?")
    with settle():
        actions.reply(
            ticket, actor=Actor.agent(ticket.locked_by), body="Now plug it in."
        )

    first, second = mail.outbox
    assert first.extra_headers["In-Reply-To"] == "<first@example.org>"
    references = first.extra_headers["References"].split()
    assert parse_reply_token(references[0]).ticket_id == ticket.number
    assert references[1:] == ["<first@example.org>"]
    assert first.extra_headers["Message-ID"] in second.extra_headers["References"]
    assert second.extra_headers["In-Reply-To"] == first.extra_headers["Message-ID"]
    token = parse_reply_token(first.reply_to[0])
    assert (token.ticket_id, token.recipient_id) == (
        ticket.number,
        ticket.requester_id,
    )


@pytest.mark.req("SEC-19")
def test_render_marks_what_is_automatic_and_only_that(settle: Settle) -> None:
    queue, person = make_queue(), make_requester()

    with settle():
        ticket = actions.open_ticket(
            queue, actor=Actor.for_requester(person), subject="x", body="y"
        )
    with settle():
        reply(ticket)

    receipt, answer = (sent.extra_headers for sent in mail.outbox)
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["X-Auto-Response-Suppress"] == "All"
    assert "Auto-Submitted" not in answer
    assert receipt["X-Helpdesk-Instance"] == answer["X-Helpdesk-Instance"]


@pytest.mark.req("SEC-31")
def test_render_receipt_of_a_form_holds_no_word_of_the_submitter(
    settle: Settle,
) -> None:
    with settle():
        actions.open_ticket(
            make_queue(),
            actor=Actor.for_requester(make_requester(name="Cheap pills")),
            subject="Buy cheap pills",
            body="Buy them here https://spam.example",
            channel=Channel.WEB,
        )

    (sent,) = mail.outbox
    text = sent.message().as_string().lower()
    assert "pills" not in text
    assert "spam.example" not in text


@pytest.mark.req("SEC-104", "SEC-105")
def test_render_comes_from_our_address_in_the_agents_name(settle: Settle) -> None:
    ticket = make_ticket(queue=make_queue(name="Support", email="help@desk.example"))

    with settle():
        reply(ticket)

    (sent,) = mail.outbox
    assert sent.from_email == '"Ana (Support)" <help@desk.example>'
    assert ticket.locked_by.email not in sent.message().as_string()


@pytest.mark.req("SEC-102")
@pytest.mark.parametrize(
    "hostile",
    ["a\r\nBcc: evil@x.example", "a\u2028b", "a\x00b", "a\x0bb\x85c", "\ud800"],
)
def test_render_survives_hostile_words(settle: Settle, hostile: str) -> None:
    person = make_requester(name="Ann")
    ticket = make_ticket(requester=person, subject=f"x {hostile}", body=f"y {hostile}")

    with settle():
        reply(ticket, body=f"z {hostile}", files=(make_file(name=f"{hostile}.txt"),))

    (sent,) = mail.outbox
    raw = sent.message()
    assert raw["Bcc"] is None
    assert sent.recipients() == [person.email]


@pytest.mark.req("SEC-107")
def test_render_carries_small_files_and_names_large_ones(settle: Settle) -> None:
    ticket = make_ticket()
    large = make_file(name="film.bin", content=b"x" * (MAX_ATTACHED_BYTES - 3))

    with settle():
        reply(ticket, files=(make_file(name="a.txt"), large))

    (sent,) = mail.outbox
    assert [attachment[0] for attachment in sent.attachments] == ["a.txt"]
    assert "film.bin" in sent.body
    assert "film.bin" in sent.alternatives[0].content


@pytest.mark.req("SEC-53")
@pytest.mark.parametrize(
    ("is_restricted", "words"),
    [(True, "from another queue to Lifts"), (False, "from Salaries to Lifts")],
)
def test_render_does_not_name_a_queue_that_the_agent_may_not_know(
    settle: Settle, is_restricted: bool, words: str
) -> None:
    lifts = make_queue(name="Lifts")
    make_agent(queue=lifts, watches=lifts)
    ticket = make_ticket(queue=make_queue(name="Salaries", is_restricted=is_restricted))

    with settle():
        actions.move_to_queue(ticket, actor=SYSTEM, queue=lifts)

    html = mail.outbox[0].alternatives[0].content
    assert words in " ".join(mail.outbox[0].body.split())
    assert words in " ".join(html.split())


def test_render_is_in_the_recipients_language(settle: Settle) -> None:
    ticket = make_ticket()
    Requester.objects.filter(pk=ticket.requester_id).update(language="de")

    with settle():
        reply(ticket)

    assert '<html lang="de"' in mail.outbox[0].alternatives[0].content


@pytest.mark.req("SEC-108")
@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_every_template_renders_without_holes(alert: Alert) -> None:
    context = {
        "number": 1042,
        "subject": "A & B",
        "reply_subject": "Re: A & B",
        "came_by_mail": True,
        "queue": "Support",
        "actor": "Ana",
        "requester": "Ann",
        "url": "https://desk.example/1042",
        "message": {"author": "Ann", "text": "1 < 2", "html": "1 &lt; 2"},
        "resolution": None,
        "details": {
            "to": "Ben",
            "old": "IT",
            "new": "General",
            "email": "a@example.org",
        },
        "reply_marker": "--- Reply above this line ---",
        "language": "en",
        "left_out": [],
    }
    folder = f"wagtail_helpdesk/notifications/{alert.name}"

    subject = get_template(f"{folder}.subject.txt").render(context)
    text = get_template(f"{folder}.txt").render(context)
    html = get_template(f"{folder}.html").render(context)

    assert subject.strip() in {"A & B", "Re: A & B"}
    assert "&lt;" not in text
    assert "--- Reply above this line ---" in text
    assert "--- Reply above this line ---" in html
    assert "#1042" in text
    assert "#1042" in html
