"""The agent's lists: the same one over other sets, each with a path of its own."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from wagtail_helpdesk.admin.menu import SETS, CountedMenuItem
from wagtail_helpdesk.admin.ticket_list import TicketListView
from wagtail_helpdesk.admin.verb_rows import Words
from wagtail_helpdesk.admin.watching import WatchingView, WatchView
from wagtail_helpdesk.models import QueueWatch, TicketQuerySet


class SetView(TicketListView):
    """One of the sets of ``menu.SETS`` as a list; its viewset says all it needs."""

    #: Name in ``menu.SETS``.
    set_name = ""
    #: What an empty list says.
    empty_text: Words = ""
    #: Name of the URL to which an empty list leads, and what the link says.
    empty_url_name = "wagtail_helpdesk_tickets:list"
    empty_link: Words = _("All tickets")

    def scope(self) -> TicketQuerySet:
        """Return the tickets of the set."""
        return SETS[self.set_name](self.request.user)

    def empty_state(self) -> dict[str, str]:
        """Say why there is nothing, and lead on."""
        return {
            "text": str(self.empty_text),
            "url": reverse(self.empty_url_name),
            "link": str(self.empty_link),
        }


class MyQueuesView(SetView):
    """What waits in the queues that the agent watches."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Add the way to choose one's queues."""
        return [
            *super().header_buttons,
            HeaderButton(
                self.empty_link, url=reverse(self.empty_url_name), icon_name="view"
            ),
        ]

    def empty_state(self) -> dict[str, str]:
        """Say it if the agent watches nothing, which would leave it empty for ever."""
        said = super().empty_state()
        agent: Any = self.request.user
        if not QueueWatch.objects.filter(user=agent).exists():
            said["text"] = gettext(
                "You watch no queue yet. What waits in the queues that you watch "
                "stands here, and you are mailed about it."
            )
        return said


class SetViewSet(ViewSet):
    """One of the agent's sets: its path, its list, its place in the menu."""

    view_class: type[SetView] = SetView
    set_name = ""
    empty_text: Words = ""
    empty_url_name = SetView.empty_url_name
    empty_link: Words = SetView.empty_link

    def get_menu_item(self, order: int | None = None) -> CountedMenuItem:
        """Return the item with its count."""
        return CountedMenuItem(
            self.menu_label,
            self.menu_url,
            name=self.menu_name,
            icon_name=self.icon,
            order=order or 1,
            count_name=self.set_name,
        )

    def _view(self, *, results_only: bool) -> Callable[..., HttpResponseBase]:
        view: Callable[..., HttpResponseBase] = self.view_class.as_view(
            results_only=results_only,
            set_name=self.set_name,
            page_title=self.menu_label,
            header_icon=self.icon,
            index_url_name=self.get_url_name("list"),
            index_results_url_name=self.get_url_name("list_results"),
            empty_text=self.empty_text,
            empty_url_name=self.empty_url_name,
            empty_link=self.empty_link,
        )
        return view

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the list and its fragment."""
        return [
            path("", self._view(results_only=False), name="list"),
            path("results/", self._view(results_only=True), name="list_results"),
        ]


class MyQueuesViewSet(SetViewSet):
    """What waits in the queues that the agent watches (OTRS-22)."""

    name = "wagtail_helpdesk_my_queues"
    url_prefix = "helpdesk/my-queues"
    icon = "mail"
    menu_label = _("My queues")
    menu_name = "wagtail-helpdesk-my-queues"
    view_class = MyQueuesView
    set_name = "my_queues"
    empty_text = _(
        "Nothing waits in your queues. Tickets that somebody has locked, or that are "
        "resolved, are not shown here."
    )
    empty_url_name = "wagtail_helpdesk_my_queues:watching"
    empty_link = _("Choose queues")

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the choice of queues."""
        unwatch = WatchView.as_view(is_wanted=False)
        return [
            *super().get_urlpatterns(),
            path("watching/", WatchingView.as_view(), name="watching"),
            path("watching/<int:pk>/watch/", WatchView.as_view(), name="watch"),
            path("watching/<int:pk>/unwatch/", unwatch, name="unwatch"),
        ]


class LockedByMeViewSet(SetViewSet):
    """What the agent works on alone (OTRS-07)."""

    name = "wagtail_helpdesk_locked"
    url_prefix = "helpdesk/locked"
    icon = "lock"
    menu_label = _("Locked by me")
    menu_name = "wagtail-helpdesk-locked"
    set_name = "locked_by_me"
    empty_text = _(
        "You have locked no ticket. A ticket that you lock or answer stands here until "
        "you unlock or resolve it."
    )
    empty_url_name = "wagtail_helpdesk_my_queues:list"
    empty_link = _("My queues")


class AssignedToMeViewSet(SetViewSet):
    """What the agent or their groups are responsible for (CTI-71, CTI-72)."""

    name = "wagtail_helpdesk_assigned"
    url_prefix = "helpdesk/assigned"
    icon = "user"
    menu_label = _("Assigned to me")
    menu_name = "wagtail-helpdesk-assigned"
    set_name = "assigned_to_me"
    empty_text = _("No unfinished ticket is assigned to you or to a group of yours.")
    empty_url_name = "wagtail_helpdesk_unassigned:list"
    empty_link = _("Unassigned tickets")


class UnassignedViewSet(SetViewSet):
    """What nobody is responsible for (CTI-73)."""

    name = "wagtail_helpdesk_unassigned"
    url_prefix = "helpdesk/unassigned"
    icon = "help"
    menu_label = _("Unassigned")
    menu_name = "wagtail-helpdesk-unassigned"
    set_name = "unassigned"
    empty_text = _("Somebody is responsible for every unfinished ticket.")


class ReopenedViewSet(SetViewSet):
    """What was resolved once and is not after all (CTI-41)."""

    name = "wagtail_helpdesk_reopened"
    url_prefix = "helpdesk/reopened"
    icon = "rotate"
    menu_label = _("Reopened")
    menu_name = "wagtail-helpdesk-reopened"
    set_name = "reopened"
    empty_text = _("No ticket that was reopened waits for an answer.")
