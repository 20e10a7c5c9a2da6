"""The tables. Internal notes are registered by this package but not exported."""

from wagtail_helpdesk.models import notes as _notes  # noqa: F401  registers its tables
from wagtail_helpdesk.models.events import TicketEvent
from wagtail_helpdesk.models.inbound import InboundDoor, InboundEmail, InboundState
from wagtail_helpdesk.models.job_runs import JobOutcome, JobRun
from wagtail_helpdesk.models.links import TicketLink
from wagtail_helpdesk.models.messages import (
    AbstractAttachment,
    AbstractVersion,
    Attachment,
    AuthorKind,
    BodyFormat,
    Message,
    MessageVersion,
)
from wagtail_helpdesk.models.notifications import Notification, NotificationState
from wagtail_helpdesk.models.participants import Participant, ParticipantKind
from wagtail_helpdesk.models.queues import (
    AddressMode,
    Queue,
    QueueAddress,
    QueueGrant,
    QueueRole,
    QueueWatch,
)
from wagtail_helpdesk.models.requesters import Requester
from wagtail_helpdesk.models.resolutions import Resolution
from wagtail_helpdesk.models.site_settings import HelpdeskSettings
from wagtail_helpdesk.models.statuses import Colour, Status
from wagtail_helpdesk.models.tickets import (
    Channel,
    HelpdeskTag,
    Priority,
    TaggedTicket,
    Ticket,
    TicketQuerySet,
)

__all__ = [
    "AbstractAttachment",
    "AbstractVersion",
    "AddressMode",
    "Attachment",
    "AuthorKind",
    "BodyFormat",
    "Channel",
    "Colour",
    "HelpdeskSettings",
    "HelpdeskTag",
    "InboundDoor",
    "InboundEmail",
    "InboundState",
    "JobOutcome",
    "JobRun",
    "Message",
    "MessageVersion",
    "Notification",
    "NotificationState",
    "Participant",
    "ParticipantKind",
    "Priority",
    "Queue",
    "QueueAddress",
    "QueueGrant",
    "QueueRole",
    "QueueWatch",
    "Requester",
    "Resolution",
    "Status",
    "TaggedTicket",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketQuerySet",
]
