"""Rows without which no desk works."""

import pytest
from django.db import DEFAULT_DB_ALIAS

from wagtail_helpdesk.defaults import ensure_default_rows
from wagtail_helpdesk.models import HelpdeskSettings, Queue, Status
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db


@pytest.mark.req("CTI-26", "RT-02")
def test_after_migrate_there_is_a_desk() -> None:
    names = {status.phase: status.name for status in Status.objects.all()}

    assert names == {
        Phase.NEW: "New",
        Phase.OPEN: "In progress",
        Phase.PENDING: "Pending",
        Phase.RESOLVED: "Resolved",
        Phase.CLOSED: "Closed",
    }
    assert HelpdeskSettings.load().default_queue == Queue.objects.get(name="General")


@pytest.mark.req("CTI-28")
def test_what_administrators_changed_stays() -> None:
    Status.objects.filter(phase=Phase.NEW).update(name="Fresh")
    Queue.objects.update(name="Front desk")
    HelpdeskSettings.objects.update(default_queue=None)

    ensure_default_rows(using=DEFAULT_DB_ALIAS)

    assert Status.objects.default_of(Phase.NEW).name == "Fresh"
    assert [queue.name for queue in Queue.objects.all()] == ["Front desk"]
    assert HelpdeskSettings.load().default_queue is None
