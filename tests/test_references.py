"""How a ticket is named outside."""

import pytest
from django.test import override_settings
from pytest_django import Settings

from wagtail_helpdesk.references import (
    ReplyToken,
    is_reply_address,
    new_message_id,
    number_in_subject,
    parse_reply_token,
    reply_address,
    reply_markers,
    subject_with_number,
    thread_id,
)

TOKEN = ReplyToken(
    ticket_id=1042, recipient_kind="r", recipient_id=7, is_internal=False
)


@pytest.mark.req("SEC-05")
def test_parse_reply_token_when_it_is_ours() -> None:
    address = reply_address(TOKEN, fallback="help@desk.example")

    assert address.endswith("@reply.desk.example")
    assert parse_reply_token(address) == TOKEN
    assert parse_reply_token(address.upper()) == TOKEN
    assert parse_reply_token(new_message_id(TOKEN, domain="desk.example")) == TOKEN
    assert parse_reply_token(thread_id(TOKEN, domain="desk.example")) == TOKEN


@pytest.mark.req("SEC-05", "SEC-06")
@pytest.mark.parametrize(
    ("old", "new"), [("1042-", "1043-"), ("-r7-", "-r8-"), ("-p-", "-i-"), ("-r", "-u")]
)
def test_parse_reply_token_when_one_part_is_changed(old: str, new: str) -> None:
    assert parse_reply_token(str(TOKEN).replace(old, new, 1)) is None


def test_parse_reply_token_when_the_signature_is_changed() -> None:
    text = str(TOKEN)
    other = "a" if text[-1] != "a" else "b"

    assert parse_reply_token(text[:-1] + other) is None
    assert parse_reply_token("reply+1042@reply.desk.example") is None
    assert parse_reply_token("") is None


def test_parse_reply_token_when_the_key_was_rotated() -> None:
    text = str(TOKEN)

    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[]):
        assert parse_reply_token(text) is None
    with override_settings(
        SECRET_KEY="new", SECRET_KEY_FALLBACKS=["not a secret: the tests' own key"]
    ):
        assert parse_reply_token(text) == TOKEN


def test_reply_address_stays_within_the_local_part_limit() -> None:
    token = ReplyToken(
        ticket_id=10**12, recipient_kind="u", recipient_id=10**12, is_internal=True
    )

    local_part = reply_address(token, fallback="").partition("@")[0]

    assert len(local_part) <= 64


def test_reply_address_when_no_domain_is_set(settings: Settings) -> None:
    settings.WAGTAIL_HELPDESK = {}

    assert reply_address(TOKEN, fallback="help@desk.example") == "help@desk.example"
    assert not is_reply_address("reply+x@desk.example")


@pytest.mark.req("WT-10")
def test_subject_with_number_ends_in_the_number() -> None:
    assert subject_with_number("Printer", number=1042) == "Printer [#1042]"
    assert subject_with_number("Printer [#1042]", number=1042) == "Printer [#1042]"
    assert subject_with_number("a\r\nBcc: x", number=1) == "a Bcc: x [#1]"


@pytest.mark.req("WT-09", "SEC-07")
@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Re: Printer [#1042]", 1042),
        ("Re: Printer [#1042] ", 1042),
        ("Printer #1042", 1042),
        ("#1042", 1042),
        ("Printer (#7).", 7),
        ("Order [#12] and [#34]", 34),
        ("Printer [#1042] again", None),
        ("Testing 123", None),
        ("Dec. 14", None),
        ("a#1042", None),
        ("#0", None),
        ("#-5", None),
        ("#" + "9" * 4400, None),
        ("#１０４２", None),
        ("", None),
    ],
)
def test_number_in_subject(subject: str, number: int | None) -> None:
    assert number_in_subject(subject) == number


@pytest.mark.req("WT-14")
def test_reply_markers_has_one_for_each_language() -> None:
    assert "--- Reply above this line ---" in reply_markers()
