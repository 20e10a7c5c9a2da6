"""Ready-made page types, for sites whose pages are Wagtail's own ``Page``."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_helpdesk.portal.form_page import TicketFormPageMixin


class TicketFormPage(TicketFormPageMixin, Page):
    """A page with a form that opens a ticket."""

    #: Wagtail's own manager, which has no hints.
    objects: ClassVar[Any]

    content_panels = [*Page.content_panels, *TicketFormPageMixin.ticket_form_panels]

    class Meta:
        verbose_name = _("ticket form page")
        verbose_name_plural = _("ticket form pages")
