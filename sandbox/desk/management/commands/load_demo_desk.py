"""Fill the sandbox: pages, queues, people, forty tickets."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from sandbox.desk.organisation import ensure_organisation
from sandbox.desk.pages import ensure_pages
from sandbox.desk.stories import STORIES
from sandbox.desk.telling import Teller
from wagtail_helpdesk.models import Queue, Requester, Status, Ticket
from wagtail_helpdesk.rules.lifecycle import Phase

#: The first ticket gets the next number.
_NUMBER_BEFORE_FIRST = 1000


class Command(BaseCommand):
    """Load the demo desk; what is there already stays as it is."""

    help = "Loads the demo: a site, a help desk with people, and forty tickets."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all or nothing."""
        is_new = not Ticket.objects.exists()
        last_task = OrmQ.objects.order_by("pk").last()
        with transaction.atomic():
            ensure_organisation()
            ensure_pages()
            if is_new:
                _begin_numbers()
                Teller(now=timezone.now()).tell(STORIES)
        # Everything was worked on here; the queue need not look at it once more.
        OrmQ.objects.filter(pk__gt=last_task.pk if last_task else 0).delete()
        phases = Counter(Ticket.objects.values_list("phase", flat=True))
        counts = ", ".join(f"{phases[phase]} {phase.label}" for phase in Phase)
        done = "Loaded" if is_new else "Already there:"
        self.stdout.write(f"{done} {phases.total()} tickets ({counts}).")


def _begin_numbers() -> None:
    """Let numbers have four digits, as those of a desk that has been open for long."""
    placeholder = Ticket(
        pk=_NUMBER_BEFORE_FIRST,
        subject="Placeholder",
        queue=Queue.objects.earliest("pk"),
        requester=Requester.objects.earliest("pk"),
        status=Status.objects.default_of(Phase.NEW),
        phase=Phase.NEW,
    )
    placeholder.save(force_insert=True)
    placeholder.delete()
