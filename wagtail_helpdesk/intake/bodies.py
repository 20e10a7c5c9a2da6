"""Put the bodies of a mail together as one text, so that no word is left out."""

import re
from dataclasses import dataclass

from wagtail_helpdesk.intake.html_text import MAX_TAGS, html_to_text, without_tags

_STUB_LENGTH = 300
# What some programs send as the plain text of a mail that they wrote in HTML.
_STUB = re.compile(
    r"html.{0,60}(?:not support|n't support|not display|enable|view)"
    r"|(?:not support|n't support|not display|cannot view|can't view).{0,60}html"
    r"|(?:unterstützt|darstell|anzeig).{0,60}html|html.{0,60}(?:unterstützt|darstell)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Body:
    """A part of a mail that is meant to be read in place."""

    text: str
    is_html: bool
    #: Bodies of one group say the same in other forms; 0 is no group.
    group: int


def readable(bodies: list[Body]) -> str:
    """Return all words of these bodies once, in their order.

    Of the forms of one text the plain one is taken. A page without a plain form is
    turned into text even if other plain parts stand beside it, such as the footer
    that a list or a virus scanner adds.
    """
    has_page = {body.group for body in bodies if body.is_html and body.group}
    plain = [body for body in bodies if not body.is_html]
    stubs = {body for body in plain if body.group in has_page and _is_stub(body.text)}
    has_plain = {body.group for body in plain if body.group and body not in stubs}
    texts: list[str] = []
    seen: set[str] = set()
    tags_left = MAX_TAGS
    for body in bodies:
        if body in stubs or (body.is_html and body.group in has_plain):
            continue
        text = body.text
        if body.is_html:
            # Cleaning is quadratic in nesting, so all pages share one limit.
            tags_left -= text.count("<")
            text = html_to_text(text) if tags_left >= 0 else without_tags(text)
        key = "".join(text.split())
        if key and key not in seen:
            seen.add(key)
            texts.append(text)
    return "\n\n".join(texts)


def _is_stub(text: str) -> bool:
    return len(text) <= _STUB_LENGTH and bool(_STUB.search(text))
