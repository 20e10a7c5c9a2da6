"""The page with the form, as a visitor and an editor meet it."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from tests.conftest import Settle, TaskQueue
from tests.factories import make_agent, make_queue, make_requester, make_user
from tests.portal.conftest import Typed
from tests.portal.pages import make_form_page
from wagtail_helpdesk.models import (
    Attachment,
    BodyFormat,
    Channel,
    Message,
    Priority,
    Requester,
    Ticket,
)
from wagtail_helpdesk.portal.form_page import TicketFormPageMixin
from wagtail_helpdesk.portal.models import TicketFormPage

pytestmark = pytest.mark.django_db

URL = "/ask/"
THANKS = "/ask/thanks/"


@pytest.fixture
def visitor() -> Client:
    """Return a browser that nobody is signed in with."""
    return Client()


@pytest.fixture
def account() -> Client:
    """Return a browser that Kim is signed in with."""
    user = make_user(username="kim", email="Kim@Work.example", first_name="Kim")
    client = Client()
    client.force_login(user)
    return client


def key_in(content: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', content)
    assert found is not None
    return found[1]


# --- Asking ------------------------------------------------------------------------


@pytest.mark.req("CTI-01", "CTI-17", "CTI-20")
def test_guest_opens_a_ticket_and_is_told_its_number(
    visitor: Client, typed: Typed, settle: Settle
) -> None:
    queue = make_queue(name="Building")
    make_form_page(queue=queue, thank_you_text="<p>Have some tea.</p>")
    data = typed()
    with settle():
        response = visitor.post(URL, data)
    ticket = Ticket.objects.get()
    assert ticket.site is not None
    assert response.status_code == 302
    assert response["Location"] == THANKS
    assert ticket.subject == "The kettle is loud"
    assert ticket.queue == queue
    assert ticket.channel == Channel.WEB
    assert ticket.priority == Priority.NORMAL
    assert ticket.requester.email == "ana@example.org"
    assert ticket.requester.name == "Ana Customer"
    message = ticket.messages.get()
    assert message.body == "It whistles **all** day."
    assert message.body_format == BodyFormat.MARKDOWN
    thanks = visitor.get(THANKS).content.decode()
    assert f"#{ticket.number}" in thanks
    assert "A mail with this number is on its way to you." in thanks
    assert "Have some tea." in thanks


@pytest.mark.req("SEC-31")
def test_receipt_holds_no_word_of_the_one_who_filled_in_the_form(
    visitor: Client, typed: Typed, settle: Settle
) -> None:
    make_form_page()
    data = typed(
        name="Insultname", subject="Insultsubject", description="Insultbody evil.test"
    )
    with settle():
        visitor.post(URL, data)
    [receipt] = mail.outbox
    assert receipt.to == ["ana@example.org"]
    source = receipt.message().as_string() + "".join(
        str(part.content) for part in getattr(receipt, "alternatives", [])
    )
    assert f"#{Ticket.objects.get().number}" in source
    assert "Insult" not in source
    assert "evil.test" not in source


@pytest.mark.req("CTI-25")
def test_ticket_is_opened_and_thanked_for_before_any_mail_is_sent(
    visitor: Client, typed: Typed, settle: Settle, task_queue: TaskQueue
) -> None:
    make_form_page()
    with settle():
        assert visitor.post(URL, typed()).status_code == 302
    assert visitor.get(THANKS).status_code == 200
    assert not mail.outbox
    task_queue.run()
    assert len(mail.outbox) == 1


@pytest.mark.req("CTI-10", "CTI-82")
def test_files_are_kept_with_the_first_message(visitor: Client, typed: Typed) -> None:
    make_form_page()
    files = [
        SimpleUploadedFile("one.txt", b"1", content_type="text/plain"),
        SimpleUploadedFile("two.txt", b"22", content_type="text/plain"),
    ]
    visitor.post(URL, typed(attachments=files))
    rows = Attachment.objects.filter(message=Message.objects.get())
    assert list(rows.values_list("name", "size")) == [("one.txt", 1), ("two.txt", 2)]


@pytest.mark.req("CTI-09")
def test_priority_is_the_visitors_only_if_the_page_asks(
    visitor: Client, typed: Typed
) -> None:
    make_form_page(has_priority=True)
    assert 'name="priority"' in visitor.get(URL).content.decode()
    visitor.post(URL, typed(priority=str(Priority.HIGH.value)))
    assert Ticket.objects.get().priority == Priority.HIGH


@pytest.mark.req("SEC-34")
def test_fields_that_nobody_asked_for_change_nothing(
    visitor: Client, typed: Typed
) -> None:
    queue = make_queue()
    make_form_page(queue=queue)
    agent = make_agent()
    hostile = {
        "id": "4711",
        "ticket": "4711",
        "pk": "4711",
        "queue": str(make_queue().pk),
        "status": "3",
        "phase": "closed",
        "priority": "40",
        "assignee": str(agent.pk),
        "requester": str(make_requester().pk),
        "user": str(agent.pk),
        "kind": "agent",
        "is_internal": "1",
        "is_quiet": "1",
        "created_at": "2001-01-01",
        "number": "4711",
    }
    visitor.post(URL, typed(**hostile))
    ticket = Ticket.objects.get()
    assert ticket.pk != 4711
    assert ticket.queue == queue
    assert ticket.phase == "new"
    assert ticket.priority == Priority.NORMAL
    assert ticket.assignee is None
    assert ticket.requester.email == "ana@example.org"
    assert ticket.requester.user is None
    assert ticket.created_at.year == 2026
    assert not ticket.messages.get().is_from_agent


@pytest.mark.req("SEC-32", "SEC-117")
def test_answer_is_the_same_whoever_has_the_address(
    visitor: Client, typed: Typed, settle: Settle
) -> None:
    queue = make_queue(email="desk-of-ours@desk.example")
    make_form_page(queue=queue)
    agent = make_agent(email="agent@desk.example")
    make_requester(email="known@example.org", name="Known")
    known_account = make_user(email="account@example.org")
    make_requester(email="account@example.org", user=known_account)
    pages = set()
    for email in (
        "unknown@example.org",
        "known@example.org",
        agent.email,
        "account@example.org",
        "desk-of-ours@desk.example",
    ):
        guest = Client(REMOTE_ADDR=f"192.0.2.{len(email)}")
        with settle():
            response = guest.post(URL, typed(email=email, name="Changed"))
        assert response.status_code == 302
        page = guest.get(response["Location"]).content.decode()
        pages.add(re.sub(r"#\d+", "#", page))
    assert len(pages) == 1
    assert Requester.objects.get(email="known@example.org").name == "Known"
    assert Requester.objects.get(email=agent.email).user is None


# --- Mistakes ----------------------------------------------------------------------


def test_nothing_typed_is_lost_when_something_is_missing(
    visitor: Client, typed: Typed
) -> None:
    make_form_page()
    data = typed(subject="", description="<b>My</b> long story", name="Ana & Bo")
    response = visitor.post(URL, data)
    page = response.content.decode()
    assert response.status_code == 200
    assert not Ticket.objects.exists()
    assert escape("<b>My</b> long story") in page
    assert f'value="{escape("Ana & Bo")}"' in page
    assert f'value="{data["form_key"]}"' in page
    assert '<a href="#helpdesk-subject">Subject</a>: This field is required.' in page
    assert 'role="alert" tabindex="-1" autofocus' in page
    assert 'id="helpdesk-subject_error"' in page
    assert "<title>Not sent yet:" in page


@pytest.mark.req("CTI-87", "SEC-73")
def test_nothing_typed_is_lost_when_a_file_is_refused(
    visitor: Client, typed: Typed
) -> None:
    make_form_page()
    bad = SimpleUploadedFile("run.exe", b"MZ", content_type="application/pdf")
    good = SimpleUploadedFile("log.txt", b"line", content_type="text/plain")
    response = visitor.post(URL, typed(attachments=[bad, good]))
    page = response.content.decode()
    assert not Ticket.objects.exists()
    assert "run.exe was left out" in page
    assert "It whistles **all** day." in page
    assert "Choose your files again" in page


def test_robot_that_fills_the_trap_opens_no_ticket(
    visitor: Client, typed: Typed
) -> None:
    make_form_page()
    page = visitor.post(URL, typed(website="spam")).content.decode()
    assert not Ticket.objects.exists()
    assert "looked like a robot" in page
    assert "It whistles **all** day." in page
    assert 'value="spam"' not in page


def test_form_that_is_sent_at_once_opens_no_ticket(
    visitor: Client, typed: Typed, clock: Any
) -> None:
    make_form_page()
    data = typed()
    key = key_in(visitor.get(URL).content.decode())
    clock.shift(1)
    response = visitor.post(URL, data | {"form_key": key})
    assert not Ticket.objects.exists()
    clock.shift(5)
    again = key_in(response.content.decode())
    assert visitor.post(URL, data | {"form_key": again}).status_code == 302


@pytest.mark.req("SEC-51")
def test_form_without_its_csrf_token_opens_no_ticket(typed: Typed) -> None:
    make_form_page()
    assert Client(enforce_csrf_checks=True).post(URL, typed()).status_code == 403
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("key", ["\x00", "a" * 100_000, "ä:ö:ü"])
def test_hostile_key_is_answered_with_the_form(
    visitor: Client, typed: Typed, key: str
) -> None:
    make_form_page()
    response = visitor.post(URL, typed(form_key=key))
    assert response.status_code == 200
    assert key_in(response.content.decode()) != key


# --- Twice and too often -----------------------------------------------------------


@pytest.mark.req("REL-26")
def test_same_form_posted_twice_opens_one_ticket(
    visitor: Client, typed: Typed, settle: Settle
) -> None:
    make_form_page()
    data = typed()
    with settle():
        first = visitor.post(URL, data)
    other_tab = Client()
    second = other_tab.post(URL, data)
    ticket = Ticket.objects.get()
    assert first["Location"] == second["Location"] == THANKS
    assert f"#{ticket.number}" in other_tab.get(THANKS).content.decode()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "site_cache",
    [
        "memory",
        "files",
        pytest.param("database", marks=pytest.mark.django_db(transaction=True)),
        "redis",
    ],
    indirect=True,
)
@pytest.mark.req("SEC-33")
def test_limit_of_a_network_holds_whatever_the_headers_say(
    site_cache: str, typed: Typed, clock: Any
) -> None:
    make_form_page()
    data = typed()

    def post(number: int, *, remote_addr: str) -> int:
        response = Client(REMOTE_ADDR=remote_addr).post(
            URL,
            data | {"email": f"person{number}@example.org"},
            HTTP_X_FORWARDED_FOR=f"198.51.100.{number}",
            HTTP_X_REAL_IP=f"198.51.100.{number}",
        )
        return response.status_code

    statuses = [post(number, remote_addr="192.0.2.1") for number in range(50)]
    assert statuses == [302] * 5 + [429] * 45
    assert Ticket.objects.count() == 5
    assert post(50, remote_addr="192.0.2.2") == 302
    clock.shift(60)
    assert post(51, remote_addr="192.0.2.1") == 302


@pytest.mark.req("SEC-31", "SEC-33")
def test_limit_of_an_address_holds_from_anywhere(typed: Typed) -> None:
    make_form_page()
    data = typed()
    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{number}")
        .post(URL, data | {"subject": f"No. {number}", "email": "Ana@example.org"})
        .status_code
        for number in range(5)
    ]
    assert statuses == [302] * 3 + [429] * 2


def test_visitor_over_the_limit_keeps_what_they_typed(
    visitor: Client, typed: Typed, clock: Any
) -> None:
    make_form_page()
    data = typed()
    for number in range(3):
        visitor.post(URL, data | {"subject": f"No. {number}"})
    refused = visitor.post(URL, data)
    page = refused.content.decode()
    assert refused.status_code == 429
    assert "Too many requests have come from here." in page
    assert "It whistles **all** day." in page
    clock.shift(60 * 60)
    assert visitor.post(URL, data | {"form_key": key_in(page)}).status_code == 302


def test_limits_are_the_pages_own_to_set(
    visitor: Client, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_form_page()
    monkeypatch.setattr(TicketFormPage, "address_limits", (), raising=False)
    data = typed()
    statuses = [
        visitor.post(URL, data | {"subject": f"No. {number}"}).status_code
        for number in range(5)
    ]
    assert statuses == [302] * 5


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite in memory is one connection's"
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("SEC-33", "REL-26")
def test_fifty_posts_at_once_keep_the_limit_and_open_each_ticket_once(
    typed: Typed,
) -> None:
    make_form_page()
    data = typed()

    def post(number: int) -> int:
        try:
            # Each form comes five times, as if a finger were heavy.
            email = f"person{number // 5}@example.org"
            guest = Client(REMOTE_ADDR="192.0.2.1")
            return guest.post(URL, data | {"email": email}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(post, range(50)))
    assert set(statuses) <= {200, 302, 429}
    assert Ticket.objects.count() == 5
    assert Requester.objects.count() == 5


# --- Who may -----------------------------------------------------------------------


@pytest.mark.req("CTI-16")
def test_guests_are_kept_out_by_default(visitor: Client, typed: Typed) -> None:
    assert TicketFormPage().is_open_to_guests is False
    make_form_page(is_open_to_guests=False)
    page = visitor.get(URL)
    assert page.status_code == 200
    assert "Sign in to use this form." in page.content.decode()
    assert f"{reverse('wagtailcore_login')}?next=/ask/" in page.content.decode()
    assert "<form" not in page.content.decode()
    assert visitor.post(URL, typed()).status_code == 403
    assert not Ticket.objects.exists()


def test_guests_are_sent_where_the_site_signs_people_in(
    visitor: Client, settings: Settings
) -> None:
    settings.WAGTAIL_FRONTEND_LOGIN_URL = "/welcome/"
    make_form_page(is_open_to_guests=False)
    assert 'href="/welcome/?next=/ask/"' in visitor.get(URL).content.decode()


@pytest.mark.req("CTI-03", "SEC-117")
def test_account_asks_under_its_own_address_only(account: Client, typed: Typed) -> None:
    make_form_page(is_open_to_guests=False)
    page = account.get(URL).content.decode()
    assert "kim@work.example" in page
    assert 'name="email"' not in page
    account.post(URL, typed(email="victim@example.org", name="Victim"))
    requester = Ticket.objects.get().requester
    assert requester.email == "kim@work.example"
    assert requester.name == "Kim"
    assert requester.user is None


def test_account_without_an_address_is_asked_for_one(typed: Typed) -> None:
    make_form_page(is_open_to_guests=False)
    client = Client()
    client.force_login(make_user(email=""))
    assert 'name="email"' in client.get(URL).content.decode()
    client.post(URL, typed())
    assert Ticket.objects.get().requester.email == "ana@example.org"


def test_account_is_counted_by_itself(account: Client, typed: Typed) -> None:
    make_form_page()
    data = typed()
    statuses = [
        account.post(URL, data | {"subject": f"No. {number}"}).status_code
        for number in range(11)
    ]
    assert statuses == [302] * 10 + [429]


@pytest.mark.req("SEC-35")
def test_form_is_closed_while_its_queue_is_inactive(
    visitor: Client, typed: Typed
) -> None:
    page = make_form_page()
    data = typed()
    page.queue.is_active = False
    page.queue.save()
    shown = visitor.get(URL).content.decode()
    assert "This form takes no requests at the moment." in shown
    assert "<form" not in shown
    sent = visitor.post(URL, data).content.decode()
    assert "This form takes no requests at the moment." in sent
    assert "It whistles **all** day." in sent
    assert not Ticket.objects.exists()


# --- The page of thanks ------------------------------------------------------------


def test_thanks_lead_back_to_the_form_when_nothing_was_sent(visitor: Client) -> None:
    make_form_page()
    response = visitor.get(THANKS)
    assert response.status_code == 302
    assert response["Location"] == URL


@pytest.mark.parametrize("change", ["2{}", "{}x", "2", ""])
def test_thanks_tell_no_number_to_a_changed_cookie(
    visitor: Client, typed: Typed, change: str
) -> None:
    make_form_page()
    visitor.post(URL, typed())
    visitor.cookies["helpdesk_ticket"] = change.format(
        visitor.cookies["helpdesk_ticket"].value
    )
    assert visitor.get(THANKS).status_code == 302


def test_thanks_of_one_page_are_not_another_pages(
    visitor: Client, typed: Typed
) -> None:
    make_form_page()
    make_form_page(slug="other")
    visitor.post(URL, typed())
    visitor.cookies["helpdesk_ticket"]["path"] = "/"
    assert visitor.get("/other/thanks/").status_code == 302
    assert visitor.get(THANKS).status_code == 200


def test_thanks_are_forgotten_after_an_hour(
    visitor: Client, typed: Typed, clock: Any
) -> None:
    make_form_page()
    visitor.post(URL, typed())
    clock.shift(60 * 60 + 1)
    assert visitor.get(THANKS).status_code == 302


@pytest.mark.req("SEC-41")
def test_cookie_is_for_this_page_and_no_script(visitor: Client, typed: Typed) -> None:
    make_form_page()
    cookie = visitor.post(URL, typed(), secure=True).cookies["helpdesk_ticket"]
    assert cookie["path"] == URL
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"


# --- Headers, look and preview -----------------------------------------------------


@pytest.mark.req("SEC-29")
def test_pages_are_kept_by_no_cache(visitor: Client, typed: Typed) -> None:
    make_form_page()
    responses = [
        visitor.get(URL),
        visitor.post(URL, typed(subject="")),
        visitor.post(URL, typed()),
        visitor.get(THANKS),
    ]
    assert [each.status_code for each in responses] == [200, 200, 302, 200]
    for response in responses:
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"
    assert responses[3]["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in responses[0]


def test_fields_have_labels_and_tell_browsers_what_they_are(visitor: Client) -> None:
    make_form_page(has_priority=True)
    page = visitor.get(URL).content.decode()
    names = ["name", "email", "subject", "description", "priority", "attachments"]
    for name in names:
        assert f'for="helpdesk-{name}"' in page
        assert re.search(rf'name="{name}"[^>]* id="helpdesk-{name}"', page)
    assert 'autocomplete="email"' in page
    assert 'autocomplete="name"' in page
    assert " multiple" in page
    assert 'enctype="multipart/form-data"' in page


def test_site_gives_the_page_its_own_templates(rf: RequestFactory) -> None:
    page, request = TicketFormPage(), rf.get(URL)
    assert page.get_template(request) == [
        "wagtail_helpdesk_portal/ticket_form_page.html",
        "wagtail_helpdesk/portal/ticket_form_page.html",
    ]
    assert page.get_thanks_template(request) == [
        "wagtail_helpdesk_portal/ticket_form_page_thanks.html",
        "wagtail_helpdesk/portal/ticket_form_page_thanks.html",
    ]
    assert TicketFormPageMixin._meta.abstract


def test_form_costs_few_queries(
    visitor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_form_page()
    visitor.get(URL)
    with django_assert_max_num_queries(10):
        visitor.get(URL)


def test_preview_shows_both_pages_and_takes_nothing(
    typed: Typed, rf: RequestFactory
) -> None:
    page = make_form_page(thank_you_text="<p>Have some tea.</p>")
    form = page.make_preview_request(preview_mode="")
    thanks = page.make_preview_request(preview_mode="thanks")
    assert "<form" in form.content.decode()
    assert "#1042" in thanks.content.decode()
    assert "Have some tea." in thanks.content.decode()
    request = rf.post(URL, typed())
    request.is_preview = True
    request.user = make_user()
    response = page.serve_preview(request, "")
    assert response.status_code == 200
    assert not response.context_data["form"].is_bound
    assert not Ticket.objects.exists()


def test_editor_previews_a_page_that_is_not_yet_saved() -> None:
    page = TicketFormPage(title="New", slug="new", queue=make_queue())
    response = page.make_preview_request(preview_mode="thanks")
    assert response.status_code == 200


def test_editor_makes_a_page_with_the_form_in_the_admin(admin_client: Client) -> None:
    parent = make_form_page().get_parent()
    url = reverse(
        "wagtailadmin_pages:add",
        args=["wagtail_helpdesk_portal", "ticketformpage", parent.pk],
    )
    make_queue(name="Sleeping", is_active=False)
    page = admin_client.get(url).content.decode()
    for name in ("intro", "queue", "is_open_to_guests", "has_priority"):
        assert f'name="{name}"' in page
    assert "Sleeping" not in page
