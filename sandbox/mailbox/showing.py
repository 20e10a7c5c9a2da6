"""Show the HTML of a mail inside a frame that runs nothing and fetches nothing."""

from html import escape

from django.urls import reverse

from sandbox.mailbox.reading import ReadMail

#: Mails bring their own styles; pictures are those of the mail itself.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
#: Links open beside the mailbox. Words that bring no style get a readable one.
_HEAD = (
    '<!doctype html><base target="_blank">'
    "<style>body{font:16px/1.5 system-ui,sans-serif;margin:12px;"
    "overflow-wrap:break-word}img{max-width:100%;height:auto}"
    "blockquote{margin:0 0 0 4px;padding-left:12px;border-left:2px solid #bbb}"
    "</style>"
)


def framed_html(mail: ReadMail, *, pk: int) -> str:
    """Return the page for the frame, its inner pictures pointed at their parts."""
    html = mail.html or f"<pre>{escape(mail.text)}</pre>"
    for part in mail.parts:
        if part.content_id:
            url = reverse("mailbox:part", args=[pk, part.index])
            html = html.replace(f"cid:{part.content_id}", url)
    return f"{_HEAD}{html}"
