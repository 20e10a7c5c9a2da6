"""What every test may ask for: the clock, work after the commit, the task queue."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pydoc import locate
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.urls import get_resolver
from django_q.conf import Conf
from django_q.models import OrmQ

Settle = Callable[[], AbstractContextManager[Any]]


_FLUSHING = {"live_server", "transactional_db", "django_db_reset_sequences"}


def _flushes(item: pytest.Item) -> bool:
    """Tell whether a test empties the database instead of rolling back."""
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction", False)
    return is_marked or not _FLUSHING.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that empty the database last, whatever the random order.

    The rows that Wagtail's migrations make, such as its root page, are gone then.
    """
    items.sort(key=_flushes)


def pytest_unconfigure() -> None:
    """Remove the files that this process wrote."""
    if settings.configured:
        shutil.rmtree(settings.SCRATCH_DIR, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def _addresses() -> None:
    """Read the URL patterns by the tests' own settings, before a test changes any."""
    assert get_resolver().url_patterns


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Start each test with an empty cache, as a new process would."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at a Tuesday in March; the test moves it with ``clock.shift``."""
    start = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as traveller:
        yield traveller


@pytest.fixture
def settle(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> Settle:
    """Do what comes after the commit, tasks included, when the block ends.

    ``with settle(): actions.reply(…)`` leaves the mail in ``mail.outbox``. A task
    that raises fails the test.
    """

    def settled() -> AbstractContextManager[Any]:
        return django_capture_on_commit_callbacks(execute=True)

    return settled


class TaskQueue:
    """The queue's rows, worked off when the test says so, or lost."""

    @property
    def names(self) -> list[str]:
        """Return the dotted names of the waiting tasks, oldest first."""
        return [row.task["func"] for row in OrmQ.objects.order_by("pk")]

    def run(self) -> int:
        """Work off every waiting task, those they queue too; return how many."""
        done = 0
        while row := OrmQ.objects.order_by("pk").first():
            task = row.task
            row.delete()
            function = locate(task["func"])
            assert callable(function), f"{task['func']} can't be imported"
            function(*task["args"], **task["kwargs"])
            done += 1
        return done

    def lose(self) -> int:
        """Forget every waiting task, as a queue that crashed would."""
        return OrmQ.objects.all().delete()[0]


@pytest.fixture
def task_queue(monkeypatch: pytest.MonkeyPatch) -> TaskQueue:
    """Queue tasks instead of running them at once, and hand over the queue."""
    monkeypatch.setattr(Conf, "SYNC", False)
    return TaskQueue()
