"""Filters of the mailbox's templates."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()


@register.filter
def short_time(moment: datetime) -> str:
    """Return the hour if it was today, else the day, as mail programs do."""
    moment, now = timezone.localtime(moment), timezone.localtime()
    if moment.date() == now.date():
        return date_format(moment, "H:i")
    return date_format(moment, "j M" if moment.year == now.year else "j M Y")


@register.filter
def initial(name: str) -> str:
    """Return the letter that stands for a person."""
    return name.strip().lstrip('"<')[:1].upper() or "?"
