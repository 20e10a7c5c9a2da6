"""Take mail by SMTP and bring it to its receivers, as a mail provider does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from django.db import connection

from sandbox.mailbox import post
from sandbox.mailbox.models import Door
from sandbox.mailbox.post import Sending

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 2.0.0 Delivered"
TRY_AGAIN = "451 4.3.0 The help desk did not take the mail; try again later"


class DeskHandler:
    """Deliver each mail while its sender waits, so that the answer can say how it went.

    A sender who is told to try again later sends the same bytes again; the help desk
    recognises those that it already has.
    """

    def __init__(self, *, site_url: str) -> None:
        self.site_url = site_url

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Answer the client after everybody has got the mail."""
        sending = await asyncio.to_thread(self._deliver, envelope)
        return ACCEPTED if sending.is_accepted else TRY_AGAIN

    def _deliver(self, envelope: Envelope) -> Sending:
        content = envelope.content or b""
        try:
            return post.send(
                content if isinstance(content, bytes) else content.encode(),
                envelope_sender=envelope.mail_from or "",
                recipients=envelope.rcpt_tos,
                door=Door.SMTP,
                site_url=self.site_url,
            )
        finally:
            # Each delivery runs in a thread of the pool, with a connection of its own.
            connection.close()
