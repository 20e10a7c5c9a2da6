"""Make the museum's pages."""

from typing import Any

from django.conf import settings
from wagtail.models import Page, Site

from sandbox.desk.articles import ARTICLES
from sandbox.home.models import ContactPage, HelpIndexPage, HelpPage, HomePage
from wagtail_helpdesk.models import Queue
from wagtail_helpdesk.portal.models import TicketFormPage

_VISIT = (
    "<p><strong>Wednesday to Sunday</strong><br>10 am to 5 pm</p>"
    "<p><strong>Entry is free.</strong> A tour costs one good story about an object "
    "that you own.</p>"
    "<p>The ferry stops at our door. Bicycles lean best against the north wall.</p>"
)
_CONTACT = (
    "<h2>What happens to your mail</h2>"
    "<p>You get a receipt with a number at once. A person reads your mail, mostly on "
    "the same day. If you answer, leave the number at the end of the subject where it "
    "is, and your answer finds the right desk by itself.</p>"
)
_FORM_INTRO = (
    "<p>Ask us anything about your visit, or tell us about something that you would "
    "give to the museum. A photo helps.</p>"
)
_FORM_THANKS = (
    "<p>A person reads it, mostly on the same day. Until then: the kettle is on.</p>"
)


def ensure_pages() -> None:
    """Make the pages that are missing, and show them to the site's visitors."""
    home = HomePage.objects.first()
    if home is None:
        home = _add(
            Page.objects.get(depth=1),
            HomePage(
                title="Home",
                slug="museum",
                heading="The things you never look at, looked at",
                lead=(
                    "Kettles, clothes pegs, remote controls: we collect what everybody "
                    "has had in hand, and the stories that go with it."
                ),
                visit=_VISIT,
            ),
        )
    _point_site_at(home)
    help_index = HelpIndexPage.objects.first() or _add(
        home,
        HelpIndexPage(
            title="Help",
            slug="help",
            show_in_menus=True,
            lead=(
                "Answers to what we are asked most, for visitors and for those who "
                "work here."
            ),
        ),
    )
    for article in ARTICLES:
        if not HelpPage.objects.filter(slug=article.slug).exists():
            _add(help_index, HelpPage(**vars(article)))
    contact = ContactPage.objects.first()
    if contact is None:
        contact = _add(
            home,
            ContactPage(
                title="Contact",
                slug="contact",
                show_in_menus=True,
                lead=(
                    "Write to the desk that knows most about it. If you are not sure, "
                    "write to General; they know who knows."
                ),
                body=_CONTACT,
            ),
        )
    if not TicketFormPage.objects.exists():
        _add(
            contact,
            TicketFormPage(
                title="Write to us",
                slug="write",
                intro=_FORM_INTRO,
                queue=Queue.objects.get(slug="general"),
                is_open_to_guests=True,
                thank_you_text=_FORM_THANKS,
            ),
        )


def _add(parent: Page, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _point_site_at(home: HomePage) -> None:
    """Serve the home page; Wagtail's own first page makes room for it."""
    site = Site.objects.filter(is_default_site=True).first() or Site(
        is_default_site=True
    )
    site.hostname, site.port = "127.0.0.1", int(settings.PORT)
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.root_page = home
    site.save()
    Page.objects.filter(depth=2, slug="home", title__startswith="Welcome").delete()
