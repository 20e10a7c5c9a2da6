"""Which queues an agent watches (OTRS-04)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_helpdesk import actions, permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.lookup import AgentsOnlyView
from wagtail_helpdesk.admin.menu import forget_counts
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.models import QueueWatch


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
                said = gettext("You no longer watch %(queue)s.") % {"queue": queue}
        except HelpdeskError as error:
            messages.error(request, str(error))
        else:
            forget_counts(request.user)
            messages.success(request, said)
        return redirect("wagtail_helpdesk_my_queues:watching")
