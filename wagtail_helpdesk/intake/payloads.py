"""Small readings of what providers put into their calls; nothing here knows Anymail."""

import json
import math
from base64 import b64decode
from collections.abc import Iterable
from typing import Any

from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.intake.calls import raw_bytes
from wagtail_helpdesk.intake.charsets import decode
from wagtail_helpdesk.intake.email_parsing import Fields
from wagtail_helpdesk.intake.posted_forms import PostedForm

_OPAQUE = "application/octet-stream"


def dumped(payload: Any) -> bytes:
    """Return JSON in ASCII: bytes kept as surrogates come back as what they were."""
    return json.dumps(payload).encode("ascii")


def flat_headers(headers: dict[str, str | list[str]]) -> Fields:
    """Return (name, value) of each header of a dict that holds lists for some."""
    return [
        (name, str(value))
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def mail_of(text: str, *, is_base64: bool) -> bytes:
    """Return the bytes of a mail inside of JSON."""
    return b64decode(text + "==") if is_base64 else raw_bytes(text)


def as_one_piece(content_type: str) -> str:
    """Return a type of file that keeps Anymail from parsing an attached mail."""
    is_nested = content_type.strip().lower().startswith(("message/", "multipart/"))
    return _OPAQUE if is_nested else content_type


def finite_number(value: object) -> float | None:
    """Return a provider's score as a number that can be stored and compared."""
    if not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def collected(chunks: Iterable[bytes]) -> bytes:
    """Return what is being fetched, up to the size that the site takes."""
    limit = get_conf().max_inbound_bytes
    fetched = bytearray()
    for chunk in chunks:
        fetched += chunk
        if len(fetched) > limit:
            raise ValueError("The fetched mail is larger than the site takes.")
    return bytes(fetched)


def form_in_utf8(form: PostedForm) -> PostedForm:
    """Return SendGrid's form, whose texts each have a character set of their own."""
    try:
        charsets = json.loads(form.first("charsets") or b"{}")
    except ValueError:
        charsets = {}
    fields = []
    for name, value in form.fields:
        if name in ("text", "html"):
            value = decode(value, str(charsets.get(name, ""))).encode(
                "utf-8", "replace"
            )
        if name != "charsets":
            fields.append((name, value))
    return PostedForm(fields=fields, files=form.files)


def postmark_fields(payload: dict[str, Any]) -> Fields:
    """Return the headers that Postmark takes out of its list of them."""
    fields: Fields = [("Subject", str(payload.get("Subject") or ""))]
    sender = payload.get("FromFull")
    author = _address(sender) if sender else str(payload.get("From") or "")
    if author:
        fields.append(("From", author))
    for name in ("To", "Cc"):
        people = payload.get(f"{name}Full") or []
        if people:
            fields.append((name, ", ".join(_address(each) for each in people)))
    for name, key in (("Date", "Date"), ("Reply-To", "ReplyTo")):
        if payload.get(key):
            fields.append((name, str(payload[key])))
    return fields


def _address(person: dict[str, Any]) -> str:
    name = str(person.get("Name") or "").replace("\\", "").replace('"', "")
    return f'"{name}" <{person.get("Email") or ""}>'
