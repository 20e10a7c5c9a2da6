"""Take the pictures of docs/images/ again: the list and a ticket, light and dark.

Serves the demo from an empty database, logs in as an agent, and photographs what that
agent sees. Needs Chromium; HELPDESK_CHROMIUM says where, if it is not on the path.

    python tools/screenshots.py [--out docs/images] [--ticket SUBJECT]
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PORT = 8941
SITE = f"http://127.0.0.1:{PORT}"
AGENT = ("ana", "ana-demo")
SIZE = {"width": 1280, "height": 860}
#: A ticket with a conversation, a note and files.
TICKET = "Access to the attic"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


@contextmanager
def serving(directory: str) -> Iterator[None]:
    """Serve the demo for as long as the block lasts."""
    demo = subprocess.Popen(
        [sys.executable, ROOT / "sandbox" / "demo.py"],
        env={**os.environ, "PORT": str(PORT), "SANDBOX_VAR": directory},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        started = any("The demo is running" in line for line in demo.stdout or ())
        if not started:
            sys.exit("The demo did not start.")
        yield
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def log_in(page: Page) -> None:
    """Log in as the agent."""
    page.goto(f"{SITE}/admin/login/")
    username, password = AGENT
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{SITE}/admin/")


def settle(page: Page) -> None:
    """Wait until nothing loads or moves any more."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def photograph(browser: Browser, *, scheme: str, out: Path, subject: str) -> None:
    """Take the list and one ticket in one colour scheme."""
    context = browser.new_context(
        viewport=SIZE, color_scheme=scheme, locale="en-GB", timezone_id="UTC"
    )
    page = context.new_page()
    log_in(page)
    page.goto(f"{SITE}/admin/helpdesk/tickets/")
    settle(page)
    page.screenshot(path=out / f"tickets-{scheme}.png")
    page.locator("td.helpdesk-cell-subject a", has_text=subject).first.click()
    settle(page)
    # Tall enough for the conversation and the composer below it.
    page.set_viewport_size({**SIZE, "height": 1560})
    settle(page)
    page.screenshot(path=out / f"ticket-{scheme}.png")
    context.close()


def main() -> int:
    """Take all four pictures."""
    parser = argparse.ArgumentParser(description="Take the pictures of the docs.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--ticket", default=TICKET, help="words of the subject")
    options = parser.parse_args()
    path = os.environ.get("HELPDESK_CHROMIUM") or next(
        filter(None, map(shutil.which, CHROMIUM)), None
    )
    if path is None:
        sys.exit("No Chromium is installed.")
    options.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="helpdesk-pictures-") as directory,
        serving(directory),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for scheme in ("light", "dark"):
            photograph(browser, scheme=scheme, out=options.out, subject=options.ticket)
        browser.close()
    print(f"Four pictures are in {options.out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
