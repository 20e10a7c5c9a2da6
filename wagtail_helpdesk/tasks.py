"""What the cluster runs. Primary keys in; every task may run twice."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.background import ScheduledJob, run_after_commit
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.intake import email
from wagtail_helpdesk.models import (
    JobOutcome,
    JobRun,
    Notification,
    NotificationState,
    Ticket,
    TicketQuerySet,
)
from wagtail_helpdesk.notifications import delivery
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import Phase

logger = logging.getLogger("wagtail_helpdesk")

#: Older runs of a job are forgotten.
KEEP_RUNS_FOR = timedelta(days=7)

#: Created after migrate where they are missing; from then on the administrators'.
SCHEDULES = (
    ScheduledJob(task="close_resolved_tickets", name="close resolved", minutes=60),
    ScheduledJob(task="release_expired_locks", name="expired locks", minutes=10),
    ScheduledJob(task="sweep_inbound_email", name="inbound sweep", minutes=1),
    ScheduledJob(task="sweep_notifications", name="outbox sweep", minutes=1),
)


@contextmanager
def _job_run(job: str) -> Iterator[dict[str, int]]:
    """Leave a row for this run; yields the counts to fill in.

    An error is stored, then goes on its way to the cluster's own log.
    """
    now = timezone.now()
    run = JobRun.objects.create(job=job, started_at=now)
    counts: dict[str, int] = {}
    try:
        yield counts
        run.outcome = JobOutcome.DONE
    finally:
        if run.outcome != JobOutcome.DONE:
            run.outcome = JobOutcome.FAILED
            run.error = traceback.format_exc()[-4000:].replace("\x00", "")
        run.finished_at = timezone.now()
        run.counts = counts
        run.save()
        JobRun.objects.filter(job=job, started_at__lt=now - KEEP_RUNS_FOR).delete()


def _each_ticket(
    tickets: TicketQuerySet, *, act: Callable[[Ticket], bool], counts: dict[str, int]
) -> None:
    """Act on each; one that refuses is counted and never stops the others."""
    counts |= {"done": 0, "skipped": 0}
    for ticket in tickets.order_by("pk").iterator(chunk_size=500):
        try:
            is_done = act(ticket)
        except HelpdeskError as error:
            logger.warning("Ticket #%s was skipped: %s", ticket.pk, error)
            is_done = False
        counts["done" if is_done else "skipped"] += 1


def close_resolved_tickets() -> dict[str, int]:
    """Close every ticket whose reopen window is over (CTI-31, CTI-32).

    :returns: how many were closed, and how many a reply had taken up meanwhile.
    """
    actor = Actor.system("scheduled closure")

    def act(ticket: Ticket) -> bool:
        return actions.close(ticket, actor=actor).phase == Phase.CLOSED

    with _job_run("close_resolved_tickets") as counts:
        due = Ticket.objects.due_for_closure(now=timezone.now())
        _each_ticket(due, act=act, counts=counts)
    return counts


def release_expired_locks() -> dict[str, int]:
    """Take off every lock whose time is over (REL-58)."""
    actor = Actor.system("lock timeout")

    def act(ticket: Ticket) -> bool:
        return actions.expire_lock(ticket, actor=actor).locked_by is None

    with _job_run("release_expired_locks") as counts:
        expired = Ticket.objects.with_expired_lock(now=timezone.now())
        _each_ticket(expired, act=act, counts=counts)
    return counts


def sweep_inbound_email() -> dict[str, int]:
    """Queue again every stored mail that nobody works on (SECURITY rule 2)."""
    with _job_run("sweep_inbound_email") as counts:
        due = email.due_inbound_emails(now=timezone.now())
        for pk in due:
            run_after_commit("process_inbound_email", pk)
        counts["queued"] = len(due)
    return counts


def sweep_notifications() -> dict[str, int]:
    """Queue again every mail of the outbox that is due (REL-39, REL-42)."""
    with _job_run("sweep_notifications") as counts:
        due = delivery.due_notifications(now=timezone.now())
        for pk in due:
            run_after_commit("deliver_notification", pk)
        counts["queued"] = len(due)
    return counts


def process_inbound_email(pk: int) -> None:
    """Make of one stored mail what it is: a ticket, a reply, a note, nothing."""
    email.process(pk)


def _report_if_failed(pk: int) -> None:
    """Tell the ticket, and so its agents, that a mail was given up."""
    notification = (
        Notification.objects.filter(pk=pk, state=NotificationState.FAILED)
        .select_related("ticket")
        .first()
    )
    if notification is None or notification.alert == "delivery_failed":
        return
    is_told = notification.ticket.events.filter(
        kind=EventKind.DELIVERY_FAILED, data__notification=pk
    ).exists()
    if not is_told:
        actions.record_failed_delivery(
            notification.ticket,
            actor=Actor.system("mail delivery"),
            notification_pk=pk,
            email=notification.email,
        )


def deliver_notification(pk: int) -> None:
    """Send one mail of the outbox.

    :raises Exception: whatever the mail backend raised; the row keeps it and is
        tried again by the sweep.
    """
    try:
        delivery.deliver(pk)
    finally:
        _report_if_failed(pk)
