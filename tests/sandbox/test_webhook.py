"""The mailbox speaks to the desk's webhook as the provider does."""

import json

from sandbox.mailbox.webhook import call, payload


def test_the_same_delivery_has_the_same_id_when_repeated() -> None:
    first = payload(b"x", envelope_sender="a@b.example", recipient="c@d.example")
    again = payload(b"x", envelope_sender="a@b.example", recipient="c@d.example")
    other = payload(b"x", envelope_sender="a@b.example", recipient="e@d.example")

    assert first == again
    assert first["MessageID"] != other["MessageID"]
    assert first["Headers"] == [{"Name": "Return-Path", "Value": "<a@b.example>"}]


def test_no_byte_is_lost_when_mail_is_not_utf_8() -> None:
    body = payload(b"Gr\xfc\xdfe", envelope_sender="", recipient="c@d.example")
    text = json.loads(json.dumps(body))["RawEmail"]

    assert text.encode("utf-8", "surrogateescape") == b"Gr\xfc\xdfe"


def test_says_so_when_nobody_answers() -> None:
    answer = call(
        b"x",
        envelope_sender="a@b.example",
        recipient="c@d.example",
        site_url="http://127.0.0.1:9",
    )

    assert answer.status_code is None
    assert answer.text
