"""From a row of the outbox to the mail: two sides, two contexts, threading headers.

The requesters' context is built of plain values that stand in this module; neither a
note nor an agent's address is among them (SEC-100, SEC-105).
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import select_template
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from wagtail_helpdesk import permissions
from wagtail_helpdesk.conf import get_base_url
from wagtail_helpdesk.markup import clean_text, render_body, render_markdown
from wagtail_helpdesk.models import (
    Attachment,
    Channel,
    Message,
    Notification,
    NotificationState,
    Queue,
    Resolution,
    Ticket,
    TicketEvent,
)
from wagtail_helpdesk.notifications.alerts import Alert
from wagtail_helpdesk.notifications.planning import token_for
from wagtail_helpdesk.notifications.sender import address_of, from_header
from wagtail_helpdesk.references import (
    ReplyToken,
    id_domain,
    instance_id,
    reply_address,
    reply_marker,
    subject_with_number,
    thread_id,
)
from wagtail_helpdesk.rules.event_kinds import EventKind

#: Bytes of files that one mail carries; the others are named in it (SEC-107).
MAX_ATTACHED_BYTES = 10 * 1024 * 1024
#: Message-IDs in References beside the first; mail programs need few.
_MAX_REFERENCES = 10
_FOLDER = "wagtail_helpdesk/notifications"


@dataclass(frozen=True)
class RenderedMail:
    """Everything that a mail consists of, in the recipient's language."""

    subject: str
    text: str
    html: str
    from_email: str
    to: str
    reply_to: str
    headers: dict[str, str]
    attachments: list[Attachment] = field(default_factory=list)


def language_of(notification: Notification) -> str:
    """Return the code of the recipient's language, else the site's."""
    if notification.requester is not None:
        return notification.requester.language or settings.LANGUAGE_CODE
    profile = getattr(notification.user, "wagtail_userprofile", None)
    return profile.get_preferred_language() if profile else settings.LANGUAGE_CODE


def _token(notification: Notification, alert: Alert) -> ReplyToken:
    return token_for(
        ticket_id=notification.ticket_id,
        requester_id=notification.requester_id,
        user_id=notification.user_id,
        is_internal=alert.is_internal,
    )


def _earlier_ids(notification: Notification) -> list[str]:
    """Return Message-IDs of this conversation that the recipient has, oldest first."""
    ids: list[tuple[Any, str]] = []
    if notification.requester_id is not None:
        ids += (
            Message.objects.filter(
                ticket=notification.ticket_id,
                requester=notification.requester_id,
                created_at__lte=notification.created_at,
            )
            .exclude(message_id="")
            .values_list("created_at", "message_id")
        )
    ids += Notification.objects.filter(
        ticket=notification.ticket_id,
        email=notification.email,
        pk__lt=notification.pk,
        state=NotificationState.SENT,
    ).values_list("created_at", "message_id")
    return [message_id for _created_at, message_id in sorted(ids)]


def _headers(notification: Notification, alert: Alert) -> dict[str, str]:
    domain = id_domain(address_of(notification.ticket.queue))
    thread = thread_id(_token(notification, alert), domain=domain)
    earlier = _earlier_ids(notification)
    kept = earlier[:1] + earlier[1:][-_MAX_REFERENCES:]
    headers = {
        "Message-ID": notification.message_id,
        "In-Reply-To": earlier[-1] if earlier else thread,
        "References": " ".join([thread, *kept]),
        "X-Helpdesk-Instance": instance_id(),
    }
    if alert.is_automatic:
        answers = notification.event.requester_id == notification.requester_id and (
            notification.requester_id is not None
        )
        headers["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
        headers["X-Auto-Response-Suppress"] = "All"
    return headers


def _message_context(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "author": message.author_name,
        "text": clean_text(message.body),
        "html": render_body(message.body, body_format=message.body_format),
        "is_from_agent": message.is_from_agent,
    }


def _resolution_context(event: TicketEvent) -> dict[str, Any] | None:
    """Return the resolution that this change made, if it made one."""
    pk = event.data.get("resolution")
    resolution = Resolution.objects.filter(pk=pk).first() if pk else None
    if resolution is None:
        return None
    return {
        "notes": clean_text(resolution.notes),
        "notes_html": render_markdown(resolution.notes),
        "closes_at": event.ticket.closes_at if _can_reopen(event.ticket) else None,
    }


def _can_reopen(ticket: Ticket) -> bool:
    return (
        ticket.closes_at is not None
        and ticket.resolved_at is not None
        and ticket.closes_at > ticket.resolved_at
    )


def _reply_subject(subject: str) -> str:
    """Return the subject as an answer has it; "Re:" is the same in every language."""
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _resolved_event(notification: Notification) -> TicketEvent:
    """Return the event that resolved the ticket in the same change, else the own.

    "Send and resolve" is one mail, planned for the reply; it tells the notes too.
    """
    event = notification.event
    if event.kind != EventKind.AGENT_REPLIED:
        return event
    twin = notification.ticket.events.filter(
        kind=EventKind.RESOLVED, created_at=event.created_at
    ).first()
    if twin is None or twin.data.get("is_quiet"):
        return event
    twin.ticket = notification.ticket
    return twin


def _details(notification: Notification) -> dict[str, Any]:
    """Return the event's data; a queue that the agent may not know has no name."""
    data: dict[str, Any] = notification.event.data
    if notification.event.kind != EventKind.MOVED:
        return data
    known = permissions.visible_queues(notification.user).values("pk")
    hidden = Queue.objects.exclude(pk__in=known)
    if hidden.filter(name=data["old"]).exists():
        return {**data, "old": gettext("another queue")}
    return data


def context_for(
    notification: Notification, alert: Alert, *, left_out: list[Attachment]
) -> dict[str, Any]:
    """Return what the templates may speak of."""
    event, ticket = notification.event, notification.ticket
    context: dict[str, Any] = {
        "actor": event.actor_label,
        "number": ticket.number,
        "subject": ticket.subject,
        "reply_subject": _reply_subject(ticket.subject),
        # A form's subject was typed by anybody under any address (SEC-31).
        "came_by_mail": ticket.channel == Channel.MAIL,
        "queue": ticket.queue.name,
        "status": ticket.status.name,
        "message": _message_context(event.message),
        "resolution": _resolution_context(_resolved_event(notification)),
        "follow_up_of": event.data.get("follow_up_of"),
        "left_out": [attachment.name for attachment in left_out],
        "reply_marker": reply_marker(),
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "is_rtl": translation.get_language_bidi(),
    }
    if alert.for_agents:
        url = reverse("wagtail_helpdesk_tickets:edit", args=[ticket.pk])
        context |= {
            "requester": ticket.requester.display_name,
            "url": f"{get_base_url()}{url}",
            "details": _details(notification),
        }
    return context


def _files(notification: Notification) -> tuple[list[Attachment], list[Attachment]]:
    """Return the files that the mail carries, and those too large for it."""
    message = notification.event.message
    if message is None or notification.event.kind == EventKind.OPENED:
        return [], []
    carried: list[Attachment] = []
    left_out: list[Attachment] = []
    total = 0
    for attachment in message.attachments.all():
        if total + attachment.size <= MAX_ATTACHED_BYTES:
            total += attachment.size
            carried.append(attachment)
        else:
            left_out.append(attachment)
    return carried, left_out


def _render(name: str, ending: str, context: dict[str, Any], *, slug: str) -> str:
    template = select_template(
        [f"{_FOLDER}/{slug}/{name}.{ending}", f"{_FOLDER}/{name}.{ending}"]
    )
    return str(template.render(context))


def render(notification: Notification, alert: Alert) -> RenderedMail:
    """Return the mail, all its parts in the recipient's language."""
    ticket = notification.ticket
    own_address = address_of(ticket.queue)
    carried, left_out = _files(notification)
    with translation.override(language_of(notification)):
        context = context_for(notification, alert, left_out=left_out)
        subject, text, html = (
            _render(alert.name, ending, context, slug=ticket.queue.slug)
            for ending in ("subject.txt", "txt", "html")
        )
    return RenderedMail(
        subject=subject_with_number(clean_text(subject), number=ticket.number),
        text=text.strip() + "\n",
        html=html,
        from_email=from_header(
            ticket.queue,
            agent_name="" if alert.is_automatic else notification.event.actor_label,
        ),
        to=notification.email,
        reply_to=reply_address(_token(notification, alert), fallback=own_address),
        headers=_headers(notification, alert),
        attachments=carried,
    )
