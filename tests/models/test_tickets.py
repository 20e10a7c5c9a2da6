"""Facts about tickets that need no verb."""

import pytest

from tests.factories import make_ticket
from wagtail_helpdesk.models import Ticket

pytestmark = pytest.mark.django_db


def test_tags_are_kept_apart_and_can_be_asked_for() -> None:
    tagged, other = make_ticket(), make_ticket()
    tagged.tags.add("vpn", "room 4")
    other.tags.add("vpn")

    assert set(Ticket.objects.filter(tags__name="vpn")) == {tagged, other}
    assert list(Ticket.objects.filter(tags__name__in=["room 4"])) == [tagged]
    prefetched = Ticket.objects.prefetch_related("tags").get(pk=tagged.pk)
    assert {tag.name for tag in prefetched.tags.all()} == {"vpn", "room 4"}
    tagged.delete()
    assert not Ticket.objects.filter(tags__name="room 4").exists()


@pytest.mark.req("REL-55")
def test_numbers_are_the_databases_own() -> None:
    first, second = make_ticket(), make_ticket()

    assert first.number == first.pk
    assert second.number > first.number
    assert str(second) == f"#{second.pk} Printer on fire"
