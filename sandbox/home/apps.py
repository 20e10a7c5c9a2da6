"""The museum's public pages."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Name the app, so that its tables are called ``home_…``."""

    name = "sandbox.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"
