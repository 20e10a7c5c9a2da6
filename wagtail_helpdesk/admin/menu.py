"""The sidebar's items: for agents only, the lists among them with a count."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, Count, Q, Value
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from wagtail_helpdesk import permissions
from wagtail_helpdesk.models import QueueWatch, TicketQuerySet

#: Seconds that an agent may wait until others' work shows in their counts. What they
#: do themselves shows at once.
COUNTS_LIFETIME = 10

#: The attribute that the style sheet shows as a badge.
COUNT_ATTRIBUTE = "data-helpdesk-count"


Set = Callable[[Any], TicketQuerySet]


def _my_queues(user: Any) -> TicketQuerySet:
    """Return what waits in the queues that the user watches (OTRS-22, OTRS-23)."""
    watched = QueueWatch.objects.filter(user=user).values("queue")
    tickets = permissions.visible_tickets(user).unfinished()
    return tickets.filter(queue__in=watched).unlocked(now=timezone.now())


def _locked_by_me(user: Any) -> TicketQuerySet:
    """Return what the user holds (OTRS-07)."""
    return permissions.visible_tickets(user).locked_by_user(user, now=timezone.now())


def _assigned_to_me(user: Any) -> TicketQuerySet:
    """Return what the user or their groups are responsible for (CTI-71, CTI-72)."""
    tickets = permissions.visible_tickets(user).unfinished()
    return tickets.filter(
        Q(assignee=user) | Q(assigned_group__in=user.groups.values("pk"))
    )


def _unassigned(user: Any) -> TicketQuerySet:
    """Return what nobody is responsible for (CTI-73)."""
    tickets = permissions.visible_tickets(user).unfinished()
    return tickets.filter(assignee=None, assigned_group=None)


def _reopened(user: Any) -> TicketQuerySet:
    """Return what was resolved once and waits again (CTI-41)."""
    return permissions.visible_tickets(user).unfinished().filter(is_reopened=True)


#: The agent's lists by name; the menu counts each.
SETS: dict[str, Set] = {
    "my_queues": _my_queues,
    "locked_by_me": _locked_by_me,
    "assigned_to_me": _assigned_to_me,
    "unassigned": _unassigned,
    "reopened": _reopened,
}


def _key(user: Any) -> str:
    return f"wagtail_helpdesk:counts:{user.pk}"


def _count_all(user: Any) -> dict[str, int]:
    """Count every set in one query, each as a part of it."""
    parts = [
        tickets(user)
        .order_by()
        .annotate(set_name=Value(name, output_field=CharField()))
        .values("set_name")
        .annotate(how_many=Count("pk"))
        .values_list("set_name", "how_many")
        for name, tickets in SETS.items()
    ]
    # Django 6.1 would sort the union by the model's order, of which it has no column.
    return dict(parts[0].union(*parts[1:], all=True).order_by())


def counts(user: Any) -> dict[str, int]:
    """Return how many tickets are in each set: one query, or none for some seconds."""
    cached: dict[str, int] | None = cache.get(_key(user))
    if cached is None:
        cached = _count_all(user)
        cache.set(_key(user), cached, COUNTS_LIFETIME)
    return cached


def forget_counts(user: Any) -> None:
    """Count anew on the next page, because the user has changed something."""
    cache.delete(_key(user))


class AgentsMenuItem(MenuItem):
    """An item that only agents see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the user works with tickets."""
        return permissions.is_agent(request.user)


class CountedMenuItem(AgentsMenuItem):
    """An item with a badge. The item is shared by all requests: never change it."""

    def __init__(self, *args: Any, count_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count_name = count_name

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        """Return the item with the number of this request's user."""
        number = counts(request.user).get(self.count_name, 0)
        attrs = {**self.attrs}
        if number:
            attrs[COUNT_ATTRIBUTE] = str(number)
        return LinkMenuItem(
            self.name,
            self.label,
            self.url,
            icon_name=self.icon_name,
            classname=self.classname,
            attrs=attrs,
        )
