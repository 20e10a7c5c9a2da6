"""Rows for tests: plain functions, keyword-only, each with sensible defaults."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from django.utils.text import slugify

from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.attachments import IncomingFile
from wagtail_helpdesk.models import (
    AddressMode,
    Message,
    Queue,
    QueueAddress,
    QueueGrant,
    QueueRole,
    QueueWatch,
    Requester,
    Status,
    Ticket,
)
from wagtail_helpdesk.models.notes import InternalNote
from wagtail_helpdesk.rules.lifecycle import Phase

_numbers = count(1)

SYSTEM = Actor.system("test")


def make_user(
    *,
    username: str = "",
    email: str | None = None,
    first_name: str = "",
    is_staff: bool = False,
    is_superuser: bool = False,
    is_active: bool = True,
    password: str = "password",
) -> Any:
    """Make a user without any rights, or a superuser."""
    username = username or f"user{next(_numbers)}"
    return get_user_model().objects.create_user(
        username=username,
        email=f"{username}@desk.example" if email is None else email,
        first_name=first_name,
        password=password,
        is_superuser=is_superuser,
        is_staff=is_staff or is_superuser,
        is_active=is_active,
    )


def make_group(*, name: str = "", can_use_admin: bool = True) -> Group:
    """Make a group, as a rule one that may use Wagtail's admin."""
    group = Group.objects.create(name=name or f"Group {next(_numbers)}")
    if can_use_admin:
        group.permissions.add(Permission.objects.get(codename="access_admin"))
    return group


def make_queue(
    *,
    name: str = "",
    email: str | None = None,
    comment_email: str = "",
    is_restricted: bool = False,
    is_active: bool = True,
    **fields: Any,
) -> Queue:
    """Make a queue with a public address, and a comment address if one is given."""
    name = name or f"Queue {next(_numbers)}"
    queue = Queue.objects.create(
        name=name,
        slug=slugify(name),
        is_restricted=is_restricted,
        is_active=is_active,
        **fields,
    )
    if email is None:
        email = f"{slugify(name)}@desk.example"
    if email:
        QueueAddress.objects.create(queue=queue, email=email)
    if comment_email:
        QueueAddress.objects.create(
            queue=queue, email=comment_email, mode=AddressMode.COMMENT
        )
    return queue


def make_agent(
    *,
    username: str = "",
    first_name: str = "",
    email: str | None = None,
    queue: Queue | None = None,
    role: str = QueueRole.AGENT,
    watches: Queue | None = None,
) -> Any:
    """Make an agent: of one queue, or of every queue that is not restricted."""
    user = make_user(username=username, first_name=first_name, email=email)
    group = make_group()
    user.groups.add(group)
    QueueGrant.objects.create(queue=queue, group=group, role=role)
    if watches is not None:
        QueueWatch.objects.create(queue=watches, user=user)
    return user


def make_requester(*, email: str = "", name: str = "", user: Any = None) -> Requester:
    """Make a person who asks."""
    number = next(_numbers)
    return Requester.objects.create(
        email=email or f"person{number}@example.org",
        name=name or f"Person {number}",
        user=user,
    )


def make_ticket(
    *,
    queue: Queue | None = None,
    requester: Requester | None = None,
    subject: str = "Printer on fire",
    body: str = "It smells of plastic.",
    phase: Phase = Phase.NEW,
    assignee: Any = None,
    locked_by: Any = None,
    message_id: str = "",
    files: tuple[IncomingFile, ...] = (),
    **fields: Any,
) -> Ticket:
    """Make a ticket by the verb that opens one, then put it where it should be.

    :param phase: phase to put it into, past the rules.
    :param locked_by: user who holds it, for a day.
    """
    requester = requester or make_requester()
    ticket = actions.open_ticket(
        queue or make_queue(),
        actor=Actor.for_requester(requester),
        subject=subject,
        body=body,
        message_id=message_id,
        files=files,
        is_quiet=True,
    )
    now = timezone.now()
    values: dict[str, Any] = {**fields}
    if phase != Phase.NEW:
        values |= {"phase": phase, "status": Status.objects.default_of(phase)}
    if phase in {Phase.RESOLVED, Phase.CLOSED}:
        values["resolved_at"] = now
    if phase == Phase.RESOLVED:
        values.setdefault("closes_at", now + timedelta(days=7))
    if phase == Phase.CLOSED:
        values["closed_at"] = now
    if assignee is not None:
        values["assignee"] = assignee
    if locked_by is not None:
        values |= {
            "locked_by": locked_by,
            "locked_at": now,
            "lock_expires_at": now + timedelta(days=1),
        }
    if values:
        Ticket.objects.filter(pk=ticket.pk).update(**values)
        ticket.refresh_from_db()
    return ticket


def make_message(
    *,
    ticket: Ticket,
    agent: Any = None,
    body: str = "Have you switched it off?",
    files: tuple[IncomingFile, ...] = (),
) -> Message:
    """Make a reply of an agent, or else of the ticket's requester; no mail is sent."""
    actor = Actor.agent(agent) if agent else Actor.for_requester(ticket.requester)
    return actions.reply(ticket, actor=actor, body=body, files=files, is_quiet=True)


def make_note(
    *, ticket: Ticket, agent: Any, body: str = "Same model as last year."
) -> InternalNote:
    """Make an internal note."""
    return actions.add_note(ticket, actor=Actor.agent(agent), body=body)


def make_file(
    *,
    name: str = "log.txt",
    content: bytes = b"a line",
    content_type: str = "text/plain",
) -> IncomingFile:
    """Make a file as it comes in."""
    return IncomingFile(name=name, content=content, content_type=content_type)
