"""Only so many, however many ask at once, whatever the cache."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Timer

import pytest
from django.db import connection, connections
from time_machine import Traveller

from wagtail_helpdesk.portal.slots import Claim, Limit, take_slot

MINUTE = timedelta(minutes=1)
THREADS = 20
CACHES = [
    "memory",
    "files",
    pytest.param("database", marks=pytest.mark.django_db(transaction=True)),
    "redis",
]


def at_once(ask: Callable[[], bool], *, times: int) -> int:
    """Ask from many threads that start together; return how many heard yes."""
    barrier = Barrier(THREADS)

    def wait_and_ask(number: int) -> bool:
        if number < THREADS:
            barrier.wait(timeout=30)
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(wait_and_ask, range(times)))


def skip_threads_on_sqlite(kind: str) -> None:
    if kind == "database" and connection.vendor == "sqlite":
        pytest.skip("SQLite in memory is one connection's: threads have none")


@pytest.mark.parametrize("site_cache", CACHES, indirect=True)
@pytest.mark.req("SEC-33")
def test_slots_end_at_the_limit(site_cache: str, clock: Traveller) -> None:
    limit = Limit(5, MINUTE)
    assert [take_slot("a", limit=limit) for _ in range(7)] == [True] * 5 + [False] * 2
    assert take_slot("b", limit=limit)
    assert take_slot("a", limit=Limit(5, timedelta(hours=1)))
    clock.shift(60)
    assert take_slot("a", limit=limit)


@pytest.mark.parametrize("site_cache", CACHES, indirect=True)
@pytest.mark.req("SEC-33")
def test_slots_end_at_the_limit_when_fifty_ask_at_once(
    site_cache: str, clock: Traveller
) -> None:
    skip_threads_on_sqlite(site_cache)
    limit = Limit(5, MINUTE)
    assert at_once(lambda: take_slot("a", limit=limit), times=50) == 5


@pytest.mark.parametrize("site_cache", CACHES, indirect=True)
@pytest.mark.req("REL-26")
def test_claim_is_given_once_when_fifty_ask_at_once(
    site_cache: str, clock: Traveller
) -> None:
    skip_threads_on_sqlite(site_cache)
    claim = Claim("once")
    assert at_once(claim.take, times=50) == 1


def test_claim_tells_the_number_to_the_second() -> None:
    claim = Claim("settled")
    claim.take()
    claim.settle(1042)
    assert not claim.take()
    assert claim.number() == 1042


def test_claim_waits_for_one_who_is_just_at_it() -> None:
    claim = Claim("slow")
    claim.take()
    Timer(0.2, claim.settle, [1042]).start()
    assert claim.number() == 1042


def test_claim_tells_nothing_when_the_first_gave_up() -> None:
    claim = Claim("released")
    claim.take()
    Timer(0.2, claim.release).start()
    assert claim.number() is None
    assert claim.take()


def test_claim_is_free_again_when_its_process_was_killed(clock: Traveller) -> None:
    claim = Claim("killed")
    claim.take()
    clock.shift(119)
    assert not claim.take()
    clock.shift(2)
    assert claim.take()
