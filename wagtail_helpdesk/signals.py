"""The one public signal, for code outside of this package."""

from django.dispatch import Signal

#: Sent after commit, once for each recorded event. Provides: ``event``, the
#: :class:`~wagtail_helpdesk.models.TicketEvent`. The package never listens to it.
ticket_event_recorded = Signal()
