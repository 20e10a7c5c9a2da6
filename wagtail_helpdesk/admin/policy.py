"""Wagtail's question "may this user?", answered by the desk's own permissions.

Wagtail asks by action (view, add, change, delete) where the desk speaks of verbs. The
policies translate and decide nothing themselves.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies import BasePermissionPolicy, ModelPermissionPolicy

from wagtail_helpdesk import permissions
from wagtail_helpdesk.models import Queue, QueueGrant, Ticket

#: Wagtail's action -> the verb that it amounts to, for one ticket. Deleting and
#: publishing are no verbs, so nobody may.
_VERBS = {"view": "view", "change": "add_note"}


def _may_somewhere(user: Any, verb: str) -> bool:
    """Tell whether some role of the user has the verb; asks for no queue."""
    grants = permissions.grants_of(user)
    return grants.is_superuser or any(
        verb in verbs for verbs in (grants.everywhere, *grants.by_queue.values())
    )


class TicketPermissionPolicy(BasePermissionPolicy):
    """Answer for tickets: what exists for an agent, and what they may do there."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Tell whether the user may do this with some tickets."""
        if action == "add":
            return _may_somewhere(user, "open_ticket")
        return action in _VERBS and permissions.is_agent(user)

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: Ticket
    ) -> bool:
        """Tell whether the user may do this with this ticket."""
        return action in _VERBS and permissions.may(user, _VERBS[action], instance)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Ticket]:
        """Return the tickets that exist for the user, if any such action does."""
        if _VERBS.keys().isdisjoint(actions):
            return Ticket.objects.none()
        return permissions.visible_tickets(user)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        """Return the active users who have a role anywhere."""
        users = get_user_model()._default_manager
        if {"add", *_VERBS}.isdisjoint(actions):
            return users.none()
        return users.filter(
            Q(is_superuser=True) | Q(groups__in=QueueGrant.objects.values("group")),
            is_active=True,
        ).distinct()

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Ticket
    ) -> QuerySet[Any]:
        """Return those of them for whom this ticket exists."""
        users = self.users_with_any_permission(actions)
        return users.filter(
            pk__in=[
                user.pk
                for user in users
                if self.user_has_any_permission_for_instance(user, actions, instance)
            ]
        )


class QueuePermissionPolicy(ModelPermissionPolicy):
    """Answer for queues: Django's rights for all, a manager's role for one's own."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Tell whether the user may do this with some queues."""
        if super().user_has_permission(user, action):
            return True
        return action == "change" and _may_somewhere(user, "manage")

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: Model
    ) -> bool:
        """Tell whether the user may do this with this queue."""
        if super().user_has_permission(user, action):
            return True
        return (
            action == "change"
            and isinstance(instance, Queue)
            and "manage" in permissions.grants_of(user).verbs(instance)
        )

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Queue]:
        """Return the queues with which the user may do one of these."""
        if any(
            ModelPermissionPolicy.user_has_permission(self, user, action)
            for action in actions
        ):
            return Queue.objects.all()
        if "change" not in actions:
            return Queue.objects.none()
        managed = [
            queue.pk
            for queue in permissions.visible_queues(user)
            if "manage" in permissions.grants_of(user).verbs(queue)
        ]
        return Queue.objects.filter(pk__in=managed)


TICKET_POLICY = TicketPermissionPolicy(Ticket)
QUEUE_POLICY = QueuePermissionPolicy(Queue)
