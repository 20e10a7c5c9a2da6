"""System checks: a wrong configuration is told before it costs a mail."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.files.storage import InvalidStorageError, storages
from django.urls import NoReverseMatch, reverse

from wagtail_helpdesk.conf import (
    SETTING_NAME,
    get_base_url,
    get_conf,
    given_settings,
    known_keys,
)
from wagtail_helpdesk.intake.webhooks import PROVIDERS

TAG = "wagtail_helpdesk"


def check_keys(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Report keys of the settings dict that nothing reads."""
    unknown = sorted(set(given_settings()) - known_keys())
    return [
        Error(
            f"{SETTING_NAME} has a key {key!r}, which nothing reads.",
            hint=f"Known keys: {', '.join(sorted(known_keys()))}.",
            id="wagtail_helpdesk.E001",
        )
        for key in unknown
    ]


def check_providers(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Report providers that don't exist, and doors without a lock (SEC-14)."""
    providers = get_conf().inbound_providers
    problems: list[CheckMessage] = [
        Error(
            f"INBOUND_PROVIDERS names {name!r}, which has no inbound webhook.",
            hint=f"Known names: {', '.join(sorted(PROVIDERS))}.",
            id="wagtail_helpdesk.E002",
        )
        for name in providers
        if name not in PROVIDERS
    ]
    # Anymail takes both spellings.
    secret = getattr(settings, "ANYMAIL", {}).get("WEBHOOK_SECRET") or getattr(
        settings, "ANYMAIL_WEBHOOK_SECRET", ""
    )
    if providers and not secret:
        problems.append(
            Error(
                "Mail is taken from providers, but ANYMAIL has no WEBHOOK_SECRET.",
                hint="Set it, or anybody can write mail into the helpdesk.",
                id="wagtail_helpdesk.E003",
            )
        )
    return problems + _check_mounted(providers)


def _check_mounted(providers: Sequence[str]) -> list[CheckMessage]:
    known = next((name for name in providers if name in PROVIDERS), None)
    if known is None:
        return []
    try:
        reverse("wagtail_helpdesk:inbound", kwargs={"provider": known})
    except NoReverseMatch:
        return [
            Error(
                "INBOUND_PROVIDERS is set, but wagtail_helpdesk.urls is not mounted.",
                hint="Add path('helpdesk/', include('wagtail_helpdesk.urls')).",
                id="wagtail_helpdesk.E004",
            )
        ]
    return []


def check_storage(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of a storage from which anybody can fetch attachments (SEC-71)."""
    alias = get_conf().private_storage
    try:
        storage: Any = storages[alias]
    except InvalidStorageError:
        return [
            Warning(
                f"STORAGES has no {alias!r}: attachments go to the default storage.",
                hint="Add one whose files no web server hands out.",
                id="wagtail_helpdesk.W001",
            )
        ]
    location = getattr(storage, "location", "")
    media = settings.MEDIA_ROOT
    if location and media and Path(location).is_relative_to(Path(media).absolute()):
        return [
            Warning(
                f"The storage {alias!r} lies inside MEDIA_ROOT.",
                hint="Put it where no web server hands out its files.",
                id="wagtail_helpdesk.W002",
            )
        ]
    return []


def check_base_url(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn if links in mails would have no host."""
    if get_base_url():
        return []
    return [
        Warning(
            "Links in mails need an address: neither BASE_URL nor "
            "WAGTAILADMIN_BASE_URL is set.",
            hint="Set WAGTAILADMIN_BASE_URL, such as 'https://www.example.org'.",
            id="wagtail_helpdesk.W003",
        )
    ]


def check_cluster(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of settings with which django-q2 runs jobs twice or for ever (REL-32)."""
    cluster = getattr(settings, "Q_CLUSTER", {})
    problems: list[CheckMessage] = []
    retry, timeout = cluster.get("retry", 60), cluster.get("timeout")
    if timeout and retry <= timeout:
        problems.append(
            Warning(
                "Q_CLUSTER's retry is not greater than its timeout.",
                hint="Jobs that take long would be started again while they run.",
                id="wagtail_helpdesk.W004",
            )
        )
    if not cluster.get("max_attempts"):
        problems.append(
            Warning(
                "Q_CLUSTER has no max_attempts.",
                hint="A job that raises would be repeated for ever.",
                id="wagtail_helpdesk.W005",
            )
        )
    if cluster.get("catch_up", True):
        problems.append(
            Warning(
                "Q_CLUSTER's catch_up is on.",
                hint="After a pause every missed hourly run would be made up for.",
                id="wagtail_helpdesk.W006",
            )
        )
    return problems


def register_checks() -> None:
    """Register all of them; called once, by the app's ``ready()``."""
    for check in (
        check_keys,
        check_providers,
        check_storage,
        check_base_url,
        check_cluster,
    ):
        register(check, TAG)
