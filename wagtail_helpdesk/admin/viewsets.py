"""Tickets as snippets, with none of the stock views, and the menu's group.

Wagtail's snippet views ask whether a user may do something with *tickets*, not with
this one; most of them leak (chooser, usage, history, copy, bulk actions). So the
viewset registers addresses of our own only, each of which goes through the scoped
look-up.
"""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from wagtail_helpdesk import permissions
from wagtail_helpdesk.admin.configuration import (
    QueueViewSet,
    StatusViewSet,
    url_finder,
)
from wagtail_helpdesk.admin.entry_views import EntryVerbView
from wagtail_helpdesk.admin.files import AttachmentView, NoteAttachmentView
from wagtail_helpdesk.admin.menu import AgentsMenuItem
from wagtail_helpdesk.admin.new_ticket import NewTicketView
from wagtail_helpdesk.admin.policy import TICKET_POLICY
from wagtail_helpdesk.admin.queue_views import (
    AssignedToMeViewSet,
    LockedByMeViewSet,
    MyQueuesViewSet,
    ReopenedViewSet,
    UnassignedViewSet,
)
from wagtail_helpdesk.admin.ticket_list import AllTicketsView
from wagtail_helpdesk.admin.ticket_screen import TicketScreenView, TicketVerbView
from wagtail_helpdesk.models import Queue, Status, Ticket, TicketQuerySet


class TicketViewSet(SnippetViewSet):
    """Tickets: the list, the screen, the verbs, the files."""

    model = Ticket
    permission_policy = TICKET_POLICY
    url_namespace = "wagtail_helpdesk_tickets"
    url_prefix = "helpdesk/tickets"
    icon = "mail"
    menu_icon = "list-ul"
    menu_label = _("All tickets")
    menu_name = "wagtail-helpdesk-all-tickets"
    index_view_class = AllTicketsView
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    pk_path_converter = "int"

    def get_queryset(self, request: HttpRequest) -> TicketQuerySet:
        """Return the tickets that exist for the user, whoever may ask."""
        return permissions.visible_tickets(request.user)

    def get_menu_item(self, order: int | None = None) -> AgentsMenuItem:
        """Return the item for agents."""
        return AgentsMenuItem(
            self.menu_label,
            self.menu_url,
            name=self.menu_name,
            icon_name=self.menu_icon,
            order=order or 3,
        )

    @property
    def url_finder_class(self) -> type[ModelAdminURLFinder]:
        """The finder of the screen's address, which asks for this very ticket."""
        return url_finder(self)

    def register_chooser_viewset(self) -> None:
        """Register none: Wagtail's chooser shows every ticket to every editor."""

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """Offer none on the group page: rights come with a role in a queue."""
        return Permission.objects.none()

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return our own addresses in place of Wagtail's."""
        return [
            path("", AllTicketsView.as_view(), name="list"),
            path(
                "results/",
                AllTicketsView.as_view(results_only=True),
                name="list_results",
            ),
            path("new/", NewTicketView.as_view(), name="add"),
            path("<int:pk>/", TicketScreenView.as_view(), name="edit"),
            path(
                "<int:ticket_pk>/files/<int:pk>/",
                AttachmentView.as_view(),
                name="attachment",
            ),
            path(
                "<int:ticket_pk>/note-files/<int:pk>/",
                NoteAttachmentView.as_view(),
                name="note_attachment",
            ),
            path(
                "<int:pk>/<slug:kind>/<int:entry_pk>/<slug:operation>/",
                EntryVerbView.as_view(),
                name="entry",
            ),
            path("<int:pk>/<slug:verb>/", TicketVerbView.as_view(), name="verb"),
        ]


class HelpdeskGroup(SnippetViewSetGroup):
    """The menu's group; a user for whom no item is shown doesn't see it."""

    menu_label = _("Helpdesk")
    # Not "helpdesk": Wagtail opens the submenu of every item whose name begins alike.
    menu_name = "wagtail-helpdesk"
    menu_icon = "mail"
    menu_order = 150
    items = (
        MyQueuesViewSet,
        LockedByMeViewSet,
        AssignedToMeViewSet,
        UnassignedViewSet,
        ReopenedViewSet,
        TicketViewSet,
        QueueViewSet,
        StatusViewSet,
    )


class NoBulkDelete(BulkAction):
    """Stand in the place of Wagtail's bulk deletion, which asks for no right."""

    models = [Ticket, Queue, Status]
    action_type = "delete"
    display_name = _("Delete")
    aria_label = _("Delete")

    @classmethod
    def execute_action(cls, objects: Any, **kwargs: Any) -> tuple[int, int]:
        """Delete nothing."""
        return 0, 0

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer as if there were no such thing."""
        raise Http404
