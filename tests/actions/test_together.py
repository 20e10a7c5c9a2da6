"""Several verbs, one change, one mail."""

import pytest
from django.core import mail

from tests.conftest import Settle
from tests.factories import make_agent, make_ticket
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import TransitionNotAllowed
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db


@pytest.mark.req("OTRS-16", "OTRS-18", "OST-15", "CTI-37")
def test_together_reply_and_resolve_is_one_mail(settle: Settle) -> None:
    ticket = make_ticket()
    actor = Actor.agent(make_agent())

    with settle(), actions.together(ticket, actor=actor):
        actions.reply(ticket, actor=actor, body="Done.")
        actions.resolve(ticket, actor=actor, notes="A new fuse.")

    ticket.refresh_from_db()
    assert ticket.phase == Phase.RESOLVED
    (sent,) = mail.outbox
    assert "Done." in sent.body
    assert "A new fuse." in sent.body


@pytest.mark.req("OTRS-16")
def test_together_when_one_is_refused_keeps_none(settle: Settle) -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)
    actor = Actor.agent(make_agent())

    with (
        pytest.raises(TransitionNotAllowed),
        settle(),
        actions.together(ticket, actor=actor),
    ):
        actions.reply(ticket, actor=actor, body="Done.")
        actions.resolve(ticket, actor=actor)

    assert ticket.messages.count() == 1
    assert mail.outbox == []


def test_together_when_given_two_objects_of_one_ticket() -> None:
    ticket = make_ticket()
    actor = Actor.agent(make_agent())
    twin = Ticket.objects.get(pk=ticket.pk)

    with pytest.raises(RuntimeError), actions.together(ticket, actor=actor):
        actions.reply(twin, actor=actor, body="Done.")


def test_together_when_nothing_is_done_saves_nothing() -> None:
    ticket = make_ticket()
    before = ticket.updated_at

    with actions.together(ticket, actor=Actor.agent(make_agent())):
        pass

    ticket.refresh_from_db()
    assert ticket.updated_at == before
