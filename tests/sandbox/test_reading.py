"""The mailbox reads what real mail programs and careless ones send."""

from sandbox.mailbox.reading import read
from tests.sandbox.mails import answer_of_desk


def test_reads_both_renderings_and_the_addresses_when_mail_has_them() -> None:
    mail = read(answer_of_desk())

    assert mail.sender == ("Ana Okafor (IT)", "it@everyday.example")
    assert mail.text == "Turn it off.\nThen on.\n"
    assert "<b>off</b>" in mail.html
    assert mail.files == []


def test_keeps_the_words_when_charset_is_unknown_or_bytes_are_wrong() -> None:
    raw = (
        b"From: a@b.example\r\nSubject: x\r\n"
        b"Content-Type: text/plain; charset=x-none\r\n\r\nGr\xfc\xdfe"
    )

    assert read(raw).text.startswith("Gr")


def test_tells_a_shown_picture_from_a_file_when_html_names_it() -> None:
    raw = (
        b"From: a@b.example\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="x"\r\n\r\n'
        b'--x\r\nContent-Type: text/html\r\n\r\n<img src="cid:logo@b">\r\n'
        b"--x\r\nContent-Type: image/png\r\nContent-ID: <logo@b>\r\n\r\n1\r\n"
        b"--x\r\nContent-Type: image/png\r\nContent-ID: <other@b>\r\n\r\n2\r\n--x--\r\n"
    )
    mail = read(raw)

    assert [part.content_id for part in mail.parts] == ["logo@b", "other@b"]
    assert [part.content_id for part in mail.files] == ["other@b"]


def test_returns_no_date_when_header_is_nonsense() -> None:
    assert read(b"Date: yesterday\r\n\r\nx").date is None
    assert read(b"\r\nx").date is None


def test_hands_out_a_mail_inside_the_mail_as_a_file() -> None:
    raw = (
        b"From: a@b.example\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nsee below\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nwords\r\n"
        b"--x--\r\n"
    )
    (inner,) = read(raw).files

    assert inner.name == "message.eml"
    assert b"Subject: inner" in inner.content
    assert read(raw).text.strip() == "see below"
