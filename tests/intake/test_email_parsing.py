"""Any bytes become an IncomingMessage that a database and a page can bear."""

import time
import unicodedata

import pytest

from tests.intake.hostile import HEAD, HOSTILE, mutants
from wagtail_helpdesk.intake.email_parsing import parse
from wagtail_helpdesk.intake.html_text import html_to_text
from wagtail_helpdesk.intake.incoming import Delivery, IncomingMessage


def assert_fit(incoming: IncomingMessage) -> None:
    """Check what every column and every header relies on."""
    lines = [
        incoming.subject,
        incoming.sender_name,
        incoming.sender_email,
        incoming.message_id,
        *incoming.references,
        *incoming.recipients,
        *(file.name for file in incoming.files),
    ]
    for line in lines:
        assert len(line.splitlines()) <= 1
        assert not {unicodedata.category(c) for c in line} & {"Cc", "Cs"}
    for text in [incoming.text, incoming.html, *lines]:
        text.encode()
        assert not set("\x00\u202e") & set(text)
    assert len(incoming.subject) <= 998
    assert len(incoming.sender_email) <= 254
    assert incoming.sender_email.count("@") in (0, 1)
    assert max(len(incoming.to), len(incoming.cc), len(incoming.references)) <= 50
    assert len(incoming.fingerprint) == 64


@pytest.mark.req("REL-01", "REL-02", "REL-08", "SEC-07", "SEC-120", "SEC-122")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_read_in_time(name: str) -> None:
    started = time.perf_counter()

    incoming = parse(HOSTILE[name])
    html_to_text(incoming.html)

    assert time.perf_counter() - started < 5
    assert_fit(incoming)


@pytest.mark.req("REL-02")
@pytest.mark.parametrize("seed", [1, 2])
def test_no_mutant_raises(seed: int) -> None:
    for mail in mutants(600, seed=seed):
        assert_fit(parse(mail))


@pytest.mark.req("REL-07")
@pytest.mark.parametrize(
    "name",
    [
        "no boundary",
        "boundary never opened",
        "boundary never closed",
        "preamble only",
        "unknown charset",
        "charset hex",
        "unknown encoding",
        "nested",
        "nested mails",
        "many recipients",
        "many parts",
        "blank lines",
    ],
)
def test_words_of_a_broken_mail_are_kept(name: str) -> None:
    incoming = parse(HOSTILE[name])

    words = {"nested": "inmost", "nested mails": "inmost", "many parts": "x"}
    assert words.get(name, "Hello.") in incoming.text


def test_what_could_not_be_told_apart_is_said() -> None:
    assert parse(HOSTILE["nested"]).problems
    assert not parse(HOSTILE["latin-1"]).problems


@pytest.mark.req("REL-07")
def test_all_texts_are_joined_and_attached_mails_are_not_entered() -> None:
    mail = (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: text/plain\r\n\r\nFirst.\r\n"
        + b"--b\r\nContent-Type: image/png; name=p.png\r\n\r\npng\r\n"
        + b"--b\r\nContent-Type: text/plain\r\n\r\nSecond.\r\n"
        + b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + b"Subject: Inner words\r\n\r\nInner.\r\n"
        + b"--b--\r\n"
    )

    incoming = parse(mail)

    assert [line for line in incoming.text.split("\n") if line] == ["First.", "Second."]
    assert [file.name for file in incoming.files] == ["p.png", "Inner words.eml"]
    assert b"Inner." in incoming.files[1].content


@pytest.mark.parametrize(
    ("declared", "encoded"),
    [
        ("iso-8859-1", "Größe"),
        ("iso-8859-1", "Größe €".encode("cp1252").decode("cp1252")),
        ("us-ascii", "Größe"),
        ("ks_c_5601-1987", "한국어"),
        ("gb2312", "汉字"),
        ("shift_jis", "漢字"),
        ("iso-2022-jp", "漢字"),
        ("koi8-r", "Привет"),
        ("klingon", "Größe"),
    ],
)
def test_text_is_decoded_by_what_is_meant(declared: str, encoded: str) -> None:
    real = {"us-ascii": "utf-8", "klingon": "utf-8", "iso-8859-1": "cp1252"}
    body = encoded.encode(real.get(declared, declared))
    mail = (
        HEAD + f"Content-Type: text/plain; charset={declared}\r\n\r\n".encode() + body
    )

    assert parse(mail).text == encoded


def test_text_that_a_provider_has_turned_into_utf8_is_no_gibberish() -> None:
    mail = (
        HEAD
        + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n"
        + "Größe".encode()
    )

    assert parse(mail).text == "Größe"


@pytest.mark.req("REL-08", "SEC-78")
def test_file_name_in_bare_utf8_is_read() -> None:
    mail = (
        b"From: ann@example.org\nContent-Type: application/pdf\n"
        b'Content-Disposition: attachment; filename="'
        + "Größe des Lifts.pdf".encode()
        + b'"\n\n%PDF-'
    )

    assert [file.name for file in parse(mail).files] == ["Größe des Lifts.pdf"]


SENDERS = {
    "Ann <ann@example.org>": "ann@example.org",
    "ann@example.org": "ann@example.org",
    "ann@example.org (Ann)": "ann@example.org",
    '"Person, Ann" <Ann@Example.ORG>': "ann@example.org",
    "=?utf-8?q?J=C3=B6rg?= <j@example.org>": "j@example.org",
    "Ann <ann+tag@sub.example.org>": "ann+tag@sub.example.org",
    "": "",
    "<>": "",
    "MAILER-DAEMON": "",
    "undisclosed-recipients:;": "",
    "agent@desk.example, ann@example.org": "",
    "agent@desk.example <ann@example.org>": "ann@example.org",
    '"agent@desk.example" <ann@example.org>': "ann@example.org",
    "<agent@desk.example> <ann@example.org>": "",
    '"agent"@desk.example': "",
    "agent(x)@desk.example": "",
    "agent@(x)desk.example": "",
    "<=?utf-8?q?agent?=@desk.example>": "",
    "=?utf-8?q?agent=40desk.example?=": "",
    "agent@desk.example\x00": "",
    "agent@@desk.example": "",
    "agent@[127.0.0.1]": "",
    ".agent@desk.example": "",
    "agent@desk..example": "",
    "Group: agent@desk.example;": "agent@desk.example",
    "ann@example.org\rFrom: agent@desk.example": "",
    "ann@example.org: agent@desk.example;": "",
    '"ann@example.org": agent@desk.example': "",
    "аgent@desk.example": "аgent@desk.example",
}


@pytest.mark.req("SEC-12")
@pytest.mark.parametrize("value", SENDERS)
def test_sender_is_the_one_address_beyond_doubt(value: str) -> None:
    mail = b"From: " + value.encode() + b"\r\nSubject: x\r\n\r\nHello."

    assert parse(mail).sender_email == SENDERS[value]


@pytest.mark.req("SEC-12")
def test_two_from_headers_name_nobody() -> None:
    mail = b"From: agent@desk.example\r\nFrom: ann@example.org\r\n\r\nHello."

    assert parse(mail).sender_email == ""


@pytest.mark.req("RT-32")
def test_recipients_are_gathered_from_envelope_and_trace() -> None:
    mail = (
        b"Delivered-To: one@desk.example\r\nX-Original-To: two@desk.example\r\n"
        b"X-Forwarded-To: three@desk.example\r\nTo: four@desk.example\r\n"
        b"Cc: five@desk.example, One@desk.example\r\n\r\nHello."
    )

    incoming = parse(mail, delivery=Delivery(envelope_recipient="Six@desk.example"))

    names = [address.partition("@")[0] for address in incoming.recipients]
    assert names == ["six", "one", "two", "three", "four", "five"]


@pytest.mark.req("REL-21", "REL-22", "REL-25")
def test_fingerprint_tells_mails_apart() -> None:
    mail = HEAD + b"\r\nHello."
    bare = mail.replace(b"Message-ID: <hostile@example.org>\r\n", b"")
    there = Delivery(envelope_recipient="sales@desk.example")
    fingerprints = {
        parse(each).fingerprint
        for each in (
            mail,
            mail.replace(b"Hello", b"Other"),
            mail.replace(b"Subject: Hostile", b"Subject: Other"),
            bare,
            bare.replace(b"09:59:58", b"09:59:59"),
            b"Received: from x; Tue, 3 Mar 2026 10:00:00 +0000\r\n" + bare,
        )
    }

    assert len(fingerprints) == 6
    assert parse(mail).fingerprint == parse(mail).fingerprint
    assert parse(mail, delivery=there).fingerprint not in fingerprints
    # A mail server on the way adds its line to what is the same mail.
    assert parse(b"Received: from x; now\r\n" + mail).fingerprint in fingerprints


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree"),
        ("<ul><li>a</li><li>b</li></ul>", "* a\n* b"),
        (
            "<div>Answer</div><blockquote>Old<br>words</blockquote>",
            "Answer\n> Old\n> words",
        ),
        ("<a href='https://x.example/y'>here</a>", "here <https://x.example/y>"),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        ("<a href='javascript:alert(1)'>here</a>", "here"),
        ("<style>p {}</style><script>x</script><p>Words</p>", "Words"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


def alternative(plain: bytes, page: bytes) -> bytes:
    return (
        b'--b\r\nContent-Type: multipart/alternative; boundary="a"\r\n\r\n'
        b"--a\r\nContent-Type: text/plain\r\n\r\n" + plain + b"\r\n"
        b"--a\r\nContent-Type: text/html\r\n\r\n" + page + b"\r\n--a--\r\n"
    )


def mixed(*parts: bytes) -> bytes:
    head = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head + b"".join(parts) + b"--b--\r\n"


PAGE = b"--b\r\nContent-Type: text/html\r\n\r\n<p>The page.</p>\r\n"
FOOTER = b"--b\r\nContent-Type: text/plain\r\n\r\nThe footer.\r\n"


@pytest.mark.req("REL-07")
@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (mixed(alternative(b"Plain.", b"<p>Page.</p>")), "Plain."),
        (mixed(alternative(b"  ", b"<p>Page.</p>")), "Page."),
        (
            mixed(
                alternative(b"Your client does not support HTML.", b"<p>Page.</p>"),
            ),
            "Page.",
        ),
        (mixed(PAGE, FOOTER), "The page. The footer."),
        (mixed(alternative(b"Plain.", b"<p>x</p>"), FOOTER), "Plain. The footer."),
        (mixed(PAGE.replace(b"page", b"footer"), FOOTER), "The footer."),
        (mixed(PAGE), "The page."),
    ],
)
def test_every_word_is_read_once(mail: bytes, words: str) -> None:
    assert " ".join(parse(mail).text.split()) == words
