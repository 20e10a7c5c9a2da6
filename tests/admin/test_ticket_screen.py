"""One ticket's screen: what it shows, and that its buttons reach the verbs."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks

from tests import factories
from tests.admin.conftest import SignIn
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin import conversation, event_lines, ticket_verbs
from wagtail_helpdesk.attachments import MAX_FILES
from wagtail_helpdesk.models import Message, Queue, Status, Ticket
from wagtail_helpdesk.models.notes import InternalNote, NoteAttachment
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return factories.make_queue(name="Support")


@pytest.fixture
def ana(queue: Queue) -> Any:
    return factories.make_agent(username="ana", first_name="Ana")


@pytest.fixture
def ben() -> Any:
    return factories.make_agent(username="ben", first_name="Ben")


@pytest.fixture
def client(ana: Any, sign_in: SignIn) -> Client:
    return sign_in(ana)


@pytest.fixture
def ticket(queue: Queue) -> Ticket:
    kim = factories.make_requester(email="kim@example.org", name="Kim Lee")
    return factories.make_ticket(queue=queue, requester=kim)


def screen(client: Client, ticket: Ticket, **query: Any) -> str:
    """Return the HTML of the screen."""
    address = reverse("wagtail_helpdesk_tickets:edit", args=[ticket.pk])
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, ticket: Ticket, verb: str, **data: Any) -> HttpResponse:
    """Press a verb's button."""
    address = reverse("wagtail_helpdesk_tickets:verb", args=[ticket.pk, verb])
    return client.post(address, data)


def offered(client: Client, ticket: Ticket) -> set[str]:
    """Return the verbs for which the screen has a form or a button."""
    page = screen(client, ticket)
    return {
        verb
        for verb in ticket_verbs.get_verbs()
        if reverse("wagtail_helpdesk_tickets:verb", args=[ticket.pk, verb]) in page
    }


# --- What it shows ------------------------------------------------------------------


@pytest.mark.req("CTI-46", "CTI-49", "OTRS-20")
def test_messages_notes_and_events_stand_in_order_of_time(
    clock: Any, client: Client, ticket: Ticket, ana: Any
) -> None:
    clock.shift(60)
    factories.make_message(ticket=ticket, agent=ana, body="We are coming.")
    clock.shift(60)
    factories.make_note(ticket=ticket, agent=ana, body="Take the extinguisher.")
    clock.shift(60)
    actions.resolve(ticket, actor=Actor.agent(ana), notes="A new *fuser*.")

    page = screen(client, ticket)

    order = [
        page.index(text)
        for text in (
            "smells of plastic",
            "We are coming.",
            "Take the extinguisher.",
            "resolved this ticket",
            "<em>fuser</em>",
        )
    ]
    assert order == sorted(order)
    assert page.count("Internal note, only agents see this") == 1


@pytest.mark.req("WT-13")
def test_quoted_text_is_folded_and_only_the_new_words_stand_open(
    client: Client, ticket: Ticket
) -> None:
    actions.reply(
        ticket,
        actor=Actor.for_requester(ticket.requester),
        body="It is quiet now.",
        body_full="It is quiet now.\n\nOn Monday Ana wrote:\n> Unplug it.",
        body_format="text",
        is_quiet=True,
    )

    page = screen(client, ticket)

    assert page.count("It is quiet now.") == 1
    folded = page[page.index('<details class="helpdesk-quoted') :]
    assert "Unplug it." in folded[: folded.index("</details>")]


@pytest.mark.req("SEC-88")
def test_words_of_strangers_are_shown_as_words(
    client: Client, queue: Queue, ana: Any
) -> None:
    evil = '"><script>alert(1)</script>{{ 7|add:1 }}'
    person = factories.make_requester(email="evil@example.org", name=evil)
    ticket = factories.make_ticket(
        queue=queue,
        requester=person,
        subject=evil,
        body=evil,
        files=(factories.make_file(name=f"{evil}.txt"),),
    )
    actions.resolve(ticket, actor=Actor.agent(ana), notes=evil)

    pages = (
        screen(client, ticket) + client.get("/admin/helpdesk/tickets/").content.decode()
    )

    assert "<script>alert" not in pages
    assert "{{ 7|add:1 }}" in pages


def test_the_latest_messages_are_shown_and_earlier_ones_behind_a_link(
    client: Client, ticket: Ticket, ana: Any
) -> None:
    start = timezone.now()
    Message.objects.bulk_create(
        Message(
            ticket=ticket,
            kind="agent",
            agent=ana,
            author_name="Ana",
            body=f"word-{number}.",
            channel="web",
            # Pairs of one instant: a page must not lose one of them at its edge.
            created_at=start + timedelta(minutes=number // 2),
        )
        for number in range(conversation.PAGE_SIZE + 30)
    )

    latest = screen(client, ticket)
    earlier_link = latest.split("?before=")[1].split("#")[0]
    earlier = screen(client, ticket, before=earlier_link)

    shown = [
        {
            number
            for number in range(conversation.PAGE_SIZE + 30)
            if f"word-{number}." in page
        }
        for page in (latest, earlier)
    ]
    assert len(shown[0]) == conversation.PAGE_SIZE
    assert shown[0] & shown[1] == set()
    assert shown[0] | shown[1] == set(range(conversation.PAGE_SIZE + 30))


@pytest.mark.parametrize("before", ["message-0", "note-99", "x", "message-", "9" * 40])
def test_a_page_that_is_none_shows_the_latest(
    client: Client, ticket: Ticket, before: str
) -> None:
    assert "smells of plastic" in screen(client, ticket, before=before)


def _fill(ticket: Ticket, agent: Any, *, number: int) -> None:
    person = Actor.for_requester(ticket.requester)
    for turn in range(number // 2):
        factories.make_message(ticket=ticket, agent=agent)
        actions.reply(
            ticket,
            actor=person,
            body=f"Answer {turn}",
            is_quiet=True,
            files=(factories.make_file(),) if turn % 5 == 0 else (),
        )
    for turn in range(number // 10):
        actions.add_note(
            ticket,
            actor=Actor.agent(agent),
            body=f"Note {turn}",
            files=(factories.make_file(),),
        )


def test_a_hundred_messages_take_few_queries_and_no_more_than_ten(
    client: Client, queue: Queue, ana: Any
) -> None:
    counted = []
    for number in (10, 100):
        ticket = factories.make_ticket(queue=queue)
        _fill(ticket, ana, number=number)
        other = factories.make_ticket(queue=queue, requester=ticket.requester)
        boss = Actor.agent(factories.make_user(is_superuser=True))
        actions.link(ticket, actor=boss, target=other, kind="related")
        actions.add_participant(ticket, actor=boss, user=ana)
        screen(client, ticket)
        with CaptureQueriesContext(connection) as queries:
            screen(client, ticket)
        counted.append(queries)

    few, many = counted
    assert len(many) == len(few)
    assert len(many) <= 20, "\n".join(query["sql"][:200] for query in many)


# --- Who gets which button ----------------------------------------------------------


@pytest.mark.req("RT-19")
def test_a_reader_gets_no_button(sign_in: SignIn, ticket: Ticket) -> None:
    reader = sign_in(factories.make_agent(role="reader"))

    assert offered(reader, ticket) == set()
    assert "You may read this ticket, but not answer it." in screen(reader, ticket)
    assert press(reader, ticket, "reply", body="x").status_code == 422
    assert ticket.messages.count() == 1


@pytest.mark.req("RT-19", "RT-22")
def test_an_agent_gets_what_makes_sense_now(client: Client, ticket: Ticket) -> None:
    at_first = offered(client, ticket)
    press(client, ticket, "lock")
    press(client, ticket, "assign-to-me")
    later = offered(client, ticket)
    press(client, ticket, "resolve", notes="")
    resolved = offered(client, ticket)

    assert at_first == {
        "reply",
        "note",
        "assign-to-me",
        "lock",
        "resolve",
        "assign",
        "status",
        "rename",
        "priority",
        "requester",
        "link",
    }
    assert {"unlock", "unassign"} <= later
    assert later.isdisjoint({"lock", "assign-to-me", "reopen", "take-over", "move"})
    assert "reopen" in resolved
    assert resolved.isdisjoint({"lock", "resolve"})


@pytest.mark.req("OTRS-08", "CTI-46")
def test_while_another_holds_the_lock_there_is_only_the_note_and_the_link(
    client: Client, ticket: Ticket, ben: Any
) -> None:
    actions.lock(ticket, actor=Actor.agent(ben))

    page = screen(client, ticket)

    assert offered(client, ticket) == {"note", "link"}
    assert "Ben has been working on this ticket since" in page
    assert "you can only add a note" in page


def test_every_line_of_an_event_has_an_icon() -> None:
    assert event_lines.ICONS.keys() == event_lines.LINES.keys()


def test_who_assigns_a_ticket_to_themselves_is_named_once(
    client: Client, ticket: Ticket, ana: Any, ben: Any
) -> None:
    actions.assign(ticket, actor=Actor.agent(ana), assignee=ana)
    actions.assign(ticket, actor=Actor.agent(ana), assignee=ben)

    page = screen(client, ticket)

    assert "Ana became the assignee" in page
    assert "Ana assigned it to Ben" in page
    assert "Ana assigned it to Ana" not in page


def test_a_status_has_to_be_chosen_before_it_is_set(
    client: Client, ticket: Ticket
) -> None:
    response = press(client, ticket, "status", status="")

    ticket.refresh_from_db()
    assert response.status_code == 422
    assert "Choose…" in response.content.decode()
    assert ticket.phase == Phase.NEW


def test_the_composer_says_what_a_reply_makes_of_the_status(
    client: Client, ticket: Ticket, ana: Any
) -> None:
    new = screen(client, ticket)
    actions.reply(ticket, actor=Actor.agent(ana), body="Is it on?")
    answered = screen(client, ticket)

    status = ticket.status.name
    assert f"{status} (as after every reply)" in new
    assert f"{status} (as it is)" in answered


def test_a_senior_agent_may_take_over(
    sign_in: SignIn, ticket: Ticket, ben: Any
) -> None:
    senior = factories.make_agent(role="senior")
    actions.lock(ticket, actor=Actor.agent(ben))

    response = press(sign_in(senior), ticket, "take-over")

    ticket.refresh_from_db()
    assert response.status_code == 302
    assert ticket.locked_by == senior


@pytest.mark.req("OTRS-09")
def test_an_expired_lock_is_no_lock(client: Client, ticket: Ticket, ben: Any) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(
        locked_by=ben, lock_expires_at=timezone.now() - timedelta(hours=1)
    )

    assert {"reply", "lock"} <= offered(client, ticket)


# --- Verbs --------------------------------------------------------------------------


@pytest.mark.req("OTRS-21", "RT-07")
def test_send_adds_a_message_and_goes_to_it(
    client: Client, ticket: Ticket, ana: Any
) -> None:
    response = press(client, ticket, "reply", body="**Unplug** it.", status="")

    message = ticket.messages.last()
    ticket.refresh_from_db()
    assert response["Location"].endswith(f"/{ticket.pk}/#message-{message.pk}")
    assert (message.body, message.agent) == ("**Unplug** it.", ana)
    assert (ticket.phase, ticket.locked_by) == (Phase.OPEN, ana)
    assert "<strong>Unplug</strong>" in screen(client, ticket)


@pytest.mark.req("OTRS-16", "CTI-36")
def test_send_sets_the_next_status_in_the_same_change(
    client: Client, ticket: Ticket
) -> None:
    pending = Status.objects.default_of(Phase.PENDING)

    press(client, ticket, "reply", body="Which model?", status=pending.pk)

    ticket.refresh_from_db()
    times = set(ticket.events.exclude(kind="opened").values_list("created_at"))
    assert ticket.status == pending
    assert len(times) == 1


@pytest.mark.req("OTRS-16", "OTRS-18", "CTI-30", "CTI-37")
def test_send_and_resolve_keeps_the_notes_and_sends_one_mail(
    client: Client, ticket: Ticket, settle: Any, mailoutbox: list[Any]
) -> None:
    own = Status.objects.create(name="Fixed", phase=Phase.RESOLVED)

    with settle():
        press(client, ticket, "reply", body="Done.", status=own.pk, notes="New fuser.")

    ticket.refresh_from_db()
    assert ticket.status == own
    assert ticket.resolutions.get().notes == "New fuser."
    assert len(mailoutbox) == 1


@pytest.mark.req("CTI-46", "CTI-94")
def test_a_note_stays_with_agents(
    client: Client, ticket: Ticket, settle: Any, mailoutbox: list[Any]
) -> None:
    upload = SimpleUploadedFile("order.txt", b"55-1203")

    with settle():
        press(client, ticket, "note", body="Ordered.", uploads=[upload])

    note = InternalNote.objects.get()
    assert note.body == "Ordered."
    assert NoteAttachment.objects.get().name == "order.txt"
    assert not [mail for mail in mailoutbox if "kim@example.org" in mail.to]


@pytest.mark.req("REL-27")
@pytest.mark.parametrize("verb", ["reply", "note"])
def test_a_second_press_of_the_button_does_nothing_new(
    client: Client, ticket: Ticket, verb: str
) -> None:
    form = client.get(
        reverse("wagtail_helpdesk_tickets:edit", args=[ticket.pk])
    ).context["forms"][verb]
    data = {"body": "Unplug it.", "rendered_at": form["rendered_at"].value()}

    answers = [
        press(client, ticket, verb, **data, uploads=SimpleUploadedFile("a.txt", b"a"))
        for _press in range(2)
    ]

    written = {
        "reply": ticket.messages.filter(agent__isnull=False),
        "note": InternalNote.objects.all(),
    }
    assert written[verb].count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.req("REL-27")
def test_the_same_words_from_a_new_form_are_sent_again(
    clock: Any, client: Client, ticket: Ticket
) -> None:
    for _time in range(2):
        clock.shift(60)
        shown_at = timezone.now().timestamp()
        clock.shift(60)
        press(client, ticket, "reply", body="Any news?", rendered_at=shown_at)

    assert ticket.messages.filter(body="Any news?").count() == 2


@pytest.mark.req("OTRS-08")
def test_nothing_typed_is_lost_if_the_lock_was_taken_meanwhile(
    client: Client, ticket: Ticket, ben: Any
) -> None:
    actions.lock(ticket, actor=Actor.agent(ben))

    response = press(client, ticket, "reply", body="Half an hour of typing.")

    page = response.content.decode()
    assert response.status_code == 422
    assert "Ben works on this ticket and has locked it." in page
    assert "Half an hour of typing.</textarea>" in page
    assert ticket.messages.count() == 1


def test_an_empty_reply_is_refused_with_the_reason(
    client: Client, ticket: Ticket
) -> None:
    response = press(client, ticket, "reply", body="  ", notes="kept")

    assert response.status_code == 422
    assert "Write something first." in response.content.decode()
    assert "kept</textarea>" in response.content.decode()


@pytest.mark.req("CTI-85", "SEC-75")
def test_one_file_too_many_is_refused_and_the_text_kept(
    client: Client, ticket: Ticket
) -> None:
    files = [
        SimpleUploadedFile(f"{number}.txt", b"x") for number in range(MAX_FILES + 1)
    ]

    response = press(client, ticket, "reply", body="See the files.", uploads=files)

    page = response.content.decode()
    assert response.status_code == 422
    assert f"at most {MAX_FILES} files" in page
    assert "See the files.</textarea>" in page
    assert "choose the files again" in page


@pytest.mark.req("CTI-87", "SEC-73")
def test_a_blocked_file_is_refused_and_the_text_kept(
    client: Client, ticket: Ticket
) -> None:
    upload = SimpleUploadedFile("run.exe", b"MZ")

    response = press(client, ticket, "note", body="A tool.", uploads=[upload])

    page = response.content.decode()
    assert response.status_code == 422
    assert "run.exe was left out" in page
    assert "A tool.</textarea>" in page


@pytest.mark.req("OTRS-19")
def test_resolve_quietly_mails_nobody(
    client: Client, ticket: Ticket, settle: Any, mailoutbox: list[Any]
) -> None:
    with settle():
        press(client, ticket, "resolve", notes="Done.", quietly="1")

    ticket.refresh_from_db()
    assert ticket.phase == Phase.RESOLVED
    assert mailoutbox == []


@pytest.mark.req("CTI-36", "CTI-37")
def test_resolve_mails_the_notes(
    client: Client, ticket: Ticket, settle: Any, mailoutbox: list[Any]
) -> None:
    with settle():
        press(client, ticket, "resolve", notes="A new fuser.")

    assert "A new fuser." in mailoutbox[0].body


def test_resolve_has_a_page_of_its_own_for_those_without_scripts(
    client: Client, ticket: Ticket
) -> None:
    address = reverse("wagtail_helpdesk_tickets:verb", args=[ticket.pk, "resolve"])

    page = client.get(address).content.decode()

    assert "Resolution notes" in page
    assert "Resolve quietly" in page


def test_a_form_of_its_own_comes_back_with_the_reason(
    client: Client, ticket: Ticket, ben: Any
) -> None:
    actions.lock(ticket, actor=Actor.agent(ben))

    response = press(client, ticket, "resolve", notes="Typed notes")

    page = response.content.decode()
    assert response.status_code == 422
    assert "Ben works on this ticket" in page
    assert "Typed notes</textarea>" in page


@pytest.mark.req("SEC-51")
def test_a_button_does_nothing_by_get(client: Client, ticket: Ticket) -> None:
    address = reverse("wagtail_helpdesk_tickets:verb", args=[ticket.pk, "lock"])

    response = client.get(address)

    ticket.refresh_from_db()
    assert response.status_code == 405
    assert ticket.locked_by is None


@pytest.mark.req("CTI-71", "CTI-72", "CTI-73", "CTI-76", "OTRS-10")
def test_assigning_to_me_to_another_to_a_group_and_to_nobody(
    client: Client, ticket: Ticket, ana: Any, ben: Any
) -> None:
    found = []
    for verb, choice in (
        ("assign-to-me", ""),
        ("assign", f"user-{ben.pk}"),
        ("assign", f"group-{ben.groups.get().pk}"),
        ("unassign", ""),
    ):
        press(client, ticket, verb, assignee=choice)
        ticket.refresh_from_db()
        found.append((ticket.assignee, ticket.assigned_group))

    assert found == [
        (ana, None),
        (ben, None),
        (None, ben.groups.get()),
        (None, None),
    ]


@pytest.mark.req("CTI-29", "CTI-35")
def test_status_and_reopen_reach_their_verbs(client: Client, ticket: Ticket) -> None:
    pending = Status.objects.default_of(Phase.PENDING)
    phases = []
    for verb, data in (
        ("status", {"status": pending.pk}),
        ("resolve", {"notes": ""}),
        ("reopen", {}),
    ):
        press(client, ticket, verb, **data)
        ticket.refresh_from_db()
        phases.append(ticket.phase)

    assert phases == [Phase.PENDING, Phase.RESOLVED, Phase.NEW]
    assert ticket.is_reopened


@pytest.mark.req("CTI-31", "CTI-34")
def test_nobody_can_close_by_hand(client: Client, ticket: Ticket) -> None:
    closed = Status.objects.default_of(Phase.CLOSED)

    response = press(client, ticket, "status", status=closed.pk)

    ticket.refresh_from_db()
    assert response.status_code == 422
    assert ticket.phase == Phase.NEW


@pytest.mark.req("RT-09", "RT-29")
def test_a_senior_agent_moves_a_ticket(sign_in: SignIn, ticket: Ticket) -> None:
    other = factories.make_queue(name="Facilities")
    senior = sign_in(factories.make_agent(role="senior"))

    press(senior, ticket, "move", queue=other.pk)

    ticket.refresh_from_db()
    assert ticket.queue == other


def test_a_ticket_out_of_sight_leads_back_to_the_list(
    sign_in: SignIn, ana: Any
) -> None:
    hidden = factories.make_queue(name="Personnel", is_restricted=True)
    ticket = factories.make_ticket(queue=hidden, assignee=ana)

    response = press(sign_in(ana), ticket, "unassign")

    assert response["Location"] == "/admin/helpdesk/tickets/"


def test_a_site_adds_a_button_by_a_hook(client: Client, ticket: Ticket) -> None:
    def ring(row: Ticket, actor: Actor, form: Any) -> str:
        actions.add_note(row, actor=actor, body="The bell was rung.")
        return ""

    def add(verbs: list[ticket_verbs.TicketVerb]) -> None:
        verbs.append(
            ticket_verbs.TicketVerb(
                name="ring", permission="add_note", label="Ring", act=ring
            )
        )

    ticket_verbs.get_verbs.cache_clear()
    with hooks.register_temporarily("construct_helpdesk_ticket_verbs", add):
        page = screen(client, ticket)
        response = press(client, ticket, "ring")
    ticket_verbs.get_verbs.cache_clear()

    assert "Ring" in page
    assert response.status_code == 302
    assert InternalNote.objects.get().body == "The bell was rung."
