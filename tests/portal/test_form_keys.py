"""The signed key says when a form was shown."""

import pytest
from time_machine import Traveller

from wagtail_helpdesk.portal.form_keys import KeyState, new_key, state_of


def test_keys_differ(clock: Traveller) -> None:
    assert new_key() != new_key()


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        (0, KeyState.TOO_QUICK),
        (2, KeyState.TOO_QUICK),
        (3, KeyState.GOOD),
        (24 * 60 * 60, KeyState.GOOD),
        (24 * 60 * 60 + 1, KeyState.USELESS),
    ],
)
def test_key_tells_its_age(clock: Traveller, seconds: int, state: KeyState) -> None:
    key = new_key()
    clock.shift(seconds)
    assert state_of(key) == state


@pytest.mark.parametrize(
    "change",
    [
        lambda key: "",
        lambda key: "\x00",
        lambda key: "nonsense",
        lambda key: key[:-1],
        lambda key: "x" + key,
        lambda key: key * 1000,
        lambda key: key.partition(":")[0],
    ],
)
def test_key_is_useless_when_changed(clock: Traveller, change: object) -> None:
    key = new_key()
    clock.shift(10)
    assert callable(change)
    assert state_of(change(key)) == KeyState.USELESS
