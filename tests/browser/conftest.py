"""A real browser for the tests that need one, and what every page must not do."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    sync_playwright,
)

#: Names under which Chromium is installed; HELPDESK_CHROMIUM is tried first.
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_chromium() -> str | None:
    """Return the path of an installed Chromium; none is ever downloaded."""
    named = os.environ.get("HELPDESK_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CANDIDATES)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Chromium once. Without one: skip at the desk, fail in CI."""
    path = find_chromium()
    if path is None:
        reason = f"no Chromium is installed (looked for {', '.join(CANDIDATES)})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # The synchronous interface runs an event loop in this thread, which Django takes
    # for a sign that its database is used from a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Browser) -> Iterator[BrowserContext]:
    """Open a window of its own for each test: no cookies, a laptop's size."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="UTC"
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """Open a page; errors of its scripts and its policy fail the test."""
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            problems.append(message.text)

    opened = browser_context.new_page()
    opened.on("console", note)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    assert not problems, "\n".join(problems)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark everything in this folder, so that ``-m browser`` finds it."""
    item.add_marker(pytest.mark.browser)
