"""Read the form of a kept request: bounded, in one pass, byte for byte.

Django's own reader refuses a field over DATA_UPLOAD_MAX_MEMORY_SIZE and more than 100
files, leaves out files whose names it does not like, and decodes what it keeps. A
mail that comes as a form survives none of these (SECURITY LF-A4, REL-05).
"""

from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from io import BytesIO
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from wagtail_helpdesk.intake.parts import UNREADABLE, file_name_of
from wagtail_helpdesk.intake.raw_mail import AS_WRITTEN

#: Fields and files read of one form.
FIELD_LIMIT = 2_000

_PART_HEADER_BYTES = 8_192
_OPAQUE = "application/octet-stream"


class PostedFile(BytesIO):
    """A file of a form, as much of an UploadedFile as Anymail looks at."""

    def __init__(self, content: bytes, *, name: str, content_type: str) -> None:
        super().__init__(content)
        self.name = name
        self.content_type = content_type
        self.charset = None


@dataclass
class PostedForm:
    """The fields and files of a form, in their order."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    files: list[tuple[str, PostedFile]] = field(default_factory=list)

    def first(self, name: str) -> bytes | None:
        """Return the first value of a field, or None."""
        return next((value for key, value in self.fields if key == name), None)

    def without(self, *names: str) -> "PostedForm":
        """Return the form without these fields."""
        kept = [(key, value) for key, value in self.fields if key not in names]
        return PostedForm(fields=kept, files=self.files)

    def attach_to(self, request: HttpRequest) -> None:
        """Give the request this form, so that nothing parses its body again."""
        post = QueryDict(mutable=True, encoding="utf-8")
        for name, value in self.fields:
            post.appendlist(name, value.decode("utf-8", "replace"))
        files: MultiValueDict[str, PostedFile] = MultiValueDict()
        for name, file in self.files:
            files.appendlist(name, file)
        # A WSGIRequest reads the first two, a plain request has the others.
        vars(request).update(_post=post, _files=files, POST=post, FILES=files)


def read_form(body: bytes, *, content_type: str) -> PostedForm:
    """Return the form in the body, empty if it holds none."""
    header = Message()
    header["Content-Type"] = content_type
    kind = header.get_content_type()
    if kind == "application/x-www-form-urlencoded":
        return _read_urlencoded(body)
    boundary = header.get_param("boundary")
    if kind == "multipart/form-data" and isinstance(boundary, str):
        return _read_multipart(body, boundary=boundary.encode("latin-1", "replace"))
    return PostedForm()


def _read_urlencoded(body: bytes) -> PostedForm:
    form = PostedForm()
    for pair in body.split(b"&", FIELD_LIMIT)[:FIELD_LIMIT]:
        name, _, value = pair.partition(b"=")
        if name:
            key = unquote_to_bytes(name.replace(b"+", b" ")).decode("utf-8", "replace")
            form.fields.append((key, unquote_to_bytes(value.replace(b"+", b" "))))
    return form


def _read_multipart(body: bytes, *, boundary: bytes) -> PostedForm:
    form = PostedForm()
    delimiter = b"\r\n--" + boundary
    # A line break in front makes the first delimiter look like the others.
    _preamble, *parts = (b"\r\n" + body).split(delimiter, FIELD_LIMIT)
    for part in parts:
        if part.startswith(b"--"):
            break
        _padding, _, rest = part.partition(b"\r\n")
        if rest.startswith(b"\r\n"):
            continue
        header, found, content = rest.partition(b"\r\n\r\n")
        if found and len(header) <= _PART_HEADER_BYTES:
            _add_part(form, header, content)
    return form


def _add_part(form: PostedForm, header: bytes, content: bytes) -> None:
    try:
        part = BytesParser(policy=AS_WRITTEN).parsebytes(header + b"\r\n\r\n")
        name = part.get_param("name", header="content-disposition")
        has_file_name = part.get_param("filename", header="content-disposition")
    except UNREADABLE:
        return
    if not isinstance(name, str):
        return
    if has_file_name is None:
        form.fields.append((name, content))
        return
    kind = part.get_content_type()
    if kind.startswith(("message/", "multipart/")):
        # Kept as one piece: nothing of ours looks into attached mails.
        kind = _OPAQUE
    file = PostedFile(content, name=file_name_of(part), content_type=kind)
    form.files.append((name, file))
