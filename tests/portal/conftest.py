"""What a visitor types, and the caches that a site may have."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings
from time_machine import Traveller

from wagtail_helpdesk.portal.form_keys import new_key

Typed = Callable[..., dict[str, Any]]

REDIS = "redis://127.0.0.1:6379/15"
_TABLE = "tests_portal_cache"


@pytest.fixture
def typed(clock: Traveller) -> Typed:
    """Fill in a form and take ten seconds for it."""

    def fill_in(**changes: Any) -> dict[str, Any]:
        values: dict[str, Any] = {
            "form_key": new_key(),
            "name": "Ana Customer",
            "email": "ana@example.org",
            "subject": "The kettle is loud",
            "description": "It whistles **all** day.",
        }
        clock.shift(10)
        return values | changes

    return fill_in


def _redis() -> dict[str, Any]:
    client = pytest.importorskip("redis")
    try:
        client.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except client.exceptions.ConnectionError:
        pytest.skip("no Redis answers at 127.0.0.1:6379")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS,
        # Others may use this Redis: their keys stay apart, and ours expire.
        "KEY_PREFIX": uuid.uuid4().hex,
    }


@pytest.fixture
def site_cache(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path
) -> Iterator[str]:
    """Give the site the cache that the test's parameter names.

    With ``database`` the test must be allowed to use it.
    """
    kind: str = request.param
    if kind == "redis":
        settings.CACHES = {"default": _redis()}
    elif kind == "files":
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
                "LOCATION": tmp_path / "cache",
            }
        }
    elif kind == "database":
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": _TABLE,
            }
        }
        call_command("createcachetable", verbosity=0)
    yield kind
    if kind == "database":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {_TABLE}")
    elif kind == "files":
        cache.clear()
