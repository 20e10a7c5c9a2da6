"""Internal notes."""

import pytest
from django.core import mail

from tests.conftest import Settle
from tests.factories import (
    SYSTEM,
    make_agent,
    make_file,
    make_message,
    make_note,
    make_ticket,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import ActionNotPermitted
from wagtail_helpdesk.models import QueueRole
from wagtail_helpdesk.models.notes import NoteAttachment, NoteKind
from wagtail_helpdesk.rules.event_kinds import EventKind

pytestmark = pytest.mark.django_db


@pytest.mark.req("RT-08", "CTI-46", "OTRS-20")
def test_add_note_is_recorded_without_its_text() -> None:
    ticket = make_ticket()

    note = make_note(ticket=ticket, agent=make_agent(), body="a secret")

    event = ticket.events.get(kind=EventKind.NOTE_ADDED)
    assert event.data == {"note": note.pk}
    assert ticket.messages.count() == 1


@pytest.mark.req("CTI-46")
def test_add_note_when_another_agent_holds_the_lock() -> None:
    ticket = make_ticket(locked_by=make_agent())

    note = make_note(ticket=ticket, agent=make_agent())

    assert note.pk


@pytest.mark.req("CTI-94")
def test_add_note_with_a_file() -> None:
    note = actions.add_note(
        make_ticket(), actor=Actor.agent(make_agent()), body="", files=[make_file()]
    )

    assert NoteAttachment.objects.get(note=note).name == "log.txt"


@pytest.mark.req("OST-20", "CTI-48", "SEC-100")
def test_add_note_mails_the_last_respondent_and_nobody_outside(settle: Settle) -> None:
    ana, ben = make_agent(), make_agent()
    ticket = make_ticket()
    make_message(ticket=ticket, agent=ana)

    with settle():
        make_note(ticket=ticket, agent=ben, body="the canary sings")

    (sent,) = mail.outbox
    assert sent.to == [ana.email]
    assert "canary" not in sent.message().as_string()


@pytest.mark.req("SEC-17")
def test_add_note_for_automatic_mail_alerts_nobody(settle: Settle) -> None:
    ticket = make_ticket(assignee=make_agent())

    with settle():
        note = actions.add_note(
            ticket, actor=SYSTEM, body="I am away.", kind=NoteKind.SYSTEM
        )

    assert note.author is None
    assert mail.outbox == []
    assert ticket.events.last().kind == EventKind.AUTOMATIC_MAIL_RECEIVED


@pytest.mark.req("CTI-46", "CTI-47", "WT-16")
def test_add_note_by_those_who_may_not() -> None:
    ticket = make_ticket()
    reader = make_agent(role=QueueRole.READER)

    for actor in (Actor.agent(reader), Actor.for_requester(ticket.requester)):
        with pytest.raises(ActionNotPermitted):
            actions.add_note(ticket, actor=actor, body="x")
