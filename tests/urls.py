"""The addresses of the tests' site: both doors for mail, the admin, the pages."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("helpdesk/", include("wagtail_helpdesk.urls")),
    path("anymail/", include("anymail.urls")),
    path("", include(wagtail_urls)),
]
