"""The addresses of the inbound webhooks, for the providers that the site names only.

Include it where you like: ``path("helpdesk/", include("wagtail_helpdesk.urls"))``.
"""

from django.urls import URLPattern, re_path

from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.intake.webhooks import PROVIDERS

app_name = "wagtail_helpdesk"

# Mailgun sends the raw mail to an address that has "mime" in it.
_PATHS = {"mailgun": "mailgun(?:_mime)?"}


def _inbound(provider: str) -> URLPattern:
    path = _PATHS.get(provider, provider)
    view = PROVIDERS[provider].as_view()
    return re_path(rf"^inbound/(?P<provider>{path})/$", view, name="inbound")


urlpatterns = [
    # A name that is none is the system check's to report.
    _inbound(provider)
    for provider in get_conf().inbound_providers
    if provider in PROVIDERS
]
