"""Several verbs as one change."""

from collections.abc import Iterator
from contextlib import contextmanager

from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.changes import joint
from wagtail_helpdesk.models import Ticket


@contextmanager
def together(ticket: Ticket, *, actor: Actor) -> Iterator[None]:
    """Make the verbs of the block one change: all or none, one mail (OTRS-16).

    ``with together(ticket, actor=actor): reply(…); resolve(…)``; each verb is given
    the same ticket object.

    :raises ActionNotPermitted: the actor may not see the ticket.
    """
    with joint(ticket, actor=actor):
        yield
