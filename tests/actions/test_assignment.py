"""Who is responsible, and in which queue a ticket waits."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from time_machine import Traveller

from tests.conftest import Settle
from tests.factories import (
    make_agent,
    make_group,
    make_queue,
    make_ticket,
    make_user,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import (
    ActionNotPermitted,
    AssignmentNotAllowed,
    TransitionNotAllowed,
)
from wagtail_helpdesk.models import QueueRole
from wagtail_helpdesk.rules.event_kinds import EventKind

pytestmark = pytest.mark.django_db


@pytest.mark.req("CTI-71", "CTI-77", "OST-21", "RT-10")
def test_assign_to_an_agent_mails_them(settle: Settle) -> None:
    ticket, ana, ben = make_ticket(), make_agent(), make_agent(first_name="Ben")

    with settle():
        actions.assign(ticket, actor=Actor.agent(ana), assignee=ben)

    ticket.refresh_from_db()
    assert ticket.assignee == ben
    assert [sent.to for sent in mail.outbox] == [[ben.email]]
    assert ticket.events.get(kind=EventKind.ASSIGNED).data == {"to": "Ben"}


@pytest.mark.req("CTI-76", "OST-16")
def test_assign_to_oneself_mails_nobody(settle: Settle) -> None:
    ticket, ana = make_ticket(), make_agent()

    with settle():
        actions.assign(ticket, actor=Actor.agent(ana), assignee=ana)

    assert ticket.assignee == ana
    assert mail.outbox == []


@pytest.mark.req("CTI-72")
def test_assign_to_a_group_mails_its_members(settle: Settle) -> None:
    ticket, ana, ben = make_ticket(), make_agent(), make_agent()
    group = make_group()
    ben.groups.add(group)

    with settle():
        actions.assign(ticket, actor=Actor.agent(ana), group=group)

    assert ticket.assigned_group == group
    assert [sent.to for sent in mail.outbox] == [[ben.email]]


@pytest.mark.req("CTI-78")
def test_assign_again_does_not_mail_the_old_assignee(settle: Settle) -> None:
    ana, ben, kim = make_agent(), make_agent(), make_agent()
    ticket = make_ticket(assignee=ben)

    with settle():
        actions.assign(ticket, actor=Actor.agent(ana), assignee=kim)

    assert [sent.to for sent in mail.outbox] == [[kim.email]]


@pytest.mark.req("CTI-74", "CTI-75")
def test_assign_to_an_agent_of_another_queue() -> None:
    ticket = make_ticket(queue=make_queue(is_restricted=True))
    senior = make_agent(queue=ticket.queue)
    other = make_agent(queue=make_queue())

    actions.assign(ticket, actor=Actor.agent(senior), assignee=other)

    assert ticket.assignee == other


@pytest.mark.parametrize("is_active", [True, False])
def test_assign_to_somebody_who_does_not_work_here(is_active: bool) -> None:
    ticket = make_ticket()

    with pytest.raises(AssignmentNotAllowed):
        actions.assign(
            ticket,
            actor=Actor.agent(make_agent()),
            assignee=make_user(is_active=is_active, is_superuser=not is_active),
        )


@pytest.mark.req("WT-16")
def test_assign_to_a_reader() -> None:
    reader = make_agent(role=QueueRole.READER)

    with pytest.raises(AssignmentNotAllowed):
        actions.assign(make_ticket(), actor=Actor.agent(make_agent()), assignee=reader)


@pytest.mark.req("OTRS-10", "OTRS-11")
def test_assign_by_the_lock_holder_hands_the_lock_over(clock: Traveller) -> None:
    ana, ben = make_agent(), make_agent()
    ticket = make_ticket(locked_by=ana)
    clock.shift(timedelta(hours=20))

    actions.assign(ticket, actor=Actor.agent(ana), assignee=ben)

    assert ticket.lock_holder == ben
    assert ticket.locked_at == timezone.now()
    assert ticket.lock_expires_at == timezone.now() + timedelta(hours=24)


@pytest.mark.req("CTI-73")
def test_unassign() -> None:
    ticket = make_ticket(assignee=make_agent())

    actions.unassign(ticket, actor=Actor.agent(make_agent()))

    ticket.refresh_from_db()
    assert ticket.assignee is None


@pytest.mark.req("RT-09", "RT-29")
def test_move_to_queue_by_one_who_may() -> None:
    ana = make_agent(role=QueueRole.SENIOR)
    ticket, queue = make_ticket(locked_by=ana), make_queue(name="Facilities")

    actions.move_to_queue(ticket, actor=Actor.agent(ana), queue=queue)

    ticket.refresh_from_db()
    assert ticket.queue == queue
    assert ticket.locked_by is None
    assert ticket.events.get(kind=EventKind.MOVED).data["new"] == "Facilities"


@pytest.mark.req("SEC-54")
def test_move_to_queue_that_does_not_exist_for_the_agent() -> None:
    senior = make_agent(role=QueueRole.SENIOR)
    ticket = make_ticket()

    with pytest.raises(ActionNotPermitted):
        actions.move_to_queue(
            ticket, actor=Actor.agent(senior), queue=make_queue(is_restricted=True)
        )


def test_move_to_queue_that_takes_no_tickets() -> None:
    senior = make_agent(role=QueueRole.SENIOR)
    ticket = make_ticket()

    with pytest.raises(TransitionNotAllowed, match="takes no tickets"):
        actions.move_to_queue(
            ticket, actor=Actor.agent(senior), queue=make_queue(is_active=False)
        )
