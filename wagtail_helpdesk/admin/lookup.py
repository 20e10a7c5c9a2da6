"""The one look-up that every view of a ticket uses, and the door before it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views import View

from wagtail_helpdesk import permissions
from wagtail_helpdesk.models import Attachment, Ticket
from wagtail_helpdesk.models.notes import NoteAttachment

#: Largest number that the databases keep; a greater one in a URL is just not found.
_LARGEST = 2**63 - 1

#: What a row of a list, and the screen, show of other tables.
RELATED = (
    "queue",
    "status",
    "requester",
    "assignee",
    "assigned_group",
    "locked_by",
)


class AgentsOnlyView(View):
    """Let agents in only; comes first among a view's bases."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Refuse everybody else."""
        if not permissions.is_agent(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def get_ticket(request: HttpRequest, pk: int) -> Ticket:
    """Return the ticket if it exists for this user.

    :raises Http404: it is missing or another's: the two answers are the same.
    """
    if pk > _LARGEST:
        raise Http404(gettext("There is no such ticket."))
    tickets = permissions.visible_tickets(request.user).select_related(*RELATED)
    ticket = tickets.filter(pk=pk).first()
    if ticket is None:
        raise Http404(gettext("There is no such ticket."))
    return ticket


def get_attachment(request: HttpRequest, *, ticket_pk: int, pk: int) -> Attachment:
    """Return a file of a message of a ticket that exists for this user.

    :raises Http404: there is none, its message is deleted, or it is another ticket's.
    """
    ticket = get_ticket(request, ticket_pk)
    if pk > _LARGEST:
        raise Http404
    return get_object_or_404(
        Attachment, pk=pk, message__ticket=ticket, message__deleted_at=None
    )


def get_note_attachment(
    request: HttpRequest, *, ticket_pk: int, pk: int
) -> NoteAttachment:
    """Return a file of an internal note of a ticket that exists for this user.

    :raises Http404: there is none, or it belongs to another ticket.
    """
    ticket = get_ticket(request, ticket_pk)
    if pk > _LARGEST:
        raise Http404
    return get_object_or_404(
        NoteAttachment, pk=pk, note__ticket=ticket, note__deleted_at=None
    )
