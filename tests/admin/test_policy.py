"""The policies that answer Wagtail, the same on every version of it."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail import permissions as wagtail_permissions
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import ModelLogEntry

from tests import factories
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.policy import QUEUE_POLICY, TICKET_POLICY
from wagtail_helpdesk.models import Queue, QueueGrant, Ticket

pytestmark = pytest.mark.django_db

ACTIONS = {"view", "add", "change", "delete", "publish", "lock"}


def permitted(user: Any, ticket: Ticket) -> set[str]:
    """Return the actions that the policy lets this user do with this ticket."""
    return {
        action
        for action in ACTIONS
        if TICKET_POLICY.user_has_permission_for_instance(user, action, ticket)
    }


@pytest.mark.req("RT-19", "SEC-110")
def test_tickets_are_viewed_by_readers_and_worked_on_by_agents() -> None:
    queue = factories.make_queue()
    ticket = factories.make_ticket(queue=queue)

    answers = {
        "reader": permitted(factories.make_agent(role="reader"), ticket),
        "agent": permitted(factories.make_agent(), ticket),
        "superuser": permitted(factories.make_user(is_superuser=True), ticket),
        "user": permitted(factories.make_user(), ticket),
        "nobody": permitted(AnonymousUser(), ticket),
    }

    assert answers == {
        "reader": {"view"},
        "agent": {"view", "change"},
        "superuser": {"view", "change"},
        "user": set(),
        "nobody": set(),
    }


@pytest.mark.req("SEC-50", "SEC-112")
def test_a_ticket_of_a_restricted_queue_is_for_those_with_a_role_there() -> None:
    queue = factories.make_queue(is_restricted=True)
    ticket = factories.make_ticket(queue=queue)
    insider = factories.make_agent(queue=queue)
    outsider = factories.make_agent(role="manager")
    either = {"view", "change"}

    scope = TICKET_POLICY.instances_user_has_any_permission_for

    assert permitted(outsider, ticket) == set()
    assert list(scope(insider, either)) == [ticket]
    assert not scope(outsider, either).exists()
    assert not scope(insider, {"delete"}).exists()
    assert insider in TICKET_POLICY.users_with_any_permission_for_instance(
        either, ticket
    )
    assert outsider not in TICKET_POLICY.users_with_any_permission_for_instance(
        either, ticket
    )


def test_adding_needs_a_role_that_opens_tickets() -> None:
    may_add = TICKET_POLICY.user_has_permission

    assert may_add(factories.make_agent(), "add")
    assert not may_add(factories.make_agent(role="reader"), "add")
    assert not may_add(factories.make_user(), "add")


def test_agents_are_whoever_has_a_role() -> None:
    agent = factories.make_agent(role="reader")
    factories.make_user()

    found = TICKET_POLICY.users_with_any_permission({"view"})

    assert list(found) == [agent]
    assert not TICKET_POLICY.users_with_any_permission({"delete"}).exists()


def test_a_manager_changes_the_queues_they_manage() -> None:
    own, other = factories.make_queue(), factories.make_queue()
    manager = factories.make_agent(queue=own, role="manager")
    QueueGrant.objects.create(queue=other, group=manager.groups.get(), role="agent")
    may = QUEUE_POLICY.user_has_permission_for_instance

    assert may(manager, "change", own)
    assert not may(manager, "change", other)
    assert not may(manager, "delete", own)
    scope = QUEUE_POLICY.instances_user_has_any_permission_for(manager, {"change"})
    assert list(scope) == [own]


@pytest.mark.skipif(
    not hasattr(wagtail_permissions, "policy_registry"),
    reason="Wagtail 7.4 has no registry",
)
def test_wagtails_registry_knows_the_policies() -> None:
    registry = wagtail_permissions.policy_registry

    assert registry.get_by_type(Ticket) is TICKET_POLICY
    assert registry.get_by_type(Queue) is QUEUE_POLICY


@pytest.mark.req("SEC-50")
def test_wagtail_finds_the_screen_for_those_who_work_there_only() -> None:
    queue = factories.make_queue(is_restricted=True)
    ticket = factories.make_ticket(queue=queue)

    def found(user: Any) -> str | None:
        return AdminURLFinder(user).get_edit_url(ticket)

    assert found(factories.make_agent(queue=queue)) == (
        f"/admin/helpdesk/tickets/{ticket.pk}/"
    )
    assert found(factories.make_agent()) is None


@pytest.mark.req("SEC-62")
def test_wagtails_log_names_a_ticket_by_its_number_alone() -> None:
    ticket = factories.make_ticket(subject="canarysubject")
    actions.resolve(ticket, actor=Actor.agent(factories.make_agent()))

    entry = ModelLogEntry.objects.get(object_id=str(ticket.pk))

    assert entry.label == f"#{ticket.pk}"
    assert "canary" not in str(entry.data)
    assert str(entry.message) == "Ticket resolved"
