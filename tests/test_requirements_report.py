"""The report that ``make requirements`` prints."""

import ast

import pytest

from tools.requirements import main, marked_tests, read_behaviours

SOURCE = """
pytestmark = [pytest.mark.django_db, pytest.mark.req("CTI-01")]

@pytest.mark.req("CTI-02", "CTI-03")
def test_alone(): ...

@pytest.mark.req("CTI-04")
class TestTogether:
    def test_inside(self): ...

def not_a_test(): ...
"""


def test_marks_are_found_on_function_class_and_module() -> None:
    assert set(marked_tests(ast.parse(SOURCE))) == {
        ("CTI-01", "test_alone"),
        ("CTI-02", "test_alone"),
        ("CTI-03", "test_alone"),
        ("CTI-01", "TestTogether::test_inside"),
        ("CTI-04", "TestTogether::test_inside"),
    }


def test_rows_are_read_in_order_and_other_tables_left_out() -> None:
    lines = ["| id | today |", "| CTI-02 | yes | Two. |", "| CTI-01 | n/a | One. |"]
    rows = read_behaviours("\n".join([*lines, "| a | b | c |"]))
    assert [(row.id, row.state, row.title) for row in rows.values()] == [
        ("CTI-02", "yes", "Two."),
        ("CTI-01", "n/a", "One."),
    ]


def test_report_when_one_id_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    main(["CTI-33"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("CTI-33")
    assert "1 requirements, " in lines[-1] or "1 requirements, " in lines[-2]
