"""Kinds of links between tickets, and what each is called from the other side."""

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LinkKind(TextChoices):
    """What the source is to the target; one row serves both sides (CTI-58)."""

    RELATED = "related", _("related to")
    PARENT = "parent", _("parent of")
    CAUSED_BY = "caused_by", _("caused by")
    DUPLICATE_OF = "duplicate_of", _("duplicate of")
    FOLLOW_UP_OF = "follow_up_of", _("follow-up of")


#: How the link reads from the target's side (CTI-59 … CTI-62).
INVERSE_LABELS = {
    LinkKind.RELATED: _("related to"),
    LinkKind.PARENT: _("child of"),
    LinkKind.CAUSED_BY: _("cause of"),
    LinkKind.DUPLICATE_OF: _("has duplicate"),
    LinkKind.FOLLOW_UP_OF: _("has follow-up"),
}

#: Kinds that read the same from both sides, so A-B and B-A are one link.
SYMMETRIC = frozenset({LinkKind.RELATED})


def link_kind_choices() -> list[tuple[str, Any]]:
    """Return the choices of a model field, so that a new kind makes no migration."""
    return LinkKind.choices


def closes_a_circle(
    parent: int, child: int, *, parents_of: Callable[[set[int]], set[int]]
) -> bool:
    """Tell whether the child stands above the parent already (CTI-70).

    :param parents_of: returns the keys of all parents of these tickets.
    """
    seen: set[int] = set()
    above = {parent}
    while above:
        if child in above:
            return True
        seen |= above
        above = parents_of(above) - seen
    return False
