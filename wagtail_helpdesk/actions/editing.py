"""Editing and deleting what was written; every earlier text is kept (CTI-53 … 56)."""

from django.utils.translation import gettext

from wagtail_helpdesk.actions.storing import checked_text
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.changes import TicketChange, changing
from wagtail_helpdesk.exceptions import ActionNotPermitted, EditNotAllowed
from wagtail_helpdesk.models import Message, MessageVersion, Ticket
from wagtail_helpdesk.rules.deadlines import may_still_edit
from wagtail_helpdesk.rules.event_kinds import EventKind


def _own_message(change: TicketChange, message: Message) -> Message:
    """Return the message as it stands now, if the actor may change it.

    :raises ActionNotPermitted: it is another ticket's, or not the requester's own.
    :raises EditNotAllowed: it is deleted, or the requester's time is over.
    """
    current = change.ticket.messages.filter(pk=message.pk).first()
    actor = change.actor
    is_foreign = current is not None and (
        actor.is_requester and current.requester != actor.requester
    )
    if current is None or is_foreign:
        raise ActionNotPermitted(gettext("You may not change this message."))
    if current.deleted_at is not None:
        raise EditNotAllowed(gettext("This message is deleted."))
    if actor.is_requester and not may_still_edit(current.created_at, now=change.now):
        raise EditNotAllowed(
            gettext("A message can be changed for 15 minutes only. Write a new one.")
        )
    return current


def _keep_version(change: TicketChange, message: Message) -> None:
    MessageVersion.objects.create(
        message=message,
        body=message.body_full or message.body,
        editor_label=change.actor.label,
        created_at=change.now,
    )


def edit_message(
    ticket: Ticket, *, actor: Actor, message: Message, body: str
) -> Message:
    """Replace the text of a message; does nothing if it is the same.

    Agents may at any time, requesters their own for 15 minutes (CTI-53, CTI-54).
    A mail that was sent stays as it was.

    :raises ActionNotPermitted: it is not the actor's to change.
    :raises EditNotAllowed: it is deleted, or the requester's time is over.
    :raises EmptyText: neither words nor files are left.
    """
    with changing(ticket, actor=actor, verb="edit_message") as change:
        current = _own_message(change, message)
        text = checked_text(body, has_files=current.attachments.exists())
        if text != current.body:
            _keep_version(change, current)
            current.body, current.body_full = text, ""
            current.edited_at = change.now
            current.save(update_fields=["body", "body_full", "edited_at"])
            change.record(EventKind.MESSAGE_EDITED, message=current)
    return current


def delete_message(ticket: Ticket, *, actor: Actor, message: Message) -> Message:
    """Take a message out of the conversation; agents see that there was one (CTI-55).

    Its words are moved to the versions, so that nothing that shows messages can show
    them; its files are handed out no more.

    :raises ActionNotPermitted: it is not the actor's to delete.
    :raises EditNotAllowed: it is deleted already, or the requester's time is over.
    """
    with changing(ticket, actor=actor, verb="delete_message") as change:
        current = _own_message(change, message)
        _keep_version(change, current)
        current.body = current.body_full = ""
        current.deleted_at, current.deleted_by = change.now, actor.label
        current.save(update_fields=["body", "body_full", "deleted_at", "deleted_by"])
        change.record(EventKind.MESSAGE_DELETED, message=current)
    return current
