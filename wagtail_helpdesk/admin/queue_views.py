"""My queues and Locked by me: the same list over other sets, each with a path."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from wagtail_helpdesk import actions, permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.lookup import AgentsOnlyView
from wagtail_helpdesk.admin.menu import (
    CountedMenuItem,
    forget_counts,
    locked_by_me,
    my_queues,
)
from wagtail_helpdesk.admin.ticket_list import TicketListView
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.models import QueueWatch, TicketQuerySet


class MyQueuesView(TicketListView):
    """What waits in the queues that the agent watches."""

    page_title = _("My queues")
    header_icon = "mail"
    index_url_name = "wagtail_helpdesk_my_queues:list"
    index_results_url_name = "wagtail_helpdesk_my_queues:list_results"

    def scope(self) -> TicketQuerySet:
        """Return the unlocked, unfinished tickets of watched queues."""
        return my_queues(self.request.user)

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
        return locked_by_me(self.request.user)

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


class WatchingView(AgentsOnlyView, WagtailAdminTemplateMixin, TemplateView):
    """The queues that an agent may watch, each with its button (OTRS-04)."""

    template_name = "wagtail_helpdesk/admin/watching.html"
    page_title = _("Choose queues")
    header_icon = "view"
    breadcrumbs_items = [
        {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")},
        {
            "url": reverse_lazy("wagtail_helpdesk_my_queues:list"),
            "label": _("My queues"),
        },
        {"url": "", "label": _("Choose queues")},
    ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the queues, and which of them are watched."""
        user: Any = self.request.user
        watched = set(
            QueueWatch.objects.filter(user=user).values_list("queue", flat=True)
        )
        queues = permissions.queues_for_verb(user, "watch")
        return {
            **super().get_context_data(**kwargs),
            "rows": [
                {"queue": queue, "is_watched": queue.pk in watched} for queue in queues
            ],
        }


class WatchView(AgentsOnlyView):
    """Watch a queue, or watch it no more."""

    http_method_names = ["post"]
    is_wanted = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, and go back to the queues."""
        queue = permissions.visible_queues(request.user).filter(pk=pk).first()
        if queue is None:
            raise Http404
        actor = Actor.agent(request.user)
        try:
            if self.is_wanted:
                actions.watch(queue, actor=actor)
                said = gettext("You watch %(queue)s.") % {"queue": queue}
            else:
                actions.unwatch(queue, actor=actor)
                said = gettext("You watch %(queue)s no more.") % {"queue": queue}
        except HelpdeskError as error:
            messages.error(request, str(error))
        else:
            forget_counts(request.user)
            messages.success(request, said)
        return redirect("wagtail_helpdesk_my_queues:watching")


class MyQueuesViewSet(ViewSet):
    """The agent's own queues."""

    name = "wagtail_helpdesk_my_queues"
    url_prefix = "helpdesk/my-queues"
    icon = "mail"
    menu_label = _("My queues")
    menu_name = "wagtail-helpdesk-my-queues"

    def get_menu_item(self, order: int | None = None) -> CountedMenuItem:
        """Return the item with its count."""
        return CountedMenuItem(
            self.menu_label,
            self.menu_url,
            name=self.menu_name,
            icon_name=self.icon,
            order=order or 1,
            count_name="my_queues",
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the list, its fragment, and the choice of queues."""
        return [
            path("", MyQueuesView.as_view(), name="list"),
            path(
                "results/", MyQueuesView.as_view(results_only=True), name="list_results"
            ),
            path("watching/", WatchingView.as_view(), name="watching"),
            path("watching/<int:pk>/watch/", WatchView.as_view(), name="watch"),
            path(
                "watching/<int:pk>/unwatch/",
                WatchView.as_view(is_wanted=False),
                name="unwatch",
            ),
        ]


class LockedByMeViewSet(ViewSet):
    """What the agent works on alone."""

    name = "wagtail_helpdesk_locked"
    url_prefix = "helpdesk/locked"
    icon = "lock"
    menu_label = _("Locked by me")
    menu_name = "wagtail-helpdesk-locked"

    def get_menu_item(self, order: int | None = None) -> CountedMenuItem:
        """Return the item with its count."""
        return CountedMenuItem(
            self.menu_label,
            self.menu_url,
            name=self.menu_name,
            icon_name=self.icon,
            order=order or 2,
            count_name="locked_by_me",
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the list and its fragment."""
        return [
            path("", LockedByMeView.as_view(), name="list"),
            path(
                "results/",
                LockedByMeView.as_view(results_only=True),
                name="list_results",
            ),
        ]
