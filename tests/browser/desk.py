"""The sandbox's whole desk, in processes of its own, for stories in a browser."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that a slow machine may take to load the demo's tickets.
START_SECONDS = 180


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Desk:
    """A running desk."""

    port: int
    var: Path
    log: Path

    @property
    def url(self) -> str:
        """Return the address of the site."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return what a command of this desk's site needs to find it."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "sandbox.settings",
            "SANDBOX_VAR": str(self.var),
            "PORT": str(self.port),
        }

    def manage(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run a management command of the site; return what it printed."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "sandbox" / "manage.py"), *arguments],
            env=self.environment(),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def run(self, code: str) -> str:
        """Run a few lines in the site's shell; return what they printed."""
        return self.manage("shell", "-v", "0", "-c", code).strip()


def _wait_for(desk: Desk, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        assert process.poll() is None, desk.log.read_text()
        if "The demo is running" in desk.log.read_text():
            try:
                urlopen(f"{desk.url}/mailbox/", timeout=30).close()
            except (URLError, TimeoutError):
                time.sleep(0.5)
                continue
            return
        time.sleep(0.5)
    raise AssertionError(f"The desk did not start:\n{desk.log.read_text()}")


@contextmanager
def running_desk(var: Path) -> Iterator[Desk]:
    """Start what ``make demo`` starts: web server and cluster, with the demo's data."""
    var.mkdir(parents=True, exist_ok=True)
    desk = Desk(port=free_port(), var=var, log=var / "demo.log")
    with desk.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "sandbox" / "demo.py")],
            env={**desk.environment(), "PYTHONUNBUFFERED": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(desk, process)
        yield desk
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
