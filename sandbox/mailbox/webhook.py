"""Call the help desk's inbound webhook as Postmark does."""

import base64
import json
import uuid
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the webhook said; no status code if it could not be reached."""

    status_code: int | None
    text: str


def inbound_url(site_url: str) -> str:
    """Return the address that one would enter at the provider."""
    path = reverse("wagtail_helpdesk:inbound", kwargs={"provider": "postmark"})
    return f"{site_url.rstrip('/')}{path}"


def payload(raw: bytes, *, envelope_sender: str, recipient: str) -> dict[str, object]:
    """Return the JSON that Postmark posts if told to include the raw mail.

    Its MessageID is the same when the same mail is delivered again, as in a retry.
    """
    digest = sha256(raw + recipient.encode()).hexdigest()
    return {
        "MessageID": str(uuid.uuid5(uuid.NAMESPACE_OID, digest)),
        "OriginalRecipient": recipient,
        "Headers": [{"Name": "Return-Path", "Value": f"<{envelope_sender}>"}],
        # Whatever is no UTF-8 goes along as it is, as with providers that send bytes.
        "RawEmail": raw.decode("utf-8", errors="surrogateescape"),
    }


def call(raw: bytes, *, envelope_sender: str, recipient: str, site_url: str) -> Answer:
    """Post one mail for one recipient, with the site's real secret."""
    body = payload(raw, envelope_sender=envelope_sender, recipient=recipient)
    credentials = base64.b64encode(_webhook_secret().encode()).decode("ascii")
    url = urlsplit(inbound_url(site_url))
    connect = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = connect(url.netloc, timeout=_TIMEOUT_SECONDS)
    headers = {
        "Authorization": f"Basic {credentials}",
        "Content-Type": "application/json",
        "User-Agent": "Postmark",
    }
    try:
        connection.request("POST", url.path, body=json.dumps(body), headers=headers)
        response = connection.getresponse()
        return Answer(status_code=response.status, text=response.reason)
    except (OSError, HTTPException) as error:
        return Answer(status_code=None, text=str(error)[:200])
    finally:
        connection.close()


def _webhook_secret() -> str:
    """Return the secret; of several (Anymail allows that for rotation) the first."""
    secret = settings.ANYMAIL["WEBHOOK_SECRET"]
    return secret if isinstance(secret, str) else secret[0]
