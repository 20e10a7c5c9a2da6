"""List the requirements by id, each with the tests that carry it.

The ids and their titles come from docs/reference/behaviours.md; which test shows which
id comes from the marks in the tests' source, so that nothing has to be run. An id in
a test that the document doesn't know is an error.

    python tools/requirements.py            everything
    python tools/requirements.py CTI RT-05  only these groups or ids
    python tools/requirements.py --missing  only what has no test
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEHAVIOURS = ROOT / "docs" / "reference" / "behaviours.md"
TESTS = ROOT / "tests"
ROW = re.compile(
    r"^\|\s*(?P<id>(?:RT|OTRS|CTI|OST|WT|SEC|REL)-\d+)\s*"
    r"\|\s*(?P<state>[^|]*?)\s*\|\s*(?P<title>.*?)\s*\|\s*$"
)


@dataclass(frozen=True)
class Behaviour:
    """A row of the document."""

    id: str
    state: str
    title: str


def read_behaviours(text: str) -> dict[str, Behaviour]:
    """Return the rows of the document by id, in its order."""
    rows = (ROW.match(line) for line in text.splitlines())
    return {row["id"]: Behaviour(**row.groupdict()) for row in rows if row}


def marked_ids(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Find the ids given to ``pytest.mark.req(…)`` anywhere in these nodes."""
    for node in nodes:
        for call in ast.walk(node):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "req"
            ):
                for argument in call.args:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value)


def module_marks(tree: ast.Module) -> list[str]:
    """Return the ids of ``pytestmark``, which hold for the whole module."""
    assignments = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
    ]
    return list(marked_ids(assignments))


def marked_tests(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Find (id, name of a test) in a module, whether marked alone or by its class."""

    def walk(body: Sequence[ast.stmt], prefix: str, above: list[str]) -> Iterator:
        for node in body:
            if isinstance(node, ast.ClassDef):
                ids = [*above, *marked_ids(node.decorator_list)]
                yield from walk(node.body, f"{prefix}{node.name}::", ids)
            elif isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef
            ) and node.name.startswith("test"):
                for requirement in [*above, *marked_ids(node.decorator_list)]:
                    yield requirement, prefix + node.name

    yield from walk(tree.body, "", module_marks(tree))


def read_tests(directory: Path) -> dict[str, list[str]]:
    """Return the tests of every id, as pytest names them."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(directory.rglob("test_*.py")):
        name = path.relative_to(directory.parent).as_posix()
        for requirement, test in marked_tests(ast.parse(path.read_text())):
            found[requirement].add(f"{name}::{test}")
    return {requirement: sorted(tests) for requirement, tests in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; return 1 if a test carries an id that nobody knows."""
    parser = argparse.ArgumentParser(description="List requirements and their tests.")
    parser.add_argument("ids", nargs="*", help="groups (CTI) or ids (CTI-33)")
    parser.add_argument("--missing", action="store_true", help="only without a test")
    options = parser.parse_args(arguments)
    behaviours = read_behaviours(BEHAVIOURS.read_text())
    tests = read_tests(TESTS)
    wanted = [
        row
        for row in behaviours.values()
        if not options.ids or {row.id, row.id.partition("-")[0]} & set(options.ids)
    ]
    for row in wanted:
        if options.missing and row.id in tests:
            continue
        print(f"{row.id:8} {row.state:8} {row.title}")
        for test in tests.get(row.id, []):
            print(f"{'':18}{test}")
    shown = sum(row.id in tests for row in wanted)
    print(f"\n{len(wanted)} requirements, {shown} with tests.")
    unknown = sorted(set(tests) - set(behaviours))
    if unknown:
        print(f"Not in {BEHAVIOURS.relative_to(ROOT)}: {', '.join(unknown)}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
