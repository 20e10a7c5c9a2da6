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
_MAIL = (
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

_HOME = {
    "title": "Home",
    "slug": "museum",
    "heading": "The things you never look at, looked at",
    "lead": (
        "Kettles, clothes pegs, remote controls: we collect what everybody has had in "
        "hand, and the stories that go with it."
    ),
    "visit": _VISIT,
}
_HELP = {
    "title": "Help",
    "slug": "help",
    "show_in_menus": True,
    "lead": (
        "Answers to what we are asked most, for visitors and for those who work here."
    ),
}
_CONTACT = {
    "title": "Contact",
    "slug": "contact",
    "show_in_menus": True,
    "lead": (
        "Write to the desk that knows most about it. If you are not sure, write to "
        "General; they know who knows."
    ),
    "body": _MAIL,
}
_FORM = {
    "title": "Write to us",
    "slug": "write",
    "intro": _FORM_INTRO,
    "is_open_to_guests": True,
    "thank_you_text": _FORM_THANKS,
}


def ensure_pages() -> None:
    """Make the pages unless there are some, and show them to the site's visitors."""
    home = HomePage.objects.first()
    if home is None:
        home = _add(HomePage(**_HOME), to=Page.objects.get(depth=1))
        help_index = _add(HelpIndexPage(**_HELP), to=home)
        for article in ARTICLES:
            _add(HelpPage(**vars(article)), to=help_index)
        contact = _add(ContactPage(**_CONTACT), to=home)
        general = Queue.objects.get(slug="general")
        _add(TicketFormPage(queue=general, **_FORM), to=contact)
    _point_site_at(home)


def _add(page: Any, *, to: Page) -> Any:
    to.add_child(instance=page)
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
