"""The demo's help desk: its queues, its people, forty tickets."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Name the app; it has commands and content, but no tables."""

    name = "sandbox.desk"
    label = "desk"
