"""What is public has its line in the documentation, and the line is right."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from tools.requirements import Behaviour, read_behaviours, read_tests
from wagtail_helpdesk import actions, exceptions
from wagtail_helpdesk.conf import HelpdeskConf
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.intake.webhooks import PROVIDERS
from wagtail_helpdesk.models import QueueRole
from wagtail_helpdesk.notifications.alerts import ALERTS, SILENT
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import TRANSITIONS, Phase, Trigger
from wagtail_helpdesk.rules.links import LinkKind
from wagtail_helpdesk.tasks import SCHEDULES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGE = ROOT / "wagtail_helpdesk"
STATES = {"yes", "built", "partly", "later", "n/a"}


def read(name: str) -> str:
    return (DOCS / name).read_text()


def rows(name: str) -> list[list[str]]:
    """Return the cells of every row of every table in a document."""
    return [
        [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for line in read(name).splitlines()
        if line.startswith("| ")
    ]


def row_of(name: str, first: str) -> list[str]:
    """Return the one row whose first cell is this."""
    [row] = [row for row in rows(name) if row[0] == first]
    return row


def python_sources() -> list[str]:
    return [path.read_text() for path in PACKAGE.rglob("*.py")]


def behaviours() -> list[Behaviour]:
    return list(read_behaviours(read("reference/behaviours.md")).values())


@pytest.mark.parametrize("field", fields(HelpdeskConf), ids=lambda field: field.name)
def test_setting_is_documented_with_its_default(field: object) -> None:
    _key, default, meaning = row_of("reference/settings.md", f"`{field.name.upper()}`")
    documented = ast.literal_eval(default.strip("`"))
    assert meaning
    assert field.default == (
        tuple(documented) if isinstance(documented, list) else documented
    )


def test_documented_settings_exist() -> None:
    documented = {
        row[0].strip("`") for row in rows("reference/settings.md") if row[0].isupper()
    }
    assert documented == {field.name.upper() for field in fields(HelpdeskConf)}


def test_actions_are_documented() -> None:
    documented = re.findall(r"^\| `(\w+)\(", read("reference/actions.md"), re.MULTILINE)
    assert sorted(documented) == sorted(actions.__all__)


def test_errors_are_documented() -> None:
    public = {
        name
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, HelpdeskError)
    } - {"HelpdeskError"}
    documented = {row[0].strip("`") for row in rows("reference/actions.md")}
    assert public <= documented


@pytest.mark.parametrize("kind", EventKind.values)
def test_event_is_documented_with_its_mails(kind: str) -> None:
    _kind, _when, mails = row_of("reference/events.md", f"`{kind}`")
    names = {alert.name for alert in ALERTS if alert.occasion == kind}
    assert set(re.findall(r"`(\w+)`", mails)) == names
    assert (mails == "nobody") == (kind in SILENT)


def test_hooks_are_documented() -> None:
    used = {
        name
        for source in python_sources()
        for name in re.findall(r"get_hooks\(\s*\"(\w+)\"", source)
    }
    documented = set(re.findall(r"^\| `(\w+)\(", read("reference/hooks.md"), re.M))
    assert used == documented


def test_checks_are_documented() -> None:
    ids = set(
        re.findall(r"wagtail_helpdesk\.[EW]\d+", (PACKAGE / "checks.py").read_text())
    )
    documented = {row[0].strip("`") for row in rows("reference/checks.md")}
    assert ids and ids == documented - {"id", "---"}


def test_commands_are_documented() -> None:
    names = {
        path.stem
        for path in (PACKAGE / "management" / "commands").glob("*.py")
        if path.stem != "__init__"
    }
    documented = set(re.findall(r"^\| `(\w+)", read("reference/commands.md"), re.M))
    assert names == documented


def test_transitions_are_documented() -> None:
    triggers = [
        Trigger.AGENT_REPLIED,
        Trigger.REQUESTER_REPLIED,
        Trigger.RESOLVED,
        Trigger.REOPENED,
        Trigger.WINDOW_OVER,
    ]
    documented = {
        (Phase(row[0]), trigger): Phase(cell)
        for row in rows("reference/statuses.md")
        if row[0] in Phase.values
        for trigger, cell in zip(triggers, row[1:], strict=True)
        if cell != "–"
    }
    assert documented == TRANSITIONS


@pytest.mark.parametrize("phase", Phase.values)
def test_phase_is_documented(phase: str) -> None:
    assert row_of("reference/statuses.md", f"`{phase}`")


@pytest.mark.parametrize("kind", LinkKind.values)
def test_link_kind_is_documented(kind: str) -> None:
    assert f"`{kind}`" in read("reference/actions.md")


@pytest.mark.parametrize("job", SCHEDULES, ids=lambda job: job.task)
def test_scheduled_job_is_documented_with_its_period(job: object) -> None:
    period = {1: "minute", 60: "hour"}.get(job.minutes, f"{job.minutes} minutes")
    assert row_of("how-to/run-jobs.md", f"`{job.task}`")[1] == period


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_provider_is_documented(name: str) -> None:
    assert [row for row in rows("how-to/receive-mail.md") if f"`{name}`" in row[:2]]


@pytest.mark.parametrize("role", QueueRole)
def test_role_is_documented(role: QueueRole) -> None:
    assert row_of("explanation/permissions.md", role.label.lower())


def test_behaviours_are_in_one_of_the_known_states() -> None:
    assert {row.state for row in behaviours()} <= STATES


def test_behaviours_are_named_once() -> None:
    ids = re.findall(r"^\| ((?:[A-Z]+)-\d+) \|", read("reference/behaviours.md"), re.M)
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == len(behaviours())


def test_behaviours_carried_by_tests_are_known() -> None:
    assert set(read_tests(ROOT / "tests")) <= {row.id for row in behaviours()}


def test_behaviours_said_to_hold_are_shown_by_a_test() -> None:
    said = {row.id for row in behaviours() if row.state == "yes"}
    assert said and not said - set(read_tests(ROOT / "tests"))
