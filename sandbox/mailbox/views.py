"""The mailbox's pages: three panes, a form, and the parts of a mail."""

from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Max, Prefetch, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from sandbox.mailbox import automatic, post
from sandbox.mailbox.composing import Draft, address_line, bare_addresses, write
from sandbox.mailbox.drafts import file_of, first_values, writer_of
from sandbox.mailbox.forms import ComposeForm, UploadForm
from sandbox.mailbox.models import Copy, Delivery, Door, Folder, Mail
from sandbox.mailbox.outcomes import outcomes_of
from sandbox.mailbox.people import (
    box_groups,
    desk_addresses,
    is_desk_address,
    name_of,
    people,
)
from sandbox.mailbox.presets import get_preset, presets
from sandbox.mailbox.quoting import MailProgram
from sandbox.mailbox.reading import ReadMail, read
from sandbox.mailbox.showing import FRAME_POLICY, framed_html

_SHOWN = 200
_VIEWS = ("mail", "text", "headers", "source")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show a mailbox, and what one can do here."""
    return render(request, "mailbox/index.html", _panes(request))


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail as its receiver sees it."""
    mail = get_object_or_404(Mail, pk=pk)
    Copy.objects.filter(mail=mail, is_read=False).update(is_read=True)
    mail_read = read(bytes(mail.raw))
    shown = request.GET.get("view", "mail")
    writer = writer_of(mail, box=request.GET.get("box", ""))
    may_reply = mail.copies.filter(address=writer, folder=Folder.INBOX).exists()
    context = {
        **_panes(request),
        "mail": mail,
        "mail_read": mail_read,
        "to": mail_read.addresses("To"),
        "cc": mail_read.addresses("Cc"),
        "shown": shown if shown in _VIEWS else "mail",
        "views": _VIEWS,
        "writer": writer,
        "writer_name": name_of(writer),
        "may_reply": may_reply,
        "deliveries": mail.deliveries.all(),
        "outcomes": outcomes_of(mail),
    }
    if may_reply:
        values = first_values(mail, mail_read, writer=writer, is_forward=False)
        context["reply_form"] = ComposeForm(initial=values, auto_id="reply_%s")
    if context["shown"] == "source":
        context["source"] = bytes(mail.raw).decode("utf-8", errors="replace")
    return render(request, "mailbox/detail.html", context)


def compose(request: HttpRequest) -> HttpResponse:
    """Write a mail, an answer or a forward, and send it."""
    if request.method == "POST":
        form = ComposeForm(request.POST, request.FILES)
        if form.is_valid():
            message = write(_draft(form.cleaned_data), now=timezone.now())
            lines = (form.cleaned_data["to"], form.cleaned_data["cc"])
            return _send(request, message, recipients=bare_addresses(*lines))
    else:
        form = ComposeForm(initial=_initial(request))
    context = {**_panes(request), "form": form}
    context["preset"] = get_preset(request.GET.get("preset", ""))
    context["other"] = _mail_of(form["other"].value())
    context["upload_form"] = UploadForm()
    status = 422 if form.is_bound else 200
    return render(request, "mailbox/compose.html", context, status=status)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Deliver a mail that lies in a file."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose a file that holds a mail.")
        return HttpResponseRedirect(reverse("mailbox:compose"))
    raw = form.cleaned_data["file"].read()
    mail = read(raw)
    named = [address for _, address in mail.addresses("To", "Cc")]
    chosen = form.cleaned_data["recipient"]
    recipients = [chosen] if chosen else named
    if not recipients:
        messages.error(request, "The mail names nobody; choose an address of the desk.")
        return HttpResponseRedirect(reverse("mailbox:compose"))
    sender = mail.addresses("Return-Path") or [mail.sender]
    return _send(request, raw, recipients=recipients, envelope_sender=sender[0][1])


@require_POST
def bounce(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a mail of the desk as a mail server that knows no such person."""
    mail = get_object_or_404(Mail, pk=pk)
    to = mail.envelope_sender or mail.from_email
    recipient = writer_of(mail, box=request.GET.get("box", ""))
    message = automatic.bounce(
        bytes(mail.raw), recipient=recipient, to=to, now=timezone.now()
    )
    return _send(request, message, recipients=[to], envelope_sender="")


@require_POST
def out_of_office(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a mail of the desk as the mail server of somebody who is away."""
    mail = get_object_or_404(Mail, pk=pk)
    mail_read = read(bytes(mail.raw))
    writer = writer_of(mail, box=request.GET.get("box", ""))
    values = first_values(mail, mail_read, writer=writer, is_forward=False)
    message = automatic.out_of_office(
        mail_read,
        sender=(name_of(writer), writer),
        to=values["to"],
        now=timezone.now(),
        is_marked="unmarked" not in request.POST,
    )
    recipients = bare_addresses(values["to"])
    return _send(request, message, recipients=recipients, envelope_sender="")


@require_POST
def deliver_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Deliver a mail once more, as a provider does that missed the answer."""
    mail = get_object_or_404(Mail, pk=pk)
    site_url = request.build_absolute_uri("/")
    recipients = dict.fromkeys(mail.deliveries.values_list("recipient", flat=True))
    deliveries = [
        post.deliver(mail, recipient=recipient, site_url=site_url)
        for recipient in recipients
    ]
    is_accepted = all(delivery.is_accepted for delivery in deliveries)
    return _show(request, mail, is_accepted=is_accepted)


@require_GET
def news(request: HttpRequest) -> JsonResponse:
    """Tell the newest mail and delivery, so that an open page knows to look again."""
    newest = Mail.objects.aggregate(Max("pk"))["pk__max"]
    delivery = Delivery.objects.aggregate(Max("pk"))["pk__max"]
    return JsonResponse({"mail": newest or 0, "delivery": delivery or 0})


@require_GET
@xframe_options_sameorigin
def html_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the HTML of a mail; nothing in it may run or be fetched from elsewhere."""
    mail_read = read(bytes(get_object_or_404(Mail, pk=pk).raw))
    response = HttpResponse(framed_html(mail_read, pk=pk))
    response["Content-Security-Policy"] = FRAME_POLICY
    return response


@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a mail as a file."""
    raw = bytes(get_object_or_404(Mail, pk=pk).raw)
    response = HttpResponse(raw, content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="mail-{pk}.eml"'
    return response


@require_GET
def part(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    """Hand out a file of a mail; pictures may be shown, the rest is downloaded."""
    parts = read(bytes(get_object_or_404(Mail, pk=pk).raw)).parts
    if index >= len(parts):
        raise Http404
    chosen = parts[index]
    is_picture = chosen.content_type in ("image/png", "image/jpeg", "image/gif")
    response = HttpResponse(chosen.content, content_type=chosen.content_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=not is_picture, filename=chosen.name
    )
    return response


def _panes(request: HttpRequest) -> dict[str, Any]:
    """Return what the left and the middle pane show."""
    box = request.GET.get("box", "").lower()
    copies = Copy.objects.all()
    mails: QuerySet[Mail] = Mail.objects.defer("raw")
    if box:
        copies = copies.filter(address=box)
        mails = mails.filter(copies__address=box).distinct()
    mails = mails.prefetch_related(
        Prefetch("copies", copies, to_attr="shown_copies"), "deliveries"
    )
    shown = list(mails[:_SHOWN])
    for mail in shown:
        folders = {copy.folder for copy in mail.shown_copies}
        mail.is_unread = any(not copy.is_read for copy in mail.shown_copies)
        mail.is_outgoing = bool(box) and folders == {Folder.SENT}
    return {
        "groups": box_groups(),
        "mails": shown,
        "box": box,
        "box_name": name_of(box) if box else "",
        "box_is_desk": bool(box) and is_desk_address(box),
        "box_query": f"?{urlencode({'box': box})}" if box else "",
        "presets": presets(),
        "people": people(),
        "desk_addresses": desk_addresses(),
    }


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Return what the form begins with: an answer, a forward, a preset, or little."""
    box = request.GET.get("box", "").lower()
    for name in ("reply", "forward"):
        mail = _mail_of(request.GET.get(name))
        if mail is not None:
            writer = writer_of(mail, box=box)
            mail_read = read(bytes(mail.raw))
            is_forward = name == "forward"
            return first_values(mail, mail_read, writer=writer, is_forward=is_forward)
    preset = get_preset(request.GET.get("preset", ""))
    if preset is not None:
        names = ("sender", "to", "subject", "body", "program")
        return {name: getattr(preset, name) for name in names}
    sender = "" if not box or is_desk_address(box) else box
    return {
        "sender": address_line([(name_of(sender), sender)]) if sender else "",
        "to": request.GET.get("to") or (box if is_desk_address(box) else ""),
        "subject": request.GET.get("subject", ""),
        "program": MailProgram.GMAIL.value,
    }


def _mail_of(pk: Any) -> Mail | None:
    return Mail.objects.filter(pk=pk).first() if str(pk).isdecimal() else None


def _draft(data: dict[str, Any]) -> Draft:
    """Return the draft for a valid form; a forward takes the files along."""
    other: ReadMail | None = None
    files = data["files"] or ()
    if data["other"] is not None:
        other = read(bytes(data["other"].raw))
        if data["is_forward"]:
            files = (*files, *(file_of(chosen) for chosen in other.files))
    return Draft(
        sender=data["sender"],
        to=data["to"],
        cc=data["cc"],
        subject=data["subject"],
        body=data["body"].replace("\r\n", "\n").strip(),
        program=MailProgram(data["program"]),
        files=files,
        other=other,
        is_forward=data["is_forward"],
    )


def _send(
    request: HttpRequest,
    message: EmailMessage | bytes,
    *,
    recipients: list[str],
    envelope_sender: str | None = None,
) -> HttpResponse:
    """Bring a mail on its way, say how that went, and show it."""
    raw = message if isinstance(message, bytes) else message.as_bytes()
    if envelope_sender is None:
        envelope_sender = read(raw).sender[1]
    sending = post.send(
        raw,
        envelope_sender=envelope_sender,
        recipients=recipients,
        door=Door.MAILBOX,
        site_url=request.build_absolute_uri("/"),
    )
    return _show(request, sending.mail, is_accepted=sending.is_accepted)


def _show(request: HttpRequest, mail: Mail, *, is_accepted: bool) -> HttpResponse:
    """Say how the sending went, and show the mail in the mailbox of its writer."""
    if is_accepted:
        messages.success(request, "Sent.")
    else:
        messages.error(request, "The help desk did not take the mail.")
    url = reverse("mailbox:detail", args=[mail.pk])
    sent = mail.copies.filter(folder=Folder.SENT).first()
    query = f"?{urlencode({'box': sent.address})}" if sent else ""
    return HttpResponseRedirect(f"{url}{query}")
