"""Kinds of links and circles of parents."""

import pytest

from wagtail_helpdesk.rules.links import INVERSE_LABELS, LinkKind, closes_a_circle

#: child -> parents: 3 has the parent 2, which has 1.
PARENTS = {3: {2}, 2: {1}, 9: {8, 9}}


def parents_of(pks: set[int]) -> set[int]:
    return set().union(*(PARENTS.get(pk, set()) for pk in pks))


def test_every_kind_has_a_name_for_the_other_side() -> None:
    assert set(INVERSE_LABELS) == set(LinkKind)


@pytest.mark.req("CTI-70")
@pytest.mark.parametrize(
    ("parent", "child", "is_circle"),
    [(3, 1, True), (3, 2, True), (1, 3, False), (5, 1, False), (4, 4, True)],
)
def test_closes_a_circle(parent: int, child: int, is_circle: bool) -> None:
    assert closes_a_circle(parent, child, parents_of=parents_of) is is_circle


def test_closes_a_circle_when_there_is_one_already_comes_to_an_end() -> None:
    assert not closes_a_circle(9, 7, parents_of=parents_of)
