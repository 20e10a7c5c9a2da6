"""From a valid form to a ticket: once, and not too often."""

from datetime import timedelta

import pytest
from django.utils import translation

from tests.conftest import Settle
from tests.factories import make_queue, make_requester, make_user
from tests.portal.conftest import Typed
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.models import Requester, Ticket
from wagtail_helpdesk.portal.forms import TicketForm
from wagtail_helpdesk.portal.slots import Limit
from wagtail_helpdesk.portal.submissions import (
    SubmissionRefused,
    Submitter,
    network_of,
    requester_for,
    submit,
)

ANA = Submitter(email="ana@example.org", name="Ana", limits=())


def valid(data: dict[str, str]) -> TicketForm:
    form = TicketForm(data)
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize(
    ("remote_addr", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("192.0.2.7, 198.51.100.1", "unknown"),
    ],
)
@pytest.mark.req("SEC-33")
def test_network_is_what_the_web_server_saw(remote_addr: str, network: str) -> None:
    assert network_of(remote_addr) == network


@pytest.mark.django_db
@pytest.mark.req("SEC-117")
def test_requester_is_made_once_and_tied_to_no_account() -> None:
    make_user(email="ana@example.org")
    first = requester_for(email="ana@example.org", name="Ana")
    second = requester_for(email="ana@example.org", name="Somebody else")
    assert first == second
    assert second.name == "Ana"
    assert second.user is None


@pytest.mark.django_db
def test_requester_keeps_their_empty_name_when_somebody_types_one() -> None:
    requester = make_requester(email="ana@example.org")
    Requester.objects.update(name="")
    assert requester_for(email="ana@example.org", name="Rude") == requester
    assert requester_for(email="ana@example.org", name="Rude").name == ""


@pytest.mark.django_db
def test_requester_gets_the_language_of_the_page() -> None:
    with translation.override("de"):
        assert requester_for(email="a@example.org", name="").language == "de"
    with translation.override("en"):
        assert requester_for(email="b@example.org", name="").language == ""


@pytest.mark.django_db
@pytest.mark.req("REL-26")
def test_submit_opens_one_ticket_when_the_form_comes_twice(
    typed: Typed, settle: Settle
) -> None:
    queue, data = make_queue(), typed()
    with settle():
        first = submit(valid(data), queue=queue, submitter=ANA)
    second = submit(valid(data), queue=queue, submitter=ANA)
    assert first == second == Ticket.objects.get().number


@pytest.mark.django_db
@pytest.mark.req("REL-26")
def test_submit_asks_to_wait_when_the_first_is_not_committed(typed: Typed) -> None:
    queue, data = make_queue(), typed()
    submit(valid(data), queue=queue, submitter=ANA)
    with pytest.raises(SubmissionRefused, match="being sent already"):
        submit(valid(data), queue=queue, submitter=ANA)


@pytest.mark.django_db
@pytest.mark.req("REL-26")
def test_submit_can_be_repeated_when_the_first_failed(
    typed: Typed, settle: Settle
) -> None:
    queue, data = make_queue(is_active=False), typed()
    with pytest.raises(HelpdeskError):
        submit(valid(data), queue=queue, submitter=ANA)
    queue.is_active = True
    with settle():
        submit(valid(data), queue=queue, submitter=ANA)
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.req("REL-26")
def test_submit_opens_a_second_ticket_when_the_words_differ(
    typed: Typed, settle: Settle
) -> None:
    queue, data = make_queue(), typed()
    with settle():
        submit(valid(data), queue=queue, submitter=ANA)
        submit(valid(data | {"subject": "Another"}), queue=queue, submitter=ANA)
    assert Ticket.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.req("SEC-35")
def test_submit_refuses_when_the_queue_is_inactive(typed: Typed) -> None:
    with pytest.raises(SubmissionRefused, match="takes no requests"):
        submit(valid(typed()), queue=make_queue(is_active=False), submitter=ANA)
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_submit_uses_no_slot_for_a_form_that_comes_twice(
    typed: Typed, settle: Settle
) -> None:
    queue, data = make_queue(), typed()
    once = Submitter("ana@example.org", "", (("ana", Limit(1, timedelta(hours=1))),))
    with settle():
        first = submit(valid(data), queue=queue, submitter=once)
    assert submit(valid(data), queue=queue, submitter=once) == first
