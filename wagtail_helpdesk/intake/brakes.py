"""What ends a conversation of machines that do not say what they are (SEC-18)."""

from datetime import datetime, timedelta

from wagtail_helpdesk.models import InboundEmail, InboundState, Ticket

#: Mails that one sender may write to one ticket in an hour and that others are told
#: of. A person in a hurry stays below it; two robots come to it in a minute.
MAILS_AN_HOUR = 10

_HOUR = timedelta(hours=1)


def mails_in_the_last_hour(ticket: Ticket, *, sender: str, now: datetime) -> int:
    """Return how many mails of this sender the ticket has taken in an hour."""
    taken = InboundEmail.objects.filter(
        ticket=ticket,
        from_email=sender,
        state=InboundState.ACCEPTED,
        processed_at__gt=now - _HOUR,
    )
    return taken.count()
