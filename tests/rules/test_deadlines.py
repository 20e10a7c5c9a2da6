"""When windows, locks and pauses end."""

from datetime import UTC, datetime, timedelta

import pytest

from wagtail_helpdesk.rules.deadlines import (
    closes_at,
    is_window_over,
    lock_expires_at,
    retry_delay,
)

NOW = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)


@pytest.mark.req("CTI-40")
@pytest.mark.parametrize("days", [0, 1, 7, 366])
def test_closes_at_is_so_many_days_later(days: int) -> None:
    assert closes_at(NOW, window_days=days) - NOW == timedelta(days=days)


@pytest.mark.req("CTI-33", "CTI-40", "REL-65")
@pytest.mark.parametrize(
    ("seconds_later", "is_over"), [(-1, False), (0, True), (1, True)]
)
def test_is_window_over_at_the_instant(seconds_later: int, is_over: bool) -> None:
    end = closes_at(NOW, window_days=7)

    assert is_window_over(end, now=end + timedelta(seconds=seconds_later)) is is_over


@pytest.mark.req("CTI-40")
def test_is_window_over_when_the_window_is_zero() -> None:
    assert is_window_over(closes_at(NOW, window_days=0), now=NOW)


def test_is_window_over_when_there_is_none() -> None:
    assert not is_window_over(None, now=NOW)


def test_lock_expires_at_when_zero_is_never() -> None:
    assert lock_expires_at(NOW, timeout_hours=0) is None
    assert lock_expires_at(NOW, timeout_hours=24) == NOW + timedelta(hours=24)


@pytest.mark.req("REL-42")
def test_retry_delay_grows_up_to_four_hours() -> None:
    minutes = [retry_delay(attempts).total_seconds() / 60 for attempts in range(1, 8)]

    assert minutes == [1, 4, 16, 64, 240, 240, 240]
