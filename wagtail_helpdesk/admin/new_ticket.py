"""An agent opens a ticket on behalf of somebody."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_helpdesk import actions, permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.forms import NewTicketForm
from wagtail_helpdesk.admin.lookup import AgentsOnlyView
from wagtail_helpdesk.admin.menu import forget_counts
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.markup import clean_text
from wagtail_helpdesk.models import BodyFormat, Channel, Requester, Ticket


def _opened_before(user: Any, data: dict[str, Any]) -> Ticket | None:
    """Return the ticket that the same agent opened by the same form just before."""
    since = data["rendered_at"]
    if since is None:
        return None
    return (
        permissions.visible_tickets(user)
        .filter(
            channel=Channel.ADMIN,
            created_at__gte=since,
            requester__email=data["email"],
            subject=" ".join(data["subject"].split()),
            events__agent=user,
            messages__body=clean_text(data["body"]).strip(),
        )
        .first()
    )


class NewTicketView(AgentsOnlyView, WagtailAdminTemplateMixin, FormView):
    """The form for a new ticket."""

    template_name = "wagtail_helpdesk/admin/new_ticket.html"
    form_class = NewTicketForm
    page_title = _("New ticket")
    header_icon = "plus"
    breadcrumbs_items = [
        {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")},
        {
            "url": reverse_lazy("wagtail_helpdesk_tickets:list"),
            "label": _("All tickets"),
        },
        {"url": "", "label": _("New ticket")},
    ]

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Let those in who may open a ticket in some queue."""
        if not permissions.queues_for_verb(request.user, "open_ticket"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add who fills it in."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the style sheet."""
        media = Media(
            css={"all": ["wagtail_helpdesk/css/desk.css"]},
            js=["wagtail_helpdesk/js/desk.js"],
        )
        return {**super().get_context_data(**kwargs), "media": media}

    def form_valid(self, form: NewTicketForm) -> HttpResponse:
        """Open it, once, and go there."""
        try:
            ticket = self._open_once(form)
        except HelpdeskError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        forget_counts(self.request.user)
        said = gettext("Ticket #%(number)d was opened.") % {"number": ticket.number}
        messages.success(self.request, said)
        return redirect("wagtail_helpdesk_tickets:edit", ticket.pk)

    def form_invalid(self, form: NewTicketForm) -> HttpResponse:
        """Show the form again, with the reasons."""
        if self.request.FILES:
            form.add_error("uploads", gettext("Please choose the files again."))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _open_once(self, form: NewTicketForm) -> Ticket:
        with transaction.atomic():
            requester = form.requester()
            # Writes nothing new, but a second press of the button waits here until
            # the first one's ticket can be found (REL-27).
            Requester.objects.filter(pk=requester.pk).update(name=F("name"))
            before = _opened_before(self.request.user, form.cleaned_data)
            return before or self._open(form, requester=requester)

    def _open(self, form: NewTicketForm, *, requester: Requester) -> Ticket:
        data = form.cleaned_data
        return actions.open_ticket(
            data["queue"],
            actor=Actor.agent(self.request.user),
            requester=requester,
            subject=data["subject"],
            body=data["body"],
            body_format=BodyFormat.MARKDOWN,
            channel=Channel.ADMIN,
            priority=data["priority"],
            status=data["status"],
            files=data["uploads"],
            is_quiet=data["is_quiet"],
        )
