"""What a thin line in the conversation says of an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import ActorKind
from wagtail_helpdesk.models import Priority, Queue, TicketEvent
from wagtail_helpdesk.rules.event_kinds import EventKind

#: Kinds that the conversation shows as what was written, not as a line.
SHOWN_AS_TEXT = frozenset(
    {
        EventKind.AGENT_REPLIED,
        EventKind.REQUESTER_REPLIED,
        EventKind.NOTE_ADDED,
        EventKind.AUTOMATIC_MAIL_RECEIVED,
    }
)

#: kind -> what the line says; ``actor`` is always there, the rest is the event's data.
LINES = {
    EventKind.OPENED: _("%(actor)s opened this ticket"),
    EventKind.MESSAGE_EDITED: _("%(actor)s edited a message"),
    EventKind.MESSAGE_DELETED: _("%(actor)s deleted a message"),
    EventKind.NOTE_EDITED: _("%(actor)s edited an internal note"),
    EventKind.NOTE_DELETED: _("%(actor)s deleted an internal note"),
    EventKind.STATUS_CHANGED: _("%(actor)s set the status to %(new)s"),
    EventKind.RESOLVED: _("%(actor)s resolved this ticket"),
    EventKind.REOPENED: _("%(actor)s reopened this ticket"),
    EventKind.CLOSED: _("%(actor)s closed this ticket"),
    EventKind.ASSIGNED: _("%(actor)s assigned it to %(to)s"),
    EventKind.UNASSIGNED: _("%(actor)s removed the assignee"),
    EventKind.LOCKED: _("%(actor)s locked it"),
    EventKind.UNLOCKED: _("%(actor)s unlocked it"),
    EventKind.TAKEN_OVER: _("%(actor)s took over the lock of %(holder)s"),
    EventKind.LOCK_EXPIRED: _("The lock of %(holder)s expired"),
    EventKind.MOVED: _("%(actor)s moved it from %(old)s to %(new)s"),
    EventKind.RENAMED: _("%(actor)s changed the subject, which was “%(old)s”"),
    EventKind.PRIORITY_CHANGED: _("%(actor)s set the priority to %(new)s"),
    EventKind.TAGS_CHANGED: _("%(actor)s changed the tags: %(tags)s"),
    EventKind.REQUESTER_CHANGED: _(
        "%(actor)s made %(new)s the requester, who was %(old)s"
    ),
    EventKind.LINKED: _("%(actor)s linked it with %(other)s"),
    EventKind.UNLINKED: _("%(actor)s removed the link with %(other)s"),
    EventKind.PARTICIPANT_ADDED: _("%(actor)s added %(name)s"),
    EventKind.PARTICIPANT_REMOVED: _("%(actor)s removed %(name)s"),
    EventKind.DELIVERY_FAILED: _("A mail to %(email)s could not be delivered"),
}

#: What an event may lack that was written by an earlier version.
_UNKNOWN: dict[str, Any] = dict.fromkeys(
    ("to", "old", "new", "holder", "name", "email", "other", "tags"), "…"
)

#: kind -> icon; every line has one, so that the sentences begin at one edge.
ICONS = {
    EventKind.OPENED: "plus",
    EventKind.STATUS_CHANGED: "arrow-right",
    EventKind.MESSAGE_EDITED: "edit",
    EventKind.MESSAGE_DELETED: "bin",
    EventKind.NOTE_EDITED: "edit",
    EventKind.NOTE_DELETED: "bin",
    EventKind.RESOLVED: "check",
    EventKind.REOPENED: "rotate",
    EventKind.CLOSED: "check",
    EventKind.ASSIGNED: "user",
    EventKind.UNASSIGNED: "user",
    EventKind.LOCKED: "lock",
    EventKind.UNLOCKED: "lock-open",
    EventKind.TAKEN_OVER: "lock",
    EventKind.LOCK_EXPIRED: "lock-open",
    EventKind.MOVED: "folder-open-inverse",
    EventKind.RENAMED: "edit",
    EventKind.PRIORITY_CHANGED: "order",
    EventKind.TAGS_CHANGED: "tag",
    EventKind.REQUESTER_CHANGED: "user",
    EventKind.LINKED: "link",
    EventKind.UNLINKED: "link",
    EventKind.PARTICIPANT_ADDED: "group",
    EventKind.PARTICIPANT_REMOVED: "group",
    EventKind.DELIVERY_FAILED: "warning",
}


@dataclass(frozen=True)
class Viewer:
    """What the one who reads may know of other tickets and queues (SEC-53)."""

    #: Numbers of the tickets named in the events that exist for the viewer.
    tickets: frozenset[int]
    #: Names of the queues that don't.
    hidden_queues: frozenset[str]

    def ticket(self, number: object) -> str:
        """Return how another ticket is named in front of the viewer."""
        if number in self.tickets:
            return f"#{number}"
        return gettext("another ticket")

    def queue(self, name: object) -> str:
        """Return how a queue is named in front of the viewer."""
        if str(name) in self.hidden_queues:
            return gettext("another queue")
        return str(name)


def viewer_of(user: Any, events: Sequence[TicketEvent]) -> Viewer:
    """Return what this user may know; asks nothing if no event names anything."""
    data = [event.data for event in events]
    others = {
        number
        for entry in data
        for number in (entry.get("other"), entry.get("follow_up_of"))
        if isinstance(number, int)
    }
    seen: set[int] = set()
    if others:
        tickets = permissions.visible_tickets(user).filter(pk__in=others)
        seen = set(tickets.values_list("pk", flat=True))
    hidden: set[str] = set()
    if any(event.kind == EventKind.MOVED for event in events):
        visible = permissions.visible_queues(user).values("pk")
        hidden = set(
            Queue.objects.exclude(pk__in=visible).values_list("name", flat=True)
        )
    return Viewer(tickets=frozenset(seen), hidden_queues=frozenset(hidden))


def is_line(event: TicketEvent) -> bool:
    """Tell whether the event is shown as a line of its own."""
    if event.kind == EventKind.OPENED:
        is_by_agent = event.actor_kind == ActorKind.AGENT
        return is_by_agent or "follow_up_of" in event.data
    return event.kind in LINES and event.kind not in SHOWN_AS_TEXT


def _tags(data: dict[str, Any]) -> str:
    added = [f"+{name}" for name in data.get("added", ())]
    removed = [f"−{name}" for name in data.get("removed", ())]
    return ", ".join([*added, *removed])


def line_of(event: TicketEvent, *, viewer: Viewer) -> str:
    """Return the sentence for one event, in the reader's language."""
    data = event.data
    kind = EventKind(event.kind)
    words = {**_UNKNOWN, **data, "actor": event.actor_label}
    if kind == EventKind.MOVED:
        words |= {
            "old": viewer.queue(words["old"]),
            "new": viewer.queue(words["new"]),
        }
    if kind == EventKind.PRIORITY_CHANGED:
        words["new"] = dict(Priority.choices).get(words["new"], words["new"])
    if kind == EventKind.TAGS_CHANGED:
        words["tags"] = _tags(data)
    if kind in {EventKind.LINKED, EventKind.UNLINKED}:
        words["other"] = viewer.ticket(words["other"])
    if kind == EventKind.OPENED and "follow_up_of" in data:
        return gettext("This is the follow-up of %(other)s") % {
            "other": viewer.ticket(data["follow_up_of"])
        }
    if kind == EventKind.ASSIGNED and words["to"] == event.actor_label:
        return gettext("%(actor)s became the assignee") % words
    return str(LINES[kind]) % words
