"""The deployment's settings."""

import pytest
from pytest_django import Settings

from wagtail_helpdesk.conf import get_base_url, get_conf


def test_get_conf_follows_the_settings(settings: Settings) -> None:
    settings.WAGTAIL_HELPDESK = {"REPLY_DOMAIN": "a.example", "SPAM_SCORE": 5.0}
    assert get_conf().reply_domain == "a.example"
    settings.WAGTAIL_HELPDESK = {}

    assert get_conf().reply_domain == ""
    assert get_conf().spam_score is None


def test_get_conf_leaves_unknown_keys_to_the_check(settings: Settings) -> None:
    settings.WAGTAIL_HELPDESK = {"NO_SUCH_KEY": 1}

    assert get_conf().inbound_providers == ()


@pytest.mark.req("SEC-30")
def test_get_base_url_never_asks_a_request(settings: Settings) -> None:
    settings.WAGTAIL_HELPDESK = {}
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.org/"
    assert get_base_url() == "https://www.example.org"
    settings.WAGTAIL_HELPDESK = {"BASE_URL": "https://desk.example.org"}

    assert get_base_url() == "https://desk.example.org"
