"""Rows without which no desk works: one status for each phase, one queue."""

from django.db import transaction

from wagtail_helpdesk.models import Colour, HelpdeskSettings, Queue, Status
from wagtail_helpdesk.rules.lifecycle import Phase

# In English: nobody reads along when a site migrates, and all of it can be renamed.

_QUEUE = "General"

#: phase -> (name, colour) of the status it begins with (CTI-26).
_STATUSES = {
    Phase.NEW: ("New", Colour.BLUE),
    Phase.OPEN: ("In progress", Colour.TEAL),
    Phase.PENDING: ("Pending", Colour.AMBER),
    Phase.RESOLVED: ("Resolved", Colour.GREEN),
    Phase.CLOSED: ("Closed", Colour.GREY),
}


def _ensure_statuses(using: str) -> None:
    statuses = Status.objects.using(using)
    present = set(statuses.filter(is_default=True).values_list("phase", flat=True))
    for order, (phase, (name, colour)) in enumerate(_STATUSES.items(), start=1):
        if phase not in present:
            statuses.update_or_create(
                name=name,
                defaults={
                    "phase": phase,
                    "colour": colour,
                    "is_default": True,
                    "sort_order": order * 10,
                },
            )


def _ensure_queue(using: str) -> None:
    queues = Queue.objects.using(using)
    if not queues.exists():
        queues.create(name=_QUEUE, slug="general")
    settings = HelpdeskSettings.objects.using(using)
    if not settings.exists():
        settings.create(default_queue=queues.first())


def ensure_default_rows(*, using: str) -> None:
    """Create what is missing; never change what is there (RT-02, CTI-26)."""
    with transaction.atomic(using=using):
        _ensure_statuses(using)
        _ensure_queue(using)
