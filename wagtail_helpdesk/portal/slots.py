"""Things of which there are only so many, kept in the site's default cache.

A slot is a cache key that ``cache.add`` gives to one taker only. That is atomic in
memory, in the database, in Redis and in Memcached; Django's cache of files looks
first and writes afterwards, so a lock on a file stands around it (SEC-33).
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

_PREFIX = "wagtail_helpdesk.portal"
_LOCK_NAME = "wagtail_helpdesk.lock"


@dataclass(frozen=True)
class Limit:
    """So many in each span of this length."""

    count: int
    period: timedelta


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other threads and processes out, where the cache itself does not."""
    if not isinstance(caches[DEFAULT_CACHE_ALIAS], FileBasedCache):
        yield
        return
    directory = Path(settings.CACHES[DEFAULT_CACHE_ALIAS]["LOCATION"])
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / _LOCK_NAME).open("a") as file:
        locks.lock(file, locks.LOCK_EX)
        try:
            yield
        finally:
            locks.unlock(file)


def _key(*parts: object) -> str:
    """Return a key that every cache bears, whatever people have typed."""
    text = "\x00".join(map(str, parts))
    return f"{_PREFIX}.{hashlib.sha256(text.encode()).hexdigest()}"


def _add(key: str, value: int, *, seconds: int) -> bool:
    with _alone():
        return bool(caches[DEFAULT_CACHE_ALIAS].add(key, value, timeout=seconds))


def take_slot(name: str, *, limit: Limit) -> bool:
    """Take one of the slots that this name has now; False if all are taken.

    Two that ask at the same time never get the same one.
    """
    seconds = int(limit.period.total_seconds())
    span = int(time.time()) // seconds
    return any(
        _add(_key("slot", name, seconds, span, number), 1, seconds=seconds)
        for number in range(limit.count)
    )


@dataclass(frozen=True)
class Claim:
    """The right to do something once, and the number of what came of it (REL-26)."""

    name: str

    #: Seconds after which a claim counts as one whose process was killed.
    _LEASE = 120
    _KEPT = 24 * 60 * 60
    #: How often a second taker looks whether the first has finished, in seconds.
    _STEP = 0.05
    _LOOKS = 60

    @property
    def _key(self) -> str:
        return _key("claim", self.name)

    def take(self) -> bool:
        """Take it; False if somebody else has."""
        return _add(self._key, 0, seconds=self._LEASE)

    def settle(self, number: int) -> None:
        """Write down what came of it, for those who come second."""
        caches[DEFAULT_CACHE_ALIAS].set(self._key, number, timeout=self._KEPT)

    def release(self) -> None:
        """Give it back: nothing came of it."""
        caches[DEFAULT_CACHE_ALIAS].delete(self._key)

    def number(self) -> int | None:
        """Return what came of it, waiting a little for one who is just at it."""
        for _look in range(self._LOOKS):
            number: int | None = caches[DEFAULT_CACHE_ALIAS].get(self._key)
            if number != 0:
                return number
            time.sleep(self._STEP)
        return None
