"""A wrong configuration is told before it costs a mail."""

from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from wagtail_helpdesk.checks import TAG

GOOD = {"INBOUND_PROVIDERS": ["postmark"], "BASE_URL": "https://desk.example"}


def found() -> list[str]:
    return [message.id for message in run_checks(tags=[TAG])]


def test_the_tests_own_settings_are_clean() -> None:
    assert found() == []


@pytest.mark.req("SEC-14", "REL-03", "REL-32", "SEC-71")
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("WAGTAIL_HELPDESK", {**GOOD, "REPLY_DOMAN": "x"}, "E001"),
        ("WAGTAIL_HELPDESK", {**GOOD, "INBOUND_PROVIDERS": ["pidgeon"]}, "E002"),
        ("ANYMAIL", {}, "E003"),
        ("ROOT_URLCONF", "anymail.urls", "E004"),
        ("WAGTAIL_HELPDESK", {**GOOD, "PRIVATE_STORAGE": "nowhere"}, "W001"),
        ("Q_CLUSTER", {"retry": 60, "timeout": 60, "max_attempts": 1}, "W004"),
        ("Q_CLUSTER", {"catch_up": False}, "W005"),
        ("Q_CLUSTER", {"max_attempts": 3}, "W006"),
    ],
)
def test_a_wrong_setting_is_told(
    settings: Settings, name: str, value: Any, expected: str
) -> None:
    setattr(settings, name, value)

    assert f"wagtail_helpdesk.{expected}" in found()


@pytest.mark.req("SEC-14")
def test_a_secret_in_anymails_other_spelling_is_one(settings: Settings) -> None:
    settings.ANYMAIL = {}
    settings.ANYMAIL_WEBHOOK_SECRET = "provider:a-made-up-secret"

    assert found() == []


@pytest.mark.req("SEC-71")
@pytest.mark.parametrize("ending", ["", "/"])
def test_a_public_storage_is_told(settings: Settings, ending: str) -> None:
    settings.MEDIA_ROOT = f"{settings.MEDIA_ROOT}{ending}"
    storages = dict(settings.STORAGES)
    storages["wagtail_helpdesk"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": f"{settings.MEDIA_ROOT}/helpdesk"},
    }
    settings.STORAGES = storages

    assert found() == ["wagtail_helpdesk.W002"]


def test_a_missing_address_is_told(settings: Settings) -> None:
    settings.WAGTAIL_HELPDESK = {}
    settings.WAGTAILADMIN_BASE_URL = None

    assert found() == ["wagtail_helpdesk.W003"]
