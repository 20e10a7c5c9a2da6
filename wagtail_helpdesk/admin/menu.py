"""The sidebar's items: for agents only, two of them with a count."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from wagtail_helpdesk import permissions
from wagtail_helpdesk.models import TicketQuerySet

#: Seconds that an agent may wait until others' work shows in their counts. What they
#: do themselves shows at once.
COUNTS_LIFETIME = 10

#: The attribute that the style sheet shows as a badge.
COUNT_ATTRIBUTE = "data-helpdesk-count"


@dataclass(frozen=True)
class Counts:
    """How many tickets wait for an agent."""

    my_queues: int
    locked_by_me: int


def my_queues(user: Any) -> TicketQuerySet:
    """Return what waits in the queues that the user watches (OTRS-22, OTRS-23)."""
    return (
        permissions.visible_tickets(user)
        .in_watched_queues(user)
        .unfinished()
        .unlocked(now=timezone.now())
    )


def locked_by_me(user: Any) -> TicketQuerySet:
    """Return what the user holds (OTRS-07)."""
    return permissions.visible_tickets(user).locked_by_user(user, now=timezone.now())


def _key(user: Any) -> str:
    return f"wagtail_helpdesk:counts:{user.pk}"


def counts(user: Any) -> Counts:
    """Return the user's counts: two queries, or none for some seconds."""
    cached = cache.get(_key(user))
    if cached is None:
        cached = (my_queues(user).count(), locked_by_me(user).count())
        cache.set(_key(user), cached, COUNTS_LIFETIME)
    return Counts(*cached)


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
        number = getattr(counts(request.user), self.count_name)
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
