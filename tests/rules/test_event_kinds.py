"""The kinds of events and the tables that speak of them."""

import pytest
from wagtail.log_actions import registry

from wagtail_helpdesk import wagtail_hooks
from wagtail_helpdesk.rules.event_kinds import LOGGED, EventKind


@pytest.mark.parametrize("kind", sorted(LOGGED))
def test_every_logged_kind_is_registered_with_wagtail(kind: EventKind) -> None:
    assert wagtail_hooks is not None
    assert registry.action_exists(f"wagtail_helpdesk.{kind}")
