"""What can go wrong, each with a sentence fit for the person who reads it."""

from django.core.exceptions import PermissionDenied


class HelpdeskError(Exception):
    """Base of every error that a verb raises on purpose.

    The first argument is a translated sentence; every door shows it as it is.
    """


class ActionNotPermitted(HelpdeskError, PermissionDenied):
    """The actor may not do this; Django answers it with 403 if nobody catches it."""


class TransitionNotAllowed(HelpdeskError):
    """The ticket's phase does not allow this (a closed ticket takes no reply)."""


class TicketIsLocked(HelpdeskError):
    """Another agent holds the ticket's lock."""


class LinkNotAllowed(HelpdeskError):
    """A link to itself, a second one of the same kind, or a circle of parents."""


class AssignmentNotAllowed(HelpdeskError):
    """The assignee can't work: no longer active, or not an agent."""


class EditNotAllowed(HelpdeskError):
    """The text is deleted, or the time in which its author may mend it is over."""


class EmptyText(HelpdeskError):
    """A message or note without words and without files."""


class AttachmentRefused(HelpdeskError):
    """A file that is too large, one too many, or of a blocked kind."""
