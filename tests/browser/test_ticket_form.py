"""The form in a real browser: without scripts, under a strict policy, by keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.portal.pages import make_form_page
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.portal import form_keys

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def strict_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Forbid scripts altogether, and everything from elsewhere."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return middleware


@pytest.fixture
def address(live_server: LiveServer, settings: Settings) -> str:
    """Return the address of a form that guests may use."""
    settings.MIDDLEWARE = [f"{__name__}.strict_policy", *settings.MIDDLEWARE]
    make_form_page(has_priority=True, intro="<p>Tell us what is wrong.</p>")
    return f"{live_server.url}/ask/"


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """Open a page on a telephone whose owner has switched scripts off."""
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a form be sent as quickly as a program types."""
    monkeypatch.setattr(form_keys, "SHORTEST", form_keys.SHORTEST * -1)


def fill_in(page: Page, *, email: str = "ana@example.org") -> None:
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Subject").fill("The kettle is loud")
    page.get_by_label("What is it about?").fill("It whistles all day.")


@pytest.mark.req("CTI-17", "CTI-82", "SEC-43")
def test_guest_sends_the_form_without_scripts(
    address: str, plain_page: Page, hurried: None, tmp_path: Path
) -> None:
    page = plain_page
    log = tmp_path / "kettle.log"
    log.write_text("wheee")
    page.goto(address)
    fill_in(page)
    page.get_by_label("Files").set_input_files([log])
    page.get_by_role("button", name="Send").click()
    ticket = Ticket.objects.get()
    expect(page.get_by_text(f"#{ticket.number}")).to_be_visible()
    assert ticket.messages.get().attachments.get().name == "kettle.log"
    page.reload()
    expect(page.get_by_text(f"#{ticket.number}")).to_be_visible()


def test_form_is_sent_by_keyboard_alone(
    address: str, page: Page, hurried: None
) -> None:
    page.goto(address)
    page.get_by_label("Your name").focus()
    for text in ("Ana", "ana@example.org", "The kettle", "It whistles."):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "priority"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "attachments"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_what_is_wrong_takes_the_focus_and_leads_to_the_field(
    address: str, page: Page, hurried: None
) -> None:
    page.goto(address)
    fill_in(page, email="ana@nowhere")
    page.get_by_role("button", name="Send").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page.get_by_label("What is it about?")).to_have_value("It whistles all day.")
    summary.get_by_role("link", name="Your e-mail address").click()
    expect(page.get_by_label("Your e-mail address")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_have_no_barriers_that_axe_finds(
    live_server: LiveServer, chromium: Browser, hurried: None, scheme: str, width: int
) -> None:
    make_form_page(has_priority=True, intro="<p>Tell us what is wrong.</p>")
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/ask/")
    found = [Axe().run(page)]
    fill_in(page, email="ana@nowhere")
    page.get_by_role("button", name="Send").click()
    found.append(Axe().run(page))
    page.get_by_label("Your e-mail address").fill("ana@example.org")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    found.append(Axe().run(page))
    is_too_wide = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    context.close()
    assert not is_too_wide
    for results in found:
        assert results.violations_count == 0, results.generate_report()
