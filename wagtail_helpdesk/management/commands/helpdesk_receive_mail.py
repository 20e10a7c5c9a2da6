"""Take one mail from standard input, as Postfix and procmail hand it over."""

import logging
import sys
from argparse import ArgumentParser
from os import EX_TEMPFAIL
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.intake.email import receive_raw

logger = logging.getLogger("wagtail_helpdesk")


class Command(BaseCommand):
    """Store a mail; exit with 0 if it is stored, with 75 if it has to come again."""

    help = (
        "Stores one mail from standard input. Exit status 0: stored; 75: not stored, "
        "the mail server is to keep it and try again."
    )
    # A warning about a setting is no reason to refuse mail.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what the mail server knows and the mail does not say."""
        parser.add_argument(
            "--recipient", default="", help="The address it was delivered to."
        )
        parser.add_argument(
            "--sender", default=None, help='The address in MAIL FROM; "" if it is null.'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, store, say so."""
        is_stored = False
        try:
            limit = get_conf().max_inbound_bytes
            raw = sys.stdin.buffer.read(limit + 1)
            if raw.strip() and len(raw) <= limit:
                receive_raw(
                    raw, recipient=options["recipient"], sender=options["sender"]
                )
                is_stored = True
        finally:
            # Whatever went wrong: any other status makes Postfix bounce the mail.
            if not is_stored:
                # To the log alone: what is printed stands in the bounce one day.
                reason = sys.exception() or "It is empty or too large."
                logger.error("A piped mail was not stored: %r", reason)
                raise CommandError("The mail was not stored.", returncode=EX_TEMPFAIL)
        if options["verbosity"] > 1:
            self.stdout.write("Stored.")
