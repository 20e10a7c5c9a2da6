"""The demo's tickets hang together before they are loaded."""

from datetime import UTC, datetime

from sandbox.desk.cast import ACCOUNTS, REQUESTERS
from sandbox.desk.clock import beginning_of, end_of
from sandbox.desk.files import file_content
from sandbox.desk.organisation import QUEUES
from sandbox.desk.stories import STORIES

NOW = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


def test_there_are_forty_with_threads_of_one_to_twelve() -> None:
    lengths = [
        1 + sum(step.verb in ("say", "answer") for step in story.steps)
        for story in STORIES
    ]

    assert len(STORIES) == 40
    assert (min(lengths), max(lengths)) == (1, 12)


def test_every_name_in_them_is_known() -> None:
    agents = {account.username for account in ACCOUNTS}
    for story in STORIES:
        assert story.who in REQUESTERS
        assert story.queue in {plan.slug for plan in QUEUES}
        for step in story.steps:
            assert step.who in (REQUESTERS if step.verb == "say" else agents)
        for name in (*story.files, *(file for s in story.steps for file in s.files)):
            content, _kind = file_content(name)
            assert content


def test_every_link_leads_to_an_older_one() -> None:
    begins = {story.key: beginning_of(story, now=NOW) for story in STORIES}

    assert len(begins) == len(STORIES)
    for story in STORIES:
        targets = [key for _kind, key in story.links] + [story.follow_up_of]
        assert all(begins[key] < begins[story.key] for key in targets if key)


def test_nothing_happens_in_the_future_even_early_in_the_morning() -> None:
    late = [story.key for story in STORIES if end_of(story, now=NOW) > NOW]

    assert late == []
