"""Editing and deleting what was written."""

from datetime import timedelta

import pytest
from django.core import mail
from time_machine import Traveller
from wagtail.models import ModelLogEntry

from tests.factories import (
    make_agent,
    make_file,
    make_message,
    make_note,
    make_requester,
    make_ticket,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import (
    ActionNotPermitted,
    EditNotAllowed,
    EmptyText,
)
from wagtail_helpdesk.models import Message, Notification, QueueRole, Ticket
from wagtail_helpdesk.models.notes import NoteVersion
from wagtail_helpdesk.notifications import delivery
from wagtail_helpdesk.rules.deadlines import EDIT_WINDOW
from wagtail_helpdesk.rules.event_kinds import EventKind

pytestmark = pytest.mark.django_db


def first(ticket: Ticket) -> Message:
    return ticket.messages.get()


@pytest.mark.req("CTI-54", "CTI-56")
def test_edit_message_by_an_agent_keeps_the_earlier_text(clock: Traveller) -> None:
    ticket, agent = make_ticket(body="teh printer"), make_agent(first_name="Ana")
    clock.shift(timedelta(days=30))

    for body in ("the printer", "the printer", "The printer."):
        actions.edit_message(
            ticket, actor=Actor.agent(agent), message=first(ticket), body=body
        )

    message = first(ticket)
    assert message.body == "The printer."
    assert message.edited_at is not None
    versions = message.versions.values_list("body", "editor_label")
    assert list(versions) == [("teh printer", "Ana"), ("the printer", "Ana")]
    assert ticket.events.filter(kind=EventKind.MESSAGE_EDITED).count() == 2


@pytest.mark.req("CTI-56", "SEC-57")
def test_edit_message_keeps_words_out_of_the_logs() -> None:
    ticket, agent = make_ticket(body="the canary sings"), make_agent()

    actions.edit_message(
        ticket, actor=Actor.agent(agent), message=first(ticket), body="Nothing."
    )

    entry = ModelLogEntry.objects.get()
    assert entry.action == "wagtail_helpdesk.message_edited"
    assert "canary" not in f"{entry.label}{entry.data}{ticket.events.last().data}"


@pytest.mark.req("CTI-53", "SEC-57", "REL-65")
@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_a_requester_has_fifteen_minutes(clock: Traveller, verb: str) -> None:
    ticket = make_ticket()
    actor = Actor.for_requester(ticket.requester)

    def act() -> None:
        if verb == "edit":
            actions.edit_message(
                ticket, actor=actor, message=first(ticket), body=f"{clock}"
            )
        else:
            actions.delete_message(ticket, actor=actor, message=first(ticket))

    clock.shift(EDIT_WINDOW)
    with pytest.raises(EditNotAllowed, match="15 minutes"):
        act()
    clock.shift(-timedelta(microseconds=1))
    act()

    assert first(ticket).versions.count() == 1


@pytest.mark.req("CTI-53", "SEC-57")
def test_a_requester_may_not_change_what_others_wrote() -> None:
    ticket, other = make_ticket(), make_ticket()
    answer = make_message(ticket=ticket, agent=make_agent())
    actor = Actor.for_requester(ticket.requester)

    for message in (answer, first(other)):
        with pytest.raises(ActionNotPermitted):
            actions.edit_message(ticket, actor=actor, message=message, body="x")
        with pytest.raises(ActionNotPermitted):
            actions.delete_message(ticket, actor=actor, message=message)
    stranger = Actor.for_requester(make_requester())
    with pytest.raises(ActionNotPermitted):
        actions.edit_message(ticket, actor=stranger, message=answer, body="x")


def test_edit_message_when_no_words_are_left() -> None:
    ticket = make_ticket()

    with pytest.raises(EmptyText):
        actions.edit_message(
            ticket, actor=Actor.agent(make_agent()), message=first(ticket), body=" "
        )


@pytest.mark.req("CTI-55", "CTI-56", "SEC-57")
def test_delete_message_moves_its_words_where_only_agents_look() -> None:
    ticket = make_ticket(files=(make_file(),))
    agent = make_agent(first_name="Ana")
    message = first(ticket)
    Message.objects.update(body_full="It smells.\n> quoted")

    actions.delete_message(ticket, actor=Actor.agent(agent), message=message)

    message.refresh_from_db()
    assert (message.body, message.body_full, message.deleted_by) == ("", "", "Ana")
    assert message.versions.get().body == "It smells.\n> quoted"
    for act in (actions.delete_message, actions.edit_message):
        words = {"body": "x"} if act is actions.edit_message else {}
        with pytest.raises(EditNotAllowed, match="deleted"):
            act(ticket, actor=Actor.agent(agent), message=message, **words)


@pytest.mark.req("SEC-57", "SEC-103")
def test_delete_message_before_its_mail_has_left_sends_none() -> None:
    ticket, actor = make_ticket(), Actor.agent(make_agent())
    answer = actions.reply(ticket, actor=actor, body="Wrong window, sorry.")

    actions.delete_message(ticket, actor=actor, message=answer)
    delivery.deliver(Notification.objects.get().pk)

    assert mail.outbox == []


@pytest.mark.req("CTI-54", "CTI-56")
def test_notes_are_edited_and_deleted_likewise() -> None:
    ticket, agent = make_ticket(), make_agent()
    actor = Actor.agent(agent)
    note = make_note(ticket=ticket, agent=agent, body="one")

    actions.edit_note(ticket, actor=actor, note=note, body="two")
    actions.edit_note(ticket, actor=actor, note=note, body="two")
    actions.delete_note(ticket, actor=actor, note=note)

    note.refresh_from_db()
    assert note.body == ""
    assert note.deleted_at is not None
    versions = NoteVersion.objects.values_list("body", flat=True)
    assert list(versions) == ["one", "two"]
    kinds = ticket.events.values_list("kind", flat=True).order_by("pk")
    assert list(kinds)[-2:] == [EventKind.NOTE_EDITED, EventKind.NOTE_DELETED]
    with pytest.raises(EditNotAllowed):
        actions.edit_note(ticket, actor=actor, note=note, body="three")


@pytest.mark.req("CTI-47", "WT-16")
def test_notes_are_not_for_readers_requesters_or_other_tickets() -> None:
    ticket, agent = make_ticket(), make_agent()
    note = make_note(ticket=ticket, agent=agent)
    reader = Actor.agent(make_agent(role=QueueRole.READER))

    for actor in (reader, Actor.for_requester(ticket.requester)):
        with pytest.raises(ActionNotPermitted):
            actions.edit_note(ticket, actor=actor, note=note, body="x")
    with pytest.raises(ActionNotPermitted):
        actions.delete_note(make_ticket(), actor=Actor.agent(agent), note=note)
