"""One command serves the whole demo, and one signal ends it."""

import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

SANDBOX = Path(__file__).resolve().parents[2] / "sandbox"
_PATIENCE = 120


class RunningDemo:
    """The demo on ports of its own, with files of its own."""

    def __init__(self, directory: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = directory / "demo.log"
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
            "PORT": str(self.port),
            "SANDBOX_VAR": str(directory / "var"),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(SANDBOX / "demo.py")],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _wait(lambda: "The demo is running" in self.output or not self.is_alive)

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(SANDBOX / "manage.py"), *command],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )

    def browser(self) -> OpenerDirector:
        return build_opener(HTTPCookieProcessor())

    def page(self, path: str) -> str:
        with self.browser().open(f"{self.url}{path}", timeout=30) as response:
            return str(response.read().decode())

    def children(self) -> list[int]:
        """Return the numbers of all processes that came of this one."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(stat.parent.name)] = int(fields[1])
        found, fresh = [], [self.process.pid]
        while fresh:
            fresh = [pid for pid, parent in parents.items() if parent in fresh]
            found += fresh
        return found

    def stop(self) -> None:
        if self.is_alive:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningDemo]:
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc to see that no process is left")
    running = RunningDemo(tmp_path)
    yield running
    running.stop()


def test_demo_serves_takes_mail_by_every_door_and_ends_when_told(
    demo: RunningDemo,
) -> None:
    assert demo.is_alive, demo.output
    for account in ("ana", "ben", "admin"):
        assert f"{account}-demo" in demo.output
    assert "When are you open?" in demo.page("/help/")
    assert "it@everyday.example" in demo.page("/contact/")

    _loading_again_changes_nothing(demo)
    _mail_from_the_form_is_answered(demo)
    _mail_of_a_mail_program_is_answered(demo)
    _mail_of_the_command_is_taken(demo)

    children = demo.children()
    assert len(children) > 3
    demo.stop()
    assert demo.process.returncode == 0, demo.output
    _wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def _loading_again_changes_nothing(demo: RunningDemo) -> None:
    before = demo.page("/mailbox/news/")
    again = demo.manage("load_demo_desk")

    assert again.returncode == 0, again.stderr
    assert "Already there: 40 tickets" in again.stdout
    assert demo.page("/mailbox/news/") == before


def _mail_from_the_form_is_answered(demo: RunningDemo) -> None:
    browser = demo.browser()
    with browser.open(f"{demo.url}/mailbox/write/", timeout=30) as response:
        form = response.read().decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    data = {
        "csrfmiddlewaretoken": token[1],
        "sender": "Kim Lee <kim@post.example>",
        "to": "help@everyday.example",
        "subject": "Where is the kettle?",
        "body": "It was here.",
        "program": "gmail",
    }
    request = Request(
        f"{demo.url}/mailbox/write/",
        data=urlencode(data).encode(),
        headers={"Referer": demo.url},
    )
    with browser.open(request, timeout=30) as response:
        shown = response.read().decode()
    assert "200 OK" in shown
    _wait(
        lambda: re.search(
            r"Re: Where is the kettle\? \[#10\d\d\]",
            demo.page("/mailbox/?box=kim%40post.example"),
        )
    )


def _mail_of_a_mail_program_is_answered(demo: RunningDemo) -> None:
    message = EmailMessage()
    message["From"] = "Lee <lee@post.example>"
    message["To"] = "it@everyday.example, friend@post.example"
    message["Subject"] = "The mouse squeaks"
    message.set_content("Only on Mondays.")
    with _listening(demo, url=demo.url) as port:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as smtp:
            smtp.send_message(message)
        _wait(
            lambda: (
                "The mouse squeaks [#" in demo.page("/mailbox/?box=lee@post.example")
            )
        )
        friend = demo.page("/mailbox/?box=friend@post.example")
        assert friend.count("The mouse squeaks") == 1
    with (
        _listening(demo, url="http://127.0.0.1:9") as port,
        smtplib.SMTP("127.0.0.1", port, timeout=30) as smtp,
        pytest.raises(smtplib.SMTPDataError) as refusal,
    ):
        smtp.send_message(message)
    assert refusal.value.smtp_code == 451


def _mail_of_the_command_is_taken(demo: RunningDemo) -> None:
    news = json.loads(demo.page("/mailbox/news/"))
    sent = demo.manage("helpdesk_demo_mail", "--subject", "By hand", "--url", demo.url)

    assert sent.returncode == 0, sent.stderr
    assert "help@everyday.example: 200" in sent.stdout
    assert json.loads(demo.page("/mailbox/news/"))["mail"] > news["mail"]


@contextmanager
def _listening(demo: RunningDemo, *, url: str) -> Iterator[int]:
    """Take mail by SMTP for as long as the block lasts; yields the port."""
    port = _free_port()
    command = ("helpdesk_demo_mail", "--listen", str(port), "--url", url)
    process = subprocess.Popen(
        [sys.executable, str(SANDBOX / "manage.py"), *command],
        env=demo.environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(is_so: Callable[[], object]) -> None:
    give_up_at = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < give_up_at, "It took too long."
        time.sleep(0.2)
