"""Wiring: Anymail's signal, system checks, and rows every desk needs, after migrate."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS, router
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HelpdeskConfig(AppConfig):
    """The helpdesk app."""

    name = "wagtail_helpdesk"
    label = "wagtail_helpdesk"
    verbose_name = _("Helpdesk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what needs the models to be there."""
        from anymail.signals import inbound

        from wagtail_helpdesk import background, checks, defaults, tasks
        from wagtail_helpdesk.intake import email

        def after_migrate(
            *, using: str = DEFAULT_DB_ALIAS, apps: Any = installed_apps, **kwargs: Any
        ) -> None:
            if _has_table(apps, "wagtail_helpdesk", "Status", using=using):
                defaults.ensure_default_rows(using=using)
            if _has_table(apps, "django_q", "Schedule", using=using):
                background.ensure_schedules(tasks.SCHEDULES, using=using)

        inbound.connect(email.receive, dispatch_uid="wagtail_helpdesk.receive")
        post_migrate.connect(
            after_migrate,
            sender=self,
            weak=False,
            dispatch_uid="wagtail_helpdesk.after_migrate",
        )
        checks.register_checks()


def _has_table(apps: Any, label: str, model: str, *, using: str) -> bool:
    """Tell whether a migrate that may have been partial has left this table."""
    try:
        apps.get_model(label, model)
    except LookupError:
        return False
    return router.allow_migrate(using, label, model_name=model.lower())
