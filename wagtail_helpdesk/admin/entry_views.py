"""Editing and deleting a message or a note: a page each, asked for and then done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from wagtail_helpdesk import actions, permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.forms import TextForm
from wagtail_helpdesk.admin.ticket_screen import TicketPage
from wagtail_helpdesk.admin.ticket_verbs import screen_url
from wagtail_helpdesk.admin.verb_rows import Words
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.models import Message, Ticket
from wagtail_helpdesk.models.notes import InternalNote

Written = Message | InternalNote


@dataclass(frozen=True)
class EntryVerb:
    """What can be done to one kind of entry, and what is said about it."""

    #: Name in ``permissions.VERB_PERMISSIONS``.
    permission: str
    title: Words
    #: Who will see what comes of it.
    explanation: Words
    success: Words
    #: Calls the action with the new text, which deleting has none of.
    act: Callable[[Ticket, Actor, Any, str], Any]
    has_text: bool = True


_MAIL_STAYS = _("A mail that was sent already stays as it was.")

#: (kind of entry, operation) -> what it does.
ENTRY_VERBS: dict[tuple[str, str], EntryVerb] = {
    ("message", "edit"): EntryVerb(
        permission="edit_message",
        title=_("Edit message"),
        explanation=_MAIL_STAYS,
        success=_("The message was changed. Agents can still read the earlier text."),
        act=lambda ticket, actor, row, text: actions.edit_message(
            ticket, actor=actor, message=row, body=text
        ),
    ),
    ("message", "delete"): EntryVerb(
        permission="delete_message",
        title=_("Delete message"),
        explanation=_(
            "Requesters will not see it any more; agents still can. A mail that was "
            "sent already can't be called back."
        ),
        success=_("The message was deleted."),
        act=lambda ticket, actor, row, text: actions.delete_message(
            ticket, actor=actor, message=row
        ),
        has_text=False,
    ),
    ("note", "edit"): EntryVerb(
        permission="edit_note",
        title=_("Edit internal note"),
        explanation=_("Only agents see this; the earlier text is kept."),
        success=_("The note was changed."),
        act=lambda ticket, actor, row, text: actions.edit_note(
            ticket, actor=actor, note=row, body=text
        ),
    ),
    ("note", "delete"): EntryVerb(
        permission="delete_note",
        title=_("Delete internal note"),
        explanation=_("Agents see that there was one, and its text."),
        success=_("The note was deleted."),
        act=lambda ticket, actor, row, text: actions.delete_note(
            ticket, actor=actor, note=row
        ),
        has_text=False,
    ),
}


def _written(ticket: Ticket, *, kind: str, pk: int) -> Written:
    """Return the entry, of this ticket only.

    :raises Http404: there is none, or it is deleted.
    """
    rows: Any = (
        ticket.messages.all()
        if kind == "message"
        else InternalNote.objects.filter(ticket=ticket)
    )
    row: Written | None = rows.filter(pk=pk, deleted_at=None).first()
    if row is None:
        raise Http404
    return row


class EntryVerbView(TicketPage):
    """Serve every row of the table."""

    template_name = "wagtail_helpdesk/admin/entry_verb.html"
    http_method_names = ["get", "head", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Look up the ticket in the user's scope, the entry in it, and the verb."""
        super().setup(request, *args, **kwargs)
        verb = ENTRY_VERBS.get((kwargs["kind"], kwargs["operation"]))
        if verb is None:
            raise Http404
        self.verb = verb
        self.entry = _written(self.ticket, kind=kwargs["kind"], pk=kwargs["entry_pk"])

    @property
    def anchor(self) -> str:
        """Where the entry stands on the screen."""
        return f"{self.kwargs['kind']}-{self.entry.pk}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way to this page."""
        return [
            *self.breadcrumbs_items,
            {"url": screen_url(self.ticket), "label": f"#{self.ticket.number}"},
            {"url": "", "label": self.verb.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entry and what will come of it."""
        return {
            **super().get_context_data(**kwargs),
            "verb": self.verb,
            "entry": self.entry,
            "screen_url": screen_url(self.ticket, anchor=self.anchor),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, if the user may do it at all."""
        if not permissions.may(request.user, self.verb.permission, self.ticket):
            raise Http404
        form = TextForm(initial={"body": self.entry.body})
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or show what was typed once more with the reason why not."""
        form = TextForm(data=request.POST)
        text = form.cleaned_data["body"] if form.is_valid() else ""
        try:
            self.verb.act(self.ticket, Actor.agent(request.user), self.entry, text)
        except HelpdeskError as error:
            form.add_error(None, str(error))
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=422)
        messages.success(request, str(self.verb.success))
        return redirect(screen_url(self.ticket, anchor=self.anchor))
