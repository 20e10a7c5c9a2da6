"""One mail, every inbound provider of Anymail: the same ticket."""

import json
from typing import Any

import pytest

from tests.intake import payloads
from tests.intake.conftest import Deliver
from wagtail_helpdesk.models import InboundEmail, InboundState, Queue, Ticket

MAIL = """\
Received: from mx.example.org by mx.desk.example; Tue, 3 Mar 2026 10:00:00 +0000
Message-ID: <one@example.org>
Date: Tue, 03 Mar 2026 09:59:58 +0000
From: Ann Person <ann@example.org>
To: support@desk.example
Subject: =?utf-8?q?Drucker_br=C3=BCllt?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Er brüllt seit heute früh.
Grüße, Ann
--b1
Content-Type: application/pdf; name="report.pdf"
Content-Disposition: attachment; filename="report.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQKJSBhIHJlcG9ydAo=
--b1--
""".encode()


@pytest.mark.req("RT-01", "WT-11", "SEC-14")
@pytest.mark.parametrize("provider", payloads.EVERY)
def test_mail_opens_the_same_ticket_through_every_provider(
    provider: str, support: Queue, post: Deliver
) -> None:
    call = payloads.EVERY[provider](MAIL, "ann@example.org", "support@desk.example")

    response = post(call)

    assert (response.status_code, response.content) == (200, b"")
    ticket = Ticket.objects.get()
    message = ticket.messages.get()
    assert ticket.subject == "Drucker brüllt"
    assert ticket.queue == support
    assert ticket.requester.email == "ann@example.org"
    assert ticket.requester.name == "Ann Person"
    assert message.body == "Er brüllt seit heute früh.\nGrüße, Ann"
    assert message.message_id == "<one@example.org>"
    attachment = message.attachments.get()
    assert (attachment.name, attachment.content_type) == (
        "report.pdf",
        "application/pdf",
    )
    with attachment.file.open() as file:
        assert file.read() == b"%PDF-1.4\n% a report\n"
    assert not InboundEmail.objects.exclude(state=InboundState.ACCEPTED).exists()


@pytest.mark.req("REL-23", "SEC-15", "REL-20")
@pytest.mark.parametrize("provider", payloads.EVERY)
def test_same_call_again_changes_nothing(
    provider: str, support: Queue, post: Deliver
) -> None:
    call = payloads.EVERY[provider](MAIL, "ann@example.org", "support@desk.example")

    post(call)
    again = post(call)

    assert again.status_code == 200
    assert Ticket.objects.get().messages.count() == 1


@pytest.mark.req("SEC-14", "SEC-16")
@pytest.mark.parametrize("provider", payloads.EVERY)
def test_call_with_a_wrong_secret_stores_nothing(
    provider: str, support: Queue, post: Deliver, caplog: Any
) -> None:
    call = payloads.EVERY[provider](MAIL, "ann@example.org", "support@desk.example")
    call.headers = {
        name: value if name.startswith("X-Amz") else "wrong"
        for name, value in call.headers.items()
    }

    response = post(call, authorization="Basic d3Jvbmc6d3Jvbmc=")

    assert (response.status_code, response.content) == (400, b"")
    assert not InboundEmail.objects.exists()
    assert payloads.SECRET not in caplog.text


@pytest.mark.req("REL-01", "REL-06")
def test_an_event_that_is_no_mail_is_held_at_once(
    support: Queue, post: Deliver
) -> None:
    bounce = {"RecordType": "Bounce", "Email": "ann@customer.example", "ID": 4}
    call = payloads.Post("/helpdesk/inbound/postmark/", json.dumps(bounce).encode())

    assert post(call).status_code == 200

    row = InboundEmail.objects.get()
    assert (row.state, row.attempts) == (InboundState.HELD, 1)
    assert "Postmark" in row.error
