"""A provider's call, kept and built up again without a web server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from wagtail_helpdesk.intake.email_parsing import Fields
from wagtail_helpdesk.intake.incoming import Delivery
from wagtail_helpdesk.intake.posted_forms import PostedForm, read_form
from wagtail_helpdesk.models import InboundEmail

#: Headers of a call that a provider's parser looks at.
KEPT_HEADERS = ("svix-id",)


class Unreadable(Exception):
    """What was kept holds no mail that anything of ours can read."""


@dataclass(frozen=True)
class Call:
    """The untouched body of a call, and what is needed to read it."""

    body: bytes
    content_type: str
    path: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_row(cls, row: InboundEmail, *, body: bytes) -> "Call":
        """Return the call that a row keeps."""
        return cls(
            body=body,
            content_type=row.content_type,
            path=row.request_meta.get("path", "/"),
            headers=row.request_meta.get("headers", {}),
        )

    @property
    def is_form(self) -> bool:
        """Tell whether the body is a form."""
        return is_form(self.content_type)

    def form(self) -> PostedForm:
        """Return the body's form."""
        return read_form(self.body, content_type=self.content_type)

    def json(self) -> Any:
        """Return the body's JSON, bytes that are no UTF-8 kept as surrogates."""
        return json.loads(self.body.decode("utf-8", "surrogateescape"))

    def request(
        self, *, form: PostedForm | None = None, payload: Any = None
    ) -> HttpRequest:
        """Return the request, with a form or a payload in the place of its body."""
        request = HttpRequest()
        request.method = "POST"
        request.path = request.path_info = self.path
        body = self.body
        if payload is not None:
            # A lone surrogate that a provider sends escaped makes parsers raise.
            text = json.dumps(payload, ensure_ascii=False)
            body = text.encode("utf-8", "replace")
        request.META = {
            "CONTENT_TYPE": self.content_type,
            "CONTENT_LENGTH": str(len(body)),
            **{
                f"HTTP_{name.upper().replace('-', '_')}": value
                for name, value in self.headers.items()
            },
        }
        kind, parameters = parse_header_parameters(self.content_type)
        request.content_type, request.content_params = kind, parameters
        vars(request)["_body"] = body if form is None else b""
        if form is not None:
            form.attach_to(request)
        return request


@dataclass(frozen=True)
class ReceivedMail:
    """One mail that a call carried: raw, or taken apart by its provider."""

    delivery: Delivery
    #: The mail as it travelled, if the provider hands that over.
    raw: bytes | None = None
    #: True if it was not in the call but had to be fetched.
    was_fetched: bool = False
    #: The parts of a mail that has no raw form, and its headers.
    message: Message | None = None
    fields: Fields = field(default_factory=list)


def is_form(content_type: str) -> bool:
    """Tell whether a body of this type is a form."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in ("multipart/form-data", "application/x-www-form-urlencoded")


def raw_bytes(text: str) -> bytes:
    """Return the bytes of a mail that came inside of JSON."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
