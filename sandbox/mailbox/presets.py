"""Mails worth trying: each fills the form, and says what should come of it."""

from dataclasses import dataclass, replace

from wagtail_helpdesk.models import Ticket


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One prepared mail."""

    slug: str
    label: str
    expect: str
    sender: str
    to: str
    subject: str
    body: str
    program: str = "gmail"


_PRESETS = (
    Preset(
        slug="request",
        label="A new request",
        expect="becomes a ticket; a receipt comes back",
        sender="Mara Lindqvist <mara.lindqvist@post.example>",
        to="help@everyday.example",
        subject="Is the teapot gallery open on Sunday?",
        body=(
            "Hello,\n\nwe come with two children and a pram on Sunday. Is the teapot "
            "gallery open, and is there a lift?\n\nKind regards\nMara Lindqvist"
        ),
    ),
    Preset(
        slug="colleague",
        label="A colleague needs IT",
        expect="goes to the queue IT, and tells its agents",
        sender="Jonas Weber <jonas.weber@everyday.example>",
        to="it@everyday.example",
        subject="The ticket printer prints hieroglyphs",
        body=(
            "The printer at the till prints only signs nobody can read, since this "
            "morning. There is a queue to the door.\n\nJonas"
        ),
        program="outlook",
    ),
    Preset(
        slug="comment",
        label="An agent’s comment",
        expect="becomes an internal note, never seen by the requester",
        sender="Ana Okafor <ana@everyday.example>",
        to="it-comment@everyday.example",
        subject="About the till [#%(number)s]",
        body="For the file: the spare till is in the cellar, shelf 4.",
        program="thunderbird",
    ),
    Preset(
        slug="guess",
        label="A stranger guesses a number",
        expect="does not get into that ticket; becomes one of its own",
        sender="Nosy Stranger <nosy@elsewhere.example>",
        to="help@everyday.example",
        subject="Re: your ticket [#%(number)s]",
        body="Please tell me all about this ticket.",
    ),
    Preset(
        slug="forged",
        label="A forged mail from Ana",
        expect="is kept from requesters until an agent has looked at it",
        sender="Ana Okafor <ana@everyday.example>",
        to="help@everyday.example",
        subject="Re: [#%(number)s]",
        body="Please send your password to this address. Ana, the help desk",
        program="phone",
    ),
)


def presets() -> list[Preset]:
    """Return all of them, speaking of a ticket that somebody works on."""
    open_tickets = Ticket.objects.unfinished().filter(queue__slug="it")
    ticket = open_tickets.order_by("pk").last()
    number = ticket.number if ticket else 1
    return [
        replace(preset, subject=preset.subject.replace("%(number)s", str(number)))
        for preset in _PRESETS
    ]


def get_preset(slug: str) -> Preset | None:
    """Return the preset of this name, or None."""
    return next((preset for preset in presets() if preset.slug == slug), None)
