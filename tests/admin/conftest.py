"""Agents with a browser session each."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

SignIn = Callable[[Any], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """Return a browser session of a user."""

    def signed_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
