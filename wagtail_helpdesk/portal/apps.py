"""The portal app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Pages for requesters, with or without an account."""

    name = "wagtail_helpdesk.portal"
    label = "wagtail_helpdesk_portal"
    verbose_name = _("Helpdesk portal")
    default_auto_field = "django.db.models.BigAutoField"
