"""Who takes part in a ticket, and who watches a queue."""

from django.utils.translation import gettext

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import Actor, User, user_label
from wagtail_helpdesk.changes import changing
from wagtail_helpdesk.exceptions import AssignmentNotAllowed
from wagtail_helpdesk.models import (
    Participant,
    ParticipantKind,
    Queue,
    QueueWatch,
    Requester,
    Ticket,
)
from wagtail_helpdesk.rules.event_kinds import EventKind


def add_participant(
    ticket: Ticket,
    *,
    actor: Actor,
    requester: Requester | None = None,
    user: User | None = None,
) -> Ticket:
    """Copy a person on the ticket, or let an agent watch it; once is enough.

    :raises AssignmentNotAllowed: neither or both are given.
    """
    if (requester is None) == (user is None):
        raise AssignmentNotAllowed(gettext("Choose a person."))
    kind = ParticipantKind.WATCHER if requester is None else ParticipantKind.CC
    with changing(ticket, actor=actor, verb="add_participant") as change:
        if requester is not None and requester.pk == ticket.requester_id:
            return ticket
        _row, is_new = Participant.objects.get_or_create(
            ticket=ticket, requester=requester, user=user, defaults={"kind": kind}
        )
        if is_new:
            name = user_label(user) if user else str(requester)
            change.record(EventKind.PARTICIPANT_ADDED, name=name)
    return ticket


def remove_participant(
    ticket: Ticket, *, actor: Actor, participant: Participant
) -> Ticket:
    """Take someone off the ticket, who gets no further mail of it.

    Does nothing if they are off already, or take part in another ticket.
    """
    with changing(ticket, actor=actor, verb="remove_participant") as change:
        name = str(participant)
        if ticket.participants.filter(pk=participant.pk).delete()[0]:
            change.record(EventKind.PARTICIPANT_REMOVED, name=name)
    return ticket


def watch(queue: Queue, *, actor: Actor) -> Queue:
    """Watch a queue: it stands in "My queues" and its news are mailed (OTRS-04).

    :raises ActionNotPermitted: the queue doesn't exist for this agent.
    """
    permissions.check_queue(actor, "watch", queue)
    QueueWatch.objects.get_or_create(queue=queue, user=actor.user)
    return queue


def unwatch(queue: Queue, *, actor: Actor) -> Queue:
    """Watch a queue no more."""
    QueueWatch.objects.filter(queue=queue, user=actor.user).delete()
    return queue
