"""Opening tickets and replying to them."""

from collections.abc import Sequence

from django.utils.translation import gettext
from wagtail.models import Site

from wagtail_helpdesk.actions.assignment import check_takes_tickets
from wagtail_helpdesk.actions.describing import one_line
from wagtail_helpdesk.actions.locking import lock_for_work
from wagtail_helpdesk.actions.storing import checked_files, checked_text, store_files
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.attachments import CheckedFile, IncomingFile
from wagtail_helpdesk.changes import TicketChange, changing, opening
from wagtail_helpdesk.exceptions import ActionNotPermitted, TransitionNotAllowed
from wagtail_helpdesk.markup import clean_text
from wagtail_helpdesk.models import (
    Attachment,
    AuthorKind,
    BodyFormat,
    Channel,
    InboundEmail,
    Message,
    Priority,
    Queue,
    Requester,
    Status,
    Ticket,
    TicketLink,
)
from wagtail_helpdesk.rules.deadlines import is_window_over
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.lifecycle import Trigger
from wagtail_helpdesk.rules.links import LinkKind


def _add_message(
    change: TicketChange,
    *,
    author: Actor,
    body: str,
    body_full: str,
    body_format: str,
    channel: str,
    files: list[CheckedFile],
    message_id: str,
    inbound_email: InboundEmail | None,
) -> Message:
    message = Message.objects.create(
        ticket=change.ticket,
        kind=AuthorKind.AGENT if author.is_agent else AuthorKind.REQUESTER,
        requester=author.requester,
        agent=author.user,
        author_name=author.label,
        body=body,
        body_full=clean_text(body_full),
        body_format=body_format,
        channel=channel,
        message_id=message_id,
        inbound_email=inbound_email,
        created_at=change.now,
    )
    store_files([Attachment(message=message) for _file in files], files)
    return message


def open_ticket(
    queue: Queue,
    *,
    actor: Actor,
    subject: str,
    body: str,
    requester: Requester | None = None,
    body_full: str = "",
    body_format: str = BodyFormat.TEXT,
    channel: str = Channel.WEB,
    priority: int = Priority.NORMAL,
    status: Status | None = None,
    files: Sequence[IncomingFile] = (),
    follow_up_of: Ticket | None = None,
    message_id: str = "",
    inbound_email: InboundEmail | None = None,
    site: Site | None = None,
    is_quiet: bool = False,
    is_automatic: bool = False,
) -> Ticket:
    """Open a ticket with its first message (CTI-01 … CTI-10, RT-01).

    :param requester: who asks, if that is not the actor (CTI-02).
    :param body_full: the whole text, if ``body`` is only a part of it.
    :param follow_up_of: the closed ticket that this one goes on from.
    :param site: the Wagtail site on which it was filed, if it was.
    :param is_quiet: True makes no mail to anybody, receipts included.
    :param is_automatic: True if a machine wrote; only agents are told (RFC 3834).
    :raises ActionNotPermitted: the actor may not open tickets in this queue.
    :raises TransitionNotAllowed: the queue takes no tickets.
    :raises EmptyText: neither words nor files.
    :raises AttachmentRefused: a file is too large or of a blocked kind.
    """
    person = requester or actor.requester
    if person is None:
        raise ActionNotPermitted(gettext("Say for whom the ticket is opened."))
    check_takes_tickets(queue)
    ticket = Ticket(
        subject=one_line(subject) or gettext("(no subject)"),
        queue=queue,
        requester=person,
        priority=priority,
        channel=channel,
        site=site,
    )
    checked = checked_files(files)
    text = checked_text(body, has_files=bool(checked))
    author = Actor.for_requester(person)
    with opening(ticket, actor=actor, status=status) as change:
        message = _add_message(
            change,
            author=author,
            body=text,
            body_full=body_full,
            body_format=body_format,
            channel=channel,
            files=checked,
            message_id=message_id,
            inbound_email=inbound_email,
        )
        data: dict[str, object] = {
            "queue": queue.pk,
            "is_quiet": is_quiet,
            "is_automatic": is_automatic,
        }
        if follow_up_of is not None:
            TicketLink.objects.create(
                source=ticket, target=follow_up_of, kind=LinkKind.FOLLOW_UP_OF
            )
            data["follow_up_of"] = follow_up_of.number
        change.record(EventKind.OPENED, message=message, **data)
    return ticket


def _take_up(change: TicketChange, *, actor: Actor) -> None:
    """Move the phase for a reply; a reply to a resolved ticket reopens it (CTI-41)."""
    ticket = change.ticket
    if actor.is_agent:
        change.trigger(Trigger.AGENT_REPLIED)
        return
    if is_window_over(ticket.closes_at, now=change.now):
        # The hourly job may not have come by yet; the rule holds all the same.
        raise TransitionNotAllowed(
            gettext("This ticket is closed. Please open a follow-up.")
        )
    was_resolved = ticket.closes_at is not None
    change.trigger(Trigger.REQUESTER_REPLIED)
    if was_resolved:
        ticket.closes_at = ticket.resolved_at = None
        ticket.is_reopened = True
        change.record(EventKind.REOPENED)


def reply(
    ticket: Ticket,
    *,
    actor: Actor,
    body: str,
    body_full: str = "",
    body_format: str = BodyFormat.MARKDOWN,
    channel: str = Channel.WEB,
    files: Sequence[IncomingFile] = (),
    message_id: str = "",
    inbound_email: InboundEmail | None = None,
    is_quiet: bool = False,
    is_automatic: bool = False,
) -> Message:
    """Add a message that requester and agents read (RT-07, OTRS-14, CTI-45).

    An agent's reply locks an unlocked ticket for them (OTRS-21); a requester's
    reopens a resolved one inside its window (CTI-33).

    :raises TransitionNotAllowed: the ticket is closed, or its window is over.
    :raises TicketIsLocked: another agent holds the ticket.
    :raises ActionNotPermitted: the actor may not reply.
    :raises EmptyText: neither words nor files.
    :raises AttachmentRefused: a file is too large or of a blocked kind.
    """
    with changing(ticket, actor=actor, verb="reply") as change:
        checked = checked_files(files)
        text = checked_text(body, has_files=bool(checked))
        _take_up(change, actor=actor)
        message = _add_message(
            change,
            author=actor,
            body=text,
            body_full=body_full,
            body_format=body_format,
            channel=channel,
            files=checked,
            message_id=message_id,
            inbound_email=inbound_email,
        )
        kind = (
            EventKind.AGENT_REPLIED if actor.is_agent else EventKind.REQUESTER_REPLIED
        )
        change.record(
            kind, message=message, is_quiet=is_quiet, is_automatic=is_automatic
        )
        if actor.is_agent:
            lock_for_work(change)
    return message


def record_failed_delivery(
    ticket: Ticket, *, actor: Actor, notification_pk: int, email: str
) -> Ticket:
    """Write down on the ticket that a mail to this address was given up (REL-42)."""
    with changing(ticket, actor=actor, verb="record_failed_delivery") as change:
        change.record(
            EventKind.DELIVERY_FAILED, notification=notification_pk, email=email
        )
    return ticket
