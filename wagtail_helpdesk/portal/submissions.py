"""From a valid form to a ticket: once, and not too often."""

import ipaddress
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext
from wagtail.models import Site

from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.models import BodyFormat, Channel, Priority, Queue, Requester
from wagtail_helpdesk.portal.forms import TicketForm
from wagtail_helpdesk.portal.slots import Claim, Limit, take_slot

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

#: Tickets of guests from one network: an IPv4 address, or 64 bits of an IPv6 one.
NETWORK_LIMITS = (Limit(5, _MINUTE), Limit(30, _HOUR))
#: Tickets under one mail address that nobody has verified; each brings it a mail.
ADDRESS_LIMITS = (Limit(3, _HOUR), Limit(10, _DAY))
#: Tickets of one account.
ACCOUNT_LIMITS = (Limit(10, _MINUTE), Limit(60, _HOUR))

_IPV6_BITS = 64


class SubmissionRefused(HelpdeskError):
    """The form is right, but it can't become a ticket now."""


class TooManySubmissions(SubmissionRefused):
    """A limit is reached."""


@dataclass(frozen=True)
class Submitter:
    """Who sends a form, and what they are counted by."""

    email: str
    name: str
    #: What is counted, with its limit, in the order asked.
    limits: tuple[tuple[str, Limit], ...]


def network_of(remote_addr: str) -> str:
    """Return what is counted for an address as the web server saw it.

    Of ``REMOTE_ADDR`` only: what a client says of itself in a header, such as
    ``X-Forwarded-For``, changes nothing (SEC-33).
    """
    try:
        address = ipaddress.ip_address(remote_addr)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), _IPV6_BITS), strict=False))
    return str(address)


def requester_for(*, email: str, name: str) -> Requester:
    """Return the requester with this address, made if need be, never changed.

    No account is tied to it, for nobody has verified the address (SEC-117).
    """
    language = get_language() or ""
    if language == settings.LANGUAGE_CODE:
        language = ""
    return Requester.objects.known_by(email, name=name, language=language)


def _take_slots(submitter: Submitter) -> None:
    if not all(take_slot(name, limit=limit) for name, limit in submitter.limits):
        raise TooManySubmissions(
            gettext("Too many requests have come from here. Try again later.")
        )


def _open_ticket(
    form: TicketForm, *, queue: Queue, submitter: Submitter, site: Site | None
) -> int:
    if not queue.is_active:
        raise SubmissionRefused(gettext("This form takes no requests at the moment."))
    _take_slots(submitter)
    values = form.cleaned_data
    requester = requester_for(email=submitter.email, name=submitter.name)
    ticket = actions.open_ticket(
        queue,
        actor=Actor.for_requester(requester),
        subject=values["subject"],
        body=values["description"],
        body_format=BodyFormat.MARKDOWN,
        channel=Channel.WEB,
        priority=values.get("priority", Priority.NORMAL),
        files=values["attachments"],
        site=site,
    )
    return ticket.number


def submit(
    form: TicketForm, *, queue: Queue, submitter: Submitter, site: Site | None = None
) -> int:
    """Open a ticket from a valid form and return its number.

    The same form sent twice, at once or later, opens one: the second call returns
    the first one's number (REL-26).

    :raises TooManySubmissions: a limit is reached.
    :raises HelpdeskError: it can't become a ticket; the sentence says why.
    """
    claim = Claim(form.fingerprint(email=submitter.email))
    if not claim.take():
        number = claim.number()
        if number is None:
            raise SubmissionRefused(
                gettext("This is being sent already. Wait a minute, then try again.")
            )
        return number
    with ExitStack() as undo:
        undo.callback(claim.release)
        number = _open_ticket(form, queue=queue, submitter=submitter, site=site)
        undo.pop_all()
    transaction.on_commit(partial(claim.settle, number))
    return number
