"""The only module that knows django-q2: run after commit, keep the schedules.

The queue is a hint. Whatever it loses is found again by the sweeps, which look for
work by its state in the database (SECURITY rule 2).
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

logger = logging.getLogger("wagtail_helpdesk")

_TASKS = "wagtail_helpdesk.tasks"
_NAME_PREFIX = "helpdesk: "


@dataclass(frozen=True)
class ScheduledJob:
    """A row of ``tasks.SCHEDULES``."""

    #: Name of the function in ``tasks``.
    task: str
    #: What administrators read in django-q2's admin.
    name: str
    minutes: int


def _enqueue(task: str, pk: int) -> None:
    """Hand a task to the cluster; a queue that is down costs time, not mail."""
    try:
        async_task(f"{_TASKS}.{task}", pk)
    except (OSError, RuntimeError) as error:
        logger.error("Could not queue %s(%s): %s; the sweep will.", task, pk, error)


def run_after_commit(task: str, pk: int) -> None:
    """Run ``tasks.<task>(pk)`` in the cluster, once the transaction is through."""
    transaction.on_commit(partial(_enqueue, task, pk))


def ensure_schedules(jobs: Iterable[ScheduledJob], *, using: str) -> list[str]:
    """Create the schedules that are missing; leave those that exist as they are.

    Administrators tune a schedule by editing its row, and it stays theirs.

    :returns: the names of those created.
    """
    names = {job.task: _NAME_PREFIX + job.name for job in jobs}
    schedules = Schedule.objects.using(using)
    with transaction.atomic(using=using):
        known = set(
            schedules.filter(
                func__in=[f"{_TASKS}.{task}" for task in names]
            ).values_list("func", flat=True)
        )
        missing = [job for job in jobs if f"{_TASKS}.{job.task}" not in known]
        for job in missing:
            schedules.create(
                name=names[job.task],
                func=f"{_TASKS}.{job.task}",
                schedule_type=Schedule.HOURLY
                if job.minutes == 60
                else Schedule.MINUTES,
                minutes=None if job.minutes == 60 else job.minutes,
                next_run=timezone.now(),
            )
    return [names[job.task] for job in missing]
