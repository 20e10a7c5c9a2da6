"""A help desk for Wagtail: mail in, tickets in the admin, answers out."""

__version__ = "0.1.0.dev0"
