"""One row of the outbox becomes one mail, whatever happens on the way."""

from datetime import timedelta
from email import message_from_bytes
from smtplib import SMTPServerDisconnected

import django
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings
from time_machine import Traveller

from tests.conftest import TaskQueue
from tests.factories import (
    make_agent,
    make_file,
    make_message,
    make_requester,
    make_ticket,
)
from wagtail_helpdesk import actions, tasks
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import Notification, NotificationState, Ticket
from wagtail_helpdesk.notifications import delivery
from wagtail_helpdesk.rules.event_kinds import EventKind

pytestmark = pytest.mark.django_db


class BrokenBackend(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages: list) -> int:
        raise SMTPServerDisconnected("gone away")


@pytest.fixture
def broken_mail(settings: Settings) -> None:
    path = f"{__name__}.BrokenBackend"
    if django.VERSION >= (6, 1):
        settings.MAILERS = {"default": {"BACKEND": path}}
    else:
        settings.EMAIL_BACKEND = path


def queued() -> Notification:
    """Plan one mail without delivering it."""
    ticket = make_ticket()
    actions.reply(ticket, actor=Actor.agent(make_agent()), body="Unplug it.")
    return Notification.objects.get()


def test_deliver_sends_once() -> None:
    notification = queued()

    delivery.deliver(notification.pk)
    delivery.deliver(notification.pk)

    notification.refresh_from_db()
    assert notification.state == NotificationState.SENT
    assert notification.attempts == 1
    assert notification.sent_at is not None
    (sent,) = mail.outbox
    assert sent.extra_headers["Message-ID"] == notification.message_id
    assert notification.subject == sent.subject


@pytest.mark.req("REL-42")
def test_deliver_when_the_server_is_away(clock: Traveller, broken_mail: None) -> None:
    notification = queued()

    with pytest.raises(SMTPServerDisconnected):
        delivery.deliver(notification.pk)

    notification.refresh_from_db()
    assert notification.state == NotificationState.QUEUED
    assert "gone away" in notification.error
    assert notification.next_attempt_at == timezone.now() + timedelta(minutes=1)
    assert delivery.due_notifications(now=timezone.now()) == []
    clock.shift(timedelta(minutes=1))
    assert delivery.due_notifications(now=timezone.now()) == [notification.pk]


@pytest.mark.req("REL-42")
def test_deliver_when_the_server_stays_away_tells_the_ticket(
    settings: Settings, clock: Traveller, broken_mail: None
) -> None:
    settings.WAGTAIL_HELPDESK = {"OUTBOUND_MAX_ATTEMPTS": 2}
    notification = queued()

    for _attempt in range(3):
        clock.shift(timedelta(hours=4))
        try:
            tasks.deliver_notification(notification.pk)
        except SMTPServerDisconnected:
            continue

    notification.refresh_from_db()
    assert notification.state == NotificationState.FAILED
    assert notification.attempts == 2
    events = notification.ticket.events.filter(kind=EventKind.DELIVERY_FAILED)
    assert [event.data["email"] for event in events] == [notification.email]


@pytest.mark.req("REL-31", "REL-39")
def test_deliver_when_the_sender_was_killed(clock: Traveller) -> None:
    notification = queued()
    Notification.objects.update(
        state=NotificationState.SENDING,
        attempts=F("attempts") + 1,
        next_attempt_at=timezone.now() + delivery.LEASE,
    )

    delivery.deliver(notification.pk)
    assert mail.outbox == []
    clock.shift(delivery.LEASE)
    assert delivery.due_notifications(now=timezone.now()) == [notification.pk]
    delivery.deliver(notification.pk)

    assert len(mail.outbox) == 1


@pytest.mark.req("SEC-107")
@pytest.mark.parametrize(
    "content_type",
    ["message/rfc822", "message/delivery-status", "message/partial", "multipart/mixed"],
)
def test_deliver_carries_attached_mails_byte_for_byte(content_type: str) -> None:
    content = b"Subject: Gr\xf6\xdfe\r\n\r\nKaputt."
    file = make_file(name="mail.eml", content=content, content_type=content_type)
    ticket = make_ticket()
    actions.reply(ticket, actor=Actor.agent(make_agent()), body="See.", files=[file])

    delivery.deliver(Notification.objects.get().pk)

    raw = mail.outbox[0].message().as_bytes()
    (part,) = (each for each in message_from_bytes(raw).walk() if each.get_filename())
    assert part.get_filename() == "mail.eml"
    assert part.get_payload(decode=True) == content


@pytest.mark.req("SEC-103")
def test_deliver_when_the_person_no_longer_takes_part() -> None:
    ticket = make_ticket()
    actor = Actor.agent(make_agent())
    actions.add_participant(ticket, actor=actor, requester=make_requester())
    make_message(ticket=ticket, agent=actor.user)
    actions.reply(ticket, actor=actor, body="To both.")
    actions.remove_participant(
        ticket, actor=actor, participant=ticket.participants.get()
    )

    for pk in Notification.objects.values_list("pk", flat=True):
        delivery.deliver(pk)

    assert [sent.to for sent in mail.outbox] == [[ticket.requester.email]]
    assert Notification.objects.filter(state=NotificationState.CANCELLED).count() == 1


@pytest.mark.req("SEC-103", "SEC-116")
def test_deliver_when_the_agent_was_deactivated_meanwhile() -> None:
    agent = make_agent()
    ticket = make_ticket(assignee=agent)
    actions.reply(ticket, actor=Actor.for_requester(ticket.requester), body="Well?")
    agent.is_active = False
    agent.save()

    delivery.deliver(Notification.objects.get().pk)

    assert mail.outbox == []


def test_sweep_queues_what_the_queue_lost(
    task_queue: TaskQueue, transactional_db: None
) -> None:
    queued()
    task_queue.lose()

    tasks.sweep_notifications()

    assert task_queue.names == ["wagtail_helpdesk.tasks.deliver_notification"]
    task_queue.run()
    assert len(mail.outbox) == 1
    assert Ticket.objects.count() == 1
