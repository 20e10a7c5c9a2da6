"""The site's navigation."""

from typing import Any

from django import template
from wagtail.models import Page, Site

register = template.Library()


@register.inclusion_tag("home/includes/navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """Return the pages of the main menu, and which of them the reader is on."""
    request = context["request"]
    site = Site.find_for_request(request)
    pages: list[Page] = []
    if site is not None:
        pages = [site.root_page, *site.root_page.get_children().live().in_menu()]
    here = context.get("page")
    entries = [
        {
            "page": page,
            "url": page.get_url(request),
            "is_current": here is not None and page.pk == here.pk,
            "is_above": _is_above(page, here),
        }
        for page in pages
    ]
    return {"entries": entries}


def _is_above(page: Page, here: Page | None) -> bool:
    return here is not None and page.depth > 2 and here.is_descendant_of(page)
