"""What the cluster runs may run twice, and leaves a heartbeat."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Schedule
from time_machine import Traveller

from tests.factories import make_agent, make_message, make_ticket
from wagtail_helpdesk import background, tasks
from wagtail_helpdesk.models import JobOutcome, JobRun, Ticket
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("job", tasks.SCHEDULES, ids=lambda job: job.task)
def test_every_scheduled_job_may_run_twice_and_leaves_a_run(
    job: background.ScheduledJob,
) -> None:
    for _time in range(2):
        getattr(tasks, job.task)()

    runs = JobRun.objects.filter(job=job.task)
    assert {run.outcome for run in runs} == {JobOutcome.DONE}
    assert runs.count() == 2


@pytest.mark.req("CTI-31", "CTI-32", "REL-31", "REL-36")
def test_close_resolved_tickets(clock: Traveller) -> None:
    due = [make_ticket(phase=Phase.RESOLVED) for _one in range(3)]
    late = make_ticket(
        phase=Phase.RESOLVED, closes_at=timezone.now() + timedelta(days=30)
    )
    clock.shift(timedelta(days=8))

    assert tasks.close_resolved_tickets() == {"done": 3, "skipped": 0}
    assert tasks.close_resolved_tickets() == {"done": 0, "skipped": 0}

    for ticket in due:
        ticket.refresh_from_db()
        assert ticket.phase == Phase.CLOSED
        assert ticket.events.filter(kind="closed").count() == 1
    late.refresh_from_db()
    assert late.phase == Phase.RESOLVED


@pytest.mark.req("CTI-32")
def test_close_resolved_command(
    clock: Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    make_ticket(phase=Phase.RESOLVED)
    clock.shift(timedelta(days=8))

    call_command("helpdesk_close_resolved")

    assert capsys.readouterr().out == "1 closed, 0 left open.\n"


@pytest.mark.req("REL-58")
def test_release_expired_locks(clock: Traveller) -> None:
    ticket = make_ticket(locked_by=make_agent())
    clock.shift(timedelta(days=2))

    assert tasks.release_expired_locks() == {"done": 1, "skipped": 0}

    ticket.refresh_from_db()
    assert ticket.locked_by is None


def test_a_job_that_raises_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(**kwargs: object) -> None:
        raise RuntimeError("no database today")

    monkeypatch.setattr(tasks.delivery, "due_notifications", explode)

    with pytest.raises(RuntimeError):
        tasks.sweep_notifications()

    run = JobRun.objects.get(job="sweep_notifications")
    assert run.outcome == JobOutcome.FAILED
    assert "no database today" in run.error


def test_old_runs_are_forgotten() -> None:
    long_ago = timezone.now() - tasks.KEEP_RUNS_FOR - timedelta(days=1)
    JobRun.objects.create(job="sweep_notifications", started_at=long_ago)

    tasks.sweep_notifications()

    assert JobRun.objects.filter(job="sweep_notifications").count() == 1


@pytest.mark.req("CTI-32", "REL-37")
def test_schedules_are_created_once_and_never_overwritten() -> None:
    schedules = Schedule.objects.filter(func__startswith="wagtail_helpdesk.")
    assert schedules.count() == len(tasks.SCHEDULES)
    hourly = schedules.get(func="wagtail_helpdesk.tasks.close_resolved_tickets")
    assert hourly.schedule_type == Schedule.HOURLY
    hourly.schedule_type = Schedule.DAILY
    hourly.name = "ours now"
    hourly.save()

    assert background.ensure_schedules(tasks.SCHEDULES, using="default") == []
    call_command("migrate", verbosity=0)

    hourly.refresh_from_db()
    assert (hourly.schedule_type, hourly.name) == (Schedule.DAILY, "ours now")
    assert schedules.count() == len(tasks.SCHEDULES)


@pytest.mark.req("CTI-43", "REL-51")
def test_close_resolved_tickets_when_a_reply_comes_between(
    clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = make_ticket(phase=Phase.RESOLVED)
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    make_message(ticket=ticket, body="Still broken.")
    clock.shift(timedelta(seconds=2))

    monkeypatch.setattr(
        type(Ticket.objects.all()),
        "due_for_closure",
        lambda self, now: Ticket.objects.filter(pk=ticket.pk),
    )
    assert tasks.close_resolved_tickets() == {"done": 0, "skipped": 1}

    ticket.refresh_from_db()
    assert ticket.phase == Phase.NEW
