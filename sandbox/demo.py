"""Serve the demo: database, demo desk, web server and task queue, with one command.

``make demo`` runs it. PORT says where (8000). Ctrl-C or SIGTERM stops everything.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

SANDBOX_DIR = Path(__file__).resolve().parent
# Run as a script, the directory of this file is on the path instead of its parent.
sys.path[0] = str(SANDBOX_DIR.parent)

from sandbox.desk.cast import ACCOUNTS  # noqa: E402 the path is set above

HOST = "127.0.0.1"
PORT = int(os.environ.get("PORT") or 8000)
SITE_URL = f"http://{HOST}:{PORT}"
_ENVIRONMENT = {
    "PORT": str(PORT),
    "PYTHONUNBUFFERED": "1",
    "DJANGO_RUNSERVER_HIDE_WARNING": "true",
}
_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 10


class Demo:
    """The processes of the demo, which live and end together."""

    def __init__(self) -> None:
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.is_stopped = threading.Event()

    def stop_on_signals(self) -> None:
        """Leave the waiting loops on Ctrl-C, SIGTERM or a closed terminal."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda *args: self.is_stopped.set())

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a management command in a session of its own.

        So Ctrl-C in the terminal reaches this process alone, which then ends the others
        in order, and whatever they started themselves can be found by their group.
        """
        child = subprocess.Popen(  # noqa: S603 our own commands, nothing from outside
            [sys.executable, str(SANDBOX_DIR / "manage.py"), *command],
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.children[command[0]] = child
        return child

    def run(self, *command: str) -> None:
        """Run a command to its end; a failure ends the demo."""
        child = self.start(*command)
        while child.poll() is None and not self.is_stopped.wait(0.05):
            pass
        if child.returncode:
            raise SystemExit(f"manage.py {command[0]} failed.")

    def wait_for_site(self) -> None:
        """Return as soon as the site answers."""
        give_up_at = time.monotonic() + _SECONDS_TO_START
        while not self.is_stopped.wait(0.2):
            self.raise_if_one_ended()
            try:
                with urlopen(SITE_URL, timeout=5):
                    return
            except (URLError, OSError):
                if time.monotonic() > give_up_at:
                    raise SystemExit("The site does not answer.") from None

    def wait(self) -> None:
        """Wait until somebody stops the demo, or one of its processes ends."""
        while not self.is_stopped.wait(0.3):
            self.raise_if_one_ended()

    def raise_if_one_ended(self) -> None:
        """End the demo if a server ended by itself."""
        for name in ("runserver", "qcluster"):
            if self.children[name].poll() is not None:
                raise SystemExit(f"{name} has ended; so the demo ends too.")

    def stop(self) -> None:
        """Ask every process to end, then make sure that none is left."""
        running = [child for child in self.children.values() if child.poll() is None]
        for child in running:
            child.terminate()
        for child in running:
            try:
                child.wait(timeout=_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                print("A process does not stop by itself; ending it.", flush=True)
            _kill_group(child.pid)
            child.wait()


def _kill_group(pid: int) -> None:
    """End what a child left behind; its group has the child's own number."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def check_port() -> None:
    """Say it plainly if something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError:
            raise SystemExit(
                f"Port {PORT} is taken. Serve elsewhere: PORT={PORT + 1} make demo"
            ) from None


def welcome() -> str:
    """Return the addresses and passwords."""
    accounts = "\n".join(
        f"    {account.username:<8}{account.password:<14}{account.role}"
        for account in ACCOUNTS
    )
    return f"""
  The demo is running. Ctrl-C stops it.

    Mailbox   {SITE_URL}/mailbox/   begin here: write to the desk, read its answers
    Wagtail   {SITE_URL}/admin/     answer as an agent
    Site      {SITE_URL}/

{accounts}
"""


def main() -> None:
    """Prepare, serve, stop."""
    check_port()
    demo = Demo()
    demo.stop_on_signals()
    try:
        print("Preparing the database …", flush=True)
        demo.run("migrate", "--verbosity=0")
        if not demo.is_stopped.is_set():
            demo.run("load_demo_desk")
        if not demo.is_stopped.is_set():
            demo.start("qcluster")
            demo.start("runserver", "--noreload", f"{HOST}:{PORT}")
            demo.wait_for_site()
        if not demo.is_stopped.is_set():
            print(welcome(), flush=True)
            demo.wait()
    finally:
        demo.stop()
        print("Stopped.", flush=True)


if __name__ == "__main__":
    main()
