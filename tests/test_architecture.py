"""The rules of the house that no linter knows, read from the source itself.

Each rule is a generator of sentences about what breaks it, so that a planted example
can prove that it would notice.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import wagtail_helpdesk

PACKAGE = Path(wagtail_helpdesk.__file__).parent
SANDBOX = PACKAGE.parent / "sandbox"
MOST_LINES_OF_MODULE = 400
MOST_LINES_OF_FUNCTION = 40
MAIL_NAMES = {
    "EmailMessage",
    "EmailMultiAlternatives",
    "mail",
    "mail_admins",
    "mail_managers",
    "send_mail",
    "send_mass_mail",
}
FORBIDDEN_MODULE_NAMES = {"common", "helpers", "misc", "utils"}

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[ast.Module], Iterator[str]]


def modules() -> list[Path]:
    """Return the package's own Python files, migrations left out."""
    return sorted(
        path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts
    )


def templates() -> list[Path]:
    """Return every HTML template that a browser shows.

    Mails are left out: mail programs ignore style sheets and run no scripts.
    """
    return sorted(
        path
        for directory in (PACKAGE, SANDBOX)
        for path in directory.rglob("templates/**/*.html")
        if "notifications" not in path.parts
    )


def functions(tree: ast.Module) -> Iterator[FunctionNode]:
    """Walk every function and method of a module."""
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            yield node


def status_changes(tree: ast.Module) -> Iterator[str]:
    """Find assignments to a status or a phase, by attribute or by ``update()``."""
    names = {"status", "status_id", "phase"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Attribute) and part.attr in names:
                        yield f"line {node.lineno}: assigns to .{part.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {keyword.arg for keyword in node.keywords} & names
            if node.func.attr in {"update", "aupdate"} and given:
                yield f"line {node.lineno}: updates {', '.join(sorted(given))}"


def mail_imports(tree: ast.Module) -> Iterator[str]:
    """Find imports of what Django sends mail with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("django.core.mail"):
                    yield f"line {node.lineno}: imports {alias.name}"
        elif isinstance(node, ast.ImportFrom) and (
            node.module == "django.core"
            or (node.module or "").startswith("django.core.mail")
        ):
            for alias in node.names:
                if alias.name in MAIL_NAMES:
                    yield f"line {node.lineno}: imports {alias.name}"


def imports_in_functions(tree: ast.Module) -> Iterator[str]:
    """Find imports inside functions other than ``ready``."""
    for function in functions(tree):
        if function.name == "ready":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"line {node.lineno}: import inside {function.name}()"


def long_functions(tree: ast.Module) -> Iterator[str]:
    """Find bodies of too many lines, signature and docstring not counted."""
    for function in functions(tree):
        has_docstring = ast.get_docstring(function) is not None
        body = function.body[1:] if has_docstring else function.body
        if not body:
            continue
        lines = (function.end_lineno or 0) - body[0].lineno + 1
        if lines > MOST_LINES_OF_FUNCTION:
            yield f"line {function.lineno}: {function.name}() has {lines} lines"


def unescaped_text(tree: ast.Module) -> Iterator[str]:
    """Find what declares a text to be safe HTML; naming the type is no harm."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in {"mark_safe", "SafeData"}:
                yield f"line {node.lineno}: uses {name}"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "SafeString"
        ):
            yield f"line {node.lineno}: makes a SafeString"


def settings_reads(tree: ast.Module) -> Iterator[str]:
    """Find ``getattr(settings, …)``: a setting that nobody documents."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "getattr"
            and isinstance(node.args[0], ast.Name)
            and node.args[0].id == "settings"
        ):
            yield f"line {node.lineno}: getattr(settings, …)"


#: Rule, and the files (within the package) that may break it.
RULES: dict[Rule, set[str]] = {
    status_changes: {"changes.py"},
    mail_imports: {"notifications/delivery.py"},
    imports_in_functions: set(),
    long_functions: set(),
    unescaped_text: {"markup.py"},
    settings_reads: {"conf.py", "checks.py"},
}

#: Rule, and a source that breaks it once.
PLANTED: list[tuple[Rule, str]] = [
    (status_changes, "ticket.status = status"),
    (status_changes, "self.ticket.phase = Phase.NEW"),
    (status_changes, "ticket.subject, ticket.status_id = subject, 1"),
    (status_changes, "Ticket.objects.filter(pk=1).update(status=status)"),
    (mail_imports, "from django.core.mail import send_mail"),
    (mail_imports, "from django.core import mail"),
    (mail_imports, "import django.core.mail"),
    (imports_in_functions, "def f():\n    from wagtail_helpdesk import actions"),
    (long_functions, "def f():\n" + "    pass\n" * (MOST_LINES_OF_FUNCTION + 1)),
    (unescaped_text, "html = mark_safe(text)"),
    (unescaped_text, "html = SafeString(text)"),
    (unescaped_text, "html = safestring.mark_safe(text)"),
    (settings_reads, "getattr(settings, 'X', 1)"),
]

#: What no page may hold under a strict Content-Security-Policy, or ever.
TEMPLATE_RULES = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc\s*=)[^>]*>", re.IGNORECASE),
    "inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "text declared safe": re.compile(r"\|\s*safe(seq)?\b|{%-?\s*autoescape\s+off"),
}

PLANTED_IN_TEMPLATES = [
    ("inline script", "<script>go()</script>"),
    ("inline style sheet", "<style>p { color: red }</style>"),
    ("style attribute", '<p class="x" style="color: red">'),
    ("event attribute", '<button type="button" onclick="go()">'),
    ("javascript: address", '<a href="javascript:go()">'),
    ("text declared safe", "{{ message.body|safe }}"),
    ("text declared safe", "{% autoescape off %}"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_modules_keep_the_rule(rule: Rule) -> None:
    broken = [
        f"{name}, {sentence}"
        for path in modules()
        if (name := path.relative_to(PACKAGE).as_posix()) not in RULES[rule]
        for sentence in rule(ast.parse(path.read_text()))
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("rule", "source"), PLANTED, ids=[rule.__name__ for rule, source in PLANTED]
)
def test_rule_notices_a_planted_example(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(source)))


def test_modules_are_short() -> None:
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text().splitlines())
        for path in modules()
    }
    too_long = {
        name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_MODULE
    }
    assert lengths and not too_long


def test_modules_are_named_by_topic() -> None:
    assert not [path for path in modules() if path.stem in FORBIDDEN_MODULE_NAMES]


@pytest.mark.parametrize("rule", TEMPLATE_RULES)
@pytest.mark.req("SEC-43", "SEC-88")
def test_templates_keep_the_rule(rule: str) -> None:
    broken = [
        f"{path.relative_to(PACKAGE.parent)}: {found.group()}"
        for path in templates()
        for found in TEMPLATE_RULES[rule].finditer(path.read_text())
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(("rule", "source"), PLANTED_IN_TEMPLATES)
def test_template_rule_notices_a_planted_example(rule: str, source: str) -> None:
    assert TEMPLATE_RULES[rule].search(source)
