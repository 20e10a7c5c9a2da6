"""Run ``make demo`` as a newcomer would, look at its pages, and stop it by Ctrl-C.

python tools/try_demo.py
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = 8931
SITE = f"http://127.0.0.1:{PORT}"
PAGES = ("/", "/mailbox/", "/admin/login/")
SECONDS_TO_START = 600
SECONDS_TO_STOP = 30


def is_taken() -> bool:
    """Tell whether something listens at the demo's port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


def look_at_pages() -> None:
    """Fetch each page; an error of any kind ends the trial."""
    for page in PAGES:
        with urllib.request.urlopen(SITE + page, timeout=30) as answer:
            print(f"{answer.status} {page}", flush=True)


def try_demo(directory: str) -> str:
    """Start the demo, look, stop; return what went wrong, or nothing."""
    demo = subprocess.Popen(
        ["/usr/bin/env", "make", "demo"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(PORT), "SANDBOX_VAR": directory},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    # A demo that says nothing for so long is ended, which ends the loop below too.
    watchdog = threading.Timer(SECONDS_TO_START, demo.kill)
    watchdog.start()
    is_running = False
    for line in demo.stdout or ():
        print(line, end="", flush=True)
        if "The demo is running" in line:
            is_running = True
            break
    watchdog.cancel()
    try:
        if not is_running:
            return "The demo did not start."
        look_at_pages()
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        rest, _ = demo.communicate(timeout=SECONDS_TO_STOP)
        print(rest)
    time.sleep(0.5)
    return "Something still listens." if is_taken() else ""


def main() -> int:
    """Return 0 if the demo started, answered, and stopped."""
    if is_taken():
        print(f"Port {PORT} is taken by something else.")
        return 1
    with tempfile.TemporaryDirectory(prefix="helpdesk-demo-") as directory:
        problem = try_demo(directory)
    print(problem or "The demo started, answered and stopped.")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
