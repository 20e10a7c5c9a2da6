"""Every kind of thing that happens to a ticket."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventKind(TextChoices):
    """What a :class:`TicketEvent` says; the alerts speak of these."""

    OPENED = "opened", _("opened")
    AGENT_REPLIED = "agent_replied", _("agent replied")
    REQUESTER_REPLIED = "requester_replied", _("requester replied")
    NOTE_ADDED = "note_added", _("internal note added")
    AUTOMATIC_MAIL_RECEIVED = "automatic_mail_received", _("automatic mail received")
    MESSAGE_EDITED = "message_edited", _("message edited")
    MESSAGE_DELETED = "message_deleted", _("message deleted")
    NOTE_EDITED = "note_edited", _("internal note edited")
    NOTE_DELETED = "note_deleted", _("internal note deleted")
    STATUS_CHANGED = "status_changed", _("status changed")
    RESOLVED = "resolved", _("resolved")
    REOPENED = "reopened", _("reopened")
    CLOSED = "closed", _("closed")
    ASSIGNED = "assigned", _("assigned")
    UNASSIGNED = "unassigned", _("unassigned")
    LOCKED = "locked", _("locked")
    UNLOCKED = "unlocked", _("unlocked")
    TAKEN_OVER = "taken_over", _("lock taken over")
    LOCK_EXPIRED = "lock_expired", _("lock expired")
    MOVED = "moved", _("moved to another queue")
    RENAMED = "renamed", _("subject changed")
    PRIORITY_CHANGED = "priority_changed", _("priority changed")
    TAGS_CHANGED = "tags_changed", _("tags changed")
    REQUESTER_CHANGED = "requester_changed", _("requester changed")
    LINKED = "linked", _("linked")
    UNLINKED = "unlinked", _("unlinked")
    PARTICIPANT_ADDED = "participant_added", _("participant added")
    PARTICIPANT_REMOVED = "participant_removed", _("participant removed")
    DELIVERY_FAILED = "delivery_failed", _("mail not delivered")


#: Kinds after which the ticket still counts as untouched in "last updated".
LEAVES_UPDATED_AT = frozenset(
    {
        EventKind.LOCKED,
        EventKind.UNLOCKED,
        EventKind.TAKEN_OVER,
        EventKind.LOCK_EXPIRED,
        EventKind.AUTOMATIC_MAIL_RECEIVED,
        EventKind.DELIVERY_FAILED,
    }
)

#: Kinds that Wagtail's own log of the site is told, too; each costs three queries.
LOGGED = frozenset(
    {
        EventKind.OPENED,
        EventKind.MOVED,
        EventKind.RESOLVED,
        EventKind.CLOSED,
        EventKind.MESSAGE_EDITED,
        EventKind.MESSAGE_DELETED,
    }
)


def event_kind_choices() -> list[tuple[str, Any]]:
    """Return the choices of a model field, so that a new kind makes no migration."""
    return EventKind.choices
