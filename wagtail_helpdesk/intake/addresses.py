"""Read addresses out of headers that strangers wrote, in linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wagtail_helpdesk.intake.cleaning import clean_line

#: Addresses read of one header; the rest of a crowd is not looked at.
ADDRESS_LIMIT = 50

_HEADER_LIMIT = 16_384
_LENGTH = 254
_ADDR_SPEC = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}"
    r"@[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f=?]{1,253}"
)


@dataclass(frozen=True)
class Mailbox:
    """One entry of an address header; `email` is "" unless it is beyond doubt."""

    name: str
    email: str


def read_addr_spec(text: str) -> str:
    """Return the address in lower case, or "" if it is not exactly one."""
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    # An encoded word inside an address decodes to another address than the one
    # that mail servers, and DMARC, have seen.
    if "=?" in text or len(text) > _LENGTH or not _ADDR_SPEC.fullmatch(text):
        return ""
    local, _, domain = text.rpartition("@")
    if domain.startswith(".") or domain.endswith(".") or ".." in domain:
        return ""
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return ""
    return text.lower() if clean_line(text) == text else ""


def read_mailboxes(value: str, *, limit: int = ADDRESS_LIMIT) -> list[Mailbox]:
    """Split the undecoded value of an address header into its entries."""
    mailboxes = []
    for entry in _entries(value[:_HEADER_LIMIT]):
        mailbox = _mailbox_of(entry)
        if mailbox is not None:
            mailboxes.append(mailbox)
            if len(mailboxes) >= limit:
                break
    return mailboxes


def read_emails(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the usable addresses of all headers of one name, each once."""
    found: dict[str, None] = {}
    for value in values:
        for mailbox in read_mailboxes(value):
            if mailbox.email:
                found.setdefault(mailbox.email)
            if len(found) >= ADDRESS_LIMIT:
                return tuple(found)
    return tuple(found)


# An entry is a list of (kind, text); kind is "text", "quoted", "comment" or "angle".
_Entry = list[tuple[str, str]]


def _entries(value: str) -> Iterator[_Entry]:
    entry: _Entry = []
    position = 0
    while position < len(value):
        character = value[position]
        if character == '"':
            position, text = _quoted(value, position, '"')
            entry.append(("quoted", text))
        elif character == "(":
            position, text = _comment(value, position)
            entry.append(("comment", text))
        elif character == "<":
            end = value.find(">", position)
            end = len(value) if end < 0 else end
            entry.append(("angle", value[position + 1 : end]))
            position = end + 1
        elif character in ",;":
            yield entry
            entry = []
            position += 1
        elif character == ":" and not any(
            kind == "angle" or "@" in text for kind, text in entry
        ):
            # The name of a group: what follows are its members. With an address in
            # front it is none, and others may have seen that one as the sender.
            entry = []
            position += 1
        else:
            match = _PLAIN.match(value, position)
            end = match.end() if match else position + 1
            entry.append(("text", value[position:end]))
            position = end
    yield entry


_PLAIN = re.compile(r'[^"(<,;:]+')


def _quoted(value: str, start: int, end: str) -> tuple[int, str]:
    text = []
    position = start + 1
    while position < len(value) and value[position] != end:
        if value[position] == "\\" and position + 1 < len(value):
            position += 1
        text.append(value[position])
        position += 1
    return position + 1, "".join(text)


def _comment(value: str, start: int) -> tuple[int, str]:
    depth = 0
    position = start
    while position < len(value):
        character = value[position]
        if character == "\\":
            position += 1
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return position + 1, value[start + 1 : position]
        position += 1
    return len(value), value[start + 1 :]


def _mailbox_of(entry: _Entry) -> Mailbox | None:
    angles = [text for kind, text in entry if kind == "angle"]
    words = [text for kind, text in entry if kind in ("text", "quoted")]
    if angles:
        email = read_addr_spec(angles[0]) if len(angles) == 1 else ""
        return Mailbox(name=" ".join("".join(words).split()), email=email)
    text = "".join(words).strip()
    if not text:
        return None
    has_quotes = any(kind == "quoted" for kind, _ in entry)
    parts = [text for kind, text in entry if kind == "text" and text.strip()]
    # `agent(x)@here` and `"agent"@here` are spellings nobody uses by chance.
    email = read_addr_spec(parts[0]) if len(parts) == 1 and not has_quotes else ""
    comments = [text for kind, text in entry if kind == "comment"]
    return Mailbox(name=comments[0].strip() if comments else "", email=email)
