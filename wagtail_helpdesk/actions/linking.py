"""Links between tickets."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.changes import changing
from wagtail_helpdesk.exceptions import LinkNotAllowed
from wagtail_helpdesk.models import Ticket, TicketLink
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.links import SYMMETRIC, LinkKind, closes_a_circle


def _parents_of(ticket_pks: set[int]) -> set[int]:
    rows = TicketLink.objects.filter(kind=LinkKind.PARENT, target__in=ticket_pks)
    return set(rows.values_list("source", flat=True))


def _check(source: Ticket, target: Ticket, kind: LinkKind) -> None:
    same = Q(source=source, target=target)
    if kind in SYMMETRIC:
        same |= Q(source=target, target=source)
    if TicketLink.objects.filter(same, kind=kind).exists():
        raise LinkNotAllowed(gettext("These tickets are linked in this way already."))
    parents: Callable[[set[int]], set[int]] = _parents_of
    if kind == LinkKind.PARENT and closes_a_circle(
        source.pk, target.pk, parents_of=parents
    ):
        raise LinkNotAllowed(
            gettext("A ticket can't be the parent of one of its own parents.")
        )


def link(ticket: Ticket, *, actor: Actor, target: Ticket, kind: str) -> TicketLink:
    """Link two tickets; the ticket is what ``kind`` says to the target (CTI-57 …).

    :param kind: a value of :class:`~wagtail_helpdesk.rules.links.LinkKind`.
    :raises LinkNotAllowed: to itself, twice, or a circle of parents (CTI-70).
    :raises ActionNotPermitted: the actor may not link one of the two (SEC-54).
    """
    if ticket.pk == target.pk:
        raise LinkNotAllowed(gettext("A ticket can't be linked to itself."))
    with changing(ticket, actor=actor, verb="link", other=target) as change:
        permissions.check(actor, "link", target)
        _check(ticket, target, LinkKind(kind))
        created = TicketLink.objects.create(
            source=ticket, target=target, kind=kind, created_at=change.now
        )
        change.record(EventKind.LINKED, kind=kind, other=target.number)
    return created


def unlink(ticket: Ticket, *, actor: Actor, link: TicketLink) -> Ticket:
    """Take a link away, for both sides (CTI-66); does nothing if it is gone.

    :raises ActionNotPermitted: the actor may not unlink one of the two.
    """
    with changing(ticket, actor=actor, verb="unlink") as change:
        other = link.other_side(ticket)
        permissions.check(actor, "unlink", other)
        own_links = TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket))
        if own_links.filter(pk=link.pk).delete()[0]:
            change.record(EventKind.UNLINKED, kind=link.kind, other=other.number)
    return ticket
