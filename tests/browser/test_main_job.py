"""The main job as its people do it: a mail, an agent, an answer, an end."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.desk import Desk, running_desk

ANN = "Ann Weaver <ann.weaver@post.example>"
ANN_ADDRESS = "ann.weaver@post.example"
SUBJECT = "The kettle in hall two whistles"

#: Seconds until django-q2 looks at its schedules again, and some.
SCHEDULE_SECONDS = 120


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture
def ana(page: Page, desk: Desk) -> Page:
    """Ana's window, logged in to Wagtail."""
    page.goto(f"{desk.url}/admin/login/")
    page.locator("[name=username]").fill("ana")
    page.locator("[name=password]").fill("ana-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Helpdesk")).to_be_visible()
    return page


@pytest.fixture
def ann(browser_context: BrowserContext, desk: Desk) -> Page:
    """Ann's window, with the mailbox open."""
    window = browser_context.new_page()
    window.goto(f"{desk.url}/mailbox/")
    return window


def write_to_the_desk(ann: Page, desk: Desk) -> None:
    ann.goto(f"{desk.url}/mailbox/")
    ann.get_by_role("link", name="Write to the desk").first.click()
    ann.locator("[name=sender]").fill(ANN)
    ann.locator("[name=to]").fill("help@everyday.example")
    ann.get_by_role("textbox", name="Subject").fill(SUBJECT)
    ann.get_by_role("textbox", name="Words").fill(
        "It whistles *all* day. Is it meant to?"
    )
    ann.get_by_role("button", name="Send", exact=True).click()
    expect(ann.get_by_role("heading", name=SUBJECT).first).to_be_visible()


def open_newest_mail(ann: Page, desk: Desk, *, having: str) -> str:
    """Wait for a mail to Ann with these words; open it and return its text."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        ann.goto(f"{desk.url}/mailbox/?box={ANN_ADDRESS}")
        row = ann.locator(".mail-row", has_text=having).first
        if row.count():
            row.click()
            ann.get_by_role("link", name="Text", exact=True).click()
            return ann.locator(".words").inner_text()
        time.sleep(0.5)
    raise AssertionError(f"No mail to Ann has {having!r}.")


def header(ann: Page, name: str) -> str:
    """Return a header of the mail that is open."""
    ann.get_by_role("link", name="Headers", exact=True).click()
    row = ann.locator(".headers div", has=ann.get_by_text(name, exact=True))
    return row.locator("dd").first.inner_text()


def answer(ann: Page, words: str) -> None:
    ann.get_by_label(re.compile("Your words")).fill(words)
    ann.get_by_role("button", name="Send reply").click()
    expect(ann.get_by_text("accepted", exact=False).first).to_be_visible()


def open_ticket(ana: Page, desk: Desk) -> Locator:
    """Open Ann's ticket from My queues or All tickets; return its conversation."""
    ana.get_by_role("link", name=re.compile(SUBJECT)).first.click()
    expect(ana.get_by_role("heading", name=SUBJECT, exact=True)).to_be_visible()
    return ana.locator(".helpdesk-screen__main")


def reload_until(page: Page, text: str) -> None:
    """Look again until the page has these words; the cluster works meanwhile."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        if page.get_by_text(text).count():
            return
        time.sleep(0.5)
        page.reload()
    raise AssertionError(f"The page never showed {text!r}.")


def open_my_queues(ana: Page, desk: Desk) -> int:
    """Go to My queues by the menu; return the count that stands beside it."""
    ana.goto(f"{desk.url}/admin/")
    ana.get_by_role("button", name="Helpdesk").click()
    entry = ana.get_by_role("link", name=re.compile("My queues"))
    expect(entry).to_be_visible()
    count = int(entry.get_attribute("data-helpdesk-count") or 0)
    entry.click()
    expect(ana.get_by_role("heading", name=re.compile("My queues"))).to_be_visible()
    return count


def let_the_window_pass(desk: Desk) -> None:
    """Put the resolution eight days back, and let the hourly job be due now."""
    desk.run(
        "from datetime import timedelta\n"
        "from django.db.models import F\n"
        "from django.utils import timezone\n"
        "from django_q.models import Schedule\n"
        "from wagtail_helpdesk.models import Ticket\n"
        f"tickets = Ticket.objects.filter(subject={SUBJECT!r})\n"
        "days = timedelta(days=8)\n"
        "tickets.update(resolved_at=F('resolved_at') - days,"
        " closes_at=F('closes_at') - days)\n"
        "task = 'wagtail_helpdesk.tasks.close_resolved_tickets'\n"
        "Schedule.objects.filter(func=task).update(next_run=timezone.now())\n"
    )


def wait_until_closed(desk: Desk) -> str:
    """Wait for the cluster's own schedule; return who closed the ticket."""
    give_up = time.monotonic() + SCHEDULE_SECONDS
    who = ""
    while not who and time.monotonic() < give_up:
        time.sleep(2)
        who = desk.run(
            "from wagtail_helpdesk.models import TicketEvent\n"
            "events = TicketEvent.objects.filter("
            f"ticket__subject={SUBJECT!r}, kind='closed')\n"
            "print(*(f'{e.actor_kind}: {e.actor_label}' for e in events))\n"
        )
    return who


@pytest.mark.req("RT-01", "RT-05", "WT-10", "WT-13", "OTRS-22", "CTI-31", "CTI-32")
@pytest.mark.req("CTI-36", "CTI-37", "CTI-42", "OTRS-06", "OTRS-07", "OTRS-23")
def test_main_job(ana: Page, ann: Page, desk: Desk) -> None:
    before = open_my_queues(ana, desk)
    write_to_the_desk(ann, desk)
    receipt = open_newest_mail(ann, desk, having="[#")
    number = re.search(r"#(\d+)", receipt)
    assert number is not None
    ending = f"[#{number[1]}]"

    # A ticket in My queues, and one more beside the menu's entry.
    give_up = time.monotonic() + 30
    while open_my_queues(ana, desk) != before + 1:
        assert time.monotonic() < give_up, "The menu's count never rose."
        time.sleep(1)
    conversation = open_ticket(ana, desk)
    expect(conversation.get_by_text("It whistles *all* day.")).to_be_visible()

    # Ana locks it: it leaves My queues and stands in Locked by me.
    ana.get_by_role("button", name="Lock", exact=True).click()
    expect(ana.get_by_text(re.compile("locked by you", re.I)).first).to_be_visible()
    ticket_url = ana.url
    ana.goto(f"{desk.url}/admin/helpdesk/my-queues/")
    expect(ana.get_by_role("link", name=re.compile(SUBJECT))).to_have_count(0)
    ana.goto(f"{desk.url}/admin/helpdesk/locked/")
    open_ticket(ana, desk)

    # She answers; Ann has it, threaded.
    composer = ana.get_by_role("tabpanel", name=re.compile("^Reply to"))
    composer.get_by_role("textbox").first.fill("It is **meant** to.")
    ana.get_by_role("button", name="Send", exact=True).click()
    expect(ana.get_by_text("In progress").first).to_be_visible()
    words = open_newest_mail(ann, desk, having="It is **meant** to.")
    assert "It is **meant** to." in words
    assert header(ann, "Subject").endswith(ending)
    assert header(ann, "In-Reply-To").startswith("<")
    assert header(ann, "References").count("<") >= 2

    # Her answer shows its new words; the old ones are folded away.
    answer(ann, "Then please teach it a tune.")
    ana.goto(ticket_url)
    reload_until(ana, "Then please teach it a tune.")
    newest = ana.locator("article", has_text="Then please teach it a tune.").last
    expect(newest.get_by_text("It is **meant** to.")).to_be_hidden()
    expect(newest.get_by_text(re.compile("quoted text", re.I))).to_be_visible()

    # She resolves it with notes, and Ann reads them.
    ana.get_by_role("button", name=re.compile("^Resolve")).first.click()
    notes = ana.get_by_role("dialog").get_by_label("Resolution notes")
    notes.fill("It now whistles a waltz.")
    ana.get_by_role("dialog").get_by_role("button", name="Resolve", exact=True).click()
    expect(ana.get_by_text("Resolved").first).to_be_visible()
    words = open_newest_mail(ann, desk, having="resolved")
    assert "It now whistles a waltz." in words

    # The window passes, and the cluster's own schedule closes it.
    let_the_window_pass(desk)
    assert wait_until_closed(desk) == "system: scheduled closure"
    ana.goto(ticket_url)
    expect(ana.get_by_text(re.compile("scheduled closure")).first).to_be_visible()
    expect(ana.get_by_text("Closed").first).to_be_visible()

    # An answer now opens a ticket of its own, linked to the closed one.
    open_newest_mail(ann, desk, having="resolved")
    answer(ann, "It has forgotten the waltz.")
    told = open_newest_mail(ann, desk, having="is closed")
    assert f"#{number[1]} is closed" in told
    ana.goto(f"{desk.url}/admin/helpdesk/my-queues/")
    reload_until(ana, SUBJECT)
    open_ticket(ana, desk)
    expect(ana.get_by_text("It has forgotten the waltz.").first).to_be_visible()
    expect(ana.get_by_text(re.compile("follow-up of", re.I)).first).to_be_visible()
    expect(ana.get_by_role("link", name=re.compile(number[1])).first).to_be_visible()
    assert Path(desk.log).exists()
