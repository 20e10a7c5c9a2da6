"""Files of messages: limits, blocked kinds, clean names, handing out (CTI-82 … 91)."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.core.files.base import ContentFile, File
from django.http import FileResponse, Http404
from django.utils.translation import gettext

from wagtail_helpdesk.exceptions import AttachmentRefused
from wagtail_helpdesk.models import AbstractAttachment, HelpdeskSettings

#: Endings that are refused, whatever the case, also as the last but one (CTI-87).
BLOCKED_ENDINGS = frozenset(
    {"exe", "bat", "cmd", "sh", "ps1", "vbs", "dll", "so", "dylib"}
)
#: Kinds that are refused by their first bytes, whatever the name (CTI-88).
BLOCKED_TYPES = frozenset(
    {
        "application/x-msdownload",
        "application/x-executable",
        "application/x-mach-binary",
    }
)
_MAGIC = {
    b"MZ": "application/x-msdownload",
    b"\x7fELF": "application/x-executable",
    b"\xfe\xed\xfa\xce": "application/x-mach-binary",
    b"\xfe\xed\xfa\xcf": "application/x-mach-binary",
    b"\xce\xfa\xed\xfe": "application/x-mach-binary",
    b"\xcf\xfa\xed\xfe": "application/x-mach-binary",
}
#: Kinds that a browser may show in place; nothing in them runs (SEC-70).
INLINE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: Kinds that are handed out under their own name; all others as octets (SEC-70).
SERVED_TYPES = INLINE_TYPES | {
    "application/msword",
    "application/pdf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/zip",
    "audio/mpeg",
    "text/csv",
    "text/plain",
    "video/mp4",
}
#: Files that one form may upload (CTI-85). Mails are not counted: nothing is lost.
MAX_FILES = 10
#: Width of the column for the shown name, in characters.
NAME_LENGTH = 255
#: Bytes by which a kind is recognised; an office document shows its own late.
HEAD_LENGTH = 8192

_OCTETS = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}", re.ASCII)


@dataclass(frozen=True)
class IncomingFile:
    """A file as it came in, not yet checked."""

    name: str
    content: bytes | File
    content_type: str = _OCTETS
    content_id: str = ""
    is_inline: bool = False

    @property
    def size(self) -> int:
        """Return the size in bytes."""
        if isinstance(self.content, bytes):
            return len(self.content)
        return self.content.size


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept, with what the database says of it."""

    content: File
    name: str
    content_type: str
    size: int
    sha256: str
    content_id: str
    is_inline: bool


def clean_name(name: str) -> str:
    """Return a name fit to be shown and to be checked; the same string serves both.

    Takes away folders, control and invisible characters, and the marks that turn the
    direction of writing, with which ``gpj.exe`` is shown as ``exe.jpg`` (SEC-77).
    """
    text = unicodedata.normalize("NFKC", name.replace("\\", "/"))
    base = text.rstrip("/").rpartition("/")[2]
    visible = "".join(
        char
        for char in base
        if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        and char != "\u2800"
    )
    one_line = " ".join(visible.split()).strip(" .")
    if not one_line:
        return "file"
    path = PurePosixPath(one_line)
    ending = path.suffix if len(path.suffix) <= 20 else ""
    stem = one_line[: len(one_line) - len(ending)] if ending else one_line
    return stem[: NAME_LENGTH - len(ending)] + ending


def has_blocked_ending(name: str) -> bool:
    """Tell whether the last or the last but one ending of a clean name is blocked."""
    endings = [part.strip().lower() for part in name.split(".")[1:]]
    return any(ending in BLOCKED_ENDINGS for ending in endings[-2:])


def _first_bytes(content: File) -> bytes:
    content.seek(0)
    head = content.read(HEAD_LENGTH)
    content.seek(0)
    return head


def sniff(content: File, *, claimed: str) -> str:
    """Return the media type by content, else the claimed one, else octets.

    Every type that a browser would run comes out as octets (SEC-70, SEC-74).
    """
    head = _first_bytes(content)
    for magic, media_type in _MAGIC.items():
        if head.startswith(magic):
            return media_type
    kind = filetype.guess(head) if head else None
    if kind is not None:
        return kind.mime
    claimed = claimed.partition(";")[0].strip().lower()
    return claimed if _TYPE.fullmatch(claimed) else _OCTETS


def _digest(content: File) -> str:
    sha256 = hashlib.sha256()
    content.seek(0)
    for chunk in content.chunks():
        sha256.update(chunk)
    content.seek(0)
    return sha256.hexdigest()


def most_megabytes() -> int:
    """Return how large a file may be (CTI-84); one query, so ask once for many."""
    return HelpdeskSettings.load().max_attachment_mb


def check_file(incoming: IncomingFile, *, most_mb: int) -> CheckedFile:
    """Return the file ready to be stored.

    :param most_mb: what :func:`most_megabytes` says.
    :raises AttachmentRefused: it is too large, or of a blocked kind.
    """
    name = clean_name(incoming.name)
    if has_blocked_ending(name):
        raise AttachmentRefused(
            gettext("%(name)s was left out: files of this kind are not accepted.")
            % {"name": name}
        )
    if incoming.size > most_mb * 1024 * 1024:
        raise AttachmentRefused(
            gettext("%(name)s was left out: it is larger than %(limit)d MB.")
            % {"name": name, "limit": most_mb}
        )
    content = (
        ContentFile(incoming.content)
        if isinstance(incoming.content, bytes)
        else incoming.content
    )
    content_type = sniff(content, claimed=incoming.content_type)
    if content_type in BLOCKED_TYPES:
        raise AttachmentRefused(
            gettext("%(name)s was left out: it is a program.") % {"name": name}
        )
    return CheckedFile(
        content=content,
        name=name,
        content_type=content_type,
        size=incoming.size,
        sha256=_digest(content),
        content_id=incoming.content_id[:NAME_LENGTH],
        is_inline=incoming.is_inline and content_type in INLINE_TYPES,
    )


def file_response(
    attachment: AbstractAttachment, *, is_inline: bool = False
) -> FileResponse:
    """Return the file as an answer in which nothing can run (SEC-70, SEC-74).

    Whether the asker may have it is the caller's question, each time anew.

    :param is_inline: show it in place, if it is a picture of a harmless kind.
    :raises Http404: the storage has lost it.
    """
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404(gettext("This file is not there any more.")) from None
    media_type = attachment.content_type
    shows = is_inline and media_type in INLINE_TYPES
    response = FileResponse(
        content,
        as_attachment=not shows,
        filename=attachment.name,
        content_type=media_type if media_type in SERVED_TYPES else _OCTETS,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
