"""Read a mail as a mail program does: headers, words, pictures, files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file, or a picture that the HTML shows."""

    index: int
    name: str
    content_type: str
    content: bytes
    content_id: str
    is_inline: bool

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self.content)


@dataclass(frozen=True, kw_only=True)
class ReadMail:
    """A mail, read."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    parts: tuple[Part, ...]

    def header(self, name: str) -> str:
        """Return the first header of this name, unfolded; empty if there is none."""
        wanted = name.lower()
        return next((v for n, v in self.headers if n.lower() == wanted), "")

    def addresses(self, *names: str) -> list[tuple[str, str]]:
        """Return the (name, address) pairs of these headers, addresses lower-case."""
        wanted = {name.lower() for name in names}
        values = [value for name, value in self.headers if name.lower() in wanted]
        return [(n, a.lower()) for n, a in getaddresses(values) if "@" in a]

    @property
    def subject(self) -> str:
        """The subject on one line."""
        return self.header("Subject")

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address of who wrote it."""
        return next(iter(self.addresses("From")), ("", ""))

    @property
    def date(self) -> datetime | None:
        """When it says that it was written."""
        try:
            written = parsedate_to_datetime(self.header("Date"))
        except ValueError:
            return None
        return written if written.tzinfo else written.replace(tzinfo=UTC)

    @property
    def files(self) -> list[Part]:
        """The parts that stand below the mail: all but the pictures inside it."""
        return [
            part
            for part in self.parts
            if not (part.content_id and f"cid:{part.content_id}" in self.html)
        ]


def read(raw: bytes) -> ReadMail:
    """Return the mail in these bytes; whatever can't be read is left out."""
    message = message_from_bytes(raw, policy=policy.default)
    texts: dict[str, str] = {}
    parts: list[Part] = []
    for node in _leaves(message):
        kind = node.get_content_type()
        is_words = kind in ("text/plain", "text/html") and not (
            node.get_content_disposition() == "attachment" or node.get_filename()
        )
        if is_words and kind not in texts:
            texts[kind] = _words(node)
        else:
            parts.append(_part(node, index=len(parts)))
    return ReadMail(
        headers=tuple((name, _one_line(value)) for name, value in message.items()),
        text=texts.get("text/plain", ""),
        html=texts.get("text/html", ""),
        parts=tuple(parts),
    )


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts without parts; a mail inside the mail is one of them."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for child in message.iter_parts():
            yield from _leaves(child)
    else:
        yield message


def _words(node: EmailMessage) -> str:
    content = node.get_payload(decode=True) or b""
    charset = node.get_content_charset("utf-8")
    try:
        words = content.decode(charset, errors="replace")
    except LookupError:
        words = content.decode("utf-8", errors="replace")
    return words.replace("\r\n", "\n")


def _part(node: EmailMessage, *, index: int) -> Part:
    content_type = node.get_content_type()
    if node.is_multipart():
        content = b"\n".join(child.as_bytes() for child in node.get_payload())
        fallback = "message.eml" if content_type == "message/rfc822" else "status.txt"
    else:
        content = node.get_payload(decode=True) or b""
        fallback = "file"
    return Part(
        index=index,
        name=node.get_filename() or fallback,
        content_type=content_type,
        content=content,
        content_id=(node.get("Content-ID") or "").strip().strip("<>"),
        is_inline=node.get_content_disposition() == "inline",
    )
