"""What can be sent: occasion -> audience -> template, as one table."""

from dataclasses import dataclass
from functools import cache

from wagtail import hooks

from wagtail_helpdesk.notifications import audiences
from wagtail_helpdesk.notifications.audiences import Audience
from wagtail_helpdesk.rules.event_kinds import EventKind


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A row: of those that match one change, a person gets the first (OST-15)."""

    #: Also the name of the templates in ``wagtail_helpdesk/notifications/``.
    name: str
    occasion: EventKind
    audience: Audience
    #: True if agents read it: links lead to the admin, an answer may stay internal.
    for_agents: bool = False
    #: True if an answer by mail becomes an internal note, not a reply (SEC-101).
    is_internal: bool = False
    #: False only where a person's own words are passed on (RFC 3834, SEC-19).
    is_automatic: bool = True
    #: True if the actor is told too, as with a receipt (OST-16 is for the others).
    tells_actor: bool = False
    #: At most so many to one address in an hour (SEC-18); None: no limit.
    hourly_limit: int | None = None


ALERTS: list[Alert] = [
    # To requesters. An answer goes first: its mail also tells the new status.
    Alert(
        name="agent_replied",
        occasion=EventKind.AGENT_REPLIED,
        audience=audiences.requester_and_copied,
        is_automatic=False,
    ),
    Alert(
        name="resolved",
        occasion=EventKind.RESOLVED,
        audience=audiences.requester,
    ),
    Alert(
        name="ticket_received",
        occasion=EventKind.OPENED,
        audience=audiences.requester,
        tells_actor=True,
        hourly_limit=3,
    ),
    Alert(
        name="requester_replied_to_copied",
        occasion=EventKind.REQUESTER_REPLIED,
        audience=audiences.requester_and_copied,
        is_automatic=False,
    ),
    # To agents.
    Alert(
        name="assigned",
        occasion=EventKind.ASSIGNED,
        audience=audiences.assigned,
        for_agents=True,
    ),
    Alert(
        name="ticket_opened",
        occasion=EventKind.OPENED,
        audience=audiences.queue_watchers,
        for_agents=True,
    ),
    Alert(
        name="reopened",
        occasion=EventKind.REOPENED,
        audience=audiences.assigned,
        for_agents=True,
    ),
    Alert(
        name="requester_replied",
        occasion=EventKind.REQUESTER_REPLIED,
        audience=audiences.working_agents,
        for_agents=True,
    ),
    Alert(
        name="requester_replied",
        occasion=EventKind.REQUESTER_REPLIED,
        audience=audiences.watching_agents,
        for_agents=True,
    ),
    Alert(
        name="colleague_replied",
        occasion=EventKind.AGENT_REPLIED,
        audience=audiences.respondents,
        for_agents=True,
    ),
    Alert(
        name="colleague_replied",
        occasion=EventKind.AGENT_REPLIED,
        audience=audiences.watching_agents,
        for_agents=True,
    ),
    Alert(
        name="note_added",
        occasion=EventKind.NOTE_ADDED,
        audience=audiences.last_respondent,
        for_agents=True,
        is_internal=True,
    ),
    Alert(
        name="moved",
        occasion=EventKind.MOVED,
        audience=audiences.queue_watchers,
        for_agents=True,
    ),
    Alert(
        name="delivery_failed",
        occasion=EventKind.DELIVERY_FAILED,
        audience=audiences.working_agents,
        for_agents=True,
        is_internal=True,
    ),
]

#: Kinds of events after which nobody is mailed.
SILENT = frozenset(
    {
        EventKind.AUTOMATIC_MAIL_RECEIVED,
        EventKind.MESSAGE_EDITED,
        EventKind.MESSAGE_DELETED,
        EventKind.NOTE_EDITED,
        EventKind.NOTE_DELETED,
        EventKind.STATUS_CHANGED,
        EventKind.CLOSED,
        EventKind.UNASSIGNED,
        EventKind.LOCKED,
        EventKind.UNLOCKED,
        EventKind.TAKEN_OVER,
        EventKind.LOCK_EXPIRED,
        EventKind.RENAMED,
        EventKind.PRIORITY_CHANGED,
        EventKind.TAGS_CHANGED,
        EventKind.REQUESTER_CHANGED,
        EventKind.LINKED,
        EventKind.UNLINKED,
        EventKind.PARTICIPANT_ADDED,
        EventKind.PARTICIPANT_REMOVED,
    }
)


@cache
def get_alerts() -> tuple[Alert, ...]:
    """Return the rows, after the hook ``construct_helpdesk_alerts(alerts)``."""
    alerts = list(ALERTS)
    for construct in hooks.get_hooks("construct_helpdesk_alerts"):
        construct(alerts)
    return tuple(alerts)


def get_alert(name: str) -> Alert | None:
    """Return the first row of that name; None if a hook has taken it away since."""
    return next((alert for alert in get_alerts() if alert.name == name), None)
