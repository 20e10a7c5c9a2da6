"""Pages for tests, in any database, also one that has just been emptied."""

from typing import Any

from wagtail.models import Locale, Page, Site

from tests.factories import make_queue
from wagtail_helpdesk.models import Queue
from wagtail_helpdesk.portal.models import TicketFormPage


def _home_page() -> Page:
    """Return the page that the tests' site begins with, made if need be."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None:
        return site.root_page
    Locale.objects.get_or_create(language_code="en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root")
    home = root.add_child(instance=Page(title="Home", slug="home"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


def make_form_page(
    *,
    queue: Queue | None = None,
    is_open_to_guests: bool = True,
    slug: str = "ask",
    **fields: Any,
) -> TicketFormPage:
    """Make a published page with a form; unlike the default, open to guests."""
    page = TicketFormPage(
        title="Ask us",
        slug=slug,
        queue=queue or make_queue(),
        is_open_to_guests=is_open_to_guests,
        **fields,
    )
    _home_page().add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
