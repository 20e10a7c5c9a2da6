"""Internal notes: what agents tell each other."""

from collections.abc import Sequence

from django.utils.translation import gettext

from wagtail_helpdesk.actions.storing import checked_files, checked_text, store_files
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.attachments import IncomingFile
from wagtail_helpdesk.changes import TicketChange, changing
from wagtail_helpdesk.exceptions import ActionNotPermitted, EditNotAllowed
from wagtail_helpdesk.models import BodyFormat, InboundEmail, Ticket
from wagtail_helpdesk.models.notes import (
    InternalNote,
    NoteAttachment,
    NoteKind,
    NoteVersion,
)
from wagtail_helpdesk.rules.event_kinds import EventKind

#: kind -> what the ticket's history says; automatic mail alerts nobody (SEC-17).
_EVENTS = {
    NoteKind.NOTE: EventKind.NOTE_ADDED,
    NoteKind.UNVERIFIED: EventKind.NOTE_ADDED,
    NoteKind.SYSTEM: EventKind.AUTOMATIC_MAIL_RECEIVED,
}


def add_note(
    ticket: Ticket,
    *,
    actor: Actor,
    body: str,
    kind: str = NoteKind.NOTE,
    body_format: str = BodyFormat.MARKDOWN,
    files: Sequence[IncomingFile] = (),
    inbound_email: InboundEmail | None = None,
) -> InternalNote:
    """Add a note that agents alone read; a lock of another is no obstacle (CTI-46).

    :param kind: a value of :class:`NoteKind`; who brings a mail from outside says
        ``"system"`` or ``"unverified"`` and acts as the system.
    :raises ActionNotPermitted: the actor may not write notes here.
    :raises EmptyText: neither words nor files.
    :raises AttachmentRefused: a file is too large or of a blocked kind.
    """
    with changing(ticket, actor=actor, verb="add_note") as change:
        checked = checked_files(files)
        note = InternalNote.objects.create(
            ticket=ticket,
            kind=kind,
            author=actor.user,
            author_name=actor.label,
            body=checked_text(body, has_files=bool(checked)),
            body_format=body_format,
            inbound_email=inbound_email,
            created_at=change.now,
        )
        store_files([NoteAttachment(note=note) for _file in checked], checked)
        change.record(_EVENTS[NoteKind(kind)], note=note.pk)
    return note


def _current(change: TicketChange, note: InternalNote) -> InternalNote:
    current = InternalNote.objects.filter(ticket=change.ticket, pk=note.pk).first()
    if current is None:
        raise ActionNotPermitted(gettext("You may not change this note."))
    if current.deleted_at is not None:
        raise EditNotAllowed(gettext("This note is deleted."))
    return current


def _keep_version(change: TicketChange, note: InternalNote) -> None:
    NoteVersion.objects.create(
        note=note,
        body=note.body,
        editor_label=change.actor.label,
        created_at=change.now,
    )


def edit_note(
    ticket: Ticket, *, actor: Actor, note: InternalNote, body: str
) -> InternalNote:
    """Replace the text of a note, keeping the earlier one; the same does nothing.

    :raises ActionNotPermitted: the actor may not, or it is another ticket's.
    :raises EditNotAllowed: it is deleted.
    :raises EmptyText: neither words nor files are left.
    """
    with changing(ticket, actor=actor, verb="edit_note") as change:
        current = _current(change, note)
        text = checked_text(body, has_files=current.attachments.exists())
        if text != current.body:
            _keep_version(change, current)
            current.body, current.edited_at = text, change.now
            current.save(update_fields=["body", "edited_at"])
            change.record(EventKind.NOTE_EDITED, note=current.pk)
    return current


def delete_note(ticket: Ticket, *, actor: Actor, note: InternalNote) -> InternalNote:
    """Take a note out of the conversation; its words are kept as a version.

    :raises ActionNotPermitted: the actor may not, or it is another ticket's.
    :raises EditNotAllowed: it is deleted already.
    """
    with changing(ticket, actor=actor, verb="delete_note") as change:
        current = _current(change, note)
        _keep_version(change, current)
        current.body = ""
        current.deleted_at, current.deleted_by = change.now, actor.label
        current.save(update_fields=["body", "deleted_at", "deleted_by"])
        change.record(EventKind.NOTE_DELETED, note=current.pk)
    return current
