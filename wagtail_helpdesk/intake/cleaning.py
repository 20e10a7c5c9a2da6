"""Make text from outside fit to store, show and send on."""

import re
import unicodedata

#: What a header may hold once it is one line.
LINE_LIMIT = 998

#: What is kept of the text of one mail; the raw mail keeps the rest.
TEXT_LIMIT = 2_000_000

# Above this a line is not normalised: combining marks in a bad order make
# normalising quadratic.
_NORMALISED_LINE = 500

_BIDI_CONTROLS = "\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff{_BIDI_CONTROLS}]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"\s+")


def without_surrogates(text: str) -> str:
    """Turn bytes that hide in a string as surrogates into characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        pass
    else:
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return text.encode("utf-8", "replace").decode("utf-8")


def clean_text(text: str, *, limit: int = TEXT_LIMIT) -> str:
    """Return text of many lines without anything that a database refuses."""
    text = without_surrogates(text[:limit])
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    if text.isascii():
        return text
    return "\n".join(
        unicodedata.normalize("NFC", line) if len(line) <= _NORMALISED_LINE else line
        for line in text.split("\n")
    )


def clean_line(text: str, *, limit: int = LINE_LIMIT) -> str:
    """Return one line: no line break, no control, single blanks, composed."""
    text = without_surrogates(text[: limit * 8])
    text = _CONTROLS.sub("", _LINE_ENDS.sub(" ", text))
    text = _BLANKS.sub(" ", text).strip()[:limit]
    if len(text) <= _NORMALISED_LINE or text.isascii():
        return unicodedata.normalize("NFC", text)[:limit].strip()
    head = unicodedata.normalize("NFC", text[:_NORMALISED_LINE])
    return (head + text[_NORMALISED_LINE:])[:limit].strip()


def clean_file_name(name: str, *, limit: int = 150) -> str:
    """Return the last part of a path, fit to be shown; "" if nothing is left."""
    name = clean_line(name).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) != "Cf").strip(" .")
    if len(name) <= limit:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 20:
        return name[:limit]
    return f"{stem[: limit - len(suffix) - 1]}.{suffix}"
