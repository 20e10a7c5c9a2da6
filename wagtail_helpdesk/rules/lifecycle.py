"""How a ticket moves through its phases, as two tables.

Rules speak of phases, which are code; administrators of statuses, which are rows
with a phase each (CTI-27, CTI-28).
"""

from enum import Enum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.exceptions import TransitionNotAllowed


class Phase(TextChoices):
    """Where a ticket is in its life; each has one default status."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Pending")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


#: Phases in which somebody still has work to do.
UNFINISHED = frozenset({Phase.NEW, Phase.OPEN, Phase.PENDING})


class Trigger(Enum):
    """What moves a ticket from one phase to another."""

    AGENT_REPLIED = "agent replied"
    REQUESTER_REPLIED = "requester replied"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    WINDOW_OVER = "reopen window over"


class Role(Enum):
    """Who chooses a status; the values are those of ``actors.ActorKind``."""

    AGENT = "agent"
    REQUESTER = "requester"
    SYSTEM = "system"


#: (phase, trigger) -> the phase after it (CTI-30, CTI-31, CTI-33, CTI-35, RT-05).
TRANSITIONS: dict[tuple[Phase, Trigger], Phase] = {
    (Phase.NEW, Trigger.AGENT_REPLIED): Phase.OPEN,
    (Phase.OPEN, Trigger.AGENT_REPLIED): Phase.OPEN,
    (Phase.PENDING, Trigger.AGENT_REPLIED): Phase.PENDING,
    (Phase.RESOLVED, Trigger.AGENT_REPLIED): Phase.RESOLVED,
    (Phase.NEW, Trigger.REQUESTER_REPLIED): Phase.NEW,
    (Phase.OPEN, Trigger.REQUESTER_REPLIED): Phase.OPEN,
    (Phase.PENDING, Trigger.REQUESTER_REPLIED): Phase.OPEN,
    (Phase.RESOLVED, Trigger.REQUESTER_REPLIED): Phase.NEW,
    (Phase.NEW, Trigger.RESOLVED): Phase.RESOLVED,
    (Phase.OPEN, Trigger.RESOLVED): Phase.RESOLVED,
    (Phase.PENDING, Trigger.RESOLVED): Phase.RESOLVED,
    (Phase.RESOLVED, Trigger.REOPENED): Phase.NEW,
    (Phase.CLOSED, Trigger.REOPENED): Phase.NEW,
    (Phase.RESOLVED, Trigger.WINDOW_OVER): Phase.CLOSED,
}

#: (phase, trigger) -> why it is refused, in (lazy) words for who tried.
REFUSED: dict[tuple[Phase, Trigger], Any] = {
    (Phase.CLOSED, Trigger.AGENT_REPLIED): _(
        "This ticket is closed. Reopen it before you reply."
    ),
    (Phase.CLOSED, Trigger.REQUESTER_REPLIED): _(
        "This ticket is closed. Please open a follow-up."
    ),
    (Phase.RESOLVED, Trigger.RESOLVED): _("This ticket is resolved already."),
    (Phase.CLOSED, Trigger.RESOLVED): _("This ticket is closed already."),
    (Phase.NEW, Trigger.REOPENED): _("This ticket is not resolved."),
    (Phase.OPEN, Trigger.REOPENED): _("This ticket is not resolved."),
    (Phase.PENDING, Trigger.REOPENED): _("This ticket is not resolved."),
    (Phase.NEW, Trigger.WINDOW_OVER): _("This ticket is not resolved."),
    (Phase.OPEN, Trigger.WINDOW_OVER): _("This ticket is not resolved."),
    (Phase.PENDING, Trigger.WINDOW_OVER): _("This ticket is not resolved."),
    (Phase.CLOSED, Trigger.WINDOW_OVER): _("This ticket is closed already."),
}

_KEPT_OPEN: dict[Phase, Trigger | None] = dict.fromkeys(UNFINISHED)
_NOTHING: dict[Phase, Trigger | None] = {}

#: (role, phase) -> the phases of which that role may choose a status by hand, each
#: with the trigger that such a choice amounts to, or None where it is only a change
#: of status. Closing is the system's alone (CTI-29, CTI-31, CTI-34, CTI-35).
CHOICES: dict[tuple[Role, Phase], dict[Phase, Trigger | None]] = {
    (Role.AGENT, Phase.NEW): {**_KEPT_OPEN, Phase.RESOLVED: Trigger.RESOLVED},
    (Role.AGENT, Phase.OPEN): {**_KEPT_OPEN, Phase.RESOLVED: Trigger.RESOLVED},
    (Role.AGENT, Phase.PENDING): {**_KEPT_OPEN, Phase.RESOLVED: Trigger.RESOLVED},
    (Role.AGENT, Phase.RESOLVED): {
        **dict.fromkeys(UNFINISHED, Trigger.REOPENED),
        Phase.RESOLVED: None,
    },
    (Role.AGENT, Phase.CLOSED): dict.fromkeys(UNFINISHED, Trigger.REOPENED),
    (Role.REQUESTER, Phase.NEW): _NOTHING,
    (Role.REQUESTER, Phase.OPEN): _NOTHING,
    (Role.REQUESTER, Phase.PENDING): _NOTHING,
    (Role.REQUESTER, Phase.RESOLVED): _NOTHING,
    (Role.REQUESTER, Phase.CLOSED): _NOTHING,
    (Role.SYSTEM, Phase.NEW): _KEPT_OPEN,
    (Role.SYSTEM, Phase.OPEN): _KEPT_OPEN,
    (Role.SYSTEM, Phase.PENDING): _KEPT_OPEN,
    (Role.SYSTEM, Phase.RESOLVED): _NOTHING,
    (Role.SYSTEM, Phase.CLOSED): _NOTHING,
}


def next_phase(phase: Phase, trigger: Trigger) -> Phase:
    """Return the phase after the trigger.

    :raises TransitionNotAllowed: with the reason of ``REFUSED``.
    """
    try:
        return TRANSITIONS[phase, trigger]
    except KeyError:
        raise TransitionNotAllowed(str(REFUSED[phase, trigger])) from None


def trigger_of_choice(phase: Phase, *, chosen: Phase, role: Role) -> Trigger | None:
    """Return what choosing a status of that phase by hand amounts to.

    :returns: the trigger, or None where only the status changes.
    :raises TransitionNotAllowed: with a sentence that names both phases.
    """
    choices = CHOICES[role, phase]
    if chosen not in choices:
        raise TransitionNotAllowed(
            gettext("A ticket that is %(from)s can't be set to %(to)s by hand.")
            % {"from": phase.label.lower(), "to": chosen.label.lower()}
        )
    return choices[chosen]


def phases_to_choose(phase: Phase, *, role: Role) -> frozenset[Phase]:
    """Return the phases whose statuses this role may choose now."""
    return frozenset(CHOICES[role, phase])


def phase_choices() -> list[tuple[str, Any]]:
    """Return the choices of a model field, so that a new phase makes no migration."""
    return Phase.choices
