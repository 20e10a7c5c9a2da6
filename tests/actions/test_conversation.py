"""Opening tickets and replying."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from tests.conftest import Settle
from tests.factories import (
    make_agent,
    make_file,
    make_message,
    make_queue,
    make_requester,
    make_ticket,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import (
    ActionNotPermitted,
    AttachmentRefused,
    EmptyText,
    TicketIsLocked,
    TransitionNotAllowed,
)
from wagtail_helpdesk.models import Attachment, Message, Queue, Ticket
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db


def kinds(ticket: Ticket) -> list[str]:
    return [event.kind for event in ticket.events.order_by("pk")]


@pytest.mark.req("RT-01", "RT-02", "RT-03", "CTI-04", "CTI-05")
def test_open_ticket_when_a_requester_asks(settle: Settle) -> None:
    queue = Queue.objects.get(name="General")
    person = make_requester(email="ann@example.org", name="Ann")

    with settle():
        ticket = actions.open_ticket(
            queue, actor=Actor.for_requester(person), subject="Lamp", body="It blinks."
        )

    assert (ticket.phase, ticket.status.name) == (Phase.NEW, "New")
    assert ticket.assignee is None
    assert ticket.locked_by is None
    assert ticket.messages.get().body == "It blinks."
    assert ticket.messages.get().author_name == "Ann"
    assert kinds(ticket) == [EventKind.OPENED]
    assert [sent.to for sent in mail.outbox] == [["ann@example.org"]]


@pytest.mark.req("CTI-02", "OST-05")
def test_open_ticket_when_an_agent_does_it_for_somebody(settle: Settle) -> None:
    queue = make_queue()
    agent = make_agent()
    person = make_requester()

    with settle():
        ticket = actions.open_ticket(
            queue,
            actor=Actor.agent(agent),
            requester=person,
            subject="Call from the lobby",
            body="The door is stuck.",
        )

    assert ticket.requester == person
    assert ticket.messages.get().requester == person
    assert ticket.events.get().agent == agent
    assert [sent.to for sent in mail.outbox] == [[person.email]]


def test_open_ticket_when_nobody_asks() -> None:
    with pytest.raises(ActionNotPermitted, match="for whom"):
        actions.open_ticket(
            make_queue(), actor=Actor.system("import"), subject="x", body="y"
        )


@pytest.mark.req("CTI-04", "SEC-102")
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\r\nBcc: x@y.z", "a Bcc: x@y.z"),
        ("  a \u2028 b\x00 ", "a b"),
        ("x" * 300, "x" * 255),
        ("", "(no subject)"),
    ],
)
def test_open_ticket_when_the_subject_is_odd(given: str, kept: str) -> None:
    assert make_ticket(subject=given).subject == kept


def test_open_ticket_when_there_are_no_words() -> None:
    with pytest.raises(EmptyText):
        make_ticket(body=" \n ")

    assert not Ticket.objects.exists()


@pytest.mark.req("CTI-10", "CTI-90", "CTI-91")
def test_open_ticket_when_files_come_along() -> None:
    ticket = make_ticket(files=(make_file(name="../../log.txt"),), body="")

    attachment = Attachment.objects.get(message__ticket=ticket)
    assert attachment.name == "log.txt"
    assert "log" not in attachment.file.name
    assert attachment.file.read() == b"a line"


@pytest.mark.req("CTI-87", "SEC-73")
def test_open_ticket_when_a_file_is_refused_keeps_nothing() -> None:
    with pytest.raises(AttachmentRefused, match=r"run\.exe"):
        make_ticket(files=(make_file(name="run.exe"),))

    assert not Ticket.objects.exists()


def test_open_ticket_when_many_files_come_asks_for_the_limit_once() -> None:
    files = tuple(make_file() for _one in range(4))

    with CaptureQueriesContext(connection) as queries:
        make_ticket(files=files)

    asked = [each for each in queries if "max_attachment_mb" in each["sql"]]
    assert len(asked) == 1


@pytest.mark.req("OTRS-08")
def test_open_ticket_when_the_agent_may_not() -> None:
    agent = make_agent(queue=make_queue())

    with pytest.raises(ActionNotPermitted):
        actions.open_ticket(
            make_queue(),
            actor=Actor.agent(agent),
            requester=make_requester(),
            subject="x",
            body="y",
        )


def test_open_ticket_when_the_queue_is_not_active() -> None:
    with pytest.raises(TransitionNotAllowed, match="takes no tickets"):
        make_ticket(queue=make_queue(is_active=False))


@pytest.mark.req("RT-05", "RT-07", "OTRS-21", "CTI-45")
def test_reply_when_an_agent_answers_a_new_ticket(settle: Settle) -> None:
    ticket = make_ticket()
    agent = make_agent(first_name="Ana")

    with settle():
        message = actions.reply(ticket, actor=Actor.agent(agent), body="**Unplug** it.")

    ticket.refresh_from_db()
    assert ticket.phase == Phase.OPEN
    assert ticket.locked_by == agent
    assert message.is_from_agent
    assert kinds(ticket)[1:] == [EventKind.AGENT_REPLIED, EventKind.LOCKED]
    (sent,) = mail.outbox
    assert sent.to == [ticket.requester.email]
    assert sent.subject == f"Re: Printer on fire [#{ticket.number}]"
    assert "**Unplug** it." in sent.body
    assert "<strong>Unplug</strong>" in sent.alternatives[0].content


@pytest.mark.req("OTRS-08")
def test_reply_when_another_agent_holds_the_lock() -> None:
    ben = make_agent(first_name="Ben")
    ticket = make_ticket(locked_by=ben)

    with pytest.raises(TicketIsLocked, match="Ben"):
        actions.reply(ticket, actor=Actor.agent(make_agent()), body="Me too.")

    assert Message.objects.filter(ticket=ticket).count() == 1


@pytest.mark.req("OTRS-08")
def test_reply_when_the_requester_writes_to_a_locked_ticket() -> None:
    ticket = make_ticket(locked_by=make_agent())

    make_message(ticket=ticket, body="Any news?")

    assert ticket.messages.count() == 2


@pytest.mark.req("CTI-33", "CTI-41")
def test_reply_when_the_requester_writes_inside_the_window(settle: Settle) -> None:
    agent = make_agent()
    ticket = make_ticket(phase=Phase.RESOLVED, assignee=agent)

    with settle():
        actions.reply(
            ticket, actor=Actor.for_requester(ticket.requester), body="It came back."
        )

    ticket.refresh_from_db()
    assert ticket.phase == Phase.NEW
    assert ticket.is_reopened
    assert ticket.closes_at is None
    assert kinds(ticket)[1:] == [EventKind.REOPENED, EventKind.REQUESTER_REPLIED]
    assert [sent.to for sent in mail.outbox] == [[agent.email]]


@pytest.mark.req("CTI-33", "CTI-42", "CTI-43")
def test_reply_when_the_window_is_over_but_the_job_has_not_run(
    clock: Traveller,
) -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)
    clock.shift(timedelta(days=7))

    with pytest.raises(TransitionNotAllowed, match="follow-up"):
        make_message(ticket=ticket, body="Too late?")

    assert ticket.messages.count() == 1


@pytest.mark.req("CTI-34", "CTI-42")
def test_reply_when_the_ticket_is_closed() -> None:
    ticket = make_ticket(phase=Phase.CLOSED)

    with pytest.raises(TransitionNotAllowed, match="follow-up"):
        make_message(ticket=ticket)
    with pytest.raises(TransitionNotAllowed, match="Reopen it"):
        make_message(ticket=ticket, agent=make_agent())


@pytest.mark.req("WT-06", "WT-08", "SEC-04")
def test_reply_when_a_stranger_tries() -> None:
    ticket = make_ticket()

    with pytest.raises(ActionNotPermitted):
        actions.reply(
            ticket, actor=Actor.for_requester(make_requester()), body="Let me in."
        )


@pytest.mark.req("WT-06", "OST-07", "OST-08")
def test_reply_when_a_copied_person_writes(settle: Settle) -> None:
    ticket = make_ticket()
    copied = make_requester(email="kim@example.org")
    other = make_requester(email="lee@example.org")
    for person in (copied, other):
        actions.add_participant(
            ticket, actor=Actor.agent(make_agent()), requester=person
        )

    with settle():
        actions.reply(ticket, actor=Actor.for_requester(copied), body="I saw it too.")

    told = sorted(sent.to[0] for sent in mail.outbox)
    assert told == sorted(["lee@example.org", ticket.requester.email])


@pytest.mark.req("CTI-43")
def test_reply_when_the_callers_object_is_stale() -> None:
    ticket = make_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(phase=Phase.CLOSED)

    with pytest.raises(TransitionNotAllowed):
        make_message(ticket=ticket)


@pytest.mark.req("REL-52")
def test_reply_when_another_field_was_changed_meanwhile_keeps_both() -> None:
    ticket = make_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(priority=40)

    make_message(ticket=ticket)

    ticket.refresh_from_db()
    assert ticket.priority == 40


@pytest.mark.req("SEC-02", "SEC-116")
def test_reply_when_the_agent_was_deactivated() -> None:
    ticket = make_ticket()
    agent = make_agent()
    agent.is_active = False

    with pytest.raises(ActionNotPermitted):
        make_message(ticket=ticket, agent=agent)
