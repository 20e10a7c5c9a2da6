"""The mailbox answers as Gmail, Outlook, a phone and Thunderbird do."""

from datetime import UTC, datetime

import pytest

from sandbox.mailbox.composing import (
    Draft,
    File,
    address_line,
    answer_addresses,
    bare_addresses,
    write,
)
from sandbox.mailbox.quoting import MailProgram, reply_subject
from sandbox.mailbox.reading import ReadMail, read
from tests.sandbox.mails import (
    MESSAGE_ID,
    REPLY_TO,
    SUBJECT,
    THREAD_ID,
    answer_of_desk,
)
from wagtail_helpdesk.intake.email_parsing import parse
from wagtail_helpdesk.intake.incoming import Delivery

NOW = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)


def _written(
    *, program: MailProgram, other: ReadMail | None = None, is_forward: bool = False
) -> ReadMail:
    draft = Draft(
        sender="Jonas Weber <jonas.weber@everyday.example>",
        to=REPLY_TO,
        subject=SUBJECT,
        body="It prints!\n\nJonas",
        program=program,
        other=other,
        is_forward=is_forward,
    )
    return read(write(draft, now=NOW).as_bytes())


@pytest.mark.parametrize(
    ("program", "introduction", "quote"),
    [
        (
            MailProgram.GMAIL,
            "On Tue, 3 Mar 2026 at 10:12, Ana Okafor (IT) <it@everyday.example> wrote:",
            "> Turn it off.\n> Then on.",
        ),
        (MailProgram.PHONE, "On 3 Mar 2026, at 10:12, Ana", "> Turn it off."),
        (MailProgram.THUNDERBIRD, "On 03/03/2026 10:12, Ana Okafor (IT) wrote:", "> T"),
        (MailProgram.OUTLOOK, "_" * 32 + "\nFrom: ", "\nTurn it off.\nThen on."),
    ],
)
def test_quotes_below_the_new_words_when_answering(
    program: MailProgram, introduction: str, quote: str
) -> None:
    text = _written(program=program, other=read(answer_of_desk())).text

    assert text.startswith("It prints!\n\nJonas\n")
    assert text.index("Jonas") < text.index(introduction) < text.rindex(quote)


@pytest.mark.parametrize("program", MailProgram)
def test_the_desk_finds_the_new_words_alone_when_answered(program: MailProgram) -> None:
    other = read(answer_of_desk(html=""))
    draft = Draft(
        sender="jonas.weber@everyday.example",
        to=REPLY_TO,
        subject=SUBJECT,
        body="It prints!",
        program=program,
        other=other,
    )
    incoming = parse(write(draft, now=NOW).as_bytes(), delivery=Delivery())

    assert incoming.in_reply_to == (MESSAGE_ID,)
    assert incoming.references == (THREAD_ID, MESSAGE_ID)
    assert "It prints!" in incoming.text


def test_html_quotes_the_other_html_when_program_writes_html() -> None:
    other = read(answer_of_desk())

    for program in (MailProgram.GMAIL, MailProgram.OUTLOOK, MailProgram.PHONE):
        assert "Turn it <b>off</b>" in _written(program=program, other=other).html
    assert not _written(program=MailProgram.THUNDERBIRD, other=other).html


def test_escapes_what_people_type_when_writing_html() -> None:
    draft = Draft(sender="a@b.example", to="c@d.example", subject="", body="<b>&")

    assert "&lt;b&gt;&amp;" in read(write(draft, now=NOW).as_bytes()).html


def test_names_the_other_mail_when_forwarding_without_answering_it() -> None:
    mail = _written(
        program=MailProgram.GMAIL, other=read(answer_of_desk()), is_forward=True
    )

    assert "---------- Forwarded message ---------\nFrom: " in mail.text
    assert "> Turn" not in mail.text
    assert not mail.header("In-Reply-To")


def test_answers_to_reply_to_when_there_is_one() -> None:
    with_it, without = read(answer_of_desk()), read(answer_of_desk(reply_to=""))

    assert answer_addresses(with_it) == [("", REPLY_TO)]
    assert answer_addresses(without) == [("Ana Okafor (IT)", "it@everyday.example")]


def test_prefixes_a_subject_once_whatever_its_case() -> None:
    assert reply_subject("Lamp") == "Re: Lamp"
    assert reply_subject("RE: Lamp") == "RE: Lamp"
    assert reply_subject("Re: Lamp", prefix="Fwd") == "Fwd: Re: Lamp"


def test_carries_names_and_files_that_are_not_ascii() -> None:
    draft = Draft(
        sender="Tomasz Zieliński <t@everyday.example>",
        to="help@everyday.example",
        subject="Łyżka\r\nBcc: x@y.example",
        body="Dzień dobry",
        files=(File(name="łyżka.txt", content_type="text/plain", content=b"spoon"),),
    )
    raw = write(draft, now=NOW).as_bytes()
    mail = read(raw)

    assert raw.isascii()
    assert mail.sender == ("Tomasz Zieliński", "t@everyday.example")
    assert mail.subject == "Łyżka Bcc: x@y.example"
    assert not mail.header("Bcc")
    assert [(part.name, part.content) for part in mail.files] == [
        ("łyżka.txt", b"spoon")
    ]


def test_finds_each_address_once_when_people_type_names_and_commas() -> None:
    line = address_line([("Weber, Jonas", "J@b.example"), ("", "c@d.example")])

    assert bare_addresses(line, "C@D.example") == ["j@b.example", "c@d.example"]
