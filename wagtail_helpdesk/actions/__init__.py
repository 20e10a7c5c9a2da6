"""The verbs: everything that can be done to a ticket, callable from any code.

Each takes the ticket first and everything else by name, raises a ``HelpdeskError``
with a sentence fit for a person, and either does all of it or nothing.
"""

from wagtail_helpdesk.actions.assignment import assign, move_to_queue, unassign
from wagtail_helpdesk.actions.conversation import (
    open_ticket,
    record_failed_delivery,
    reply,
)
from wagtail_helpdesk.actions.describing import (
    change_requester,
    rename,
    set_priority,
    set_tags,
)
from wagtail_helpdesk.actions.editing import delete_message, edit_message
from wagtail_helpdesk.actions.lifecycle import close, reopen, resolve, set_status
from wagtail_helpdesk.actions.linking import link, unlink
from wagtail_helpdesk.actions.locking import expire_lock, lock, take_over, unlock
from wagtail_helpdesk.actions.notes import add_note, delete_note, edit_note
from wagtail_helpdesk.actions.participation import (
    add_participant,
    remove_participant,
    unwatch,
    watch,
)
from wagtail_helpdesk.actions.together import together

__all__ = [
    "add_note",
    "add_participant",
    "assign",
    "change_requester",
    "close",
    "delete_message",
    "delete_note",
    "edit_message",
    "edit_note",
    "expire_lock",
    "link",
    "lock",
    "move_to_queue",
    "open_ticket",
    "record_failed_delivery",
    "remove_participant",
    "rename",
    "reopen",
    "reply",
    "resolve",
    "set_priority",
    "set_status",
    "set_tags",
    "take_over",
    "together",
    "unassign",
    "unlink",
    "unlock",
    "unwatch",
    "watch",
]
