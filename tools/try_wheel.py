"""Build the wheel, look into it, and use it in a bare Wagtail site as README.md says.

The site is what ``wagtail start`` makes; the lines it is given are read from the
README, so that they can't be wrong for long. A mail is then posted to its webhook, as
the provider would, and a worker must turn it into a ticket.

    python tools/try_wheel.py
"""

import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "wagtail_helpdesk"
PORT = 8917
WEBHOOK = f"http://127.0.0.1:{PORT}/helpdesk/inbound/postmark/"
MAIL = """\
From: Ana Customer <ana@customer.example>
To: help@desk.example
Subject: Printer on fire
Message-ID: <trial@customer.example>

It smells of plastic and the light blinks.
"""
QUESTION = """
from wagtail_helpdesk.models import Ticket
print("TICKETS", [(t.subject, t.requester.email) for t in Ticket.objects.all()])
"""
ANSWER = "TICKETS [('Printer on fire', 'ana@customer.example')]"
IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc")
#: What the servers of the trial print; shown if it fails.
LOG = "servers.log"
#: What the wheel must hold besides Python.
NEEDED = ("py.typed", "migrations/0001_initial.py", "templates/", "static/")


def run(command: Sequence[str | Path], *, cwd: Path = ROOT) -> str:
    """Run a command and return what it prints; stop everything if it fails."""
    print("$", " ".join(str(part) for part in command[:6]), flush=True)
    done = subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{done.stderr}\nFailed with {done.returncode}.")
    return done.stdout


def build_wheel(directory: Path) -> Path:
    """Build the wheel, check what is in it, and return its path.

    From a copy, for what earlier builds left behind would get into this one.
    """
    source = directory / "source"
    shutil.copytree(ROOT / PACKAGE, source / PACKAGE, ignore=IGNORED)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps"]
    run([*pip, "--wheel-dir", directory, source])
    [wheel] = directory.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    foreign = [
        name
        for name in names
        if not name.startswith((f"{PACKAGE}/", f"{PACKAGE}-")) or "__pycache__" in name
    ]
    if foreign:
        sys.exit(f"Does not belong into the wheel: {foreign}")
    for needed in NEEDED:
        if not any(name.startswith(f"{PACKAGE}/{needed}") for name in names):
            sys.exit(f"Missing in the wheel: {PACKAGE}/{needed}")
    missing = [
        path.relative_to(source).as_posix()
        for path in (source / PACKAGE).rglob("*")
        if path.is_file() and path.relative_to(source).as_posix() not in names
    ]
    if missing:
        sys.exit(f"In the package's folder, but not in the wheel: {missing}")
    print(f"{wheel.name}: {len(names)} files")
    return wheel


def readme_lines(kind: str) -> str:
    """Return the Python block of the README that stands below ``<!-- kind -->``."""
    found = re.search(
        rf"<!-- {kind} -->\s*```python\n(.*?)```",
        (ROOT / "README.md").read_text(),
        re.DOTALL,
    )
    if found is None:
        sys.exit(f"README.md has no block of Python below <!-- {kind} -->.")
    return found[1]


def make_site(directory: Path, *, wheel: Path) -> tuple[Path, Path]:
    """Make a site with the package installed; return its Python and its folder."""
    venv.create(directory / "venv", with_pip=True)
    python = directory / "venv" / "bin" / "python"
    run([python, "-m", "pip", "--quiet", "install", wheel])
    site = directory / "bare"
    site.mkdir()
    run([directory / "venv" / "bin" / "wagtail", "start", "bare", site], cwd=directory)
    settings = site / "bare" / "settings" / "base.py"
    settings.write_text(f"{settings.read_text()}\n{readme_lines('settings')}")
    urls = site / "bare" / "urls.py"
    own, pages = urls.read_text().split("urlpatterns = urlpatterns + [", 1)
    urls.write_text(
        f"{own}\n{readme_lines('urls')}\nurlpatterns = urlpatterns + [{pages}"
    )
    return python, site


def post_mail() -> None:
    """Post the mail to the webhook, once the server answers."""
    found = re.search(r'"WEBHOOK_SECRET": "([^"]+)"', readme_lines("settings"))
    if found is None:
        sys.exit("README.md sets no WEBHOOK_SECRET.")
    body = json.dumps(
        {"RawEmail": MAIL, "OriginalRecipient": "help@desk.example", "Headers": []}
    )
    login = base64.b64encode(found[1].encode()).decode()
    request = urllib.request.Request(
        WEBHOOK,
        data=body.encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Basic {login}"},
    )
    for attempt in range(60):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                print(f"POST {WEBHOOK}: {answer.status}")
                return
        except urllib.error.HTTPError as error:
            sys.exit(f"POST {WEBHOOK}: {error.code} {error.read()[:500]!r}")
        except OSError:
            if attempt == 59:
                raise
            time.sleep(0.5)


@contextmanager
def running(command: Sequence[str | Path], *, cwd: Path) -> Iterator[None]:
    """Run a server for as long as the block lasts."""
    print("$", " ".join(str(part) for part in command[:6]), "&", flush=True)
    with (cwd / LOG).open("a") as log:
        process = subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def tickets_after_work(manage: Sequence[str | Path], *, site: Path) -> str:
    """Return what tickets there are, once a worker had time to make one."""
    answer = ""
    with running([*manage, "qcluster"], cwd=site):
        for _ in range(20):
            answer = run([*manage, "shell", "-c", QUESTION], cwd=site)
            if ANSWER in answer:
                break
            time.sleep(1)
    return answer


def main() -> int:
    """Return 0 if the mail became a ticket."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-wheel-") as name:
        directory = Path(name)
        python, site = make_site(directory, wheel=build_wheel(directory))
        manage = [python, "manage.py"]
        print(run([*manage, "check"], cwd=site).strip())
        run([*manage, "makemigrations", "--check", "--dry-run"], cwd=site)
        run([*manage, "migrate", "--verbosity", "0"], cwd=site)
        server = [*manage, "runserver", "--noreload", f"127.0.0.1:{PORT}"]
        with running(server, cwd=site):
            post_mail()
        answer = tickets_after_work(manage, site=site)
        log = (site / LOG).read_text()
    if ANSWER not in answer:
        print(f"{log}\nWanted {ANSWER}, got {answer}")
        return 1
    print(f"The wheel works in a bare site: {ANSWER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
