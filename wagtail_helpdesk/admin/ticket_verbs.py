"""What an agent can do with a ticket: one table, one view that serves its rows."""

from datetime import datetime
from functools import cache
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.describing import DESCRIBING_VERBS
from wagtail_helpdesk.admin.forms import (
    AssignForm,
    MoveForm,
    NoteForm,
    ReplyForm,
    ResolveForm,
    StatusForm,
    VerbForm,
)
from wagtail_helpdesk.admin.verb_rows import (
    Offered,
    TicketVerb,
    simply,
    with_field,
)
from wagtail_helpdesk.attachments import IncomingFile, clean_name
from wagtail_helpdesk.markup import clean_text
from wagtail_helpdesk.models import Channel, Message, Ticket
from wagtail_helpdesk.models.notes import InternalNote
from wagtail_helpdesk.rules.lifecycle import (
    TRANSITIONS,
    UNFINISHED,
    Phase,
    Role,
    Trigger,
    phases_to_choose,
)


def _is_same(
    row: Message | InternalNote, *, body: str, files: list[IncomingFile]
) -> bool:
    kept = sorted((file.name, file.size) for file in row.attachments.all())
    given = sorted((clean_name(file.name), file.size) for file in files)
    return row.body == clean_text(body).strip() and kept == given


def _sent_before(
    rows: Any, *, body: str, files: list[IncomingFile], since: datetime | None
) -> Message | InternalNote | None:
    """Return what the same agent wrote, word for word, since the form was shown.

    Such a thing is a second press of the button, or of "back" and then the button
    (REL-27). Asked while the ticket's row is locked, so that two presses at once meet.
    """
    if since is None:
        return None
    written = rows.filter(created_at__gte=since).prefetch_related("attachments")
    return next((row for row in written if _is_same(row, body=body, files=files)), None)


def _reply(ticket: Ticket, actor: Actor, form: ReplyForm) -> str:
    data = form.cleaned_data
    text = {"body": data["body"], "files": data["uploads"]}
    with actions.together(ticket, actor=actor):
        own = ticket.messages.filter(agent=actor.user)
        message = _sent_before(own, **text, since=data["rendered_at"])
        if message is None:
            message = actions.reply(ticket, actor=actor, channel=Channel.ADMIN, **text)
            if data["status"] is not None:
                actions.set_status(
                    ticket, actor=actor, status=data["status"], notes=data["notes"]
                )
    return f"message-{message.pk}"


def _note(ticket: Ticket, actor: Actor, form: NoteForm) -> str:
    data = form.cleaned_data
    text = {"body": data["body"], "files": data["uploads"]}
    with actions.together(ticket, actor=actor):
        own = InternalNote.objects.filter(ticket=ticket, author=actor.user)
        note = _sent_before(own, **text, since=data["rendered_at"])
        if note is None:
            note = actions.add_note(ticket, actor=actor, **text)
    return f"note-{note.pk}"


def _resolve(ticket: Ticket, actor: Actor, form: ResolveForm) -> str:
    actions.resolve(
        ticket,
        actor=actor,
        notes=form.cleaned_data["notes"],
        is_quiet="quietly" in form.data,
    )
    return ""


def _assign(ticket: Ticket, actor: Actor, form: AssignForm) -> str:
    actions.assign(ticket, actor=actor, **form.chosen)
    return ""


def _assign_to_me(ticket: Ticket, actor: Actor, form: VerbForm) -> str:
    actions.assign(ticket, actor=actor, assignee=actor.user)
    return ""


def _can(trigger: Trigger) -> Offered:
    """Return the question whether the phase knows this trigger."""
    return lambda ticket, _user: (Phase(ticket.phase), trigger) in TRANSITIONS


def _is_free(ticket: Ticket, user: Any) -> bool:
    return ticket.phase in UNFINISHED and ticket.lock_holder is None


def _is_held_by(ticket: Ticket, user: Any) -> bool:
    return ticket.lock_holder is not None and ticket.lock_holder.pk == user.pk


def _is_held_by_another(ticket: Ticket, user: Any) -> bool:
    return ticket.phase in UNFINISHED and ticket.is_locked_against(user)


def _is_not_mine(ticket: Ticket, user: Any) -> bool:
    return ticket.assignee_id != user.pk


def _is_assigned(ticket: Ticket, user: Any) -> bool:
    return ticket.assignee_id is not None or ticket.assigned_group_id is not None


def _has_choice(ticket: Ticket, user: Any) -> bool:
    return bool(phases_to_choose(Phase(ticket.phase), role=Role.AGENT))


VERBS: list[TicketVerb] = [
    TicketVerb(
        name="reply",
        permission="reply",
        label=_("Send"),
        form_class=ReplyForm,
        act=_reply,
        success=_("Your reply is on its way."),
        icon="mail",
        makes_sense=_can(Trigger.AGENT_REPLIED),
    ),
    TicketVerb(
        name="note",
        permission="add_note",
        label=_("Add note"),
        form_class=NoteForm,
        act=_note,
        success=_("Your note was added. Only agents see it."),
        icon="edit",
    ),
    TicketVerb(
        name="assign-to-me",
        permission="assign",
        label=_("Assign to me"),
        act=_assign_to_me,
        success=_("This ticket is yours now."),
        icon="user",
        makes_sense=_is_not_mine,
    ),
    TicketVerb(
        name="lock",
        permission="lock",
        label=_("Lock"),
        act=simply(actions.lock),
        success=_("You have locked this ticket."),
        icon="lock",
        makes_sense=_is_free,
    ),
    TicketVerb(
        name="unlock",
        permission="unlock",
        label=_("Unlock"),
        act=simply(actions.unlock),
        success=_("This ticket is back in its queue."),
        icon="lock-open",
        makes_sense=_is_held_by,
    ),
    TicketVerb(
        name="take-over",
        permission="take_over",
        label=_("Take over"),
        act=simply(actions.take_over),
        success=_("You hold the lock of this ticket now."),
        icon="lock",
        makes_sense=_is_held_by_another,
    ),
    TicketVerb(
        name="resolve",
        permission="resolve",
        label=_("Resolve…"),
        form_class=ResolveForm,
        act=_resolve,
        success=_("This ticket is resolved."),
        icon="check",
        explanation=_(
            "“Resolve” mails the requester, with the notes. “Resolve quietly” sends "
            "no mail to anybody; the requester still finds the notes in the ticket."
        ),
        makes_sense=_can(Trigger.RESOLVED),
    ),
    TicketVerb(
        name="reopen",
        permission="reopen",
        label=_("Reopen"),
        act=simply(actions.reopen),
        success=_("This ticket is open again."),
        icon="rotate",
        makes_sense=_can(Trigger.REOPENED),
    ),
    TicketVerb(
        name="assign",
        permission="assign",
        label=_("Assign"),
        form_class=AssignForm,
        act=_assign,
        success=_("This ticket has a new assignee."),
        icon="user",
        explanation=_("The new assignee is mailed. The requester is not told."),
    ),
    TicketVerb(
        name="unassign",
        permission="unassign",
        label=_("Unassign"),
        act=simply(actions.unassign),
        success=_("Nobody is assigned any more."),
        icon="cross",
        makes_sense=_is_assigned,
    ),
    TicketVerb(
        name="status",
        permission="set_status",
        label=_("Set status"),
        form_class=StatusForm,
        act=with_field(actions.set_status, "status"),
        success=_("The status is set."),
        icon="tag",
        explanation=_("The requester is mailed if the new status is a resolved one."),
        makes_sense=_has_choice,
    ),
    TicketVerb(
        name="move",
        permission="move_to_queue",
        label=_("Move"),
        form_class=MoveForm,
        act=with_field(actions.move_to_queue, "queue"),
        success=_("This ticket is in its new queue."),
        icon="folder-open-inverse",
        explanation=_("Whoever watches the new queue is mailed. The lock is let go."),
    ),
    *DESCRIBING_VERBS,
]


@cache
def get_verbs() -> dict[str, TicketVerb]:
    """Return the rows by name, after ``construct_helpdesk_ticket_verbs(verbs)``."""
    verbs = list(VERBS)
    for construct in hooks.get_hooks("construct_helpdesk_ticket_verbs"):
        construct(verbs)
    return {verb.name: verb for verb in verbs}


def get_verb(name: str) -> TicketVerb:
    """Return the row of this name.

    :raises Http404: there is none.
    """
    verb = get_verbs().get(name)
    if verb is None:
        raise Http404(gettext("There is no such button."))
    return verb


def screen_url(ticket: Ticket, *, anchor: str = "") -> str:
    """Return the address of the ticket's screen."""
    url = reverse("wagtail_helpdesk_tickets:edit", args=[ticket.pk])
    return f"{url}#{anchor}" if anchor else url
