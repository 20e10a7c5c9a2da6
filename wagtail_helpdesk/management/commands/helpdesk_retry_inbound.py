"""Work again on mails that were held, dropped or given up."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_helpdesk.intake import email
from wagtail_helpdesk.models import InboundEmail, InboundState


class Command(BaseCommand):
    """Put stored mails back and work on them, here and now."""

    help = "Works again on stored mails: those named by key, else all that failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add which mails, and whether guards may hold them again."""
        parser.add_argument("keys", nargs="*", type=int, metavar="KEY")
        parser.add_argument(
            "--state",
            choices=[InboundState.FAILED, InboundState.HELD, InboundState.DROPPED],
            default=InboundState.FAILED,
            help="Without keys: the state of the mails to work on.",
        )
        parser.add_argument(
            "--release",
            action="store_true",
            help="Take mails that a guard has held, such as spam that is none.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work on each and say what became of it."""
        rows = InboundEmail.objects.order_by("received_at", "pk")
        if options["keys"]:
            rows = rows.filter(pk__in=options["keys"])
        else:
            rows = rows.filter(state=options["state"])
        keys = list(rows.values_list("pk", flat=True))
        missing = set(options["keys"]) - set(keys)
        if missing:
            raise CommandError(f"There is no mail {', '.join(map(str, missing))}.")
        for key in keys:
            if email.retry(key, is_released=options["release"]):
                email.process(key)
            row = InboundEmail.objects.get(pk=key)
            self.stdout.write(f"{key}: {row.state} {row.reason}".rstrip())
