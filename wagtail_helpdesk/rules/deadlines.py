"""When things are over."""

from datetime import datetime, timedelta


def closes_at(resolved_at: datetime, *, window_days: int) -> datetime:
    """Return when a ticket resolved at this time closes by itself (CTI-31, CTI-40).

    :param window_days: days in which a reply reopens it; 0 means that none does.
    """
    return resolved_at + timedelta(days=window_days)


def is_window_over(closes: datetime | None, *, now: datetime) -> bool:
    """Tell whether a reply comes too late to reopen the ticket (CTI-33, CTI-42).

    The instant itself is too late, so that a window of 0 days is never open.
    """
    return closes is not None and closes <= now


#: How long requesters may mend their own messages (CTI-53).
EDIT_WINDOW = timedelta(minutes=15)


def may_still_edit(created_at: datetime, *, now: datetime) -> bool:
    """Tell whether a requester may still edit or delete their own message (CTI-53)."""
    return now - created_at < EDIT_WINDOW


def lock_expires_at(now: datetime, *, timeout_hours: int) -> datetime | None:
    """Return when a lock taken or used now expires; None if it never does.

    :param timeout_hours: hours without activity of the holder; 0 means never.
    """
    if timeout_hours == 0:
        return None
    return now + timedelta(hours=timeout_hours)


def retry_delay(attempts: int) -> timedelta:
    """Return the pause after so many failed attempts: 1, 4, 16 min … at most 4 h."""
    return timedelta(minutes=min(4 ** max(attempts - 1, 0), 240))
