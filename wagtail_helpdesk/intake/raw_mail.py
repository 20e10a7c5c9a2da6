"""Bound a raw mail before a parser sees it: what is cut here can't hang one."""

import re
from email.policy import Compat32

#: Header fields kept of one mail, and bytes of one field (SEC-120).
HEADER_FIELDS = 200
FIELD_BYTES = 65_536
#: Levels of parts that are read as parts.
DEPTH = 50

_HEADER_BYTES = 4 * 1024 * 1024

# Kept wherever they stand, behind however many fields of a trace.
_NEEDED = frozenset(
    {
        b"from",
        b"to",
        b"cc",
        b"subject",
        b"date",
        b"message-id",
        b"in-reply-to",
        b"references",
        b"reply-to",
        b"content-type",
        b"content-transfer-encoding",
        b"content-disposition",
        b"mime-version",
        b"auto-submitted",
        b"precedence",
        b"return-path",
    }
)
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_BOUNDARY = re.compile(
    rb"boundary[ \t]*=[ \t]*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.I
)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


class _AsWritten(Compat32):
    """Hand out what a header holds, bytes beyond ASCII as surrogates.

    The usual policy puts a replacement character for each of them, and so loses the
    name of a file that was written in bare UTF-8.
    """

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return the value as it is."""
        return value


AS_WRITTEN = _AsWritten()


def split_header(raw: bytes) -> tuple[bytes, bytes]:
    """Return the header block and the body."""
    if raw[:1] in (b"\n", b"\r"):
        return b"", raw.lstrip(b"\r\n")
    match = _END_OF_HEADER.search(raw)
    if match is None:
        return raw[:_HEADER_BYTES], b""
    return raw[: min(match.start(), _HEADER_BYTES)], raw[match.end() :]


def header_fields(header: bytes) -> list[tuple[bytes, bytes]]:
    """Return (name, value) of each field: bounded, unfolded later, in their order."""
    fields: list[tuple[bytes, list[bytes]]] = []
    # A bare CR ends no line: where it did, it could hide a second From.
    for line in header.replace(b"\r\n", b"\n").replace(b"\r", b" ").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1][1].append(line)
            continue
        match = _FIELD.match(line)
        if match:
            fields.append((match[1], [line[match.end() :]]))
        # Anything else is no field: "From " of a mailbox, or rubbish.
    kept: list[tuple[bytes, bytes]] = []
    for number, (name, lines) in enumerate(fields):
        is_needed = name.lower() in _NEEDED and len(kept) < 2 * HEADER_FIELDS
        if number < HEADER_FIELDS or is_needed:
            kept.append((name, b"\n".join(lines)[:FIELD_BYTES]))
    return kept


def bounded(raw: bytes) -> bytes:
    """Return the mail with its header cut to what is read of it."""
    header, body = split_header(raw)
    fields = header_fields(header)
    lines = [name + b":" + value for name, value in fields]
    return b"\n".join(lines) + b"\n\n" + body


def is_too_deep(raw: bytes) -> bool:
    """Tell whether parts are nested deeper than a parser should follow.

    One pass over the lines: Python's parser needs a frame for each level and asks
    each level about each line.
    """
    if (
        raw.lower().count(b"boundary") <= DEPTH
        and raw.lower().count(b"rfc822") <= DEPTH
    ):
        return False
    open_boundaries: list[bytes] = []
    position: dict[bytes, int] = {}
    rfc822_run = 0
    for line in raw.splitlines():
        if line.startswith(b"--"):
            name = line[2:].rstrip()
            is_end = name.endswith(b"--") and name[:-2] in position
            name = name[:-2] if is_end else name
            if name in position:
                keep = position[name] + (0 if is_end else 1)
                for closed in open_boundaries[keep:]:
                    position.pop(closed, None)
                del open_boundaries[keep:]
                rfc822_run = 0
        lowered = line.lower()
        if b"message/rfc822" in lowered:
            rfc822_run += 1
            if rfc822_run > DEPTH:
                return True
        if b"boundary" in lowered:
            for match in _BOUNDARY.finditer(line):
                name = match[1] or match[2]
                if name not in position:
                    position[name] = len(open_boundaries)
                    open_boundaries.append(name)
            if len(open_boundaries) > DEPTH:
                return True
    return False
