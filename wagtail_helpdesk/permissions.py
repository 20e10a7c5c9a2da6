"""Who may do which verb, and whose tickets exist for whom.

An agent's rights come from grants: a group has a role in a queue, or in every queue
that is not restricted. Any agent may look at any ticket of such a queue, for a ticket
is found by its number whatever one's scope (CTI-80); a restricted queue exists only
for those with a grant of its own (REQUIREMENTS section 6).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from wagtail_helpdesk.actors import Actor, user_label
from wagtail_helpdesk.exceptions import ActionNotPermitted, TicketIsLocked
from wagtail_helpdesk.models import (
    Queue,
    QueueGrant,
    QueueRole,
    Ticket,
    TicketQuerySet,
)

_READ = frozenset({"view", "watch", "unwatch"})
_WORK = _READ | {
    "open_ticket",
    "reply",
    "add_note",
    "edit_message",
    "delete_message",
    "edit_note",
    "delete_note",
    "assign",
    "unassign",
    "lock",
    "unlock",
    "set_status",
    "resolve",
    "reopen",
    "rename",
    "set_priority",
    "set_tags",
    "change_requester",
    "link",
    "unlink",
    "add_participant",
    "remove_participant",
}
_LEAD = _WORK | {"move_to_queue", "take_over"}
_MANAGE = _LEAD | {"manage"}

#: role -> its verbs (RT-19, WT-16).
ROLES: dict[QueueRole, frozenset[str]] = {
    QueueRole.READER: _READ,
    QueueRole.AGENT: _WORK,
    QueueRole.SENIOR: _LEAD,
    QueueRole.MANAGER: _MANAGE,
}


@dataclass(frozen=True)
class VerbRule:
    """Who else than an agent with the right may do a verb."""

    #: The requester, on a ticket of their own.
    for_requester: bool = False
    #: The software itself: a scheduled job, an automatic mail.
    for_system: bool = False
    #: An agent, by a grant.
    for_agent: bool = True
    #: Refused to an agent while another one holds the lock (OTRS-08).
    minds_lock: bool = False


#: verb -> who; every verb of ``actions.__all__`` is a row.
VERB_PERMISSIONS: dict[str, VerbRule] = {
    "view": VerbRule(for_requester=True, for_system=True),
    "open_ticket": VerbRule(for_requester=True, for_system=True),
    "reply": VerbRule(for_requester=True, minds_lock=True),
    "add_note": VerbRule(for_system=True),
    "edit_message": VerbRule(for_requester=True),
    "delete_message": VerbRule(for_requester=True),
    "edit_note": VerbRule(),
    "delete_note": VerbRule(),
    "assign": VerbRule(for_system=True, minds_lock=True),
    "unassign": VerbRule(for_system=True, minds_lock=True),
    "lock": VerbRule(minds_lock=True),
    "unlock": VerbRule(),
    "take_over": VerbRule(),
    "expire_lock": VerbRule(for_system=True, for_agent=False),
    "set_status": VerbRule(for_system=True, minds_lock=True),
    "resolve": VerbRule(for_system=True, minds_lock=True),
    "reopen": VerbRule(for_system=True, minds_lock=True),
    "close": VerbRule(for_system=True, for_agent=False),
    "move_to_queue": VerbRule(for_system=True, minds_lock=True),
    "rename": VerbRule(for_system=True, minds_lock=True),
    "set_priority": VerbRule(for_system=True, minds_lock=True),
    "set_tags": VerbRule(for_system=True, minds_lock=True),
    "change_requester": VerbRule(for_system=True, minds_lock=True),
    "link": VerbRule(for_system=True),
    "unlink": VerbRule(for_system=True),
    "add_participant": VerbRule(for_system=True),
    "remove_participant": VerbRule(for_system=True),
    "record_failed_delivery": VerbRule(for_system=True, for_agent=False),
    "watch": VerbRule(),
    "unwatch": VerbRule(),
}


@dataclass(frozen=True)
class Grants:
    """What the grants of a user's groups add up to."""

    is_superuser: bool = False
    #: Verbs in every queue that is not restricted.
    everywhere: frozenset[str] = frozenset()
    #: Verbs by queue, as granted for that queue.
    by_queue: dict[int, frozenset[str]] = field(default_factory=dict)

    @property
    def is_agent(self) -> bool:
        """Tell whether the user works with tickets at all."""
        return self.is_superuser or bool(self.everywhere) or bool(self.by_queue)

    @property
    def may_work(self) -> bool:
        """Tell whether the user answers tickets in some queue, not only reads."""
        granted = [self.everywhere, *self.by_queue.values()]
        return self.is_superuser or any("reply" in verbs for verbs in granted)

    def verbs(self, queue: Queue) -> frozenset[str]:
        """Return the verbs that the user may do in this queue."""
        if self.is_superuser:
            return _MANAGE
        own = self.by_queue.get(queue.pk, frozenset())
        if queue.is_restricted:
            return own
        open_to_agents = _READ if self.is_agent else frozenset()
        return own | self.everywhere | open_to_agents


_CACHE_NAME = "_wagtail_helpdesk_grants"


def _read_grants(user: Any) -> Grants:
    if not user.is_active or user.is_anonymous:
        return Grants()
    if user.is_superuser:
        return Grants(is_superuser=True)
    everywhere: frozenset[str] = frozenset()
    by_queue: dict[int, frozenset[str]] = {}
    rows = QueueGrant.objects.filter(group__user=user).values_list("queue", "role")
    for queue_pk, role in rows:
        verbs = ROLES[QueueRole(role)]
        if queue_pk is None:
            everywhere |= verbs
        else:
            by_queue[queue_pk] = by_queue.get(queue_pk, frozenset()) | verbs
    return Grants(everywhere=everywhere, by_queue=by_queue)


def grants_of(user: Any) -> Grants:
    """Return the user's grants, read once for each user object (one query)."""
    grants = getattr(user, _CACHE_NAME, None)
    if grants is None:
        grants = _read_grants(user)
        setattr(user, _CACHE_NAME, grants)
    return grants


def is_agent(user: Any) -> bool:
    """Tell whether the user works with tickets at all."""
    return grants_of(user).is_agent


def visible_tickets(user: Any) -> TicketQuerySet:
    """Return the tickets that exist for this user, the only scope there is.

    Every list, look-up, search and export begins here (SEC-112). A ticket assigned
    to somebody is theirs to see, whatever its queue (CTI-75, SEC-115).
    """
    grants = grants_of(user)
    if grants.is_superuser:
        return Ticket.objects.all()
    if not grants.is_agent:
        return Ticket.objects.none()
    return Ticket.objects.filter(
        Q(queue__is_restricted=False)
        | Q(queue__in=list(grants.by_queue))
        | Q(assignee=user)
    )


def visible_queues(user: Any) -> QuerySet[Queue]:
    """Return the queues that exist for this user."""
    grants = grants_of(user)
    if grants.is_superuser:
        return Queue.objects.all()
    if not grants.is_agent:
        return Queue.objects.none()
    return Queue.objects.filter(
        Q(is_restricted=False) | Q(pk__in=list(grants.by_queue))
    )


def queues_for_verb(user: Any, verb: str) -> list[Queue]:
    """Return the active queues in which this user may do the verb."""
    grants = grants_of(user)
    return [
        queue
        for queue in visible_queues(user).filter(is_active=True)
        if verb in grants.verbs(queue)
    ]


def may(user: Any, verb: str, ticket: Ticket) -> bool:
    """Tell whether the user may do the verb on this ticket.

    The assignee may do an agent's work on it in any queue (CTI-75, CTI-79).
    """
    grants = grants_of(user)
    if verb in grants.verbs(ticket.queue):
        return True
    return (
        grants.is_agent
        and ticket.assignee_id is not None
        and ticket.assignee_id == user.pk
        and verb in _WORK
    )


def _requester_may(actor: Actor, verb: str, ticket: Ticket) -> bool:
    """Ask whether this person takes part; a queue may let anybody reply (WT-08)."""
    person = actor.requester
    if person is None or person.pk is None:
        return False
    queue = ticket.queue
    if verb == "reply" and not (queue.restrict_replies or queue.is_restricted):
        return True
    return (
        ticket.requester_id == person.pk
        or ticket.participants.filter(requester=person).exists()
    )


def _refuse() -> ActionNotPermitted:
    return ActionNotPermitted(gettext("You may not do this with this ticket."))


def check(actor: Actor, verb: str, ticket: Ticket) -> None:
    """Raise unless the actor may do the verb on the ticket.

    :raises ActionNotPermitted: with a sentence that says nothing about the ticket.
    :raises TicketIsLocked: another agent holds the lock; the sentence names them.
    """
    rule = VERB_PERMISSIONS[verb]
    if actor.is_system:
        allowed = rule.for_system
    elif actor.is_requester:
        allowed = rule.for_requester and _requester_may(actor, verb, ticket)
    else:
        allowed = rule.for_agent and may(actor.user, verb, ticket)
    if not allowed:
        raise _refuse()
    if rule.minds_lock and actor.is_agent and ticket.is_locked_against(actor.user):
        raise TicketIsLocked(
            gettext("%(holder)s works on this ticket and has locked it.")
            % {"holder": user_label(ticket.locked_by)}
        )


def check_queue(actor: Actor, verb: str, queue: Queue) -> None:
    """Raise unless the actor may do the verb in the queue, without a ticket yet.

    :raises ActionNotPermitted: as :func:`check`.
    """
    rule = VERB_PERMISSIONS[verb]
    if actor.is_agent:
        allowed = rule.for_agent and verb in grants_of(actor.user).verbs(queue)
    else:
        allowed = rule.for_system if actor.is_system else rule.for_requester
    if not allowed:
        raise _refuse()


def viewers(queue: Queue) -> QuerySet[Any]:
    """Return the users who may view every ticket of this queue, in one query.

    The set-wise side of ``may(user, "view", ticket)``, but for assignees.
    """
    grants = QueueGrant.objects.all()
    if queue.is_restricted:
        grants = grants.filter(queue=queue)
    users = get_user_model()._default_manager
    in_groups = users.filter(groups__in=grants.values("group")).values("pk")
    return users.filter(Q(is_superuser=True) | Q(pk__in=in_groups), is_active=True)


def agents(queues: Iterable[Queue] | None = None) -> QuerySet[Any]:
    """Return the active users who are agents, of all queues or of some."""
    users = get_user_model()._default_manager.filter(is_active=True)
    grants = QueueGrant.objects.exclude(role=QueueRole.READER)
    if queues is not None:
        queues = list(queues)
        in_queues = Q(queue__in=queues)
        if any(not queue.is_restricted for queue in queues):
            in_queues |= Q(queue=None)
        grants = grants.filter(in_queues)
    return users.filter(
        Q(is_superuser=True) | Q(groups__in=grants.values("group"))
    ).distinct()
