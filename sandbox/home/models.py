"""The museum's page types."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from wagtail_helpdesk.models import Queue
from wagtail_helpdesk.portal.models import TicketFormPage

_TEXT = ["h2", "h3", "bold", "italic", "link", "ol", "ul", "hr"]


class HomePage(Page):
    """The front page."""

    heading = models.CharField(max_length=120)
    lead = models.TextField()
    visit = RichTextField(features=_TEXT, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("lead"),
        FieldPanel("visit"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add the articles that the front page shows."""
        context = super().get_context(request, *args, **kwargs)
        context["articles"] = HelpPage.objects.live().descendant_of(self)[:4]
        context["help_page"] = HelpIndexPage.objects.live().child_of(self).first()
        context["contact_page"] = ContactPage.objects.live().child_of(self).first()
        return context


class HelpIndexPage(Page):
    """The list of help articles."""

    lead = models.TextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.HelpPage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add the articles, by audience."""
        context = super().get_context(request, *args, **kwargs)
        articles = HelpPage.objects.live().child_of(self)
        context["groups"] = [
            (audience.label, [page for page in articles if page.audience == audience])
            for audience in HelpPage.Audience
        ]
        return context


class HelpPage(Page):
    """One article that answers one question."""

    class Audience(models.TextChoices):
        """Whom an article is for."""

        VISITORS = "visitors", "For visitors"
        COLLEAGUES = "colleagues", "For colleagues"

    audience = models.CharField(
        max_length=20, choices=Audience.choices, default=Audience.VISITORS
    )
    summary = models.TextField()
    body = RichTextField(features=_TEXT)
    contact_address = models.EmailField(
        help_text="Where readers write if the article did not answer their question."
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("audience"),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("contact_address"),
    ]
    parent_page_types = ["home.HelpIndexPage"]
    subpage_types: list[str] = []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add the other articles for the same readers."""
        context = super().get_context(request, *args, **kwargs)
        context["others"] = (
            HelpPage.objects.live().sibling_of(self, inclusive=False)
        ).filter(audience=self.audience)[:4]
        return context


class ContactPage(Page):
    """Where to write: the public address of each queue, and the form."""

    lead = models.TextField(blank=True)
    body = RichTextField(features=_TEXT, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["home.HomePage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add the queues that take mail."""
        context = super().get_context(request, *args, **kwargs)
        queues = Queue.objects.filter(is_active=True).prefetch_related("addresses")
        context["queues"] = [queue for queue in queues if queue.public_address]
        context["form_page"] = TicketFormPage.objects.live().child_of(self).first()
        return context
