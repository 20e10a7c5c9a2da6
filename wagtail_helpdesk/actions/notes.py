"""Internal notes: what agents tell each other."""

from collections.abc import Sequence

from wagtail_helpdesk.actions.storing import checked_files, checked_text, store_files
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.attachments import IncomingFile
from wagtail_helpdesk.changes import changing
from wagtail_helpdesk.models import BodyFormat, InboundEmail, Ticket
from wagtail_helpdesk.models.notes import InternalNote, NoteAttachment, NoteKind
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
