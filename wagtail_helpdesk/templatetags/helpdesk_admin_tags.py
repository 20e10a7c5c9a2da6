"""Template tags of the agents' screens."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import formats, timezone

from wagtail_helpdesk import actors

register = template.Library()


@register.filter
def user_label(user: Any) -> str:
    """Return how a user is called in front of others."""
    return actors.user_label(user) if user else ""


@register.filter
def initials(name: str) -> str:
    """Return one or two letters that stand for a person."""
    words = [word for word in name.split() if word[:1].isalnum()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in chosen).upper() or "?"


@register.filter
def moment(when: datetime | None) -> str:
    """Return the time if it is today's, else the day and the time."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    if local.date() == timezone.localdate():
        return formats.time_format(local, "TIME_FORMAT")
    return formats.date_format(local, "DATETIME_FORMAT")


@register.filter
def lookup(mapping: dict[str, Any], key: str) -> Any:
    """Return a value of a mapping by a key that the template names."""
    return mapping.get(key)
