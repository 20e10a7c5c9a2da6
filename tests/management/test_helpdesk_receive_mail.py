"""The pipe door: what Postfix or procmail hands over is stored, or comes again."""

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import OperationalError

from tests.factories import make_queue
from wagtail_helpdesk.intake import email
from wagtail_helpdesk.intake.storing import read_body
from wagtail_helpdesk.models import InboundDoor, InboundEmail, InboundState, Ticket

MAIL = (
    b"Message-ID: <pipe@example.org>\r\nFrom: Ann <ann@example.org>\r\n"
    b"To: somebody@desk.example\r\nSubject: By pipe\r\n\r\nHello.\r\n"
)

Pipe = Callable[..., None]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch, settle: Callable[..., Any]) -> Pipe:
    """Call the command with these bytes on standard input."""

    def run(raw: bytes, **options: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        with settle():
            call_command("helpdesk_receive_mail", **options)

    return run


@pytest.mark.req("RT-01", "RT-32")
def test_piped_mail_opens_a_ticket_in_the_recipients_queue(
    pipe: Pipe, db: None
) -> None:
    queue = make_queue(email="sales@desk.example")

    pipe(MAIL, recipient="sales@desk.example")

    ticket = Ticket.objects.get()
    assert (ticket.queue, ticket.subject) == (queue, "By pipe")
    row = InboundEmail.objects.get()
    assert (row.door, row.provider) == (InboundDoor.PIPE, "pipe")
    assert read_body(row) == MAIL


@pytest.mark.req("REL-23")
def test_same_mail_again_is_stored_once(pipe: Pipe, db: None) -> None:
    pipe(MAIL)
    pipe(MAIL)

    assert InboundEmail.objects.count() == 1


@pytest.mark.req("REL-25")
def test_same_mail_to_another_recipient_is_another(pipe: Pipe, db: None) -> None:
    make_queue(email="sales@desk.example")

    pipe(MAIL, recipient="support@desk.example")
    pipe(MAIL, recipient="sales@desk.example")

    assert Ticket.objects.count() == 2


def refused(pipe: Pipe, raw: bytes) -> None:
    with pytest.raises(CommandError) as refusal:
        pipe(raw)
    assert refusal.value.returncode == 75


@pytest.mark.req("REL-09")
@pytest.mark.parametrize("raw", [b"", b"\r\n \n"])
def test_empty_input_has_to_come_again(raw: bytes, pipe: Pipe, db: None) -> None:
    refused(pipe, raw)

    assert not InboundEmail.objects.exists()


@pytest.mark.req("REL-09", "SEC-123")
def test_mail_over_the_limit_is_not_stored(pipe: Pipe, db: None, settings: Any) -> None:
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "MAX_INBOUND_BYTES": 50}

    refused(pipe, MAIL)

    assert not InboundEmail.objects.exists()


@pytest.mark.req("REL-09")
@pytest.mark.parametrize(
    "error", [OperationalError("gone"), ZeroDivisionError("a bug")]
)
def test_mail_comes_again_when_the_database_is_down(
    error: Exception, pipe: Pipe, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(InboundEmail, "save", fail)

    refused(pipe, MAIL)


@pytest.mark.req("REL-09", "REL-61")
def test_mail_comes_again_when_the_disk_is_full(
    pipe: Pipe,
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)

    refused(pipe, MAIL)

    assert "No space left on device" in caplog.text


# The command that works on stored mail again


@pytest.mark.req("REL-06")
def test_failed_mails_are_worked_on_again(
    db: None, settle: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    make_queue()
    row = email.receive_raw(MAIL)
    InboundEmail.objects.update(state=InboundState.FAILED, attempts=5)

    with settle():
        call_command("helpdesk_retry_inbound")

    row.refresh_from_db()
    assert (row.state, row.attempts) == (InboundState.ACCEPTED, 1)
    assert capsys.readouterr().out == f"{row.pk}: accepted new-ticket\n"


def test_mail_that_is_done_is_left_alone(db: None, settle: Callable[..., Any]) -> None:
    make_queue()
    row = email.receive_raw(MAIL)
    email.process(row.pk)

    with settle():
        call_command("helpdesk_retry_inbound", str(row.pk))

    assert Ticket.objects.count() == 1


def test_unknown_mail_is_reported(db: None) -> None:
    with pytest.raises(CommandError, match="no mail 4711"):
        call_command("helpdesk_retry_inbound", "4711")
