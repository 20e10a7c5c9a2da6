"""Make the desk itself: queues, groups, accounts, requesters."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from sandbox.desk.cast import ACCOUNTS, DOMAIN, REQUESTERS, Account
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.models import (
    Queue,
    QueueAddress,
    QueueGrant,
    QueueRole,
    Requester,
)
from wagtail_helpdesk.models.queues import AddressMode


@dataclass(frozen=True, kw_only=True)
class QueuePlan:
    """A queue of the museum; its mail goes to the address before the @."""

    slug: str
    name: str
    description: str
    address: str
    group: str
    role: QueueRole = QueueRole.SENIOR
    is_restricted: bool = False
    reopen_window_days: int | None = None


QUEUES = (
    QueuePlan(
        slug="general",
        name="General",
        description="Visits, tours, lost umbrellas, and things you would give us.",
        address="help",
        group="Front desk",
    ),
    QueuePlan(
        slug="it",
        name="IT",
        description="Computers, accounts, printers and everything that beeps.",
        address="it",
        group="IT",
    ),
    QueuePlan(
        slug="facilities",
        name="Facilities",
        description="The building: lamps, lifts, leaks, heating and shelves.",
        address="facilities",
        group="Facilities",
        reopen_window_days=3,
    ),
    QueuePlan(
        slug="people",
        name="People",
        description="Working or helping here. Read by the People team only.",
        address="people",
        group="People team",
        role=QueueRole.MANAGER,
        is_restricted=True,
        reopen_window_days=14,
    ),
)


def ensure_organisation() -> None:
    """Make what is missing; leave alone what is there."""
    may_enter = Permission.objects.get(codename="access_admin")
    for order, plan in enumerate(QUEUES, start=1):
        group, _ = Group.objects.get_or_create(name=plan.group)
        group.permissions.add(may_enter)
        _ensure_queue(plan, group=group, sort_order=order)
    for account in ACCOUNTS:
        _ensure_account(account)
    for name, email in REQUESTERS.values():
        Requester.objects.get_or_create(email=email, defaults={"name": name})


def _ensure_queue(plan: QueuePlan, *, group: Group, sort_order: int) -> None:
    """Make the queue with its two addresses, or fill the one made by ``migrate``."""
    queue, _ = Queue.objects.get_or_create(slug=plan.slug, defaults={"name": plan.name})
    if queue.addresses.exists():
        return
    queue.description = plan.description
    queue.sender_name = f"Museum {plan.name}"
    queue.is_restricted = plan.is_restricted
    queue.reopen_window_days = plan.reopen_window_days
    queue.sort_order = sort_order
    queue.save()
    for address, mode in (
        (plan.address, AddressMode.PUBLIC),
        (f"{plan.address}-comment", AddressMode.COMMENT),
    ):
        email = f"{address}@{DOMAIN}"
        QueueAddress.objects.create(queue=queue, email=email, mode=mode)
    QueueGrant.objects.create(queue=queue, group=group, role=plan.role)


def _ensure_account(account: Account) -> None:
    users = get_user_model()._default_manager
    if users.filter(username=account.username).exists():
        return
    create = users.create_superuser if account.is_administrator else users.create_user
    user = create(
        username=account.username,
        email=account.email,
        password=account.password,
        first_name=account.first_name,
        last_name=account.last_name,
    )
    user.groups.set(Group.objects.filter(name__in=account.groups))
    for plan in QUEUES:
        if plan.group in account.groups:
            queue = Queue.objects.get(slug=plan.slug)
            actions.watch(queue, actor=Actor.agent(user))
