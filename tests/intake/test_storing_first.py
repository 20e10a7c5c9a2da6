"""Nothing that came in is lost: not to a parser, a limit, a crash, or a crowd."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_agent, make_queue, make_requester, make_ticket
from tests.intake import hostile, payloads
from tests.intake.conftest import Deliver
from tests.intake.hostile import HOSTILE
from tests.intake.mails import read_eml
from wagtail_helpdesk import tasks
from wagtail_helpdesk.intake import email
from wagtail_helpdesk.intake.storing import read_body
from wagtail_helpdesk.models import (
    InboundDoor,
    InboundEmail,
    InboundState,
    Message,
    Notification,
    Queue,
    Ticket,
)

ANN = "ann@example.org"
SUPPORT = "support@desk.example"
MAIL = hostile.HEAD + b"\r\nHello."
ENDED = {InboundState.ACCEPTED, InboundState.HELD, InboundState.DROPPED}
BURDENS = {
    "nested": hostile.nested(),
    "nested mails": hostile.nested_mails(),
    "3 MB": hostile.big(),
    "latin-1": hostile.latin1(),
}


def row() -> InboundEmail:
    return InboundEmail.objects.get()


# Every provider, hostile mail


@pytest.mark.req("REL-01", "REL-04", "SEC-120", "SEC-123")
@pytest.mark.parametrize("burden", BURDENS)
@pytest.mark.parametrize("provider", payloads.RAW)
def test_burden_is_kept_through_every_provider(
    provider: str, burden: str, support: Queue, post: Deliver
) -> None:
    response = post(payloads.RAW[provider](BURDENS[burden], ANN, SUPPORT))

    assert response.status_code == 200
    assert set(InboundEmail.objects.values_list("state", flat=True)) == {"accepted"}
    message = Message.objects.get()
    if burden.startswith("nested"):
        assert "inmost" in message.body
    elif burden == "3 MB":
        attachment = message.attachments.get()
        assert attachment.size > 2_900_000
    elif provider not in payloads.AS_TEXT:
        assert message.body == "Er brüllt wie ein Löwe."
        assert message.ticket.subject == "Brüll"


@pytest.mark.req("REL-04", "REL-05")
@pytest.mark.parametrize("provider", payloads.PARSED)
def test_many_and_large_files_arrive_through_parsing_providers(
    provider: str, support: Queue, post: Deliver
) -> None:
    part = (
        b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; "
        b'filename="%d.csv"\r\n\r\n%d;' + b"x" * 25_000 + b"\r\n"
    )
    mail = (
        hostile.HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: text/plain\r\n\r\nThe files.\r\n"
        + b"".join(part % (n, n) for n in range(120))
        + b"--b--\r\n"
    )

    response = post(payloads.PARSED[provider](mail, ANN, SUPPORT))

    assert response.status_code == 200
    assert Message.objects.get().attachments.count() == 120


@pytest.mark.req("REL-01")
@pytest.mark.parametrize("provider", payloads.PARSED)
def test_attached_mail_that_no_parser_bears_is_kept_as_a_file(
    provider: str, support: Queue, post: Deliver
) -> None:
    inner = b64encode(hostile.nested(200))
    mail = (
        hostile.HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: text/plain\r\n\r\nSee the mail.\r\n"
        + b"--b\r\nContent-Type: application/x-mail\r\n"
        + b'Content-Disposition: attachment; filename="old.eml"\r\n'
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + inner
        + b"\r\n--b--\r\n"
    )
    call = payloads.PARSED[provider](mail, ANN, SUPPORT)
    call.body = call.body.replace(b"application/x-mail", b"message/rfc822")

    post(call)

    assert row().state in ENDED
    assert read_body(row()) == call.body


@pytest.mark.req("REL-01", "REL-13")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_kept_and_comes_to_an_end(
    name: str, support: Queue, post: Deliver
) -> None:
    call = payloads.amazon_ses(HOSTILE[name], ANN, SUPPORT)

    response = post(call)

    assert response.status_code == 200
    assert row().state in ENDED
    assert read_body(row()) == call.body


@pytest.mark.req("REL-02")
def test_no_mutant_is_lost(support: Queue) -> None:
    for number, mutant in enumerate(hostile.mutants(150, seed=3)):
        stored = email.receive_raw(mutant, recipient=f"{number}@desk.example")
        assert stored is not None
        email.process(stored.pk)

    assert set(InboundEmail.objects.values_list("state", flat=True)) <= ENDED
    assert InboundEmail.objects.count() == 150


@pytest.mark.req("REL-01", "SEC-16")
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"RawEmail": 7}', b"[" * 100_000],
)
def test_call_that_makes_no_sense_is_held_or_dropped(
    body: bytes, support: Queue, post: Deliver
) -> None:
    response = post(payloads.Post("/helpdesk/inbound/postmark/", body))

    assert (response.status_code, response.content) == (200, b"")
    assert row().state in {InboundState.HELD, InboundState.ACCEPTED}


# The door


@pytest.mark.req("SEC-123")
def test_call_over_the_limit_is_refused(
    support: Queue, post: Deliver, settings: Any
) -> None:
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "MAX_INBOUND_BYTES": 500}

    response = post(payloads.postmark(MAIL * 10, ANN, SUPPORT))

    assert (response.status_code, response.content) == (413, b"")
    assert not InboundEmail.objects.exists()


@pytest.mark.req("REL-04", "SEC-123")
def test_djangos_own_limits_do_not_count(
    support: Queue, post: Deliver, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1

    for build in (payloads.postmark, payloads.mailgun_mime, payloads.mandrill):
        assert post(build(MAIL, ANN, SUPPORT)).status_code == 200

    assert Ticket.objects.count() == 1


@pytest.mark.req("REL-09", "REL-61")
@pytest.mark.parametrize("trouble", ["disk full", "half a file", "database down"])
def test_what_can_not_be_stored_is_asked_for_again(
    trouble: str, support: Queue, post: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    def fail_in_database(*args: object, **kwargs: object) -> None:
        raise DatabaseError("gone away")

    if trouble == "disk full":
        monkeypatch.setattr(FileSystemStorage, "_save", fail)
    elif trouble == "half a file":
        monkeypatch.setattr(FileSystemStorage, "size", lambda self, name: 3)
    else:
        monkeypatch.setattr(InboundEmail, "save", fail_in_database)
    files = stored_files()

    response = post(payloads.postmark(MAIL, ANN, SUPPORT))

    assert (response.status_code, response.content) == (503, b"")
    assert not InboundEmail.objects.exists()
    assert stored_files() == files


def stored_files() -> set[str]:
    from wagtail_helpdesk.models.storage import private_storage

    storage = private_storage()
    root = storage.path("helpdesk/inbound")
    from pathlib import Path

    return {str(path) for path in Path(root).rglob("*") if path.is_file()}


@pytest.mark.req("REL-20")
def test_second_call_leaves_no_file_behind(support: Queue, post: Deliver) -> None:
    post(payloads.postmark(MAIL, ANN, SUPPORT))
    files = stored_files()

    post(payloads.postmark(MAIL, ANN, SUPPORT))

    assert stored_files() == files


def test_only_named_providers_have_an_address(client: Client, db: None) -> None:
    assert client.post("/helpdesk/inbound/unknown/").status_code == 404
    assert client.head("/helpdesk/inbound/postmark/").status_code == 200
    assert client.get("/helpdesk/inbound/postmark/").status_code == 405


# Calls that are no mail


def test_sns_asks_for_a_password_and_confirms_its_topic(
    post: Deliver, support: Queue, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed = []
    view = "anymail.webhooks.amazon_ses.AmazonSESBaseWebhookView"
    monkeypatch.setattr(
        f"{view}.auto_confirm_sns_subscription",
        lambda self, notice: confirmed.append(notice["TopicArn"]),
    )
    notice = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "1",
        "TopicArn": "arn:aws:sns:eu-west-1:1:mail",
        "Token": "t",
    }
    kind = notice["Type"]
    headers = {"X-Amz-Sns-Message-Type": kind, "X-Amz-Sns-Message-Id": "1"}
    path = "/helpdesk/inbound/amazon_ses/"
    call = payloads.Post(path, json.dumps(notice).encode(), headers=headers)

    unasked = client.post(path, data=call.body, content_type="text/plain")
    response = post(call)

    assert unasked.status_code == 401
    assert "Basic" in unasked["WWW-Authenticate"]
    assert response.status_code == 200
    assert confirmed == [notice["TopicArn"]]
    assert not InboundEmail.objects.exists()


def test_mandrills_reports_go_to_anymail(post: Deliver, support: Queue) -> None:
    from anymail.signals import tracking

    seen: list[str] = []

    def see(sender: object, event: Any, **kwargs: object) -> None:
        seen.append(event.event_type)

    tracking.connect(see)
    try:
        report = json.dumps([{"event": "hard_bounce", "ts": 1, "msg": {}, "_id": "x"}])
        response = post(payloads.mandrill_post(report))
        probe = post(payloads.mandrill_post("[]"))
    finally:
        tracking.disconnect(see)

    assert (response.status_code, probe.status_code) == (200, 200)
    assert seen == ["bounced"]
    assert not InboundEmail.objects.exists()


@pytest.mark.parametrize(
    ("provider", "payload"),
    [
        ("sparkpost", [{"msys": {}}]),
        (
            "mailtrap",
            {"events": [{"event": "inbound_message_received", "inbox_id": 1}]},
        ),
        ("brevo", {"items": []}),
    ],
)
def test_providers_probe_is_dropped(
    provider: str, payload: Any, post: Deliver, support: Queue
) -> None:
    body = json.dumps(payload).encode()
    signature = payloads._hmac(payloads.MAILTRAP_SECRET, body)
    path = f"/helpdesk/inbound/{provider}/"

    post(payloads.Post(path, body, headers={"Mailtrap-Signature": signature}))

    assert (row().state, row().reason) == (InboundState.DROPPED, "not-a-mail")


# Several mails in one call


@pytest.mark.req("REL-24", "REL-13")
@pytest.mark.parametrize("provider", ["mandrill", "sparkpost"])
def test_each_mail_of_a_call_is_kept_by_itself(
    provider: str, support: Queue, post: Deliver
) -> None:
    mails = [
        (MAIL.replace(b"hostile@", b"first@"), SUPPORT),
        (hostile.nested().replace(b"hostile@", b"second@"), SUPPORT),
        (MAIL.replace(b"hostile@", b"third@"), SUPPORT),
    ]
    if provider == "mandrill":
        call = payloads.mandrill_batch(mails)
    else:
        call = payloads.sparkpost_batch(mails, ANN)

    post(call)
    post(call)

    parent = InboundEmail.objects.get(part_of=None)
    parts = parent.parts.order_by("part_number")
    assert (parent.state, parent.reason) == (InboundState.ACCEPTED, "split")
    assert [part.message_id for part in parts] == [
        "<first@example.org>",
        "<second@example.org>",
        "<third@example.org>",
    ]
    assert Ticket.objects.count() == 3


# Fetched mail


@pytest.mark.parametrize("provider", ["mailtrap", "resend", "brevo"])
def test_mail_is_fetched_again_when_the_provider_is_down(
    provider: str, support: Queue, post: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.intake.test_providers import MAIL as with_file

    call = payloads.EVERY[provider](with_file, ANN, SUPPORT)
    answers, call.fetchable = call.fetchable, {}

    response = post(call)
    waiting = row()
    monkeypatch.setattr(requests, "get", payloads.fetching(answers))
    email.process(waiting.pk)
    for part in waiting.parts.all():
        email.process(part.pk)

    assert response.status_code == 200
    assert (waiting.state, waiting.attempts) == (InboundState.RECEIVED, 1)
    assert "nothing at" in waiting.error
    assert Ticket.objects.get().messages.get().attachments.count() == 1


def test_mail_is_fetched_from_s3(
    support: Queue, post: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = payloads.amazon_ses(MAIL, ANN, SUPPORT)
    notice = json.loads(call.body)
    event = json.loads(notice["Message"])
    del event["content"]
    event["receipt"]["action"] = {"type": "S3", "bucketName": "b", "objectKey": "k"}
    notice["Message"] = json.dumps(event)
    call.body = json.dumps(notice).encode()

    class Body:
        def iter_chunks(self, size: int) -> list[bytes]:
            return [MAIL[:50], MAIL[50:]]

        def close(self) -> None: ...

    class S3:
        def get_object(self, **kwargs: str) -> dict[str, Body]:
            return {"Body": Body()}

        def close(self) -> None: ...

    view = "anymail.webhooks.amazon_ses.AmazonSESBaseWebhookView"
    monkeypatch.setattr(f"{view}.get_boto_client", lambda self, name: S3())

    post(call)

    assert Ticket.objects.get().requester.email == ANN
    assert read_body(InboundEmail.objects.get(part_of__isnull=False)) == MAIL


# One mail, once


@pytest.mark.req("REL-20", "REL-22", "SEC-15")
@pytest.mark.parametrize("has_id", [True, False])
def test_same_mail_in_another_call_is_a_duplicate(
    has_id: bool, support: Queue, post: Deliver
) -> None:
    mail = MAIL if has_id else MAIL.replace(b"Message-ID", b"X-Id")
    post(payloads.mailgun_mime(mail, ANN, SUPPORT))

    # Every form has a new boundary: other bytes, the same mail.
    post(payloads.mailgun_mime(mail, ANN, SUPPORT))

    first, second = InboundEmail.objects.order_by("pk")
    assert (second.state, second.reason) == (InboundState.DROPPED, "duplicate")
    assert second.ticket == first.ticket
    assert Message.objects.count() == 1


@pytest.mark.req("REL-21")
def test_same_message_id_with_other_words_is_another_mail(
    support: Queue, post: Deliver
) -> None:
    post(payloads.postmark(MAIL, ANN, SUPPORT))
    post(payloads.postmark(MAIL.replace(b"Hello", b"Goodbye"), ANN, SUPPORT))

    assert Message.objects.count() == 2


@pytest.mark.req("REL-25")
def test_mail_to_two_queues_is_a_ticket_in_each(support: Queue, post: Deliver) -> None:
    make_queue(name="Sales", email="sales@desk.example")
    post(payloads.postmark(MAIL, ANN, SUPPORT))
    post(payloads.postmark(MAIL, ANN, "sales@desk.example"))

    assert {ticket.queue.name for ticket in Ticket.objects.all()} == {
        "Support",
        "Sales",
    }


@pytest.mark.req("REL-25")
def test_answer_to_all_is_one_message(support: Queue, post: Deliver) -> None:
    ticket = make_ticket(queue=support, requester=make_requester(email=ANN))
    answer = MAIL.replace(b"Hostile", b"Re: x [#%d]" % ticket.number)

    post(payloads.postmark(answer, ANN, SUPPORT))
    post(payloads.postmark(answer, ANN, "reply@desk.example"))

    assert ticket.messages.count() == 2
    second = InboundEmail.objects.latest("pk")
    assert (second.state, second.reason) == (InboundState.DROPPED, "duplicate")


# The other doors


@pytest.mark.parametrize("provider", payloads.EVERY)
def test_anymails_own_webhook_leads_to_the_same_ticket(
    provider: str, support: Queue, post: Deliver
) -> None:
    from tests.intake.test_providers import MAIL as mail

    call = payloads.EVERY[provider](mail, ANN, SUPPORT)
    call.path = call.path.replace("/helpdesk/inbound/", "/anymail/").replace(
        "/mailgun_mime/", "/mailgun/inbound_mime/"
    )
    if "mailgun_mime" not in provider:
        call.path += "inbound/" if provider != "mandrill" else ""
    if provider == "mandrill":
        events = call.body.decode().partition("=")[2]
        call = mandrill_at_anymail(events)

    assert post(call).status_code == 200

    assert row().door == InboundDoor.SIGNAL
    message = Ticket.objects.get().messages.get()
    assert message.ticket.subject == "Drucker brüllt"
    assert message.ticket.requester.name == "Ann Person"
    assert message.body.startswith("Er brüllt seit heute früh.")
    assert message.attachments.get().name == "report.pdf"


def mandrill_at_anymail(events: str) -> payloads.Post:
    import hashlib
    import hmac
    from urllib.parse import unquote_plus

    text = unquote_plus(events)
    url = f"http://{payloads.SECRET}@testserver/anymail/mandrill/"
    signed = f"{url}mandrill_events{text}".encode()
    digest = hmac.new(payloads.MANDRILL_KEY.encode(), signed, hashlib.sha1).digest()
    return payloads.Post(
        "/anymail/mandrill/",
        f"mandrill_events={events}".encode(),
        "application/x-www-form-urlencoded",
        {"X-Mandrill-Signature": b64encode(digest).decode()},
    )


def test_signal_without_a_mail_is_no_trouble(db: None) -> None:
    email.receive(object(), event=None, esp_name="Mailtrap")
    email.receive(object(), event=object(), esp_name="Resend")

    assert not InboundEmail.objects.exists()


# Work on a row


@pytest.mark.req("REL-34", "REL-39", "REL-41")
def test_sweep_finds_what_the_queue_has_lost(
    support: Queue, task_queue: Any, clock: Any
) -> None:
    stored = email.receive_raw(MAIL, recipient=SUPPORT)
    task_queue.lose()

    assert email.due_inbound_emails(now=timezone.now()) == []
    clock.shift(timedelta(minutes=5))
    assert email.due_inbound_emails(now=timezone.now()) == [stored.pk]
    email.process(stored.pk)
    assert email.due_inbound_emails(now=timezone.now()) == []
    assert Ticket.objects.count() == 1


@pytest.mark.req("REL-33", "REL-31")
def test_mail_that_kills_its_worker_is_given_up(
    support: Queue, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = email.receive_raw(MAIL, recipient=SUPPORT)
    # A killed worker writes nothing down: the row stays as it was claimed.
    monkeypatch.setattr(email, "_put_back", lambda row, error: None)

    def killed(row: InboundEmail) -> None:
        raise SystemExit

    monkeypatch.setattr(email, "_work_on", killed)
    starts = 0
    for _ in range(8):
        for pk in email.due_inbound_emails(now=timezone.now() + timedelta(hours=1)):
            with pytest.raises(SystemExit) if starts < 5 else nothing():
                email.process(pk)
            starts += 1
        clock.shift(timedelta(hours=1))

    assert starts == 6
    assert row().attempts == 5
    assert (row().state, row().reason) == (InboundState.FAILED, "tried-too-often")
    assert stored is not None


def nothing() -> Any:
    from contextlib import nullcontext

    return nullcontext()


@pytest.mark.req("REL-31")
def test_claimed_row_is_left_alone(support: Queue) -> None:
    stored = email.receive_raw(MAIL, recipient=SUPPORT)
    InboundEmail.objects.update(
        state=InboundState.PROCESSING, claimed_at=timezone.now(), attempts=1
    )

    email.process(stored.pk)

    assert not Ticket.objects.exists()
    assert row().attempts == 1


@pytest.mark.req("REL-31")
def test_row_worked_on_twice_has_one_effect(support: Queue) -> None:
    stored = email.receive_raw(MAIL, recipient=SUPPORT)

    for _ in range(10):
        email.process(stored.pk)
        tasks.process_inbound_email(stored.pk)

    assert Message.objects.count() == 1
    assert Notification.objects.filter(alert="ticket_received").count() == 1


@pytest.mark.req("REL-33")
def test_unforeseen_error_is_written_on_the_row_and_goes_on(
    support: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = email.receive_raw(MAIL, recipient=SUPPORT)

    def fail(*args: object, **kwargs: object) -> None:
        Ticket.objects.first()
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(email, "accept", fail)
    with pytest.raises(ZeroDivisionError):
        email.process(stored.pk)

    assert row().state == InboundState.RECEIVED
    assert row().error == "ZeroDivisionError: a bug"
    assert row().fingerprint is None


@pytest.mark.req("REL-06")
def test_held_mail_can_be_released(support: Queue) -> None:
    stored = email.receive_raw(read_eml("sender-ourselves", number=1))
    email.process(stored.pk)
    assert row().state == InboundState.DROPPED

    assert email.retry(stored.pk)
    assert not email.retry(stored.pk)
    email.process(stored.pk)

    assert (row().state, row().attempts) == (InboundState.DROPPED, 1)


@pytest.mark.req("REL-06", "RT-15")
def test_spam_that_is_none_can_be_released(support: Queue, post: Deliver) -> None:
    call = payloads.amazon_ses(MAIL, ANN, SUPPORT)
    call.body = call.body.replace(b"PASS", b"FAIL")
    post(call)
    held = row()
    assert (held.state, held.reason) == (InboundState.HELD, "spam")
    assert not Ticket.objects.exists()

    email.retry(held.pk, is_released=True)
    email.process(held.pk)

    assert row().ticket == Ticket.objects.get()


# The price


def test_query_counts(support: Queue) -> None:
    ana = make_agent(watches=support)
    opening = email.receive_raw(MAIL, recipient=SUPPORT)

    with CaptureQueriesContext(connection) as for_ticket:
        email.process(opening.pk)
    ticket = Ticket.objects.get()
    answer = MAIL.replace(b"hostile@", b"answer@").replace(
        b"Hostile", b"Re: x [#%d]" % ticket.number
    )
    reply = email.receive_raw(answer, recipient=SUPPORT)
    with CaptureQueriesContext(connection) as for_reply:
        email.process(reply.pk)

    assert ticket.messages.count() == 2
    assert Notification.objects.filter(user=ana).count() == 2
    assert len(for_ticket) <= 20, "\n".join(statements(for_ticket))
    assert len(for_reply) <= 25, "\n".join(statements(for_reply))


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Return the beginnings of all statements, savepoints included."""
    return [query["sql"][:150] for query in queries]
