"""Many at once: real threads, real transactions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from tests.factories import make_queue, make_requester, make_ticket
from tests.intake import hostile, payloads
from wagtail_helpdesk import tasks
from wagtail_helpdesk.defaults import ensure_default_rows
from wagtail_helpdesk.intake import email
from wagtail_helpdesk.models import (
    HelpdeskSettings,
    InboundEmail,
    InboundState,
    Message,
    Notification,
    Ticket,
)

pytestmark = pytest.mark.django_db(transaction=True)

MAIL = hostile.HEAD + b"\r\nHello."


@pytest.fixture
def desk(providers: None) -> None:
    """A desk whose rows are really committed."""
    ensure_default_rows(using="default")
    queue = make_queue(name="Support", email="support@desk.example")
    HelpdeskSettings.objects.update_or_create(defaults={"default_queue": queue})


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Do it in so many threads, all starting together."""
    if connection.vendor == "sqlite":
        # In memory it is one connection: one after the other still is many times.
        return [act(number) for number in range(count)]
    barrier = Barrier(count)

    def run(number: int) -> Any:
        barrier.wait(timeout=30)
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.req("REL-20", "REL-31")
def test_one_call_many_times_at_once_is_one_mail(desk: None) -> None:
    call = payloads.postmark(MAIL, "ann@example.org", "support@desk.example")

    statuses = at_once(50, lambda number: call.send(Client()).status_code)

    assert statuses == [200] * 50
    row = InboundEmail.objects.get()
    assert row.state == InboundState.ACCEPTED
    assert Ticket.objects.get().messages.count() == 1
    assert Notification.objects.count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.req("REL-20")
def test_one_mail_in_many_calls_at_once_is_one_message(
    desk: None, task_queue: Any
) -> None:
    calls = [
        payloads.mailgun_mime(MAIL, "ann@example.org", "support@desk.example")
        for _ in range(10)
    ]
    for call in calls:
        assert call.send(Client()).status_code == 200
    pks = list(InboundEmail.objects.values_list("pk", flat=True))
    task_queue.lose()

    at_once(10, lambda number: email.process(pks[number]))
    for pk in pks:
        email.process(pk)

    assert InboundEmail.objects.filter(state=InboundState.ACCEPTED).count() == 1
    assert InboundEmail.objects.filter(reason="duplicate").count() == 9
    assert Message.objects.count() == 1


@pytest.mark.req("REL-31")
def test_one_row_worked_on_many_times_at_once_has_one_effect(
    desk: None, task_queue: Any
) -> None:
    row = email.receive_raw(MAIL, recipient="support@desk.example")
    task_queue.lose()

    at_once(10, lambda number: email.process(row.pk))

    row.refresh_from_db()
    assert (row.state, row.attempts) == (InboundState.ACCEPTED, 1)
    assert Message.objects.count() == 1


@pytest.mark.req("REL-25", "REL-31")
def test_copies_to_two_addresses_worked_on_at_once_are_one_message(
    desk: None, task_queue: Any
) -> None:
    ticket = make_ticket(requester=make_requester(email="ann@example.org"))
    answer = MAIL.replace(b"Hostile", b"Re: x [#%d]" % ticket.number)
    rows = [
        email.receive_raw(answer, recipient=f"{name}@desk.example")
        for name in ("support", "reply")
    ]
    task_queue.lose()

    at_once(2, lambda number: email.process(rows[number].pk))
    for row in rows:
        email.process(row.pk)

    assert ticket.messages.count() == 2
    reasons = set(InboundEmail.objects.values_list("reason", flat=True))
    assert reasons == {"reply", "duplicate"}


@pytest.mark.req("REL-23", "REL-34", "REL-39")
def test_process_killed_after_storing_loses_nothing(
    desk: None, task_queue: Any
) -> None:
    """Its task is gone with it, and the provider never saw the answer."""
    call = payloads.postmark(MAIL, "ann@example.org", "support@desk.example")
    call.send(Client())
    task_queue.lose()
    call.send(Client())
    assert not Ticket.objects.exists()

    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        tasks.sweep_inbound_email()
        task_queue.run()

    assert Ticket.objects.get().messages.count() == 1
    assert Notification.objects.count() == 1
