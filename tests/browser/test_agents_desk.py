"""The agents' screens in a real browser: by every means, side by side."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import factories
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import Message, Ticket
from wagtail_helpdesk.models.notes import InternalNote

LONG = "Donaudampfschifffahrtsgesellschaft" * 5

Open = Callable[..., Any]


@pytest.fixture
def ana(live_server: LiveServer) -> Any:
    return factories.make_agent(username="ana", first_name="Ana")


@pytest.fixture
def ben(live_server: LiveServer) -> Any:
    return factories.make_agent(username="ben", first_name="Ben")


@pytest.fixture
def ticket(ana: Any) -> Ticket:
    """Return a ticket with one of everything, and words that don't break."""
    kim = factories.make_requester(
        email=f"{'kim-' * 12}@example.org", name=f"Kim {LONG[:40]}"
    )
    opened = factories.make_ticket(
        requester=kim, subject=f"The kettle {LONG}", body=f"It whistles. {LONG * 3}"
    )
    ana_acts = Actor.agent(ana)
    actions.add_note(opened, actor=ana_acts, body=f"See https://example.org/{LONG}")
    actions.reply(opened, actor=ana_acts, body="Is it `on`?\n\n```\nwheee\n```")
    actions.assign(opened, actor=ana_acts, assignee=ana)
    return opened


@pytest.fixture
def open_window(chromium: Browser, live_server: LiveServer) -> Open:
    """Return what opens a window in which an agent is logged in."""

    @contextmanager
    def opened(user: Any, **options: Any) -> Iterator[Page]:
        client = Client()
        client.force_login(user)
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context: BrowserContext = chromium.new_context(
            locale="en-GB", timezone_id="UTC", **options
        )
        context.set_default_timeout(15_000)
        cookie = client.cookies["sessionid"].value
        context.add_cookies(
            [{"name": "sessionid", "value": cookie, "url": live_server.url}]
        )
        yield context.new_page()
        context.close()

    return opened


@pytest.fixture
def desk(live_server: LiveServer) -> str:
    """Return the address below which the screens are."""
    return f"{live_server.url}/admin/helpdesk"


def focused(page: Page) -> str:
    """Return the name, the class or the tag of what has the focus."""
    found: str = page.evaluate(
        "(e => e.name || e.getAttribute('class') || e.tagName)(document.activeElement)"
    )
    return found


def sideways(page: Page) -> list[str]:
    """Return what stands out at the end of the page, if that can be scrolled to."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('html, body, .wrapper, main')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1)"
        ".flatMap(e => [...e.querySelectorAll('*')])"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screens_have_no_barriers_that_axe_finds(
    open_window: Open, desk: str, ana: Any, ticket: Ticket, scheme: str
) -> None:
    axe = Axe()
    found = {}
    with open_window(ana, color_scheme=scheme) as page:
        for address in (
            "tickets/",
            "tickets/?q=nothing",
            "my-queues/watching/",
            "tickets/new/",
            f"tickets/{ticket.pk}/?compose=note",
            f"tickets/{ticket.pk}/",
        ):
            page.goto(f"{desk}/{address}")
            found[address] = axe.run(page)
        page.get_by_label("Change assignee").click()
        found["change"] = axe.run(page)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Resolve…").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found["dialog"] = axe.run(page)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text("Write something first.")).to_be_visible()
        found["error"] = axe.run(page)
    for address, results in found.items():
        assert not results.violations_count, f"{address}\n{results.generate_report()}"


def test_a_reply_is_written_and_sent_by_keyboard_alone(
    open_window: Open, desk: str, ana: Any, ticket: Ticket
) -> None:
    with open_window(ana) as page:
        page.goto(f"{desk}/tickets/{ticket.pk}/")
        page.get_by_role("link", name="Reply", exact=True).focus()
        page.keyboard.press("Enter")
        assert focused(page) == "body"
        page.keyboard.type("Please pull the plug.")
        for name in ("uploads", "status"):
            page.keyboard.press("Tab")
            assert focused(page) == name
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        sent = page.locator("article", has_text="Please pull the plug.")
        expect(sent).to_be_in_viewport()
        expect(page.get_by_text("Your reply is on its way.")).to_be_visible()


def test_what_is_wrong_takes_the_focus_however_far_down(
    open_window: Open, desk: str, ana: Any, ticket: Ticket
) -> None:
    with open_window(ana, viewport={"width": 1280, "height": 600}) as page:
        page.goto(f"{desk}/tickets/{ticket.pk}/")
        page.get_by_role("button", name="Send", exact=True).click()
        wrong = page.get_by_role("alert").filter(has_text="Write something first.")
        expect(wrong).to_be_focused()
        expect(wrong).to_be_in_viewport()
        page.goto(f"{desk}/tickets/new/")
        page.get_by_role("button", name="Open ticket").click()
        expect(page.get_by_label("Requester's e-mail address")).to_be_focused()


def test_dialog_and_small_forms_close_by_escape_and_give_the_focus_back(
    open_window: Open, desk: str, ana: Any, ticket: Ticket
) -> None:
    with open_window(ana) as page:
        page.goto(f"{desk}/tickets/{ticket.pk}/")
        resolve = page.get_by_role("button", name="Resolve…")
        resolve.click()
        assert focused(page) == "notes"
        page.keyboard.press("Escape")
        expect(resolve).to_be_focused()
        change = page.get_by_label("Change status")
        change.click()
        expect(page.locator("#status-status")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#status-status")).to_be_hidden()
        expect(change).to_be_focused()
        change.click()
        page.get_by_role("heading", name="Basics").click()
        expect(page.locator("#status-status")).to_be_hidden()


@pytest.mark.req("OTRS-08", "CTI-46")
def test_while_one_holds_the_lock_the_other_sees_who_and_may_only_add_a_note(
    open_window: Open, desk: str, ana: Any, ben: Any, ticket: Ticket
) -> None:
    address = f"{desk}/tickets/{ticket.pk}/"
    actions.unlock(ticket, actor=Actor.agent(ana))
    with open_window(ana) as hers, open_window(ben) as his:
        his.goto(address)
        his.get_by_role("tabpanel").get_by_role("textbox").first.fill("I come at two.")
        hers.goto(address)
        hers.get_by_role("button", name="Lock", exact=True).click()
        expect(hers.get_by_text("Locked by you since")).to_be_visible()

        # He was writing meanwhile: he is told who holds it, and keeps his words.
        his.get_by_role("button", name="Send", exact=True).click()
        expect(his.get_by_role("alert").filter(has_text="Ana")).to_be_visible()
        expect(his.locator("#reply-body")).to_have_value("I come at two.")

        his.goto(address)
        expect(his.get_by_text("Locked by Ana since")).to_be_visible()
        expect(his.get_by_role("button", name="Send", exact=True)).to_have_count(0)
        expect(his.get_by_role("button", name="Resolve…")).to_have_count(0)
        his.locator("#note-body").fill("I have a spare one.")
        his.get_by_role("button", name="Add note").click()
        expect(his.get_by_text("Only agents see it.")).to_be_visible()
        hers.reload()
        expect(hers.get_by_text("I have a spare one.")).to_be_visible()
    assert not Message.objects.filter(agent=ben).exists()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_scrolls_sideways_whatever_people_write(
    open_window: Open, desk: str, ana: Any, ben: Any, ticket: Ticket, width: int
) -> None:
    viewport = {"width": width, "height": 740}
    with (
        open_window(ana, viewport=viewport) as hers,
        open_window(ben, viewport=viewport) as his,
    ):
        hers.goto(f"{desk}/tickets/{ticket.pk}/")
        hers.get_by_label("Change assignee").click()
        assert sideways(hers) == []
        hers.get_by_role("button", name="Resolve…").click()
        assert sideways(hers) == []
        his.goto(f"{desk}/tickets/{ticket.pk}/")
        expect(his.get_by_text("has been working on this ticket")).to_be_visible()
        assert sideways(his) == []
        for address in ("tickets/", "my-queues/", "tickets/new/"):
            his.goto(f"{desk}/{address}")
            assert sideways(his) == []


def test_everything_works_without_scripts(
    open_window: Open, desk: str, ana: Any, ticket: Ticket
) -> None:
    with open_window(ana, java_script_enabled=False) as page:
        page.goto(f"{desk}/tickets/")
        page.get_by_role("link", name="The kettle").click()
        page.locator("#reply-body").fill("Without scripts.")
        page.get_by_role("button", name="Send", exact=True).click()
        sent = page.locator("article", has_text="Without scripts.")
        expect(sent).to_be_in_viewport()

        page.get_by_role("tab", name="Internal note").click()
        page.locator("#note-body").fill("A note without scripts.")
        page.get_by_role("button", name="Add note").click()
        expect(page.get_by_text("A note without scripts.")).to_be_visible()

        page.get_by_label("Change status").click()
        page.locator("#status-status").select_option(label="Pending")
        page.get_by_role("button", name="Set status").click()
        expect(page.get_by_text("The status is set.")).to_be_visible()

        page.get_by_role("button", name="Resolve…").click()
        page.get_by_label("Resolution notes").fill("It is off.")
        page.get_by_role("button", name="Resolve", exact=True).click()
        expect(page.get_by_text("This ticket is resolved.")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.resolutions.get().notes == "It is off."
    assert InternalNote.objects.filter(body="A note without scripts.").exists()
