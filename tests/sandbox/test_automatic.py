"""The mailbox's bounces and out-of-office replies are what the desk looks for."""

from datetime import UTC, datetime
from email import message_from_bytes

import pytest

from sandbox.mailbox import automatic
from sandbox.mailbox.reading import read
from tests.sandbox.mails import MESSAGE_ID, SUBJECT, answer_of_desk
from wagtail_helpdesk.intake.email_parsing import parse
from wagtail_helpdesk.intake.incoming import Delivery

NOW = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
JONAS = ("Jonas Weber", "jonas.weber@everyday.example")


def test_bounce_is_a_delivery_report_with_the_mail_inside() -> None:
    report = automatic.bounce(
        answer_of_desk(), recipient=JONAS[1], to="it@everyday.example", now=NOW
    )
    message = message_from_bytes(report.as_bytes())

    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    kinds = [part.get_content_type() for part in message.get_payload()]
    assert kinds == ["text/plain", "message/delivery-status", "message/rfc822"]
    status = message.get_payload(1).get_payload(1)
    assert status["Status"] == "5.1.1"
    assert status["Final-Recipient"].endswith(JONAS[1])
    assert message.get_payload(2).get_payload(0)["Message-ID"] == MESSAGE_ID


def test_the_desk_finds_its_own_mail_when_it_bounces() -> None:
    report = automatic.bounce(
        answer_of_desk(), recipient=JONAS[1], to="it@everyday.example", now=NOW
    )
    incoming = parse(report.as_bytes(), delivery=Delivery(envelope_sender=""))

    assert MESSAGE_ID.strip("<>") in incoming.returned_ids


@pytest.mark.parametrize(
    ("is_marked", "header", "subject"),
    [(True, "auto-replied", "Automatic reply: "), (False, "", "Out of office: ")],
)
def test_out_of_office_answers_in_the_thread_marked_or_not(
    is_marked: bool, header: str, subject: str
) -> None:
    message = automatic.out_of_office(
        read(answer_of_desk()),
        sender=JONAS,
        to="it@everyday.example",
        now=NOW,
        is_marked=is_marked,
    )
    mail = read(message.as_bytes())

    assert mail.header("Auto-Submitted") == header
    assert mail.subject == f"{subject}{SUBJECT}"
    assert mail.header("In-Reply-To") == MESSAGE_ID
