"""Anymail's inbound webhooks, storing first (SECURITY LF-A3 … LF-A6).

Each view is Anymail's own, with two differences. At the door, what Anymail would have
parsed is kept as it came and answered at once. Later, in a task, the same view's
parser is asked about the kept call; only the mail itself is taken out before, and read
by ``email_parsing``, which no mail makes raise. ``webhooks`` holds one view for each
provider.
"""

import logging
from abc import ABC, abstractmethod
from http import HTTPStatus
from typing import Any

from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailError,
    AnymailWebhookValidationFailure,
)
from anymail.webhooks.base import AnymailCoreWebhookView
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.intake.calls import (
    KEPT_HEADERS,
    Call,
    ReceivedMail,
    Unreadable,
    is_form,
)
from wagtail_helpdesk.intake.email_parsing import Fields, decoded, fields_of
from wagtail_helpdesk.intake.incoming import Delivery
from wagtail_helpdesk.intake.parts import UNREADABLE
from wagtail_helpdesk.intake.payloads import finite_number
from wagtail_helpdesk.intake.posted_forms import read_form
from wagtail_helpdesk.intake.raw_mail import header_fields, split_header
from wagtail_helpdesk.intake.storing import store
from wagtail_helpdesk.models import InboundDoor

logger = logging.getLogger("wagtail_helpdesk")

# The only headers of a mail that Anymail's views look at, beside the mail itself.
_LOOKED_AT = frozenset(
    {
        "delivered-to",
        "return-path",
        "x-mailgun-sflag",
        "x-mailgun-sscore",
        "x-spam-score",
        "x-spam-status",
    }
)
_STUB_WIDTH = 400


class BodyTooLarge(Exception):
    """A call has more bytes than the site takes."""


class StoringWebhook(AnymailCoreWebhookView, ABC):
    """What our views have in common; stands before Anymail's view among the bases."""

    #: Our name of the provider, as in ``INBOUND_PROVIDERS`` and in the URL.
    provider = ""
    #: Content type of what ``split`` returns, if it is not that of the call.
    split_type = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        #: The raw mail, once a view that has to fetch it has done so.
        self.fetched: bytes | None = None

    # At the door

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the provider: nothing in it but the status (SEC-16)."""
        try:
            self._keep_body(request)
            response: HttpResponse = super().post(request, *args, **kwargs)
            return response
        except BodyTooLarge:
            logger.error("A call of %s was too large and was refused.", self.provider)
            return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except AnymailWebhookValidationFailure:
            # Its own words may hold the secret: Mandrill's name the whole URL.
            logger.warning("A call of %s had no valid secret.", self.provider)
            return HttpResponse(status=HTTPStatus.BAD_REQUEST)
        except (DatabaseError, OSError):
            # Never 403 or 406: there, providers stop to try again (REL-09).
            logger.exception("A call of %s could not be stored.", self.provider)
            return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)

    def run_validators(self, request: HttpRequest) -> None:
        """Check the secret; what can't be checked is refused."""
        try:
            super().run_validators(request)
        except (AnymailAPIError, *UNREADABLE) as error:
            raise AnymailWebhookValidationFailure("A malformed call.") from error

    def parse_events(self, request: HttpRequest) -> list[Any]:
        """Keep the call and hand nothing on; calls without a mail go to Anymail."""
        if not self.carries_mail(request):
            return self.events_of(request)
        store(
            request.body,
            door=InboundDoor.WEBHOOK,
            provider=self.provider,
            content_type=request.META.get("CONTENT_TYPE", ""),
            meta={
                "path": request.path[:500],
                "headers": {
                    name: request.headers[name][:500]
                    for name in KEPT_HEADERS
                    if name in request.headers
                },
            },
        )
        return []

    def carries_mail(self, request: HttpRequest) -> bool:
        """Tell whether a valid call is about mail that came in."""
        return True

    def _keep_body(self, request: HttpRequest) -> None:
        """Read the body within our own limit, whatever Django's is (LF-A4, LF-A5)."""
        limit = get_conf().max_inbound_bytes
        given = request.META.get("CONTENT_LENGTH") or "0"
        length = int(given) if given.isdecimal() and len(given) < 16 else 0
        if length > limit:
            raise BodyTooLarge
        body = request.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        if len(body) < length:
            raise ConnectionError("The call broke off.")
        vars(request)["_body"] = body
        content_type = request.META.get("CONTENT_TYPE", "")
        if is_form(content_type):
            read_form(body, content_type=content_type).attach_to(request)

    # In the task

    def events_of(self, request: HttpRequest) -> list[Any]:
        """Return Anymail's events for a call."""
        events: list[Any] = super().parse_events(request)
        return events

    def split(self, call: Call) -> list[bytes]:
        """Return the body of one call for each of the mails that this one carries."""
        return [call.body]

    @abstractmethod
    def take_apart(self, call: Call) -> tuple[HttpRequest, bytes | None, Fields | None]:
        """Take the mail out of a call before Anymail sees it.

        :returns: the call without what could make a parser raise; the raw mail, if it
            was there; else its headers, if they were there.
        """

    def unpack(self, call: Call) -> list[ReceivedMail]:
        """Return the mails of a call; may fetch them from the provider.

        :raises Unreadable: there is no mail in it that can be read.
        :raises OSError: it could not be fetched now.
        """
        try:
            request, raw, fields = self.take_apart(call)
            events = self.events_of(request)
            return [
                self._received(event, raw=raw, fields=fields)
                for event in events
                if event is not None and event.message is not None
            ]
        except OSError:
            raise
        except AnymailAPIError as error:
            raise OSError(str(error)) from error
        # Anymail calls it a wrong configuration if an event comes to a mail's address.
        except (AnymailConfigurationError, AnymailError, *UNREADABLE) as error:
            raise Unreadable(f"{type(error).__name__}: {error}") from error

    def _received(
        self, event: Any, *, raw: bytes | None, fields: Fields | None
    ) -> ReceivedMail:
        message = event.message
        delivery = Delivery(
            provider=self.provider,
            envelope_sender=message.envelope_sender,
            envelope_recipient=message.envelope_recipient or "",
            spam_detected=message.spam_detected,
            spam_score=finite_number(message.spam_score),
        )
        raw = self.fetched if raw is None else raw
        if raw is not None:
            was_fetched = self.fetched is not None
            return ReceivedMail(delivery=delivery, raw=raw, was_fetched=was_fetched)
        if fields is None:
            fields = fields_of(message)
        return ReceivedMail(delivery=delivery, message=message, fields=fields)


def stub_fields(fields: Fields) -> Fields:
    """Return the few headers that Anymail looks at, harmless."""
    return [
        (name, " ".join(decoded(value).split())[:_STUB_WIDTH])
        for name, value in fields
        if name.lower() in _LOOKED_AT
    ]


def stub_of(raw: bytes) -> bytes:
    """Return a mail that stands for this one in front of Anymail's parser."""
    header, _body = split_header(raw)
    fields = [
        (name.decode("ascii"), value.decode("utf-8", "surrogateescape"))
        for name, value in header_fields(header)
    ]
    lines = [f"{name}: {value}" for name, value in stub_fields(fields)]
    return "\n".join([*lines, "", ""]).encode("ascii", "replace")
