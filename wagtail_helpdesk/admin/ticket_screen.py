"""One ticket: its conversation, what is known of it, and what can be done with it.

The screen is the snippet's edit address. A verb that fails comes back to the screen, or
to a page of its own, with the reason and with everything that was typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import Actor, user_label
from wagtail_helpdesk.admin.conversation import read_conversation
from wagtail_helpdesk.admin.forms import VerbForm
from wagtail_helpdesk.admin.lookup import AgentsOnlyView, get_ticket
from wagtail_helpdesk.admin.menu import forget_counts
from wagtail_helpdesk.admin.ticket_verbs import (
    TicketVerb,
    get_verb,
    get_verbs,
    screen_url,
)
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.markup import render_markdown
from wagtail_helpdesk.models import Channel, Participant, Ticket, TicketLink

#: Verbs that the composer serves; the others are buttons, dialogs and panels.
COMPOSER = ("reply", "note")
#: Verbs in the side column, each beside the fact that it changes.
IN_FACTS = (
    "assign",
    "unassign",
    "status",
    "move",
    "rename",
    "priority",
    "requester",
    "link",
    "unlink",
)
#: Other tickets of the requester that are listed.
OTHERS_SHOWN = 5

_CAME_IN: dict[str, Any] = {
    Channel.MAIL: _("by mail"),
    Channel.WEB: _("by web form"),
    Channel.ADMIN: _("opened by an agent"),
}


@dataclass(frozen=True)
class ShownLink:
    """A link to another ticket that exists for the viewer, too."""

    pk: int
    label: str
    ticket: Ticket


def _links(ticket: Ticket, user: Any) -> list[ShownLink]:
    """Return the links whose other end the user may see; of the rest nothing shows."""
    visible = permissions.visible_tickets(user).values("pk")
    links = (
        TicketLink.objects.filter(
            Q(source=ticket, target__in=visible) | Q(target=ticket, source__in=visible)
        )
        .select_related("source__status", "target__status")
        .order_by("kind", "pk")
    )
    return [
        ShownLink(
            pk=link.pk, label=link.label_for(ticket), ticket=link.other_side(ticket)
        )
        for link in links
    ]


def _others_url(ticket: Ticket) -> str:
    """Return the address of the list of all tickets of the same requester."""
    query = urlencode({"q": ticket.requester.email, "closed": "shown"})
    return f"{reverse('wagtail_helpdesk_tickets:list')}?{query}"


def new_form(
    verb: TicketVerb, *, ticket: Ticket, user: Any, data: Any = None
) -> VerbForm:
    """Return the verb's form, empty or with what the request brought."""
    posted = {} if data is None else {"data": data.POST, "files": data.FILES}
    return verb.form_class(
        ticket=ticket, user=user, auto_id=f"{verb.name}-%s", **posted
    )


class TicketPage(AgentsOnlyView, WagtailAdminTemplateMixin, TemplateView):
    """What the screen and the verbs' own pages have in common."""

    header_icon = "mail"
    breadcrumbs_items = [
        {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")},
        {
            "url": reverse_lazy("wagtail_helpdesk_tickets:list"),
            "label": _("All tickets"),
        },
    ]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Look the ticket up, in the user's scope."""
        super().setup(request, *args, **kwargs)
        self.ticket = get_ticket(request, kwargs["pk"])

    def get_page_title(self) -> str:
        """Return the title of the page."""
        return f"#{self.ticket.number} {self.ticket.subject}"

    @property
    def media(self) -> Media:
        """The page's own style sheet and controllers."""
        return Media(
            css={"all": ["wagtail_helpdesk/css/desk.css"]},
            js=["wagtail_helpdesk/js/desk.js"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the ticket."""
        return {
            **super().get_context_data(**kwargs),
            "ticket": self.ticket,
            "media": self.media,
        }


class TicketScreenView(TicketPage):
    """The ticket's screen; ``bound`` is a form that came back with an error."""

    template_name = "wagtail_helpdesk/admin/ticket.html"
    http_method_names = ["get", "head", "options"]
    bound: VerbForm | None = None
    bound_verb = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way to this ticket."""
        here = {"url": "", "label": f"#{self.ticket.number}"}
        return [*self.breadcrumbs_items, here]

    @cached_property
    def offered(self) -> dict[str, TicketVerb]:
        """The verbs that this user gets a button for."""
        return {
            name: verb
            for name, verb in get_verbs().items()
            if verb.is_offered(self.ticket, self.request.user)
        }

    def _form(self, name: str) -> VerbForm:
        if self.bound is not None and name == self.bound_verb:
            return self.bound
        return new_form(get_verb(name), ticket=self.ticket, user=self.request.user)

    def _forms(self) -> dict[str, VerbForm]:
        """Return a form for each offered verb that has one, and for a failed one."""
        names = [name for name, verb in self.offered.items() if verb.has_form]
        if self.bound_verb and self.bound_verb not in names:
            names.append(self.bound_verb)
        return {name: self._form(name) for name in names}

    def _compose(self, forms: dict[str, VerbForm]) -> str:
        """Return which side of the composer is open."""
        if self.bound_verb in COMPOSER:
            return self.bound_verb
        wanted = self.request.GET.get("compose", "")
        offered = [name for name in COMPOSER if name in forms]
        return wanted if wanted in offered else next(iter(offered), "")

    def _why_no_reply(self) -> str:
        """Return why the composer offers no reply, if it does not."""
        user: Any = self.request.user
        ticket = self.ticket
        if not permissions.may(user, "reply", ticket):
            return gettext("You may read this ticket, but not answer it.")
        if ticket.is_locked_against(user):
            # Said beside the composer, with the holder's name and the time.
            return ""
        return gettext("This ticket is closed. Reopen it to answer.")

    def _toolbar(self) -> list[TicketVerb]:
        left_out = {*COMPOSER, *IN_FACTS}
        return [verb for name, verb in self.offered.items() if name not in left_out]

    def _who_is_mailed(self, participants: Iterable[Participant]) -> str:
        """Return who gets a reply by mail."""
        copied = [str(row.requester) for row in participants if row.requester]
        names = [self.ticket.requester.display_name, *copied]
        return gettext("%(names)s will get this by mail.") % {
            "names": get_text_list(names, gettext("and"))
        }

    def _facts(self) -> dict[str, Any]:
        """Return what the side column says."""
        ticket, user = self.ticket, self.request.user
        visible = permissions.visible_tickets(user)
        others = (
            visible.filter(requester=ticket.requester)
            .exclude(pk=ticket.pk)
            .select_related("status")
        )[: OTHERS_SHOWN + 1]
        participants = list(ticket.participants.select_related("requester", "user"))
        return {
            "who_is_mailed": self._who_is_mailed(participants),
            "links": _links(ticket, user),
            "others": list(others)[:OTHERS_SHOWN],
            "has_more_others": len(others) > OTHERS_SHOWN,
            "others_url": _others_url(ticket),
            "participants": participants,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather all that the screen shows."""
        ticket, user = self.ticket, self.request.user
        resolutions = list(ticket.resolutions.all())
        forms = self._forms()
        holder = ticket.lock_holder
        return {
            **super().get_context_data(**kwargs),
            **self._facts(),
            "conversation": read_conversation(
                ticket,
                user=user,
                resolutions=resolutions,
                before=self.request.GET.get("before", ""),
            ),
            "resolutions": [
                {"row": row, "notes": render_markdown(row.notes) if row.notes else ""}
                for row in resolutions
            ],
            "forms": forms,
            "compose": self._compose(forms),
            "why_no_reply": "" if "reply" in forms else self._why_no_reply(),
            "toolbar": self._toolbar(),
            "offered": self.offered,
            "came_in": _CAME_IN.get(ticket.channel, ""),
            "holder": user_label(holder) if holder else "",
            "is_holder": holder is not None and holder.pk == user.pk,
            "assignee": user_label(ticket.assignee) if ticket.assignee else "",
            "is_assignee": ticket.assignee_id == user.pk,
        }

    def again(self, form: VerbForm, *, verb: TicketVerb) -> HttpResponse:
        """Show the screen once more, with what was typed and why it failed."""
        self.bound, self.bound_verb = form, verb.name
        # A file can't be sent back to the browser that sent it.
        if self.request.FILES:
            form.add_error("uploads", gettext("Please choose the files again."))
        return self.render_to_response(self.get_context_data(), status=422)


class VerbPage(TicketPage):
    """A verb's form on a page of its own: without scripts, and after an error."""

    template_name = "wagtail_helpdesk/admin/verb.html"

    def show(self, form: VerbForm, *, verb: TicketVerb, status: int) -> HttpResponse:
        """Show the form."""
        self.verb = verb
        context = self.get_context_data(
            form=form, verb=verb, screen_url=screen_url(self.ticket)
        )
        return self.render_to_response(context, status=status)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way to this verb."""
        return [
            *self.breadcrumbs_items,
            {"url": screen_url(self.ticket), "label": f"#{self.ticket.number}"},
            {"url": "", "label": self.verb.title},
        ]


class TicketVerbView(AgentsOnlyView):
    """Serve every row of the table: parse, act, translate what came of it."""

    http_method_names = ["get", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Look the ticket up, in the user's scope, and the verb."""
        super().setup(request, *args, **kwargs)
        self.ticket = get_ticket(request, kwargs["pk"])
        self.verb = get_verb(kwargs["verb"])

    def get(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Show the verb's form; a verb without one has nothing to show."""
        if not self.verb.has_form:
            return HttpResponseNotAllowed(["POST"])
        if self.verb.name in COMPOSER:
            return redirect(f"{screen_url(self.ticket)}?compose={self.verb.name}")
        try:
            permissions.check(
                Actor.agent(request.user), self.verb.permission, self.ticket
            )
        except HelpdeskError as error:
            messages.error(request, str(error))
            return redirect(screen_url(self.ticket))
        form = new_form(self.verb, ticket=self.ticket, user=request.user)
        return self._page(VerbPage).show(form, verb=self.verb, status=200)

    def post(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Do it, or say why not."""
        form = new_form(self.verb, ticket=self.ticket, user=request.user, data=request)
        if not form.is_valid():
            return self._again(form)
        try:
            anchor = self.verb.act(self.ticket, Actor.agent(request.user), form)
        except HelpdeskError as error:
            form.add_error(None, str(error))
            return self._again(form)
        forget_counts(request.user)
        if self.verb.success:
            messages.success(request, str(self.verb.success))
        visible = permissions.visible_tickets(request.user)
        if not visible.filter(pk=self.ticket.pk).exists():
            return redirect("wagtail_helpdesk_tickets:list")
        return redirect(screen_url(self.ticket, anchor=anchor))

    def _page(self, page_class: type[TicketPage]) -> Any:
        """Return another view of the same request, with the ticket read afresh."""
        page = page_class()
        page.setup(self.request, pk=self.ticket.pk)
        return page

    def _again(self, form: VerbForm) -> HttpResponse:
        if not self.verb.has_form:
            messages.error(self.request, " ".join(map(str, form.non_field_errors())))
            return redirect(screen_url(self.ticket))
        if self.verb.name in COMPOSER:
            return self._page(TicketScreenView).again(form, verb=self.verb)
        return self._page(VerbPage).show(form, verb=self.verb, status=422)
