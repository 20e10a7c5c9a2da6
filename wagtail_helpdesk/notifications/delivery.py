"""Sends one row of the outbox, and says what became of it. The only sender of mail."""

from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.utils import timezone

from wagtail_helpdesk import permissions
from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.models import Notification, NotificationState
from wagtail_helpdesk.notifications.alerts import Alert, get_alert
from wagtail_helpdesk.notifications.rendering import RenderedMail, render
from wagtail_helpdesk.rules.deadlines import retry_delay

#: After so long a mail that is "being sent" counts as one whose sender was killed.
LEASE = timedelta(minutes=15)
_RELATED = (
    "event__message",
    "event__ticket__queue",
    "ticket__queue",
    "ticket__status",
    "ticket__requester",
    "requester",
    "user",
)


def due_notifications(*, now: datetime) -> list[int]:
    """Return the keys of the mails that wait, or whose sender was killed."""
    waiting = Q(state=NotificationState.QUEUED) | Q(state=NotificationState.SENDING)
    rows = Notification.objects.filter(waiting, next_attempt_at__lte=now)
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:500])


def _claim(pk: int, *, now: datetime) -> bool:
    """Take the row for this attempt, so that no two processes send it (REL-31)."""
    claimed = Notification.objects.filter(
        pk=pk,
        state__in=[NotificationState.QUEUED, NotificationState.SENDING],
        next_attempt_at__lte=now,
        attempts__lt=get_conf().outbound_max_attempts,
    ).update(
        state=NotificationState.SENDING,
        attempts=F("attempts") + 1,
        next_attempt_at=now + LEASE,
    )
    return claimed == 1


def _set_aside_if_exhausted(pk: int, *, now: datetime) -> None:
    """Mark a mail whose every attempt was killed before it could report."""
    Notification.objects.filter(
        pk=pk,
        state__in=[NotificationState.QUEUED, NotificationState.SENDING],
        next_attempt_at__lte=now,
        attempts__gte=get_conf().outbound_max_attempts,
    ).update(state=NotificationState.FAILED)


def _is_still_wanted(notification: Notification) -> bool:
    """Ask again at the time of sending: people leave, rights go (SEC-103)."""
    ticket, message = notification.ticket, notification.event.message
    if message is not None and message.deleted_at is not None:
        return False
    if notification.user is not None:
        return notification.user.is_active and permissions.may(
            notification.user, "view", ticket
        )
    if notification.requester_id == ticket.requester_id:
        return True
    return ticket.participants.filter(requester=notification.requester_id).exists()


class _Attempt:
    """Writes down how an attempt ended. An error is stored, then goes on its way."""

    def __init__(self, notification: Notification) -> None:
        self.notification = notification

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            return
        row = self.notification
        is_last = row.attempts >= get_conf().outbound_max_attempts
        row.state = NotificationState.FAILED if is_last else NotificationState.QUEUED
        row.next_attempt_at = timezone.now() + retry_delay(row.attempts)
        row.error = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
        row.save(update_fields=["state", "next_attempt_at", "error"])


def _sent_as(content_type: str) -> str:
    """Return the type under which a file travels.

    Mail libraries take messages and multiparts apart, and refuse some: an attached
    mail would go out changed, or keep the whole reply from being sent.
    """
    is_taken_apart = content_type.startswith(("message/", "multipart/"))
    return "application/octet-stream" if is_taken_apart else content_type


def build(mail: RenderedMail) -> EmailMultiAlternatives:
    """Return the mail as Django sends it, with exactly one recipient (SEC-102)."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=mail.from_email,
        to=[mail.to],
        reply_to=[mail.reply_to],
        headers=mail.headers,
    )
    message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        with attachment.file.open("rb") as file:
            message.attach(
                attachment.name, file.read(), _sent_as(attachment.content_type)
            )
    return message


def _send(message: EmailMultiAlternatives) -> str:
    """Send it; return what the provider calls it, if it says (Anymail does)."""
    mailer = get_conf().mailer
    options: dict[str, Any] = (
        {"using": mailer} if mailer and hasattr(settings, "MAILERS") else {}
    )
    message.send(**options)
    status: Any = getattr(message, "anymail_status", None)
    provider_id = getattr(status, "message_id", None)
    return provider_id[:255] if isinstance(provider_id, str) else ""


def _send_row(notification: Notification, alert: Alert) -> None:
    mail = render(notification, alert)
    notification.provider_message_id = _send(build(mail))
    notification.subject = mail.subject[:300]
    notification.state = NotificationState.SENT
    notification.sent_at = timezone.now()
    notification.error = ""
    notification.save(
        update_fields=["provider_message_id", "subject", "state", "sent_at", "error"]
    )


def deliver(pk: int) -> None:
    """Send one mail; does nothing if it is sent, taken or not yet due.

    :raises Exception: whatever the mail backend raised, once the row says so.
    """
    now = timezone.now()
    if not _claim(pk, now=now):
        _set_aside_if_exhausted(pk, now=now)
        return
    notification = Notification.objects.select_related(*_RELATED).get(pk=pk)
    alert = get_alert(notification.alert)
    if alert is None or not _is_still_wanted(notification):
        Notification.objects.filter(pk=pk).update(state=NotificationState.CANCELLED)
        return
    with _Attempt(notification):
        _send_row(notification, alert)
