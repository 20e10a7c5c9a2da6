"""Text from people, turned into HTML that can do nothing but be read.

The only module that marks text as safe. Markdown is parsed with HTML off and then
cleaned by an allow-list all the same: two locks on one door (SEC-85 … SEC-93).
"""

import re
from functools import cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

#: Characters of a body that are rendered; the rest is cut with a sentence.
MAX_LENGTH = 64 * 1024
#: Opening angle brackets that the cleaner is given; nh3 is quadratic in nesting.
MAX_TAGS = 20_000

_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_REL = "noopener noreferrer nofollow"
_BLANKS = re.compile("^ +|  +", re.MULTILINE)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "breaks": True, "linkify": True})
    # A heading of a stranger has no place among the headings of our page (CTI-51).
    unwanted = ["heading", "html_block", "html_inline", "image", "lheading"]
    return parser.disable(unwanted, ignoreInvalid=True)


@cache
def _plain() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": True})
    return parser.enable(["linkify", "newline"], ignoreInvalid=True)


def clean_text(text: str) -> str:
    """Return text without the characters that no database or page can bear.

    Takes away NUL, other control characters, lone surrogates and the marks that turn
    the direction of writing; keeps tabs and line breaks.
    """
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_html(html: str) -> SafeString:
    """Return HTML with nothing left but the tags of the allow-list.

    Has no pictures, for a picture tells its sender that it was looked at (SEC-89).
    Given more than ``MAX_TAGS`` brackets, it returns the source, escaped.
    """
    html = html.encode("utf-8", "replace").decode("utf-8")
    if html.count("<") > MAX_TAGS:
        return escape(html)
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=_REL,
        url_relative="deny",
    )
    return mark_safe(cleaned)


def _cut(text: str) -> str:
    text = clean_text(text)
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]} …"


def render_markdown(text: str) -> SafeString:
    """Return the Markdown of an agent or visitor as HTML (CTI-51, CTI-52)."""
    return clean_html(_markdown().render(_cut(text)))


def render_text(text: str) -> SafeString:
    """Return plain text as HTML: paragraphs, line breaks and links, nothing else.

    Runs of blanks become hard ones, so that a pasted table or log keeps its shape.
    """
    text = _BLANKS.sub(lambda run: "\xa0" * len(run[0]), _cut(text).expandtabs(4))
    return clean_html(_plain().render(text))


def render_body(text: str, *, body_format: str) -> SafeString:
    """Return a stored body as HTML, by the format it was written in."""
    return render_text(text) if body_format == "text" else render_markdown(text)
