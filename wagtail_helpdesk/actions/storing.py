"""How messages and notes keep their files; used by the verbs that write them."""

from collections.abc import Sequence

from django.utils.translation import gettext

from wagtail_helpdesk.attachments import (
    CheckedFile,
    IncomingFile,
    check_file,
    most_megabytes,
)
from wagtail_helpdesk.exceptions import AttachmentRefused, EmptyText
from wagtail_helpdesk.markup import clean_text
from wagtail_helpdesk.models import AbstractAttachment


def checked_files(files: Sequence[IncomingFile]) -> list[CheckedFile]:
    """Return the files ready to be stored.

    :raises AttachmentRefused: on the first one that is refused.
    """
    if not files:
        return []
    most_mb = most_megabytes()
    return [check_file(file, most_mb=most_mb) for file in files]


def split_files(
    files: Sequence[IncomingFile],
) -> tuple[list[IncomingFile], list[str]]:
    """Return the files that verbs will take, and a sentence for each they will not.

    For mail, which must keep its text whatever comes with it (SEC-73, REL-11).
    """
    kept: list[IncomingFile] = []
    refused: list[str] = []
    most_mb = most_megabytes() if files else 0
    for file in files:
        try:
            check_file(file, most_mb=most_mb)
        except AttachmentRefused as refusal:
            refused.append(str(refusal))
        else:
            kept.append(file)
    return kept, refused


def checked_text(text: str, *, has_files: bool) -> str:
    """Return the text as it may be stored.

    :raises EmptyText: there are neither words nor files.
    """
    cleaned = clean_text(text).strip()
    if not cleaned and not has_files:
        raise EmptyText(gettext("Write something first."))
    return cleaned


def store_files(
    attachments: list[AbstractAttachment], files: list[CheckedFile]
) -> None:
    """Save each file with its row, in the order given."""
    for attachment, file in zip(attachments, files, strict=True):
        attachment.name = file.name
        attachment.content_type = file.content_type
        attachment.size = file.size
        attachment.sha256 = file.sha256
        attachment.content_id = file.content_id
        attachment.is_inline = file.is_inline
        attachment.file.save(file.name, file.content, save=False)
        attachment.save()
