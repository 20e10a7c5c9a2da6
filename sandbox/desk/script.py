"""The words in which the demo's tickets are told."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that somebody does to a ticket."""

    #: Hours since the step before it.
    after: float
    verb: str
    #: An account's user name, or a requester's short name.
    who: str
    text: str = ""
    #: Names of files that ``files.py`` makes.
    files: tuple[str, ...] = ()
    #: Whom or what the verb is about: an agent, a group, a queue, a person, a status.
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """A ticket from its first word on."""

    key: str
    queue: str
    who: str
    subject: str
    text: str
    #: When it was opened: so many days ago at this hour, or so many minutes ago.
    days: int = 0
    at: float = 9.0
    minutes: int = 0
    channel: str = "mail"
    priority: int = 20
    files: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    #: (kind, key of an older ticket) pairs: this ticket is … that one.
    links: tuple[tuple[str, str], ...] = ()
    #: Key of the closed ticket that this one goes on from.
    follow_up_of: str = ""


LOW, NORMAL, HIGH, CRITICAL = 10, 20, 30, 40


def says(after: float, who: str, text: str, *files: str) -> Step:
    """Let the requester write again."""
    return Step(after=after, verb="say", who=who, text=text, files=files)


def answers(after: float, who: str, text: str, *files: str) -> Step:
    """Let an agent reply."""
    return Step(after=after, verb="answer", who=who, text=text, files=files)


def notes(after: float, who: str, text: str, *files: str) -> Step:
    """Let an agent write an internal note."""
    return Step(after=after, verb="note", who=who, text=text, files=files)


def resolves(after: float, who: str, text: str = "") -> Step:
    """Let an agent resolve it, with notes that the requester reads."""
    return Step(after=after, verb="resolve", who=who, text=text)


def assigns(after: float, who: str, to: str) -> Step:
    """Let an agent make an agent or a group responsible."""
    return Step(after=after, verb="assign", who=who, to=to)


def sets(after: float, who: str, to: str) -> Step:
    """Let an agent choose a status."""
    return Step(after=after, verb="set_status", who=who, to=to)


def moves(after: float, who: str, to: str) -> Step:
    """Let an agent move it into another queue."""
    return Step(after=after, verb="move", who=who, to=to)


def copies(after: float, who: str, to: str) -> Step:
    """Let an agent copy a requester, or let a colleague watch it."""
    return Step(after=after, verb="copy", who=who, to=to)


def locks(after: float, who: str) -> Step:
    """Let an agent take it for themselves alone."""
    return Step(after=after, verb="lock", who=who)


def unlocks(after: float, who: str) -> Step:
    """Let an agent put it back."""
    return Step(after=after, verb="unlock", who=who)
