"""Walk the parts of a mail: what is text, what is HTML, what is a file."""

import re
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.policy import compat32

from wagtail_helpdesk.attachments import IncomingFile
from wagtail_helpdesk.intake.bodies import Body, readable
from wagtail_helpdesk.intake.charsets import decode
from wagtail_helpdesk.intake.cleaning import clean_file_name, clean_line
from wagtail_helpdesk.intake.raw_mail import DEPTH

#: Parts that are looked at.
PART_LIMIT = 500

#: What Python's mail package raises on mails that people really sent.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

_TEXTS = ("text/plain", "text/html")
_RETURNED_TYPES = ("message/rfc822", "text/rfc822-headers", "message/global")
_RETURNED_BYTES = 32_768
_RETURNED_FIELD = re.compile(
    r"^(?:message-id|references|in-reply-to|reply-to|return-path|from)[ \t]*:"
    r"((?:[^\n]|\n[ \t]){1,4000})",
    re.IGNORECASE | re.MULTILINE,
)
_RETURNED_ID = re.compile(r"[^\s<>@,;:\"]{1,250}@[^\s<>@,;:\"]{1,250}")
_SUFFIXES = {
    "text/calendar": "ics",
    "text/html": "html",
    "text/plain": "txt",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "application/ms-tnef": "dat",
    "application/pgp-signature": "asc",
    "application/pkcs7-signature": "p7s",
    "message/delivery-status": "txt",
    "message/rfc822": "eml",
}


@dataclass
class Parts:
    """What a mail consists of."""

    text: str = ""
    html: str = ""
    files: list[IncomingFile] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    returned_ids: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_parts(message: Message) -> Parts:
    """Sort the parts of a message; attached mails are files and not entered."""
    parts = Parts()
    bodies: list[Body] = []
    # Own stack instead of walk(): bounded, and it does not enter attached mails.
    stack: list[tuple[Message, int, int]] = [(message, 0, 0)]
    seen = 0
    while stack and seen < PART_LIMIT:
        part, depth, group = stack.pop()
        seen += 1
        kind = _kind_of(part)
        parts.types.add(kind)
        children = _children(part, kind=kind, is_top=depth == 0)
        if children is not None and depth < DEPTH:
            group = seen if kind == "multipart/alternative" else group
            stack.extend((child, depth + 1, group) for child in reversed(children))
            continue
        if kind in _RETURNED_TYPES:
            parts.returned_ids.extend(_returned_ids(content_of(part)))
        if _is_body(part, kind=kind):
            text = decode(content_of(part), _charset_of(part))
            if text.strip():
                is_html = kind == "text/html"
                bodies.append(Body(text=text, is_html=is_html, group=group))
        else:
            _add_file(parts, part, kind=kind, number=seen)
    if not bodies and isinstance(message.preamble, str):
        # Parts that never begin: all the words stand before the first of them.
        preamble = message.preamble.encode("utf-8", "surrogateescape")
        bodies.append(Body(text=decode(preamble), is_html=False, group=0))
    parts.text = readable(bodies)
    parts.html = "\n<hr>\n".join(body.text for body in bodies if body.is_html)
    return parts


def _kind_of(part: Message) -> str:
    try:
        return part.get_content_type()
    except UNREADABLE:
        return "application/octet-stream"


def _disposition_of(part: Message) -> str:
    try:
        return part.get_content_disposition() or ""
    except UNREADABLE:
        return ""


def _children(part: Message, *, kind: str, is_top: bool) -> list[Message] | None:
    """Return the parts to walk into, or None for a part that is one piece."""
    if not kind.startswith("multipart/") and not (is_top and part.is_multipart()):
        return None
    if not is_top and _disposition_of(part) == "attachment":
        return None
    payload = part.get_payload()
    if not isinstance(payload, list):
        return None
    return [child for child in payload if isinstance(child, Message)]


def _is_body(part: Message, *, kind: str) -> bool:
    if kind.startswith("multipart/") and not part.is_multipart():
        # A boundary that never comes: what is there is text (REL-07).
        return True
    if kind not in _TEXTS or _disposition_of(part) == "attachment":
        return False
    return not file_name_of(part)


def _charset_of(part: Message) -> str:
    try:
        value = part.get_param("charset")
    except UNREADABLE:
        return ""
    return value if isinstance(value, str) else (value[2] if value else "")


def content_of(part: Message) -> bytes:
    """Return the decoded bytes of a part; of an attached mail, the mail."""
    try:
        if part.is_multipart():
            inner = _attached_mail(part)
            if inner is not None:
                return inner.as_bytes(policy=compat32)
            return part.as_bytes(policy=compat32)
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            return payload
    except UNREADABLE:
        pass
    return _undecoded(part)


def mail_bytes(message: Message) -> bytes:
    """Return a whole message as it would travel, or as near to it as can be."""
    try:
        return message.as_bytes(policy=compat32)
    except UNREADABLE:
        return _own_text(message)


def _undecoded(part: Message) -> bytes:
    try:
        payload = part.get_payload()
    except UNREADABLE:
        return b""
    if isinstance(payload, str):
        return payload.encode("utf-8", "replace")
    if isinstance(payload, list):
        return b"\n\n".join(_own_text(each) for each in payload[:PART_LIMIT])
    return b""


def _own_text(message: object) -> bytes:
    """Return what can be had of a mail whose parts can't be written out."""
    if not isinstance(message, Message):
        return b""
    lines = [f"{name}: {value}" for name, value in message.raw_items()]
    payload = message.get_payload()
    text = payload if isinstance(payload, str) else ""
    return "\n".join([*lines, "", text]).encode("utf-8", "replace")


def file_name_of(part: Message) -> str:
    """Return the cleaned name that a part gives itself, or ""."""
    try:
        name = part.get_filename() or ""
        if "=?" in name:
            name = "".join(
                decode(chunk, charset or "") if isinstance(chunk, bytes) else chunk
                for chunk, charset in decode_header(name)
            )
        elif not name.isascii():
            name = decode(name.encode("utf-8", "surrogateescape"))
    except UNREADABLE:
        return ""
    return clean_file_name(name)


def _add_file(parts: Parts, part: Message, *, kind: str, number: int) -> None:
    content = content_of(part)
    if not content:
        return
    content_id = clean_line(_header(part, "Content-ID").strip().strip("<>"), limit=255)
    suffix = _SUFFIXES.get(kind, "bin")
    parts.files.append(
        IncomingFile(
            name=file_name_of(part) or _name_of_mail(part) or f"part-{number}.{suffix}",
            content=content,
            content_type=kind,
            content_id=content_id,
            is_inline=bool(content_id) and _disposition_of(part) != "attachment",
        )
    )


def _attached_mail(part: Message) -> Message | None:
    payload = part.get_payload()
    if not _kind_of(part).startswith("message/") or not isinstance(payload, list):
        return None
    mails = [each for each in payload if isinstance(each, Message)]
    return mails[0] if len(payload) == len(mails) == 1 else None


def _name_of_mail(part: Message) -> str:
    inner = _attached_mail(part)
    subject = _header(inner, "Subject") if inner is not None else ""
    name = clean_file_name(subject.replace("/", "-"), limit=100)
    return f"{name}.eml" if name and "=?" not in name else ""


def _header(part: Message, name: str) -> str:
    for key, value in part.raw_items():
        if key.lower() == name.lower():
            return str(value)
    return ""


def _returned_ids(content: bytes) -> list[str]:
    text = content[:_RETURNED_BYTES].decode("utf-8", "replace")
    found: list[str] = []
    for field_value in _RETURNED_FIELD.findall(text.replace("\r\n", "\n")):
        found.extend(_RETURNED_ID.findall(field_value))
    return found
