"""One raw mail, as each of Anymail's providers delivers it: signed, in its shape."""

import hashlib
import hmac
import json
import uuid
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from functools import cache
from typing import Any
from urllib.parse import urlencode

import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client
from svix.webhooks import Webhook

SECRET = "provider:a-made-up-secret"
BASIC_AUTH = "Basic " + b64encode(SECRET.encode()).decode()
MAILGUN_KEY = "made-up-mailgun-key"
MAILERSEND_SECRET = "made-up-mailersend-secret"
MAILTRAP_SECRET = "made-up-mailtrap-secret"
MANDRILL_KEY = "made-up-mandrill-key"
RESEND_SECRET = "whsec_" + b64encode(b"made-up-resend-secret").decode()


@cache
def postal_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def postal_public_key() -> str:
    pem = (
        postal_key()
        .public_key()
        .public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return "".join(pem.decode().splitlines()[1:-1])


def anymail_settings() -> dict[str, Any]:
    """Return what ANYMAIL must hold for every provider's call to be valid."""
    return {
        "WEBHOOK_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": MAILGUN_KEY,
        "MAILERSEND_INBOUND_SECRET": MAILERSEND_SECRET,
        "MANDRILL_WEBHOOK_KEY": MANDRILL_KEY,
        "MAILTRAP_INBOUND_SECRET": MAILTRAP_SECRET,
        "MAILTRAP_API_TOKEN": "made-up-token",
        "BREVO_API_KEY": "made-up-key",
        "RESEND_API_KEY": "made-up-key",
        "RESEND_INBOUND_SECRET": RESEND_SECRET,
        "POSTAL_WEBHOOK_KEY": postal_public_key(),
    }


@dataclass
class Post:
    """A provider's call."""

    path: str
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    #: What the provider answers when it is asked back, by a part of the URL.
    fetchable: dict[str, Any] = field(default_factory=dict)

    def send(self, client: Client, *, authorization: str = BASIC_AUTH) -> Any:
        return client.post(
            self.path,
            data=self.body,
            content_type=self.content_type,
            headers={"Authorization": authorization, **self.headers},
        )


class Answer:
    """What `requests.get` gives back, as far as it is looked at."""

    def __init__(self, content: Any) -> None:
        is_raw = isinstance(content, bytes)
        self.content = content if is_raw else json.dumps(content).encode()
        self.headers: dict[str, str] = {}

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *args: object) -> None: ...

    def raise_for_status(self) -> None: ...

    def json(self) -> Any:
        return json.loads(self.content)

    def iter_content(self, chunk_size: int) -> Any:
        for start in range(0, len(self.content), chunk_size):
            yield self.content[start : start + chunk_size]


def fetching(fetchable: dict[str, Any]) -> Callable[..., Answer]:
    """Return a `requests.get` that knows these answers and no network."""

    def get(url: str, **kwargs: object) -> Answer:
        for part, content in fetchable.items():
            if part in url:
                return Answer(content)
        raise requests.ConnectionError(f"nothing at {url}")

    return get


def _path(provider: str) -> str:
    return f"/helpdesk/inbound/{provider}/"


def _json(payload: Any) -> bytes:
    return json.dumps(payload).encode()


def _text(raw: bytes) -> str:
    """Decode as a provider does that hands a mail over as a string."""
    return raw.decode("utf-8", "replace")


def _hmac(key: str, body: bytes) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def _form(
    fields: list[tuple[str, bytes]], files: Sequence[tuple[str, Message]] = ()
) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    head = f"--{boundary}\r\nContent-Disposition: form-data; name="
    body = b""
    for name, value in fields:
        body += f'{head}"{name}"\r\n\r\n'.encode() + value + b"\r\n"
    for name, part in files:
        body += (
            f'{head}"{name}"; filename="{part.get_filename()}"\r\n'
            f"Content-Type: {part.get_content_type()}\r\n\r\n"
        ).encode()
        body += part.get_payload(decode=True) + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


@dataclass
class Parsed:
    """A mail taken apart, as parsing providers do it."""

    headers: list[tuple[str, str]]
    text: str
    html: str
    files: list[Message]


def parsed(raw: bytes) -> Parsed:
    message = BytesParser(policy=compat32).parsebytes(raw)
    found = Parsed([(k, str(v)) for k, v in message.items()], "", "", [])
    for part in message.walk():
        if part.is_multipart():
            continue
        if part.get_filename():
            found.files.append(part)
        elif part.get_content_type() in ("text/plain", "text/html"):
            charset = part.get_content_charset() or "utf-8"
            text = part.get_payload(decode=True).decode(charset, "replace")
            if part.get_content_type() == "text/html":
                found.html += text
            else:
                found.text += text
    return found


def _as_dict(headers: list[tuple[str, str]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in headers:
        if name in result:
            known = result[name]
            result[name] = [*(known if isinstance(known, list) else [known]), value]
        else:
            result[name] = value
    return result


def amazon_ses(raw: bytes, sender: str, recipient: str) -> Post:
    event = {
        "notificationType": "Received",
        "mail": {
            "source": sender,
            "messageId": "ses-1",
            "timestamp": "2026-03-03T10:00:00Z",
        },
        "receipt": {
            "recipients": [recipient],
            "spamVerdict": {"status": "PASS"},
            "action": {"type": "SNS", "encoding": "BASE64"},
        },
        "content": b64encode(raw).decode(),
    }
    notice = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "TopicArn": "arn:aws:sns:eu-west-1:1:mail",
        "Message": json.dumps(event),
    }
    headers = {
        "X-Amz-Sns-Message-Type": "Notification",
        "X-Amz-Sns-Message-Id": "sns-1",
    }
    return Post(_path("amazon_ses"), _json(notice), headers=headers)


def brevo(raw: bytes, sender: str, recipient: str) -> Post:
    mail = parsed(raw)
    headers = [
        *mail.headers,
        ("Return-Path", f"<{sender}>"),
        ("Delivered-To", recipient),
    ]
    item = {
        "Uuid": ["brevo-1"],
        "Headers": _as_dict(headers),
        "RawTextBody": mail.text,
        "RawHtmlBody": mail.html,
        "SpamScore": 1.5,
        "Attachments": [
            {
                "Name": f.get_filename(),
                "ContentType": f.get_content_type(),
                "DownloadToken": f"file{n}",
            }
            for n, f in enumerate(mail.files)
        ],
    }
    fetchable = {
        f"attachments/file{n}": f.get_payload(decode=True)
        for n, f in enumerate(mail.files)
    }
    return Post(_path("brevo"), _json({"items": [item]}), fetchable=fetchable)


def mailersend(raw: bytes, sender: str, recipient: str) -> Post:
    data = {
        "id": "ms-1",
        "created_at": "2026-03-03T10:00:00Z",
        "sender": {"email": sender},
        "recipients": {"rcptTo": [{"email": recipient}]},
        "raw": _text(raw),
    }
    body = _json({"type": "inbound.message", "data": data})
    signature = {"Signature": _hmac(MAILERSEND_SECRET, body)}
    return Post(_path("mailersend"), body, headers=signature)


def _mailgun_fields(sender: str, recipient: str) -> list[tuple[str, bytes]]:
    signature = _hmac(MAILGUN_KEY, b"1772532000made-up-token")
    return [
        ("sender", sender.encode()),
        ("recipient", recipient.encode()),
        ("timestamp", b"1772532000"),
        ("token", b"made-up-token"),
        ("signature", signature.encode()),
    ]


def mailgun_mime(raw: bytes, sender: str, recipient: str) -> Post:
    fields = [*_mailgun_fields(sender, recipient), ("body-mime", raw)]
    body, content_type = _form(fields)
    return Post(_path("mailgun_mime"), body, content_type)


def mailgun(raw: bytes, sender: str, recipient: str) -> Post:
    mail = parsed(raw)
    fields = [
        *_mailgun_fields(sender, recipient),
        ("message-headers", _json(mail.headers)),
        ("body-plain", mail.text.encode()),
        ("body-html", mail.html.encode()),
        ("attachment-count", str(len(mail.files)).encode()),
    ]
    files = [(f"attachment-{n}", part) for n, part in enumerate(mail.files, start=1)]
    body, content_type = _form(fields, files)
    return Post(_path("mailgun"), body, content_type)


def mailjet(raw: bytes, sender: str, recipient: str) -> Post:
    mail = parsed(raw)
    payload: dict[str, Any] = {
        "Sender": sender,
        "Recipient": recipient,
        "Headers": _as_dict(mail.headers),
        "Text-part": mail.text,
        "Html-part": mail.html,
        "SpamAssassinScore": "1.5",
        "Parts": [],
    }
    for number, part in enumerate(mail.files, start=1):
        name = f"Attachment{number}"
        payload[name] = b64encode(part.get_payload(decode=True)).decode()
        payload["Parts"].append({"Headers": _as_dict(part.items()), "ContentRef": name})
    return Post(_path("mailjet"), _json(payload))


def mailtrap(raw: bytes, sender: str, recipient: str) -> Post:
    event = {
        "event": "inbound.message_received",
        "event_id": "e-1",
        "timestamp": 1772532000000,
        "inbox_id": 7,
        "message_id": "mt-1",
    }
    body = _json({"events": [event]})
    fetchable = {
        "inbound/inboxes/7/messages/mt-1": {
            "id": "mt-1",
            "raw_message_url": "https://s3/raw",
        },
        "https://s3/raw": raw,
    }
    signature = {"Mailtrap-Signature": _hmac(MAILTRAP_SECRET, body)}
    return Post(_path("mailtrap"), body, headers=signature, fetchable=fetchable)


def mandrill(raw: bytes, sender: str, recipient: str) -> Post:
    return mandrill_batch([(raw, recipient)])


def mandrill_batch(mails: list[tuple[bytes, str]]) -> Post:
    events = [
        {
            "event": "inbound",
            "ts": 1772532000,
            "msg": {
                "raw_msg": _text(raw),
                "email": recipient,
                "spam_report": {"score": 1.5},
            },
        }
        for raw, recipient in mails
    ]
    return mandrill_post(json.dumps(events))


def mandrill_post(events: str) -> Post:
    url = f"http://{SECRET}@testserver{_path('mandrill')}"
    signed = f"{url}mandrill_events{events}".encode()
    signature = hmac.new(MANDRILL_KEY.encode(), signed, hashlib.sha1).digest()
    return Post(
        _path("mandrill"),
        urlencode({"mandrill_events": events}).encode(),
        "application/x-www-form-urlencoded",
        {"X-Mandrill-Signature": b64encode(signature).decode()},
    )


def postal(raw: bytes, sender: str, recipient: str) -> Post:
    body = _json(
        {
            "id": 4,
            "mail_from": sender,
            "rcpt_to": recipient,
            "base64": True,
            "message": b64encode(raw).decode(),
        }
    )
    signature = postal_key().sign(body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  Postal's choice
    headers = {"X-Postal-Signature": b64encode(signature).decode()}
    return Post(_path("postal"), body, headers=headers)


def postmark(raw: bytes, sender: str, recipient: str) -> Post:
    payload = {
        "MessageID": "pm-1",
        "OriginalRecipient": recipient,
        "Headers": [{"Name": "Return-Path", "Value": f"<{sender}>"}],
        "RawEmail": _text(raw),
    }
    return Post(_path("postmark"), _json(payload))


def postmark_parsed(raw: bytes, sender: str, recipient: str) -> Post:
    mail = parsed(raw)
    own = {"from", "to", "cc", "subject", "date", "reply-to"}
    values = {name.lower(): value for name, value in mail.headers}
    name, _, email = values["from"].rpartition(" ")
    payload = {
        "MessageID": "pm-1",
        "OriginalRecipient": recipient,
        "FromFull": {"Name": name.strip('"'), "Email": email.strip("<>")},
        "ToFull": [{"Name": "", "Email": values["to"].strip("<>")}],
        "Subject": values.get("subject", ""),
        "Date": values.get("date", ""),
        "TextBody": mail.text,
        "HtmlBody": mail.html,
        "Headers": [
            {"Name": "Return-Path", "Value": f"<{sender}>"},
            *({"Name": k, "Value": v} for k, v in mail.headers if k.lower() not in own),
        ],
        "Attachments": [
            {
                "Name": f.get_filename(),
                "ContentType": f.get_content_type(),
                "Content": b64encode(f.get_payload(decode=True)).decode(),
            }
            for f in mail.files
        ],
    }
    return Post(_path("postmark"), _json(payload))


def resend(raw: bytes, sender: str, recipient: str) -> Post:
    body = _json(
        {
            "type": "email.received",
            "created_at": "2026-03-03T10:00:00Z",
            "data": {"email_id": "re-1"},
        }
    )
    now = datetime.now(UTC)
    headers = {
        "svix-id": "msg_1",
        "svix-timestamp": str(int(now.timestamp())),
        "svix-signature": Webhook(RESEND_SECRET).sign("msg_1", now, body.decode()),
    }
    fetchable = {
        "emails/receiving/re-1": {"raw": {"download_url": "https://resend/raw"}},
        "https://resend/raw": raw,
    }
    return Post(_path("resend"), body, headers=headers, fetchable=fetchable)


def _envelope(sender: str, recipient: str) -> tuple[str, bytes]:
    return "envelope", _json({"from": sender, "to": [recipient]})


def sendgrid(raw: bytes, sender: str, recipient: str) -> Post:
    body, content_type = _form([("email", raw), _envelope(sender, recipient)])
    return Post(_path("sendgrid"), body, content_type)


def sendgrid_parsed(raw: bytes, sender: str, recipient: str) -> Post:
    mail = parsed(raw)
    headers = "\n".join(f"{name}: {value}" for name, value in mail.headers)
    info = {f"attachment{n}": {} for n, _ in enumerate(mail.files, start=1)}
    fields = [
        ("headers", headers.encode()),
        ("text", mail.text.encode("latin-1", "replace")),
        ("html", mail.html.encode()),
        ("charsets", _json({"text": "iso-8859-1", "html": "UTF-8"})),
        ("attachment-info", _json(info)),
        _envelope(sender, recipient),
    ]
    files = [(f"attachment{n}", part) for n, part in enumerate(mail.files, start=1)]
    body, content_type = _form(fields, files)
    return Post(_path("sendgrid"), body, content_type)


def sparkpost(raw: bytes, sender: str, recipient: str) -> Post:
    return sparkpost_batch([(raw, recipient)], sender)


def sparkpost_batch(mails: list[tuple[bytes, str]], sender: str) -> Post:
    events = [
        {
            "msys": {
                "relay_message": {
                    "protocol": "smtp",
                    "msg_from": sender,
                    "rcpt_to": recipient,
                    "content": {
                        "email_rfc822": b64encode(raw).decode(),
                        "email_rfc822_is_base64": True,
                    },
                }
            }
        }
        for raw, recipient in mails
    ]
    return Post(_path("sparkpost"), _json(events))


Builder = Callable[[bytes, str, str], Post]

#: Those that hand the mail over as it travelled.
RAW: dict[str, Builder] = {
    "amazon_ses": amazon_ses,
    "mailersend": mailersend,
    "mailgun_mime": mailgun_mime,
    "mailtrap": mailtrap,
    "mandrill": mandrill,
    "postal": postal,
    "postmark": postmark,
    "resend": resend,
    "sendgrid": sendgrid,
    "sparkpost": sparkpost,
}
#: Those that take it apart.
PARSED: dict[str, Builder] = {
    "brevo": brevo,
    "mailgun": mailgun,
    "mailjet": mailjet,
    "postmark_parsed": postmark_parsed,
    "sendgrid_parsed": sendgrid_parsed,
}
EVERY: dict[str, Builder] = {**RAW, **PARSED}
#: Those that turn every byte into a character first, right or wrong.
AS_TEXT = {"mailersend", "mandrill", "postmark"}
