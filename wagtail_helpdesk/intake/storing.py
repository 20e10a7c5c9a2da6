"""Keep what came in, before anything looks into it (SECURITY rule 1)."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from wagtail_helpdesk.background import run_after_commit
from wagtail_helpdesk.intake.cleaning import clean_line
from wagtail_helpdesk.intake.incoming import Delivery
from wagtail_helpdesk.models import InboundDoor, InboundEmail

#: Content type of a row that holds one mail as it travels.
RAW_MAIL = "message/rfc822"


class NotStored(OSError):
    """The storage did not keep what it was given: the mail has to come again."""


def store(
    body: bytes,
    *,
    door: InboundDoor,
    provider: str,
    content_type: str,
    meta: dict[str, Any],
    recipient: str = "",
    part_of: InboundEmail | None = None,
    part_number: int = 0,
) -> InboundEmail | None:
    """Keep a call or a mail and have it worked on; None if it is here already.

    Safe under any number of calls at once: the database lets one of them in.

    :param recipient: told apart where one mail is delivered to several addresses.
    :raises OSError: the file could not be written; nothing is kept.
    :raises DatabaseError: the row could not be written; nothing is kept.
    """
    digest = _digest(
        body, recipient=recipient, part_of=part_of, part_number=part_number
    )
    known = InboundEmail.objects.filter(provider=provider, digest=digest)
    if known.exists():
        return None
    row = InboundEmail(
        door=door,
        provider=provider,
        digest=digest,
        size=len(body),
        content_type=content_type[:255],
        request_meta=meta,
        envelope_recipient=clean_line(recipient, limit=320),
        part_of=part_of,
        part_number=part_number,
    )
    is_kept = False
    try:
        row.raw.save("mail", ContentFile(body), save=False)
        if row.raw.size != len(body):
            raise NotStored("The storage kept another number of bytes than given.")
        with transaction.atomic():
            row.save(force_insert=True)
            run_after_commit("process_inbound_email", row.pk)
        is_kept = True
    except IntegrityError:
        if not known.exists():
            raise
        return None
    finally:
        # A full disk leaves half a file behind, a second call a whole one (LF-D5).
        if not is_kept and row.raw.name:
            row.raw.storage.delete(row.raw.name)
    return row


def _digest(
    body: bytes, *, recipient: str, part_of: InboundEmail | None, part_number: int
) -> str:
    digest = hashlib.sha256(body)
    if recipient:
        digest.update(b"\n" + recipient.lower().encode("utf-8", "replace"))
    if part_of is not None:
        digest.update(f"\n{part_of.digest}\n{part_number}".encode())
    return digest.hexdigest()


def read_body(row: InboundEmail) -> bytes:
    """Return what the row keeps, byte for byte.

    :raises OSError: the file is gone, or is not what was written.
    """
    with row.raw.open("rb") as file:
        body: bytes = file.read()
    if len(body) != row.size:
        raise NotStored("The stored file has another size than what came in.")
    return body


def meta_of(delivery: Delivery) -> dict[str, Any]:
    """Return what a door knows of a mail, as a row keeps it."""
    sender = delivery.envelope_sender
    return {
        "envelope_sender": None if sender is None else clean_line(sender),
        "envelope_recipient": clean_line(delivery.envelope_recipient),
        "spam_detected": delivery.spam_detected,
        "spam_score": delivery.spam_score,
    }


def delivery_of(row: InboundEmail) -> Delivery:
    """Return what the door said when the mail came in."""
    meta = row.request_meta
    return Delivery(
        provider=row.provider,
        envelope_sender=meta.get("envelope_sender"),
        envelope_recipient=meta.get("envelope_recipient") or "",
        spam_detected=meta.get("spam_detected"),
        spam_score=meta.get("spam_score"),
    )
