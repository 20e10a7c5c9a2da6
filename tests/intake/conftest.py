"""A desk that takes mail from every provider."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.test import Client

from tests.factories import make_queue
from tests.intake import payloads
from tests.intake.payloads import Post
from wagtail_helpdesk.models import HelpdeskSettings, Queue

Deliver = Callable[..., Any]


@pytest.fixture
def support(db: None) -> Queue:
    """A queue with a public and a comment address, which also takes all other mail."""
    queue = make_queue(
        name="Support",
        email="support@desk.example",
        comment_email="support-comment@desk.example",
    )
    HelpdeskSettings.objects.update_or_create(defaults={"default_queue": queue})
    return queue


@pytest.fixture
def providers(settings: Any) -> None:
    """Make every provider's made-up secret known."""
    settings.ANYMAIL = payloads.anymail_settings()


@pytest.fixture
def post(
    providers: None,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    settle: Callable[..., Any],
) -> Deliver:
    """Send a provider's call and do the work that follows it."""

    def send(call: Post, **kwargs: Any) -> Any:
        monkeypatch.setattr(requests, "get", payloads.fetching(call.fetchable))
        with settle():
            return call.send(client, **kwargs)

    return send
