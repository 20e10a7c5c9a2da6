"""Find the new part of an answer (WT-13 … WT-17); one pass, no backtracking.

Everything here errs on the side of keeping too much: the whole text is stored beside
the new part, but agents read the new part.
"""

import re
from collections.abc import Iterable, Sequence

#: Lines and characters that are looked at; what is behind them is kept or cut whole.
LINE_LIMIT = 3_000
_WIDTH = 400

# The words by which mail programs introduce what they quote. Each stands for a line
# such as "On 3 May 2026, Ann <ann@example.com> wrote:".
_WROTE = (
    "wrote|writes|schrieb|schreef|a écrit|écrit|escribió|escribio|ha scritto|scrisse"
    "|escreveu|skrev|kirjoitti|napisał|napisal|napisała|napsal|napsala|napísal|a írta"
    "|írta|yazdı|написал|написала|пише|писал|έγραψε|a scris|je napisao|напиша|rašė"
    "|kirjutas|rakstīja|כתב|كتب|写道|寫道|のメール|書きました|작성|viết|menulis|เขียน"
)
_WROTE_END = re.compile(rf"(?:{_WROTE})[^:：]{{0,60}}[:：]\s*$", re.IGNORECASE)
_WROTE_START = re.compile(
    r"(?:on|am|op|le|el|il|em|den|dne|w dniu|ma|pe|data|tarihinde|el día|på|kl\.?)\s"
    r"|\d|[\w.]{1,20}[,.]?\s+\d|.{0,120}<[^\s<>@]{1,64}@",
    re.IGNORECASE,
)
_HAS_DATE_OR_ADDRESS = re.compile(r"\d{1,4}[-./ :年]|<?[^\s<>@]{1,64}@[^\s<>@]{1,200}")
_INTRODUCTION_LINES = 4

# "-----Original Message-----" and its family.
_ORIGINAL = re.compile(
    r"[-_*=\s]{2,40}(?:original message|original appointment|forwarded message"
    r"|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht"
    r"|message d'origine|message original|mensaje original|messaggio originale"
    r"|mensagem original|oorspronkelijk bericht|origineel bericht"
    r"|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse"
    r"|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna"
    r"|oryginalna wiadomość|původní zpráva|eredeti üzenet|orijinal mesaj"
    r"|исходное сообщение|пересылаемое сообщение|mesaj original"
    r"|原始邮件|原始郵件|元のメッセージ|원본 메시지)[-_*=\s]{2,40}",
    re.IGNORECASE,
)
_RULE = re.compile(r"_{10,}")
_HEADER_LINE = re.compile(
    r"\*?(?:(from|von|de|da|van|från|fra|lähettäjä|od|feladó|kimden|от|发件人|寄件者|差出人)"
    r"|(sent|date|gesendet|datum|envoyé|enviado|inviato|data|verzonden|skickat|sendt"
    r"|lähetetty|wysłano|odesláno|elküldve|gönderildi|отправлено|дата|发送时间|日期|送信日時)"
    r"|(to|an|à|para|a|aan|till|til|vastaanottaja|do|komu|címzett|kime|кому|收件人|宛先|cc)"
    r"|(subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|temat"
    r"|předmět|tárgy|konu|тема|主题|主旨|件名))\*?[ \t]?[:：]\*?(?:[ \t]|$)",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"[ \t]*[>|]")
_LEADING = " \t>|*_"
_JOINED_LINES = 3
# Words such as these may follow the quote without being an answer.
_SIGNATURE = re.compile(r"[ \t]*-- ?$|[ \t]*--\s*$")


def new_part(text: str, *, separators: Sequence[str] = ()) -> str:
    """Return the words that this answer adds; the whole text where that is unsure.

    :param separators: lines that end the new part, ours and the administrators'.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", LINE_LIMIT)
    own = _first_separator(lines, separators=separators)
    if own is not None:
        # What stands above our own line is new, whatever it looks like. A program
        # may have put an introduction between the two.
        head = _without_introduction(lines[:own])
        return _joined(head) or _joined(lines[:own]) or text.strip()
    cut = _first_quote(lines)
    if cut is None:
        return text.strip()
    head, tail = lines[:cut], lines[cut:]
    if not _joined(head) or _answers_below(tail):
        return text.strip()
    return _joined(head)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def _squeezed(line: str) -> str:
    return "".join(line.lstrip(_LEADING).split()).casefold()


def _first_separator(lines: list[str], *, separators: Sequence[str]) -> int | None:
    """Return where a separator begins, though quoted, wrapped or blanks added."""
    wanted = [each for each in map(_squeezed, separators) if each]
    if not wanted:
        return None
    longest = max(map(len, wanted))
    squeezed = [_squeezed(line[:_WIDTH]) for line in lines]
    for start, first in enumerate(squeezed):
        candidate = ""
        for part in squeezed[start : start + _JOINED_LINES] if first else ():
            candidate += part
            if len(candidate) > longest + 6:
                break
            if any(_is_separator(candidate, each) for each in wanted):
                return start
    return None


def _is_separator(candidate: str, wanted: str) -> bool:
    # Programs add their own marks behind the line, such as the closing `*` of bold.
    return candidate == wanted or candidate.rstrip("*_|") == wanted.rstrip("*_|")


def _first_quote(lines: list[str]) -> int | None:
    """Return the line at which quoted text begins by a mail program's own marks."""
    for number, line in enumerate(lines):
        if len(line) > _WIDTH or not line.strip():
            continue
        if _ORIGINAL.fullmatch(line.strip()):
            return number
        if _RULE.fullmatch(line.strip()) and _is_header_block(lines, number + 1):
            return number
        if _is_header_block(lines, number):
            return number
        # Outlook for the web and phones quote without marks, so any text may follow:
        # an introduction has a date or an address, and that is proof enough.
        if _introduction_length(lines, number):
            return number
    return _trailing_quote(lines)


def _introduction_length(lines: list[str], start: int) -> int:
    """Return how many lines "On …, … wrote:" takes here, or 0."""
    bare = lines[start].lstrip(_LEADING)
    if not _WROTE_START.match(bare):
        return 0
    joined = ""
    for length in range(1, _INTRODUCTION_LINES + 1):
        if start + length > len(lines):
            return 0
        line = lines[start + length - 1]
        if len(line) > _WIDTH or (length > 1 and not line.strip()):
            return 0
        joined = f"{joined} {line.strip(_LEADING)}".strip()
        if len(joined) > _WIDTH:
            return 0
        if _WROTE_END.search(joined) and _HAS_DATE_OR_ADDRESS.search(joined):
            return length
    return 0


def _is_header_block(lines: list[str], start: int) -> bool:
    """Tell whether "From: … Sent: … To: … Subject: …" begins here."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    if start >= len(lines) or _kind_of_header(lines[start]) != 1:
        return False
    kinds = {1}
    for line in lines[start + 1 : start + 7]:
        kind = _kind_of_header(line)
        if kind:
            kinds.add(kind)
        elif not line.strip() and len(kinds) < 2:
            return False
    # An address or a date tells a program's block from a person's list (LF-M7).
    block = " ".join(line[:_WIDTH] for line in lines[start : start + 5])
    return len(kinds) >= 3 and bool(_HAS_DATE_OR_ADDRESS.search(block))


def _kind_of_header(line: str) -> int:
    match = _HEADER_LINE.match(line[:_WIDTH].lstrip(_LEADING))
    return match.lastindex or 0 if match else 0


def _trailing_quote(lines: list[str]) -> int | None:
    """Return where a block of quoted lines that ends the mail begins."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and (_QUOTE.match(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    quoted = [line for line in lines[start:end] if line.strip()]
    if len(quoted) < 2 or not lines[:start]:
        return None
    return _with_introduction(lines, start)


def _with_introduction(lines: list[str], start: int) -> int:
    """Step back over a short paragraph that ends in a colon, in any language."""
    end = start
    while end and not lines[end - 1].strip():
        end -= 1
    if not end or not lines[end - 1].rstrip().endswith((":", "：")):
        return start
    first = end - 1
    while first and lines[first - 1].strip() and end - first < _INTRODUCTION_LINES:
        first -= 1
    if first and lines[first - 1].strip():
        return start
    paragraph = " ".join(lines[first:end])
    return first if _HAS_DATE_OR_ADDRESS.search(paragraph[:_WIDTH]) else start


def _without_introduction(lines: list[str]) -> list[str]:
    for number in range(max(0, len(lines) - 12), len(lines)):
        if _introduction_length(lines, number) or _is_header_block(lines, number):
            return lines[:number]
        line = lines[number].strip()[:_WIDTH]
        if _ORIGINAL.fullmatch(line) or (
            _RULE.fullmatch(line) and _is_header_block(lines, number + 1)
        ):
            return lines[:number]
    return lines


def _answers_below(tail: list[str]) -> bool:
    """Tell whether someone wrote between or below the quoted lines."""
    last_quote = None
    for number, line in enumerate(tail):
        if _QUOTE.match(line):
            last_quote = number
    if last_quote is None:
        return False
    first_quote = next(n for n, line in enumerate(tail) if _QUOTE.match(line))
    for number in range(first_quote, len(tail)):
        line = tail[number]
        if _SIGNATURE.match(line) and number > last_quote:
            return False
        if line.strip() and not _QUOTE.match(line):
            # A long quoted line, wrapped once more, leaves a short unmarked rest.
            was_wrapped = number < last_quote and len(tail[number - 1]) >= 60
            if not (was_wrapped and _QUOTE.match(tail[number - 1])):
                return True
    return False
