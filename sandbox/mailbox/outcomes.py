"""What the help desk made of a mail."""

from dataclasses import dataclass

from wagtail.admin.admin_url_finder import AdminURLFinder

from sandbox.mailbox.models import Mail
from wagtail_helpdesk.models import InboundEmail


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One mail's fate: the inbox row's state and the ticket it led to."""

    state: str
    label: str
    reason: str
    ticket_label: str
    ticket_url: str


def outcomes_of(mail: Mail) -> list[Outcome]:
    """Return what became of a mail, one row for each address that got it.

    Nothing, if the cluster has not come to it yet.
    """
    if not mail.message_id:
        return []
    rows = InboundEmail.objects.filter(message_id=mail.message_id)
    return [_outcome(row) for row in rows.select_related("ticket").order_by("pk")]


def _outcome(row: InboundEmail) -> Outcome:
    ticket = row.ticket
    url = AdminURLFinder().get_edit_url(ticket) if ticket else ""
    return Outcome(
        state=row.state,
        label=row.get_state_display(),
        reason=row.reason.replace("-", " "),
        ticket_label=str(ticket) if ticket else "",
        ticket_url=url or "",
    )
