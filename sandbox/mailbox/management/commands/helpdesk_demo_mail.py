"""Send mail to the demo's help desk from the command line, or take it by SMTP."""

import mimetypes
import signal
import sys
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sandbox.mailbox import post
from sandbox.mailbox.composing import Draft, File, bare_addresses, write
from sandbox.mailbox.models import Door
from sandbox.mailbox.quoting import MailProgram
from sandbox.mailbox.reading import read
from sandbox.mailbox.smtp import DeskHandler

try:
    from aiosmtpd.controller import Controller
except ImportError:
    Controller = None


class Command(BaseCommand):
    """Play the mail provider: every mail for the desk is a call of its webhook."""

    help = (
        "Sends a mail to the running demo through its real inbound webhook: a given "
        ".eml file, one made of the options, or, with --listen, whatever a mail "
        "program sends to that port."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the options."""
        parser.add_argument("file", nargs="?", help="a mail (.eml); - reads the input")
        parser.add_argument("--from", dest="sender", metavar="ADDRESS")
        parser.add_argument("--to", action="append", default=[], metavar="ADDRESS")
        parser.add_argument("--subject", default="A question")
        parser.add_argument("--body", default="Hello,\n\nhow do I make tea?\n")
        parser.add_argument("--attach", action="append", default=[], metavar="FILE")
        parser.add_argument(
            "--url", default=settings.SITE_URL, help="the site (%(default)s)"
        )
        parser.add_argument(
            "--listen", type=int, metavar="PORT", help="take mail by SMTP on 127.0.0.1"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen, or send one mail."""
        if options["listen"]:
            self._listen(port=options["listen"], site_url=options["url"])
            return
        raw = self._raw(options)
        mail = read(raw)
        sender = mail.addresses("Return-Path") or [mail.sender]
        recipients = bare_addresses(*options["to"]) if options["file"] else []
        recipients = recipients or [a for _, a in mail.addresses("To", "Cc")]
        if not recipients:
            raise CommandError("The mail names no receiver; give one with --to.")
        sending = post.send(
            raw,
            envelope_sender=bare_addresses(options["sender"] or sender[0][1])[0],
            recipients=recipients,
            door=Door.COMMAND,
            site_url=options["url"],
        )
        for delivery in sending.deliveries:
            code = delivery.status_code or "no answer"
            self.stdout.write(f"{delivery.recipient}: {code} {delivery.answer}")
        if not sending.is_accepted:
            raise CommandError("The help desk did not take the mail.")
        if not sending.deliveries:
            self.stdout.write("Laid into the mailbox; none of it was for the desk.")

    def _raw(self, options: dict[str, Any]) -> bytes:
        """Return the given mail, or one made of the options."""
        if options["file"] == "-":
            return sys.stdin.buffer.read()
        if options["file"]:
            return _content(options["file"])
        draft = Draft(
            sender=options["sender"] or "Mara Lindqvist <mara.lindqvist@post.example>",
            to=", ".join(options["to"]) or f"help@{settings.DESK_DOMAIN}",
            subject=options["subject"],
            body=options["body"].strip(),
            program=MailProgram.THUNDERBIRD,
            files=tuple(_file(name) for name in options["attach"]),
        )
        return write(draft, now=timezone.now()).as_bytes()

    def _listen(self, *, port: int, site_url: str) -> None:
        """Take mail until Ctrl-C or SIGTERM."""
        if Controller is None:
            raise CommandError('Listening needs the extra: pip install ".[demo]"')
        controller = Controller(
            DeskHandler(site_url=site_url), hostname="127.0.0.1", port=port
        )
        stopped = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *args: stopped.set())
        try:
            controller.start()
        except OSError as error:
            raise CommandError(f"Can't listen on port {port}: {error}") from error
        self.stdout.write(f"Listening on 127.0.0.1:{port}, delivering to {site_url}.")
        stopped.wait()
        controller.stop()


def _file(name: str) -> File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(name=Path(name).name, content_type=kind, content=_content(name))


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"Can't read {name}: {error.strerror}.") from error
