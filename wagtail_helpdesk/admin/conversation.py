"""The conversation of a ticket: messages, notes and events in order of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import ActorKind
from wagtail_helpdesk.admin import event_lines
from wagtail_helpdesk.attachments import INLINE_TYPES
from wagtail_helpdesk.markup import render_body, render_markdown, render_text
from wagtail_helpdesk.models import (
    AbstractAttachment,
    Message,
    Resolution,
    Ticket,
    TicketEvent,
)
from wagtail_helpdesk.models.notes import InternalNote, NoteKind
from wagtail_helpdesk.rules.event_kinds import EventKind

#: Messages and notes on one page; earlier ones are behind a link.
PAGE_SIZE = 200
#: Pictures up to so many bytes are shown in place.
LARGEST_PREVIEW = 2 * 1024 * 1024

#: Order of what happened at the same instant: an event follows what caused it.
_MESSAGE, _NOTE, _EVENT = 0, 1, 2

Key = tuple[datetime, int, int]


@dataclass(frozen=True)
class ShownFile:
    """A file as the conversation shows it."""

    attachment: AbstractAttachment
    url_name: str
    is_picture: bool


@dataclass(frozen=True)
class ShownVersion:
    """A text as it stood until somebody replaced it."""

    editor: str
    replaced_at: datetime
    body: str


@dataclass(frozen=True)
class Entry:
    """One thing in the conversation."""

    #: ``"message"``, ``"note"`` or ``"event"``: which template draws it.
    kind: str
    key: Key
    created_at: datetime
    anchor: str
    author: str
    #: HTML, cleaned by ``markup``.
    body: str = ""
    #: What followed the new part of a mail: quoted text, signature.
    quoted: str = ""
    files: Sequence[ShownFile] = ()
    is_from_agent: bool = False
    label: str = ""
    icon: str = ""
    #: "Edited", "Deleted by Ana", or nothing.
    state: str = ""
    #: Earlier texts, oldest first.
    versions: Sequence["ShownVersion"] = ()
    #: Where it is edited and deleted; empty if this user may not.
    edit_url: str = ""
    delete_url: str = ""


@dataclass(frozen=True)
class Day:
    """The entries of one day."""

    date: date
    entries: list[Entry]


@dataclass(frozen=True)
class Conversation:
    """A page of the conversation, oldest first."""

    days: list[Day]
    #: What ``?before=`` takes to show what came before; empty if nothing did.
    earlier: str
    #: True if this page is not the end of it.
    has_later: bool


def _files(attachments: Iterable[AbstractAttachment], url_name: str) -> list[ShownFile]:
    return [
        ShownFile(
            attachment=attachment,
            url_name=f"wagtail_helpdesk_tickets:{url_name}",
            is_picture=attachment.content_type in INLINE_TYPES
            and attachment.size <= LARGEST_PREVIEW,
        )
        for attachment in attachments
    ]


def _quoted(message: Message) -> str:
    """Return the rest of a mail, after the words that are new (WT-13)."""
    if not message.body_full:
        return ""
    whole = message.body_full.strip()
    new = message.body.strip()
    rest = whole.removeprefix(new).strip() if new else whole
    return render_text(rest) if rest else ""


def _state(row: Message | InternalNote) -> str:
    if row.deleted_at is not None:
        return gettext("Deleted by %(name)s") % {"name": row.deleted_by}
    return gettext("Edited") if row.edited_at is not None else ""


def _is_changed(row: Message | InternalNote) -> bool:
    return row.edited_at is not None or row.deleted_at is not None


def _versions(row: Message | InternalNote) -> list[ShownVersion]:
    if not _is_changed(row):
        return []
    return [
        ShownVersion(
            editor=version.editor_label,
            replaced_at=version.created_at,
            body=render_body(version.body, body_format=row.body_format),
        )
        for version in row.versions.all()
    ]


def _urls(row: Message | InternalNote, kind: str, *, user: Any) -> dict[str, str]:
    """Return where the entry is edited and deleted, as far as this user may."""
    if row.deleted_at is not None:
        return {}
    return {
        f"{operation}_url": reverse(
            "wagtail_helpdesk_tickets:entry",
            args=[row.ticket_id, kind, row.pk, operation],
        )
        for operation in ("edit", "delete")
        if permissions.may(user, f"{operation}_{kind}", row.ticket)
    }


def _message_entry(message: Message, *, user: Any) -> Entry:
    is_deleted = message.deleted_at is not None
    return Entry(
        **_urls(message, "message", user=user),
        state=_state(message),
        versions=_versions(message),
        kind="message",
        key=(message.created_at, _MESSAGE, message.pk),
        created_at=message.created_at,
        anchor=f"message-{message.pk}",
        author=message.author_name,
        body=render_body(message.body, body_format=message.body_format),
        quoted=_quoted(message),
        files=() if is_deleted else _files(message.attachments.all(), "attachment"),
        is_from_agent=message.is_from_agent,
    )


def _note_entry(note: InternalNote, *, user: Any) -> Entry:
    is_deleted = note.deleted_at is not None
    return Entry(
        **_urls(note, "note", user=user),
        state=_state(note),
        versions=_versions(note),
        kind="note",
        key=(note.created_at, _NOTE, note.pk),
        created_at=note.created_at,
        anchor=f"note-{note.pk}",
        author=note.author_name,
        body=render_body(note.body, body_format=note.body_format),
        files=() if is_deleted else _files(note.attachments.all(), "note_attachment"),
        is_from_agent=note.author_id is not None,
        label="" if note.kind == NoteKind.NOTE else note.get_kind_display(),
    )


def _event_entry(
    event: TicketEvent,
    *,
    viewer: event_lines.Viewer,
    resolutions: dict[int, Resolution],
) -> Entry:
    resolution = resolutions.get(event.data.get("resolution", 0))
    notes = resolution.notes if resolution else ""
    return Entry(
        kind="event",
        key=(event.created_at, _EVENT, event.pk),
        created_at=event.created_at,
        anchor=f"event-{event.pk}",
        author=event.actor_label,
        body=render_markdown(notes) if notes else "",
        label=event_lines.line_of(event, viewer=viewer),
        icon=event_lines.ICONS[EventKind(event.kind)],
        is_from_agent=event.actor_kind == ActorKind.AGENT,
    )


def _until(cursor: Key | None, rank: int) -> Q:
    """Return the condition for rows of this rank that come before the cursor."""
    if cursor is None:
        return Q()
    instant, cursor_rank, pk = cursor
    before = Q(created_at__lt=instant)
    if rank < cursor_rank:
        return before | Q(created_at=instant)
    if rank == cursor_rank:
        return before | Q(created_at=instant, pk__lt=pk)
    return before


def _cursor(ticket: Ticket, before: str) -> Key | None:
    """Return the key of the entry that ``?before=`` names, of this ticket only."""
    kind, _dash, number = before.partition("-")
    if kind not in {"message", "note"} or not number.isdecimal() or len(number) > 18:
        return None
    row: Message | InternalNote | None
    if kind == "message":
        row, rank = ticket.messages.filter(pk=int(number)).first(), _MESSAGE
    else:
        notes = InternalNote.objects.filter(ticket=ticket, pk=int(number))
        row, rank = notes.first(), _NOTE
    return (row.created_at, rank, row.pk) if row else None


def _written(ticket: Ticket, *, user: Any, cursor: Key | None) -> list[Entry]:
    """Return the last messages and notes before the cursor, one more than a page."""
    messages = (
        ticket.messages.filter(_until(cursor, _MESSAGE))
        .order_by("-created_at", "-pk")
        .prefetch_related("attachments")
    )
    notes = (
        InternalNote.objects.filter(_until(cursor, _NOTE), ticket=ticket)
        .order_by("-created_at", "-pk")
        .prefetch_related("attachments")
    )
    rows: list[tuple[Key, Message | InternalNote]] = [
        ((row.created_at, _MESSAGE, row.pk), row) for row in messages[: PAGE_SIZE + 1]
    ]
    rows += [((row.created_at, _NOTE, row.pk), row) for row in notes[: PAGE_SIZE + 1]]
    rows.sort(key=lambda pair: pair[0])
    entries = []
    page = [row for _key, row in rows[-PAGE_SIZE - 1 :]]
    for kind in (Message, InternalNote):
        changed = [row for row in page if isinstance(row, kind) and _is_changed(row)]
        prefetch_related_objects(changed, "versions")
    for row in page:
        row.ticket = ticket
        if isinstance(row, Message):
            entries.append(_message_entry(row, user=user))
        else:
            entries.append(_note_entry(row, user=user))
    return entries


def _events(
    ticket: Ticket,
    *,
    user: Any,
    since: Key | None,
    cursor: Key | None,
    resolutions: Sequence[Resolution],
) -> list[Entry]:
    events = ticket.events.filter(_until(cursor, _EVENT))
    if since is not None:
        events = events.filter(created_at__gte=since[0])
    shown = [event for event in events if event_lines.is_line(event)]
    viewer = event_lines.viewer_of(user, shown)
    by_pk = {resolution.pk: resolution for resolution in resolutions}
    return [_event_entry(event, viewer=viewer, resolutions=by_pk) for event in shown]


def _by_day(entries: Iterable[Entry]) -> list[Day]:
    days: list[Day] = []
    for entry in entries:
        day = timezone.localdate(entry.created_at)
        if not days or days[-1].date != day:
            days.append(Day(date=day, entries=[]))
        days[-1].entries.append(entry)
    return days


def read_conversation(
    ticket: Ticket, *, user: Any, resolutions: Sequence[Resolution], before: str = ""
) -> Conversation:
    """Return a page of the conversation, as this user may read it.

    Takes the same few queries whatever its length.

    :param before: ``"message-12"`` or ``"note-3"``: what the page ends before.
    """
    cursor = _cursor(ticket, before)
    written = _written(ticket, user=user, cursor=cursor)
    has_earlier = len(written) > PAGE_SIZE
    written = written[-PAGE_SIZE:]
    events = _events(
        ticket,
        user=user,
        since=written[0].key if has_earlier else None,
        cursor=cursor,
        resolutions=resolutions,
    )
    entries = sorted([*written, *events], key=lambda entry: entry.key)
    return Conversation(
        days=_by_day(entries),
        earlier=written[0].anchor if has_earlier else "",
        has_later=cursor is not None,
    )
