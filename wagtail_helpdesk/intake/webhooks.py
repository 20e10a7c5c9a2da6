"""One storing view for each of Anymail's providers of inbound mail.

A provider either hands over the raw mail, which is taken out of its call, or the mail
taken apart, of which the headers are taken out: Anymail decodes those, and what an
address was before that is what mail servers have checked (SEC-12).
"""

import json
from collections.abc import Iterator
from urllib.parse import quote_plus, urljoin

import requests
from anymail.inbound import AnymailInboundMessage
from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView
from anymail.webhooks.brevo import BrevoInboundWebhookView
from anymail.webhooks.mailersend import MailerSendInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView
from anymail.webhooks.mailtrap import MailtrapInboundWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postal import PostalInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.resend import ResendInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.http import HttpRequest

from wagtail_helpdesk.intake.calls import Call, raw_bytes
from wagtail_helpdesk.intake.email_parsing import Fields
from wagtail_helpdesk.intake.payloads import (
    as_one_piece,
    collected,
    dumped,
    flat_headers,
    form_in_utf8,
    mail_of,
    postmark_fields,
)
from wagtail_helpdesk.intake.raw_mail import header_fields
from wagtail_helpdesk.intake.storing_view import StoringWebhook, stub_fields, stub_of

_FETCH_SECONDS = 60

_TakenApart = tuple[HttpRequest, bytes | None, Fields | None]


def _stub_text(raw: bytes) -> str:
    return stub_of(raw).decode("ascii")


class StoringAmazonSES(StoringWebhook, AmazonSESInboundWebhookView):
    """Amazon SES: the raw mail in the notification, or in S3."""

    provider = "amazon_ses"

    def carries_mail(self, request: HttpRequest) -> bool:
        """Leave confirmations of the topic to Anymail."""
        notice = self._parse_sns_message(request)
        if notice.get("Type") != "Notification":
            return False
        return str(notice.get("Message", "")).lstrip().startswith("{")

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the raw mail out of the event inside of the notification."""
        notice = call.json()
        event = json.loads(notice["Message"])
        raw = None
        if isinstance(event.get("content"), str):
            action = event["receipt"]["action"]
            raw = mail_of(
                event["content"], is_base64=action.get("encoding") == "BASE64"
            )
            event["content"] = _stub_text(raw)
            action["encoding"] = "UTF8"
            notice["Message"] = json.dumps(event)
        return call.request(payload=notice), raw, None

    def fetch_s3_chunks(self, bucket_name: str, object_key: str) -> Iterator[bytes]:
        """Keep what is fetched; Anymail gets what stands for it."""
        self.fetched = collected(super().fetch_s3_chunks(bucket_name, object_key))
        yield stub_of(self.fetched)


class StoringBrevo(StoringWebhook, BrevoInboundWebhookView):
    """Brevo: mails taken apart, several in one call; files are fetched."""

    provider = "brevo"

    def split(self, call: Call) -> list[bytes]:
        """Return one call for each of the items."""
        payload = call.json()
        items = payload.get("items", []) if isinstance(payload, dict) else []
        if len(items) < 2:
            return [call.body]
        return [dumped({"items": [item]}) for item in items]

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the headers out."""
        payload = call.json()
        fields: Fields | None = None
        for item in payload.get("items", []):
            fields = flat_headers(item.get("Headers", {}))
            item["Headers"] = dict(stub_fields(fields))
        return call.request(payload=payload), None, fields


class StoringMailerSend(StoringWebhook, MailerSendInboundWebhookView):
    """MailerSend: the raw mail."""

    provider = "mailersend"

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the raw mail out."""
        payload = call.json()
        raw = raw_bytes(payload["data"]["raw"])
        payload["data"]["raw"] = _stub_text(raw)
        return call.request(payload=payload), raw, None


class StoringMailgun(StoringWebhook, MailgunInboundWebhookView):
    """Mailgun: raw, if the URL says so, else taken apart."""

    provider = "mailgun"

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the raw mail or the headers out."""
        form = call.form()
        raw = form.first("body-mime")
        if raw is not None:
            rest = form.without("body-mime")
            rest.fields.append(("body-mime", stub_of(raw)))
            return call.request(form=rest), raw, None
        pairs = json.loads(form.first("message-headers") or b"[]")
        fields = [(str(name), str(value)) for name, value in pairs]
        rest = form.without("message-headers")
        rest.fields.append(("message-headers", dumped(stub_fields(fields))))
        return call.request(form=rest), None, fields


class StoringMailjet(StoringWebhook, MailjetInboundWebhookView):
    """Mailjet: taken apart."""

    provider = "mailjet"

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the headers out."""
        payload = call.json()
        fields = flat_headers(payload.get("Headers", {}))
        payload["Headers"] = {}
        for part in payload.get("Parts", []):
            headers = part.get("Headers", {})
            if "Attachment" in part.get("ContentRef", "") and "Content-Type" in headers:
                headers["Content-Type"] = as_one_piece(str(headers["Content-Type"]))
        return call.request(payload=payload), None, fields


class StoringMailtrap(StoringWebhook, MailtrapInboundWebhookView):
    """Mailtrap: tells of mails, which are fetched raw."""

    provider = "mailtrap"

    def split(self, call: Call) -> list[bytes]:
        """Return one call for each of the events."""
        payload = call.json()
        events = payload.get("events", []) if isinstance(payload, dict) else []
        if len(events) < 2:
            return [call.body]
        return [dumped({"events": [event]}) for event in events]

    def take_apart(self, call: Call) -> _TakenApart:
        """Leave the call as it is: there is no mail in it."""
        return call.request(), None, None

    def fetch_raw_message_chunks(self, raw_message_url: str) -> Iterator[bytes]:
        """Keep what is fetched; Anymail gets what stands for it."""
        self.fetched = collected(super().fetch_raw_message_chunks(raw_message_url))
        yield stub_of(self.fetched)


class StoringMandrill(StoringWebhook, MandrillCombinedWebhookView):
    """Mandrill: raw mails, several in one call, at the address of its reports."""

    provider = "mandrill"
    split_type = "application/x-www-form-urlencoded"

    def carries_mail(self, request: HttpRequest) -> bool:
        """Leave reports about sent mail to Anymail."""
        try:
            events = json.loads(request.POST.get("mandrill_events", "[]"))
        except ValueError:
            return True
        return any(
            isinstance(event, dict) and event.get("event") == "inbound"
            for event in events
        )

    def split(self, call: Call) -> list[bytes]:
        """Return one call for each of the events."""
        events = json.loads(call.form().first("mandrill_events") or b"[]")
        bodies = [
            b"mandrill_events=" + quote_plus(dumped([event])).encode("ascii")
            for event in events
        ]
        return bodies if len(bodies) > 1 else [call.body]

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the raw mail out."""
        form = call.form()
        text = (form.first("mandrill_events") or b"[]").decode(
            "utf-8", "surrogateescape"
        )
        events = json.loads(text)
        raw = None
        for event in events:
            raw = raw_bytes(event["msg"]["raw_msg"])
            event["msg"]["raw_msg"] = _stub_text(raw)
        rest = form.without("mandrill_events")
        rest.fields.append(("mandrill_events", dumped(events)))
        return call.request(form=rest), raw, None


class StoringPostal(StoringWebhook, PostalInboundWebhookView):
    """Postal: the raw mail."""

    provider = "postal"

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the raw mail out; Anymail can't decode one that is no UTF-8."""
        payload = call.json()
        raw = mail_of(payload["message"], is_base64=payload.get("base64") is True)
        payload |= {"message": _stub_text(raw), "base64": False}
        return call.request(payload=payload), raw, None


class StoringPostmark(StoringWebhook, PostmarkInboundWebhookView):
    """Postmark: raw, if the server is set to include it, else taken apart."""

    provider = "postmark"

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the raw mail or the headers out."""
        payload = call.json()
        headers = [
            (str(header["Name"]), str(header["Value"]))
            for header in payload.get("Headers", [])
        ]
        # The first one is Postmark's own word on the envelope, and no header.
        own = headers[:1] if headers and headers[0][0].lower() == "return-path" else []
        kept = own + stub_fields(headers[len(own) :])
        payload["Headers"] = [{"Name": name, "Value": value} for name, value in kept]
        if isinstance(payload.get("RawEmail"), str):
            raw = raw_bytes(payload["RawEmail"])
            payload["RawEmail"] = _stub_text(raw)
            return call.request(payload=payload), raw, None
        fields = [*postmark_fields(payload), *headers[len(own) :]]
        payload |= {"FromFull": None, "ToFull": [], "CcFull": [], "BccFull": []}
        payload |= {"Subject": "", "Date": "", "ReplyTo": ""}
        for attachment in payload.get("Attachments", []):
            attachment["ContentType"] = as_one_piece(str(attachment["ContentType"]))
        return call.request(payload=payload), None, fields


class StoringResend(StoringWebhook, ResendInboundWebhookView):
    """Resend: tells of mails, which are fetched, raw where that is offered."""

    provider = "resend"

    def take_apart(self, call: Call) -> _TakenApart:
        """Leave the call as it is: there is no mail in it."""
        return call.request(), None, None

    def _fetch_inbound_email(self, email_id: str) -> AnymailInboundMessage:
        """Fetch the raw mail and keep it; without one, do as Anymail does."""
        answer = requests.get(
            urljoin(self.api_url, f"emails/receiving/{email_id}"),
            headers={"Authorization": f"Bearer {self.api_key}"},
            timeout=_FETCH_SECONDS,
        )
        answer.raise_for_status()
        url = (answer.json().get("raw") or {}).get("download_url")
        if not url:
            return super()._fetch_inbound_email(email_id)
        with requests.get(url, stream=True, timeout=_FETCH_SECONDS) as download:
            download.raise_for_status()
            self.fetched = collected(download.iter_content(self.chunk_size))
        return AnymailInboundMessage.parse_raw_mime_bytes(stub_of(self.fetched))


class StoringSendGrid(StoringWebhook, SendGridInboundWebhookView):
    """SendGrid: raw, if the host is set to send it, else taken apart."""

    provider = "sendgrid"

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the raw mail or the headers out."""
        form = call.form()
        header = form.first("headers")
        raw = form.first("email")
        if header is None and raw is not None:
            rest = form.without("email")
            rest.fields.append(("email", stub_of(raw)))
            return call.request(form=rest), raw, None
        fields = [
            (name.decode("ascii"), value.decode("utf-8", "surrogateescape"))
            for name, value in header_fields(header or b"")
        ]
        rest = form_in_utf8(form).without("headers")
        rest.fields.append(("headers", b""))
        return call.request(form=rest), None, fields


class StoringSparkPost(StoringWebhook, SparkPostInboundWebhookView):
    """SparkPost: raw mails, several in one call."""

    provider = "sparkpost"

    def split(self, call: Call) -> list[bytes]:
        """Return one call for each of the events."""
        events = call.json()
        if not isinstance(events, list) or len(events) < 2:
            return [call.body]
        return [dumped([event]) for event in events]

    def take_apart(self, call: Call) -> _TakenApart:
        """Take the raw mail out; Anymail can't decode one that is no UTF-8."""
        events = call.json()
        raw = None
        for event in events:
            content = event["msys"].get("relay_message", {}).get("content")
            if content is not None:
                is_base64 = bool(content.get("email_rfc822_is_base64"))
                raw = mail_of(content["email_rfc822"], is_base64=is_base64)
                content |= {
                    "email_rfc822": _stub_text(raw),
                    "email_rfc822_is_base64": False,
                }
        return call.request(payload=events), raw, None


#: Name in ``INBOUND_PROVIDERS`` and in the URL -> its view.
PROVIDERS: dict[str, type[StoringWebhook]] = {
    view.provider: view
    for view in (
        StoringAmazonSES,
        StoringBrevo,
        StoringMailerSend,
        StoringMailgun,
        StoringMailjet,
        StoringMailtrap,
        StoringMandrill,
        StoringPostal,
        StoringPostmark,
        StoringResend,
        StoringSendGrid,
        StoringSparkPost,
    )
}
