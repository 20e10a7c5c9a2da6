"""What a ticket is about, how urgent it is, and who really asks."""

from collections.abc import Sequence

from django.utils.translation import gettext

from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.changes import changing
from wagtail_helpdesk.exceptions import ActionNotPermitted, EmptyText
from wagtail_helpdesk.markup import clean_text
from wagtail_helpdesk.models import (
    HelpdeskTag,
    Participant,
    ParticipantKind,
    Priority,
    Requester,
    Ticket,
)
from wagtail_helpdesk.references import SUBJECT_LENGTH
from wagtail_helpdesk.rules.event_kinds import EventKind

#: Characters of a tag; the width of its column.
TAG_LENGTH = 100


def one_line(text: str) -> str:
    """Return a subject as it is stored: one line, clean, cut to its column (CTI-04)."""
    return " ".join(clean_text(text).split())[:SUBJECT_LENGTH].strip()


def rename(ticket: Ticket, *, actor: Actor, subject: str) -> Ticket:
    """Give the ticket another subject; does nothing if it has it already.

    :raises EmptyText: the subject has no words.
    """
    new = one_line(subject)
    if not new:
        raise EmptyText(gettext("A ticket needs a subject."))
    with changing(ticket, actor=actor, verb="rename") as change:
        old = ticket.subject
        if new != old:
            ticket.subject = new
            change.record(EventKind.RENAMED, old=old, new=new)
    return ticket


def set_priority(ticket: Ticket, *, actor: Actor, priority: int) -> Ticket:
    """Say how urgent it is (CTI-09); does nothing if it is that urgent already.

    :param priority: a value of :class:`~wagtail_helpdesk.models.Priority`.
    :raises ValueError: there is no such priority.
    """
    new = Priority(priority)
    with changing(ticket, actor=actor, verb="set_priority") as change:
        old = Priority(ticket.priority)
        if new != old:
            ticket.priority = new
            change.record(EventKind.PRIORITY_CHANGED, old=old.value, new=new.value)
    return ticket


def _cleaned_tags(tags: Sequence[str]) -> list[str]:
    """Return the names without doubles, in the spelling that exists already."""
    names = [" ".join(clean_text(tag).split())[:TAG_LENGTH] for tag in tags]
    wanted = {name.casefold(): name for name in names if name}
    for name in HelpdeskTag.objects.values_list("name", flat=True):
        if name.casefold() in wanted:
            wanted[name.casefold()] = name
    return sorted(wanted.values(), key=str.casefold)


def set_tags(ticket: Ticket, *, actor: Actor, tags: Sequence[str]) -> Ticket:
    """Give the ticket exactly these tags; "VPN" and "vpn" are one."""
    with changing(ticket, actor=actor, verb="set_tags") as change:
        old = set(ticket.tags.values_list("name", flat=True))
        new = _cleaned_tags(tags)
        if set(new) != old:
            ticket.tags.set(new)
            change.record(
                EventKind.TAGS_CHANGED,
                added=sorted(set(new) - old),
                removed=sorted(old - set(new)),
            )
    return ticket


def change_requester(
    ticket: Ticket, *, actor: Actor, requester: Requester, keep_as_copied: bool = False
) -> Ticket:
    """Make somebody else the one who asks: the person who really wrote (RT-28).

    From then on the mails go to them; signed addresses of the former one no longer
    lead here, unless they stay on as a copied person.

    :param keep_as_copied: True copies the former requester on the ticket.
    :raises ActionNotPermitted: the actor may not.
    """
    with changing(ticket, actor=actor, verb="change_requester") as change:
        old = ticket.requester
        if requester.pk == old.pk:
            return ticket
        if requester.pk is None:
            raise ActionNotPermitted(gettext("Choose a person."))
        ticket.requester = requester
        ticket.participants.filter(requester=requester).delete()
        if keep_as_copied:
            Participant.objects.create(
                ticket=ticket, requester=old, kind=ParticipantKind.CC
            )
        change.record(
            EventKind.REQUESTER_CHANGED,
            old=old.display_name,
            new=requester.display_name,
        )
    return ticket
