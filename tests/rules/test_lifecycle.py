"""The tables of the ticket's life are complete and say what was decided."""

from itertools import product

import pytest

from wagtail_helpdesk.exceptions import TransitionNotAllowed
from wagtail_helpdesk.rules.lifecycle import (
    CHOICES,
    REFUSED,
    TRANSITIONS,
    UNFINISHED,
    Phase,
    Role,
    Trigger,
    next_phase,
    trigger_of_choice,
)


def test_every_phase_and_trigger_is_a_row_or_is_refused() -> None:
    pairs = set(product(Phase, Trigger))

    assert set(TRANSITIONS) | set(REFUSED) == pairs
    assert not set(TRANSITIONS) & set(REFUSED)


def test_every_role_and_phase_has_its_choices() -> None:
    assert set(CHOICES) == set(product(Role, Phase))


@pytest.mark.req("CTI-31", "CTI-34")
def test_nothing_but_the_end_of_the_window_leads_to_closed() -> None:
    ways = [pair for pair, phase in TRANSITIONS.items() if phase is Phase.CLOSED]

    assert ways == [(Phase.RESOLVED, Trigger.WINDOW_OVER)]
    assert not any(Phase.CLOSED in choices for choices in CHOICES.values())


@pytest.mark.req("RT-05")
def test_next_phase_when_an_agent_answers_first() -> None:
    assert next_phase(Phase.NEW, Trigger.AGENT_REPLIED) is Phase.OPEN


@pytest.mark.req("CTI-33")
def test_next_phase_when_a_requester_replies_to_a_resolved_ticket() -> None:
    assert next_phase(Phase.RESOLVED, Trigger.REQUESTER_REPLIED) is Phase.NEW


@pytest.mark.req("CTI-34", "CTI-42")
@pytest.mark.parametrize("trigger", [Trigger.AGENT_REPLIED, Trigger.REQUESTER_REPLIED])
def test_next_phase_when_closed_refuses_replies(trigger: Trigger) -> None:
    with pytest.raises(TransitionNotAllowed, match="closed"):
        next_phase(Phase.CLOSED, trigger)


@pytest.mark.req("CTI-29", "CTI-30", "CTI-35")
@pytest.mark.parametrize("phase", sorted(UNFINISHED))
def test_trigger_of_choice_when_an_agent_chooses(phase: Phase) -> None:
    def choose(start: Phase, chosen: Phase) -> Trigger | None:
        return trigger_of_choice(start, chosen=chosen, role=Role.AGENT)

    assert choose(phase, Phase.RESOLVED) is Trigger.RESOLVED
    assert choose(Phase.RESOLVED, phase) is Trigger.REOPENED
    assert choose(Phase.CLOSED, phase) is Trigger.REOPENED
    assert choose(phase, Phase.PENDING) is None


def test_trigger_of_choice_when_a_requester_tries() -> None:
    with pytest.raises(TransitionNotAllowed, match="can't be set to resolved"):
        trigger_of_choice(Phase.NEW, chosen=Phase.RESOLVED, role=Role.REQUESTER)
