"""Limits, blocked kinds, clean names."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.factories import make_file
from wagtail_helpdesk.attachments import (
    NAME_LENGTH,
    check_file,
    clean_name,
    has_blocked_ending,
    most_megabytes,
)
from wagtail_helpdesk.exceptions import AttachmentRefused
from wagtail_helpdesk.models import HelpdeskSettings

pytestmark = pytest.mark.django_db


@pytest.mark.req("SEC-72", "SEC-77")
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a/", "a"),
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        ("a\r\nb.txt", "ab.txt"),
        ("nul\x00.txt", "nul.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u200b\u2800 .txt", "a .txt"),
        ("x" + " " * 120 + ".txt", "x .txt"),
        ("\udcff.txt", "txt"),
        ("resume\uff0eexe", "resume.exe"),
    ],
)
def test_clean_name(given: str, shown: str) -> None:
    assert clean_name(given) == shown


@pytest.mark.req("SEC-72")
def test_clean_name_when_it_is_too_long_keeps_the_ending() -> None:
    name = clean_name("x" * 400 + ".pdf")

    assert len(name) == NAME_LENGTH
    assert name.endswith("x.pdf")


@pytest.mark.req("CTI-87", "CTI-88", "SEC-73")
@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.EXE",
        "b.cmd",
        "c.sh",
        "d.ps1",
        "e.vbs",
        "f.dll",
        "g.so",
        "h.dylib",
        "i.bat",
        "lib.so.1",
        "a.exe.txt",
    ],
)
def test_check_file_when_the_ending_is_blocked(name: str) -> None:
    with pytest.raises(AttachmentRefused, match="not accepted"):
        check_file(make_file(name=name), most_mb=25)


@pytest.mark.req("CTI-89")
@pytest.mark.parametrize(
    "name", ["a.pdf", "b.docx", "c.zip", "so", "exe", "sh.txt.pdf"]
)
def test_check_file_when_the_ending_is_free(name: str) -> None:
    assert not has_blocked_ending(clean_name(name))


@pytest.mark.req("CTI-88")
@pytest.mark.parametrize("head", [b"MZ\x90\x00", b"\x7fELF\x02", b"\xcf\xfa\xed\xfe"])
def test_check_file_when_it_is_a_program_by_its_bytes(head: bytes) -> None:
    with pytest.raises(AttachmentRefused, match="program"):
        check_file(
            make_file(name="holiday.jpg", content=head + b"\x00" * 300), most_mb=25
        )


@pytest.mark.req("CTI-84", "SEC-75")
def test_check_file_at_the_limit() -> None:
    mega = 1024 * 1024

    assert check_file(make_file(content=b"x" * mega), most_mb=1).size == mega
    with pytest.raises(AttachmentRefused, match="larger than 1 MB"):
        check_file(make_file(content=b"x" * (mega + 1)), most_mb=1)


@pytest.mark.req("CTI-84")
def test_most_megabytes_is_what_administrators_say() -> None:
    HelpdeskSettings.objects.update(max_attachment_mb=3)

    assert most_megabytes() == 3


@pytest.mark.req("SEC-70")
@pytest.mark.parametrize(
    ("content", "claimed", "found"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, "text/html", "image/png"),
        (b"hello", "text/plain; charset=utf-8", "text/plain"),
        (b"hello", "not a type", "application/octet-stream"),
        (b"", "image/png\r\nX: y", "application/octet-stream"),
    ],
)
def test_check_file_judges_the_type(content: bytes, claimed: str, found: str) -> None:
    file = make_file(content=content, content_type=claimed)

    assert check_file(file, most_mb=25).content_type == found


@pytest.mark.req("SEC-70")
def test_check_file_knows_an_office_document_from_an_archive() -> None:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 40)
        archive.writestr("word/document.xml", "<document/>")

    file = make_file(name="letter.docx", content=content.getvalue())

    assert check_file(file, most_mb=25).content_type.endswith(
        "wordprocessingml.document"
    )


@pytest.mark.req("REL-61")
def test_check_file_keeps_the_digest() -> None:
    digest = check_file(make_file(content=b"abc"), most_mb=25).sha256

    assert digest.startswith("ba7816bf")
