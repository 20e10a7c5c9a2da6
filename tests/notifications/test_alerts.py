"""The table of alerts is complete, and each of its templates renders."""

import pytest
from django.template.loader import get_template
from wagtail import hooks

from wagtail_helpdesk.notifications.alerts import (
    ALERTS,
    SILENT,
    Alert,
    get_alert,
    get_alerts,
)
from wagtail_helpdesk.rules.event_kinds import EventKind


def test_every_kind_of_event_has_a_row_or_is_silent() -> None:
    told = {alert.occasion for alert in ALERTS}

    assert told | SILENT == set(EventKind)
    assert not told & SILENT


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
@pytest.mark.parametrize("ending", ["subject.txt", "txt", "html"])
def test_every_alert_has_its_templates(alert: Alert, ending: str) -> None:
    assert get_template(f"wagtail_helpdesk/notifications/{alert.name}.{ending}")


@pytest.mark.req("RT-17")
def test_construct_helpdesk_alerts_may_take_a_row_away() -> None:
    def silence(alerts: list[Alert]) -> None:
        alerts[:] = [alert for alert in alerts if alert.name != "ticket_received"]

    with hooks.register_temporarily("construct_helpdesk_alerts", silence):
        get_alerts.cache_clear()
        assert get_alert("ticket_received") is None
    get_alerts.cache_clear()
    assert get_alert("ticket_received") is not None
