"""The deployment's settings: one dict in Django's settings, one typed object here."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

SETTING_NAME = "WAGTAIL_HELPDESK"


@dataclass(frozen=True, kw_only=True)
class HelpdeskConf:
    """Every key of ``WAGTAIL_HELPDESK``, in lower case, with its default."""

    #: Scheme and host that links in mails begin with. Empty: WAGTAILADMIN_BASE_URL.
    #: Never taken from a request, whose Host header a stranger chooses (SEC-30).
    base_url: str = ""
    #: Domain of the signed reply addresses ``reply+…@domain``. Its mail must reach an
    #: inbound door. Empty: people answer to the queue's public address instead.
    reply_domain: str = ""
    #: Names of the Anymail providers whose storing webhook is mounted.
    inbound_providers: tuple[str, ...] = ()
    #: Alias in STORAGES for attachments and stored mails. Must not be public.
    private_storage: str = "wagtail_helpdesk"
    #: Bytes that one call of an inbound webhook may have.
    max_inbound_bytes: int = 50 * 1024 * 1024
    #: Times an inbound mail is tried before it is put aside as failed.
    inbound_max_attempts: int = 5
    #: Times an outgoing mail is tried before it is put aside as failed.
    outbound_max_attempts: int = 8
    #: Hosts whose Authentication-Results header is believed (RFC 8601, section 5).
    trusted_authserv_ids: tuple[str, ...] = ()
    #: Provider's spam score from which a mail is held. None: the score is not read.
    spam_score: float | None = None
    #: Alias in MAILERS that sends the desk's mails (Django 6.1 on). Empty: default.
    mailer: str = ""


def given_settings() -> dict[str, Any]:
    """Return the site's own dict, as it stands in its settings."""
    return getattr(settings, SETTING_NAME, {})


def known_keys() -> frozenset[str]:
    """Return the keys that ``WAGTAIL_HELPDESK`` may have."""
    return frozenset(field.name.upper() for field in fields(HelpdeskConf))


@cache
def get_conf() -> HelpdeskConf:
    """Return the settings, read once; unknown keys are left to the system check."""
    values: dict[str, Any] = {
        key.lower(): tuple(value) if isinstance(value, list) else value
        for key, value in given_settings().items()
        if key in known_keys()
    }
    return HelpdeskConf(**values)


def get_base_url() -> str:
    """Return what links in mails begin with, without a slash at the end."""
    base_url = get_conf().base_url or getattr(settings, "WAGTAILADMIN_BASE_URL", "")
    return (base_url or "").rstrip("/")


def get_login_url() -> str:
    """Return where Wagtail sends readers of private pages: a URL or a URL's name."""
    return getattr(settings, "WAGTAIL_FRONTEND_LOGIN_URL", "wagtailcore_login")


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == SETTING_NAME:
        get_conf.cache_clear()


setting_changed.connect(_forget, dispatch_uid="wagtail_helpdesk.conf")
