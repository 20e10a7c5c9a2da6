"""Text from people can do nothing but be read."""

import re
from collections.abc import Callable

import pytest

from wagtail_helpdesk.markup import (
    MAX_LENGTH,
    clean_html,
    clean_text,
    render_body,
    render_markdown,
    render_text,
)

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:x)",
    "[a](livescript:x)",
    "[a](/admin/logout/)",
    "[a](//evil.example/)",
    "![x](https://evil.example/pixel.png)",
    "<https://x.example/?a=<script>>",
    '<a href="https://x.example" onclick="x()">x</a>',
    "<style>body{display:none}</style>",
    '<form action="https://evil.example"><input name=p></form>',
    '<div id="wagtail" class="x" data-controller="w-action">x</div>',
    '```x" onmouseover=alert(1)\ncode\n```',
    "<iframe src=https://evil.example></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "{{ 7*7 }}{% debug %}%s${7}",
]
FORBIDDEN = re.compile(
    r"<(?:script|img|svg|style|form|input|iframe|math|div|object|base|link|meta)\b"
    r"|<[^>]*\s(?:on\w+|style|id|class|data-[\w-]+)\s*="
    r"|<a[^>]*\shref=\"(?!https?:|mailto:|tel:)",
    re.IGNORECASE,
)


@pytest.mark.req("SEC-85", "SEC-87", "SEC-90", "SEC-91", "CTI-52")
@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("render", [render_markdown, render_text, clean_html])
def test_nothing_dangerous_is_left(render: Callable[[str], str], payload: str) -> None:
    assert not FORBIDDEN.search(render(payload))


@pytest.mark.req("CTI-51")
def test_render_markdown_knows_the_subset() -> None:
    html = render_markdown(
        "**b** *i* `c`\n\n```python\nx < y\n```\n\n- one\n\n> said\n\n[l](https://x.y)"
    )

    for tag in ("strong", "em", "code", "pre", "ul", "li", "blockquote", "a"):
        assert f"<{tag}" in html
    assert 'rel="noopener noreferrer nofollow"' in html


@pytest.mark.req("CTI-51")
@pytest.mark.parametrize("text", ["# Title", "Title\n=====", "###### Small"])
def test_render_markdown_makes_no_headings(text: str) -> None:
    html = render_markdown(text)

    assert "<h" not in html
    assert "Title" in html or "Small" in html


@pytest.mark.req("CTI-52")
def test_render_markdown_shows_html_as_text() -> None:
    assert "&lt;b&gt;bold&lt;/b&gt;" in render_markdown("<b>bold</b>")


def test_render_text_leaves_markdown_alone() -> None:
    html = render_text("*not* bold\n# no title\nhttps://example.org/a")

    assert "*not* bold" in html
    assert "<h1" not in html
    assert '<a href="https://example.org/a"' in html


def test_render_text_keeps_the_shape_of_a_table() -> None:
    assert "a&nbsp;&nbsp;&nbsp;b" in render_text("a   b")


def test_render_body_goes_by_the_format() -> None:
    assert "<em>" in render_body("*x*", body_format="markdown")
    assert "<em>" not in render_body("*x*", body_format="text")


@pytest.mark.req("SEC-92")
def test_template_marks_are_only_text() -> None:
    assert "{{ 7*7 }}{% debug %}" in render_text("{{ 7*7 }}{% debug %}")


@pytest.mark.req("SEC-93")
@pytest.mark.parametrize(
    "text",
    [
        *(mark * 60_000 for mark in ("[", "<div>", "`", "\n", "|", "a")),
        *(mark * 30_000 for mark in ("> ", "*a", "http://", "- ")),
    ],
    ids=lambda text: repr(text[:4]),
)
def test_hostile_lengths_are_bounded(text: str) -> None:
    assert len(render_markdown(text)) < 40 * MAX_LENGTH
    assert len(render_text(text)) < 40 * MAX_LENGTH


@pytest.mark.req("REL-08")
def test_clean_text_takes_away_what_no_database_bears() -> None:
    assert clean_text("a\x00b\ud800c\u202ed\r\ne\tf") == "abcd\ne\tf"


@pytest.mark.req("SEC-94")
def test_render_markdown_cuts_the_text_and_not_its_html() -> None:
    cut = render_markdown("&" * (MAX_LENGTH + 10))

    assert cut == f"<p>{'&amp;' * MAX_LENGTH} …</p>\n"
