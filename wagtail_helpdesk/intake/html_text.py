"""Turn the HTML of a mail into text, in linear time, quotes marked as quotes."""

import re
from html import unescape
from html.parser import HTMLParser

import nh3

#: Above these a page is not parsed; its tags are only taken away (SEC-93).
MAX_LENGTH = 500_000
MAX_TAGS = 20_000

_BLOCKS = frozenset(
    {
        "address",
        "article",
        "div",
        "dl",
        "dt",
        "dd",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "thead",
        "tr",
        "ul",
        "blockquote",
    }
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
_KEPT = _BLOCKS | {"a", "br", "hr", "td", "th", "img"}
_BLANKS = re.compile(r"[ \t\r\n\f\u200b]+")
_QUOTE_DEPTH = 20


def html_to_text(html: str) -> str:
    """Return the words of a page with its lines, lists, links and quotes."""
    html = html.encode("utf-8", "replace").decode("utf-8")
    if len(html) > MAX_LENGTH or html.count("<") > MAX_TAGS:
        return without_tags(html)
    reader = _Reader()
    # Parsed as browsers do first: what follows can rely on closed tags.
    reader.feed(
        nh3.clean(
            html,
            tags=set(_KEPT),
            clean_content_tags={"script", "style", "title", "template"},
            attributes={"a": {"href"}, "img": {"alt"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
        )
    )
    reader.close()
    return reader.text()


def without_tags(html: str) -> str:
    """Return the words of a page without a look at what its tags mean."""
    pieces = []
    for chunk in html.split("<"):
        _, bracket, text = chunk.partition(">")
        pieces.append(text if bracket else chunk)
    lines = (line.strip() for line in unescape(" ".join(pieces)).splitlines())
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Collects lines; knows how deep in quotes and lists it is."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._quotes = 0
        self._is_pre = 0
        self._href = ""
        self._link_text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._break(is_hard=True)
        elif tag == "hr":
            self._break()
            self._line = "-" * 20
            self._break()
        elif tag == "a":
            self._href, self._link_text = dict(attrs).get("href") or "", ""
        elif tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")
        elif tag in ("td", "th"):
            self._line += " " if self._line else ""
        elif tag in _BLOCKS:
            self._open_block(tag)

    def _open_block(self, tag: str) -> None:
        self._break()
        if tag in _SPACED:
            self._space()
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._is_pre += 1
        elif tag == "li":
            self._line = "* "

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
        elif tag in _BLOCKS:
            self._break()
            if tag == "blockquote":
                self._quotes = max(0, self._quotes - 1)
            elif tag == "pre":
                self._is_pre = max(0, self._is_pre - 1)
            if tag in _SPACED:
                self._space()

    def _close_link(self) -> None:
        href = self._href.removeprefix("mailto:").removeprefix("tel:")
        text = self._link_text.strip()
        if href and text and href.rstrip("/") not in (text, text.rstrip("/")):
            self._line += f" <{href}>"
        self._href = ""

    def handle_data(self, data: str) -> None:
        if self._href:
            self._link_text = (self._link_text + data)[:2000]
        if self._is_pre:
            first, *others = data.split("\n")
            self._line += first
            for other in others:
                self._break(is_hard=True)
                self._line = other
            return
        text = _BLANKS.sub(" ", data)
        if not self._line or self._line.endswith(" "):
            text = text.lstrip(" ")
        self._line += text

    def _break(self, *, is_hard: bool = False) -> None:
        line = self._line.rstrip() if self._is_pre else self._line.strip()
        if line or is_hard:
            self._lines.append(self._quoted(line))
        self._line = ""

    def _space(self) -> None:
        blank = self._quoted("")
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(blank)

    def _quoted(self, line: str) -> str:
        marks = "> " * min(self._quotes, _QUOTE_DEPTH)
        return f"{marks}{line}".rstrip()

    def text(self) -> str:
        """Return what was collected."""
        self._break()
        return "\n".join(self._lines).replace("\xa0", " ").strip()
