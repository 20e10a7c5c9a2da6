"""The sandbox's Content-Security-Policy: nothing but the site's own files.

What of Wagtail's own admin (8.0, 7.4) does not work under it, seen in Chromium:

* date, time and date-time fields: their widget starts by a script in the page, which
  also stands in the filters of page listings, users and site history;
* inline panels and multiple choosers: each ends in a script in the page.

So those pages may run scripts of their own. The help desk's screens may not: they
have none.
"""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
_ADMIN_PATHS = ("/admin/", "/django-admin/")
_GetResponse = Callable[[HttpRequest], HttpResponse]


def policy_header(policy: Mapping[str, Sequence[str]]) -> str:
    """Return the header's value for a policy given as a dict."""
    return "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items())


class ContentSecurityPolicyMiddleware:
    """Set the policy where Django, below 6.0, has no middleware of its own."""

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response
        self.header = policy_header(settings.CONTENT_SECURITY_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header, unless the view or Django's error page has its own."""
        response = self.get_response(request)
        if response.status_code not in (404, 500):
            response.headers.setdefault(HEADER, self.header)
        return response


class AdminPolicyMiddleware:
    """Let Wagtail's own admin pages run the scripts that stand in them."""

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response
        scripts = {"script-src": ["'self'", "'unsafe-inline'"]}
        self.header = policy_header({**settings.CONTENT_SECURITY_POLICY, **scripts})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the wider policy; the middleware above leaves it as it is."""
        response = self.get_response(request)
        match = request.resolver_match
        is_ours = match is not None and any(
            namespace.startswith("wagtail_helpdesk") for namespace in match.namespaces
        )
        if request.path.startswith(_ADMIN_PATHS) and not is_ours:
            response.headers.setdefault(HEADER, self.header)
        return response
