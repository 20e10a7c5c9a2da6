"""What became of a mail, in words that are stored beside it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models import InboundState, Ticket


class Reason(TextChoices):
    """Why a mail ended where it did. A guard's kind is a reason of its own."""

    NEW_TICKET = "new-ticket", _("opened a ticket")
    FOLLOW_UP = "follow-up", _("opened a follow-up of a closed ticket")
    REPLY = "reply", _("added to its ticket")
    NOTE = "note", _("added as an internal note")
    UNVERIFIED = "unverified", _("added as a note, for its sender is not verified")
    NOT_A_PARTICIPANT = (
        "not-a-participant",
        _("opened a ticket of its own, for its sender may not write to the other"),
    )
    SPLIT = "split", _("carried several mails, each kept by itself")
    DUPLICATE = "duplicate", _("came in before")
    NOT_A_MAIL = "not-a-mail", _("carried no mail")
    OWN_ADDRESS = "own-address", _("came from an address of the desk")
    NO_SENDER = "no-sender", _("does not say clearly who wrote it")
    NO_TICKET_FOR_COMMENT = (
        "no-ticket-for-comment",
        _("is meant as an internal note, but for which ticket?"),
    )
    NO_RIGHT = "no-right", _("its sender is no longer an agent with this right")
    NO_QUEUE = "no-queue", _("no queue takes it")
    REFUSED = "refused", _("could not be accepted")
    UNREADABLE = "unreadable", _("could not be read")
    TRIED_TOO_OFTEN = "tried-too-often", _("was tried too often")
    SPAM = "spam", _("was called spam by the provider")
    LOOP = "loop", _("is a mail of this desk, sent back")
    COMPLAINT = "complaint", _("is a complaint about a mail of the desk")
    RECEIPT = "receipt", _("is a receipt")
    BOUNCE = "bounce", _("reports that a mail could not be delivered")
    BOUNCE_SUBJECT = (
        "bounce-subject",
        _("seems to report that a mail could not be delivered"),
    )
    AUTO_REPLY = "auto-reply", _("is an automatic answer")
    OUT_OF_OFFICE = "out-of-office", _("seems to be an out-of-office answer")


@dataclass(frozen=True)
class Outcome:
    """The end of a mail's way."""

    state: InboundState
    reason: str
    ticket: Ticket | None = None
    #: A sentence for administrators, where the reason alone says too little.
    error: str = ""
