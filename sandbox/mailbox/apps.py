"""The mailbox: plays the mail provider and everybody's mail program."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    """Name the app, so that its tables are called ``mailbox_…``."""

    name = "sandbox.mailbox"
    label = "mailbox"
    default_auto_field = "django.db.models.BigAutoField"
