"""What the agents' templates ask for."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from wagtail_helpdesk.templatetags.helpdesk_admin_tags import initials, moment

NOON = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "shown"), [(0, "12:30 p.m."), (-1, "8 Mar 2026, 12:30 p.m.")]
)
@time_machine.travel(NOON, tick=False)
def test_day_is_left_out_of_a_moment_of_today(days: int, shown: str) -> None:
    with translation.override("en-gb"):
        assert moment(NOON + timedelta(days=days)) == shown


def test_moment_that_never_was_is_empty() -> None:
    assert moment(None) == ""


@pytest.mark.parametrize(
    ("name", "shown"), [("Ana Maria Okafor", "AO"), ("kim", "K"), ("?", "?")]
)
def test_initials_are_of_the_first_and_the_last_name(name: str, shown: str) -> None:
    assert initials(name) == shown
