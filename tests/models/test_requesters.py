"""People who ask, known by their address."""

import pytest

from tests.factories import make_requester
from wagtail_helpdesk.models import Requester
from wagtail_helpdesk.models.requesters import NAME_LENGTH

pytestmark = pytest.mark.django_db


def test_known_by_adds_a_newcomer_once() -> None:
    first = Requester.objects.known_by("ann@example.org", name="A" * 400)
    again = Requester.objects.known_by("ann@example.org", name="Somebody else")

    assert first.pk == again.pk
    assert again.name == "A" * NAME_LENGTH


def test_known_by_never_changes_who_is_known() -> None:
    known = make_requester(email="ann@example.org", name="Ann")

    found = Requester.objects.known_by("ann@example.org", name="Rude", language="de")

    assert found == known
    known.refresh_from_db()
    assert (known.name, known.language) == ("Ann", "")


@pytest.mark.req("REL-20")
def test_add_when_another_was_quicker_returns_that_row() -> None:
    quicker = make_requester(email="ann@example.org", name="Ann")

    person = Requester.objects.add("ann@example.org", name="Second")

    assert person.pk == quicker.pk
    assert Requester.objects.get().name == "Ann"
