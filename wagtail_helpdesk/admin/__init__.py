"""The agents' desk inside of Wagtail's admin."""
