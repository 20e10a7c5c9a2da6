"""The agent's lists: the same one over other sets, each with a path of its own."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from wagtail_helpdesk.admin.menu import SETS, CountedMenuItem
from wagtail_helpdesk.admin.ticket_list import TicketListView
from wagtail_helpdesk.admin.watching import WatchingView, WatchView
from wagtail_helpdesk.models import QueueWatch, TicketQuerySet


class MyQueuesView(TicketListView):
    """What waits in the queues that the agent watches."""

    page_title = _("My queues")
    header_icon = "mail"
    index_url_name = "wagtail_helpdesk_my_queues:list"
    index_results_url_name = "wagtail_helpdesk_my_queues:list_results"

    def scope(self) -> TicketQuerySet:
        """Return the unlocked, unfinished tickets of watched queues."""
        return SETS["my_queues"](self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Add the way to choose one's queues."""
        return [
            *super().header_buttons,
            HeaderButton(
                _("Choose queues"),
                url=reverse("wagtail_helpdesk_my_queues:watching"),
                icon_name="view",
            ),
        ]

    def empty_state(self) -> dict[str, str]:
        """Say whether there is nothing to do, or nothing watched."""
        choose = {
            "url": reverse("wagtail_helpdesk_my_queues:watching"),
            "link": gettext("Choose queues"),
        }
        agent: Any = self.request.user
        if QueueWatch.objects.filter(user=agent).exists():
            text = gettext(
                "Nothing waits in your queues. Tickets that somebody has locked, or "
                "that are resolved, are not shown here."
            )
        else:
            text = gettext(
                "You watch no queue yet. What waits in the queues that you watch "
                "stands here, and you are mailed about it."
            )
        return {"text": text, **choose}


class LockedByMeView(TicketListView):
    """What the agent holds."""

    page_title = _("Locked by me")
    header_icon = "lock"
    index_url_name = "wagtail_helpdesk_locked:list"
    index_results_url_name = "wagtail_helpdesk_locked:list_results"

    def scope(self) -> TicketQuerySet:
        """Return the tickets whose lock the user holds."""
        return SETS["locked_by_me"](self.request.user)

    def empty_state(self) -> dict[str, str]:
        """Say how tickets come here."""
        return {
            "text": gettext(
                "You have locked no ticket. A ticket that you lock or answer stands "
                "here until you unlock or resolve it."
            ),
            "url": reverse("wagtail_helpdesk_my_queues:list"),
            "link": gettext("My queues"),
        }


class AssignedToMeView(TicketListView):
    """What the agent or one of their groups is responsible for."""

    page_title = _("Assigned to me")
    header_icon = "user"
    index_url_name = "wagtail_helpdesk_assigned:list"
    index_results_url_name = "wagtail_helpdesk_assigned:list_results"

    def scope(self) -> TicketQuerySet:
        """Return the unfinished tickets of the user and their groups."""
        return SETS["assigned_to_me"](self.request.user)

    def empty_state(self) -> dict[str, str]:
        """Say how tickets come here."""
        return {
            "text": gettext(
                "No unfinished ticket is assigned to you or to a group of yours."
            ),
            "url": reverse("wagtail_helpdesk_unassigned:list"),
            "link": gettext("Unassigned tickets"),
        }


class UnassignedView(TicketListView):
    """What nobody is responsible for."""

    page_title = _("Unassigned")
    header_icon = "help"
    index_url_name = "wagtail_helpdesk_unassigned:list"
    index_results_url_name = "wagtail_helpdesk_unassigned:list_results"

    def scope(self) -> TicketQuerySet:
        """Return the unfinished tickets that are nobody's."""
        return SETS["unassigned"](self.request.user)

    def empty_state(self) -> dict[str, str]:
        """Say that everything is in somebody's hands."""
        return {
            "text": gettext("Somebody is responsible for every unfinished ticket."),
            "url": reverse("wagtail_helpdesk_tickets:list"),
            "link": gettext("All tickets"),
        }


class ReopenedView(TicketListView):
    """What was resolved once and is not after all."""

    page_title = _("Reopened")
    header_icon = "rotate"
    index_url_name = "wagtail_helpdesk_reopened:list"
    index_results_url_name = "wagtail_helpdesk_reopened:list_results"

    def scope(self) -> TicketQuerySet:
        """Return the unfinished tickets that were reopened."""
        return SETS["reopened"](self.request.user)

    def empty_state(self) -> dict[str, str]:
        """Say that what was resolved stayed so."""
        return {
            "text": gettext("No ticket that was reopened waits for an answer."),
            "url": reverse("wagtail_helpdesk_tickets:list"),
            "link": gettext("All tickets"),
        }


class ListViewSet(ViewSet):
    """One of the agent's lists: its path, and its place in the menu with a count."""

    #: The view of the list.
    view_class: type[TicketListView]
    #: Name of its set in ``menu.SETS``.
    count_name = ""

    def get_menu_item(self, order: int | None = None) -> CountedMenuItem:
        """Return the item with its count."""
        return CountedMenuItem(
            self.menu_label,
            self.menu_url,
            name=self.menu_name,
            icon_name=self.icon,
            order=order or 1,
            count_name=self.count_name,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the list and its fragment."""
        view = self.view_class
        return [
            path("", view.as_view(), name="list"),
            path("results/", view.as_view(results_only=True), name="list_results"),
        ]


class MyQueuesViewSet(ListViewSet):
    """The agent's own queues."""

    name = "wagtail_helpdesk_my_queues"
    url_prefix = "helpdesk/my-queues"
    icon = "mail"
    menu_label = _("My queues")
    menu_name = "wagtail-helpdesk-my-queues"
    view_class = MyQueuesView
    count_name = "my_queues"

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the choice of queues."""
        unwatch = WatchView.as_view(is_wanted=False)
        return [
            *super().get_urlpatterns(),
            path("watching/", WatchingView.as_view(), name="watching"),
            path("watching/<int:pk>/watch/", WatchView.as_view(), name="watch"),
            path("watching/<int:pk>/unwatch/", unwatch, name="unwatch"),
        ]


class LockedByMeViewSet(ListViewSet):
    """What the agent works on alone."""

    name = "wagtail_helpdesk_locked"
    url_prefix = "helpdesk/locked"
    icon = "lock"
    menu_label = _("Locked by me")
    menu_name = "wagtail-helpdesk-locked"
    view_class = LockedByMeView
    count_name = "locked_by_me"


class AssignedToMeViewSet(ListViewSet):
    """What the agent or their groups are responsible for (CTI-71, CTI-72)."""

    name = "wagtail_helpdesk_assigned"
    url_prefix = "helpdesk/assigned"
    icon = "user"
    menu_label = _("Assigned to me")
    menu_name = "wagtail-helpdesk-assigned"
    view_class = AssignedToMeView
    count_name = "assigned_to_me"


class UnassignedViewSet(ListViewSet):
    """What nobody is responsible for (CTI-73)."""

    name = "wagtail_helpdesk_unassigned"
    url_prefix = "helpdesk/unassigned"
    icon = "help"
    menu_label = _("Unassigned")
    menu_name = "wagtail-helpdesk-unassigned"
    view_class = UnassignedView
    count_name = "unassigned"


class ReopenedViewSet(ListViewSet):
    """What was resolved once and is not after all (CTI-41)."""

    name = "wagtail_helpdesk_reopened"
    url_prefix = "helpdesk/reopened"
    icon = "rotate"
    menu_label = _("Reopened")
    menu_name = "wagtail-helpdesk-reopened"
    view_class = ReopenedView
    count_name = "reopened"
