"""What the lists and forms offer: statuses, queues, agents, groups.

They change seldom and are on every page, so they are kept for a short while; our own
forms forget them at once. Nothing is permitted by them: the verbs ask the database.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.cache import cache

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import user_label
from wagtail_helpdesk.models import Queue, QueueGrant, Status

_KEY = "wagtail_helpdesk:choices"
#: Seconds that a change made elsewhere may take to show.
LIFETIME = 30

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Choices:
    """Everything that is offered to anybody."""

    statuses: tuple[Status, ...]
    queues: tuple[Queue, ...]
    agents: Pairs
    groups: Pairs


def people(users: Any) -> Pairs:
    """Return users as choices, by name."""
    named = [(str(user.pk), user_label(user)) for user in users]
    return tuple(sorted(named, key=lambda choice: choice[1].lower()))


def _read() -> Choices:
    groups = Group.objects.filter(pk__in=QueueGrant.objects.values("group"))
    return Choices(
        statuses=tuple(Status.objects.all()),
        queues=tuple(Queue.objects.all()),
        agents=people(permissions.agents()),
        groups=tuple((str(group.pk), group.name) for group in groups.order_by("name")),
    )


def get_choices() -> Choices:
    """Return what is offered: four queries, or none for some seconds."""
    choices = cache.get(_KEY)
    if choices is None:
        choices = _read()
        cache.set(_KEY, choices, LIFETIME)
    return choices


def forget_choices() -> None:
    """Read them anew, because one of them was changed."""
    cache.delete(_KEY)


def queues_seen_by(user: Any) -> list[Queue]:
    """Return the queues whose names this user may know."""
    grants = permissions.grants_of(user)
    return [queue for queue in get_choices().queues if grants.verbs(queue)]
