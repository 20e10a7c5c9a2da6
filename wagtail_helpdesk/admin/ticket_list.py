"""The list of tickets: columns, filters, search. Every list is this one."""

import re
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import IndexView

from wagtail_helpdesk import permissions
from wagtail_helpdesk.admin.choices import get_choices, queues_seen_by
from wagtail_helpdesk.admin.lookup import RELATED, AgentsOnlyView
from wagtail_helpdesk.admin.policy import TICKET_POLICY
from wagtail_helpdesk.models import Priority, Ticket, TicketQuerySet
from wagtail_helpdesk.rules.lifecycle import Phase

_NUMBER = re.compile(r"\s*#?([0-9]{1,10})\s*", re.ASCII)
#: Characters of a search that are looked at (SEC-125).
_LONGEST_SEARCH = 200
ME, NOBODY = "me", "nobody"


def _statuses() -> list[tuple[str, str]]:
    return [(str(status.pk), status.name) for status in get_choices().statuses]


def _assignees() -> list[tuple[str, str]]:
    return [
        (ME, gettext("Me")),
        (NOBODY, gettext("Nobody")),
        *get_choices().agents,
    ]


class TicketFilterSet(WagtailFilterSet):
    """What a list can be narrowed down to (CTI-97 … CTI-99)."""

    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        choices=_statuses,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    priority = django_filters.MultipleChoiceFilter(
        label=_("Priority"),
        choices=Priority.choices[::-1],
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    assignee = django_filters.MultipleChoiceFilter(
        label=_("Assignee"),
        choices=_assignees,
        widget=forms.CheckboxSelectMultiple,
        method="filter_assignee",
        distinct=False,
    )
    queue = django_filters.MultipleChoiceFilter(
        label=_("Queue"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:
            self.filters["queue"].extra["choices"] = [
                (str(queue.pk), queue.name)
                for queue in queues_seen_by(self.request.user)
            ]

    def filter_assignee(
        self, queryset: TicketQuerySet, name: str, value: list[str]
    ) -> TicketQuerySet:
        """Keep those of the people chosen; "me" and "nobody" are people, too."""
        if not value:
            return queryset
        people = {choice for choice in value if choice not in {ME, NOBODY}}
        if ME in value and self.request is not None:
            people.add(str(self.request.user.pk))
        wanted = Q(assignee__in=people)
        if NOBODY in value:
            wanted |= Q(assignee=None, assigned_group=None)
        return queryset.filter(wanted)


class AllTicketsFilterSet(TicketFilterSet):
    """The same for all tickets, of which the closed ones are left out at first."""

    closed = django_filters.MultipleChoiceFilter(
        label=_("Closed tickets"),
        choices=[("shown", _("Show them too"))],
        widget=forms.CheckboxSelectMultiple,
        method="keep_all",
        distinct=False,
    )

    def keep_all(
        self, queryset: TicketQuerySet, name: str, value: list[str]
    ) -> TicketQuerySet:
        """Return them all: the filter only lifts what ``filter_queryset`` takes off."""
        return queryset

    def filter_queryset(self, queryset: TicketQuerySet) -> TicketQuerySet:
        """Leave out closed tickets, unless they or a status were asked for (CTI-97)."""
        tickets = super().filter_queryset(queryset)
        if self.hides_closed:
            tickets = tickets.exclude(phase=Phase.CLOSED)
        return tickets

    @property
    def hides_closed(self) -> bool:
        """Tell whether closed tickets are left out."""
        if not self.form.is_valid():
            return True
        data = self.form.cleaned_data
        return not data["closed"] and not data["status"]


class CellColumn(Column):
    """A column whose cell is drawn by a template of ours."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, classname=f"helpdesk-cell-{name}", **kwargs)
        self.cell_template_name = f"wagtail_helpdesk/admin/cells/{name}.html"


class SubjectColumn(TitleColumn):
    """Number and subject, the link to the ticket."""

    cell_template_name = "wagtail_helpdesk/admin/cells/subject.html"


def ticket_columns() -> list[Column]:
    """Return the columns of every list (CTI-104)."""
    return [
        SubjectColumn(
            "subject",
            label=_("Ticket"),
            sort_key="pk",
            classname="helpdesk-cell-subject",
            url_name="wagtail_helpdesk_tickets:edit",
            ascending_title_text=gettext_lazy("Sort by number, oldest first."),
            descending_title_text=gettext_lazy("Sort by number, newest first."),
        ),
        CellColumn("requester", label=_("Requester"), sort_key="requester__name"),
        CellColumn("queue", label=_("Queue"), sort_key="queue__name"),
        CellColumn("status", label=_("Status"), sort_key="status__sort_order"),
        CellColumn("priority", label=_("Priority"), sort_key="priority"),
        CellColumn("assignee", label=_("Assignee"), sort_key="assignee__username"),
        CellColumn("updated", label=_("Updated"), sort_key="updated_at"),
    ]


class TicketListView(AgentsOnlyView, IndexView):
    """A list of tickets that exist for the user; subclasses choose which of them."""

    model = Ticket
    permission_policy = TICKET_POLICY
    template_name = "wagtail_helpdesk/admin/list.html"
    results_template_name = "wagtail_helpdesk/admin/list_results.html"
    header_icon = "mail"
    add_url_name = "wagtail_helpdesk_tickets:add"
    edit_url_name = "wagtail_helpdesk_tickets:edit"
    filterset_class = TicketFilterSet
    search_fields = ["subject", "requester__name", "requester__email"]
    default_ordering = "-updated_at"
    paginate_by = 50
    table_classname = "listing helpdesk-list"
    breadcrumbs_items = [
        {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")},
    ]
    #: Wagtail's export knows neither scope nor formulas: there is none.
    FORMATS = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go straight to the ticket if its number was searched for (CTI-96, CTI-80)."""
        if self.number is not None and not self.results_only:
            tickets = permissions.visible_tickets(request.user)
            if tickets.filter(pk=self.number).exists():
                return redirect(self.edit_url_name, self.number)
        return super().get(request, *args, **kwargs)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns, without the checkboxes of bulk actions."""
        return ticket_columns()

    @cached_property
    def search_query(self) -> str:
        """What is searched for."""
        form = self.search_form
        if not form or not form.is_valid():
            return ""
        return str(form.cleaned_data[self.search_kwarg]).strip()[:_LONGEST_SEARCH]

    @cached_property
    def number(self) -> int | None:
        """The number searched for, if it is one."""
        match = _NUMBER.fullmatch(self.search_query)
        return int(match[1]) if match else None

    def scope(self) -> TicketQuerySet:
        """Return the tickets that this list is about."""
        return permissions.visible_tickets(self.request.user)

    def get_base_queryset(self) -> TicketQuerySet:
        """Return them with what a row shows."""
        return self.scope().select_related(*RELATED)

    def order_queryset(self, queryset: TicketQuerySet) -> TicketQuerySet:
        """Sort, and let the number decide between equals, so that pages don't mix."""
        ordering = self.ordering
        if ordering.lstrip("-") == "pk":
            return queryset.order_by(ordering)
        return queryset.order_by(ordering, "-pk")

    def search_queryset(self, queryset: TicketQuerySet) -> TicketQuerySet:
        """Search subjects, requesters and numbers (CTI-95)."""
        if not self.is_searching:
            return queryset
        wanted = Q()
        for field in self.search_fields:
            wanted |= Q(**{f"{field}__icontains": self.search_query})
        if self.number is not None:
            wanted |= Q(pk=self.number)
        return queryset.filter(wanted)

    def get_list_buttons(self, instance: Ticket) -> list[Any]:
        """Return none: a row is opened, and worked on where one can read it."""
        return []

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The buttons in the header."""
        buttons = []
        if self.add_url:
            buttons.append(
                HeaderButton(_("New ticket"), url=self.add_url, icon_name="plus")
            )
        return buttons

    def empty_state(self) -> dict[str, str]:
        """Return what an empty list says, and where it leads."""
        return {"text": gettext("There are no tickets yet.")}

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the words for an empty list."""
        context = super().get_context_data(*args, **kwargs)
        context["empty_state"] = self.empty_state()
        context["go_to_number_url"] = self.index_url
        return context


class AllTicketsView(TicketListView):
    """Every ticket that exists for the user; closed ones if they are asked for."""

    page_title = _("All tickets")
    header_icon = "list-ul"
    index_url_name = "wagtail_helpdesk_tickets:list"
    index_results_url_name = "wagtail_helpdesk_tickets:list_results"
    filterset_class = AllTicketsFilterSet

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the way to the closed tickets, if they are left out."""
        context = super().get_context_data(*args, **kwargs)
        if self.filters and self.filters.hides_closed:
            query = self.request.GET.copy()
            for name in (self.page_kwarg, "_w_filter_fragment"):
                query.pop(name, None)
            query["closed"] = "shown"
            context["closed_tickets_url"] = (
                f"{reverse(self.index_url_name)}?{query.urlencode()}"
            )
        return context
