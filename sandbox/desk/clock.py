"""Let things happen in the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone

from sandbox.desk.script import Story


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let Django's clock show this moment, for this process and the time being.

    The demo's history is made by the same actions that agents use. They ask this
    clock, and so each of their rows tells a time that fits the others.
    """
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def beginning_of(story: Story, *, now: datetime) -> datetime:
    """Return when a ticket was opened."""
    if story.days == 0:
        return now - timedelta(minutes=story.minutes)
    midnight = timezone.localtime(now).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return midnight - timedelta(days=story.days) + timedelta(hours=story.at)


def end_of(story: Story, *, now: datetime) -> datetime:
    """Return when the last thing happened to a ticket."""
    hours = sum(step.after for step in story.steps)
    return beginning_of(story, now=now) + timedelta(hours=hours)
