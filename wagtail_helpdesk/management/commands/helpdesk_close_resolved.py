"""Close what was resolved, for those who use cron instead of django-q2's schedules."""

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_helpdesk.tasks import close_resolved_tickets


class Command(BaseCommand):
    """``manage.py helpdesk_close_resolved``: the hourly job, once, here and now."""

    help = "Close every resolved ticket whose reopen window is over."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the job and print its counts."""
        counts = close_resolved_tickets()
        self.stdout.write(
            f"{counts['done']} closed, {counts['skipped']} left open.",
        )
