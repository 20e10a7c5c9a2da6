"""Decode bytes by what a mail says of them, and rightly where it is wrong."""

import codecs

# Declared name -> the larger or real set that mail programs mean by it.
_ALIASES = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "default": "utf-8",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "cp950",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "cp-850": "cp850",
    "ansi_x3.4-1968": "utf-8",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
}
# Codecs that are slow, or are not character sets at all.
_REFUSED = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
)


def _codec_of(declared: str) -> str:
    name = declared.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if codec.name.replace("_", "-") in _REFUSED or not codec._is_text_encoding:
        return ""
    return codec.name


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None


def decode(data: bytes, declared: str = "") -> str:
    """Return the text, by the declared character set or the likeliest one."""
    codec = _codec_of(declared) or "utf-8"
    if not codec.startswith(("utf-16", "utf-32", "utf-7", "iso2022", "hz")):
        # Providers that hand mails over as JSON turn every part into UTF-8 and leave
        # the old declaration. Text in another set is hardly ever valid UTF-8.
        text = _strictly(data, "utf-8")
        if text is not None:
            return text
    text = _strictly(data, codec)
    if text is not None:
        return text
    if codec != "utf-8":
        mostly = data.decode(codec, "replace")
        if mostly.count("\ufffd") * 10 <= len(mostly):
            return mostly
    mostly = data.decode("utf-8", "replace")
    if mostly.count("\ufffd") * 20 <= len(mostly):
        return mostly
    return _strictly(data, "cp1252") or data.decode("latin-1")
