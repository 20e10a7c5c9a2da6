"""Mails of the kinds that have broken other desks, built on the spot."""

import random
from collections.abc import Iterator

HEAD = (
    b"Message-ID: <hostile@example.org>\r\n"
    b"Date: Tue, 03 Mar 2026 09:59:58 +0000\r\n"
    b"From: Ann Person <ann@example.org>\r\n"
    b"To: support@desk.example\r\n"
    b"Subject: Hostile\r\n"
    b"MIME-Version: 1.0\r\n"
)


def nested(depth: int = 1000) -> bytes:
    """Return a mail of so many parts inside of each other."""
    lines = [HEAD + b'Content-Type: multipart/mixed; boundary="b0"\r\n\r\n']
    for level in range(depth):
        lines.append(
            b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n'
            % (level, level + 1)
        )
    lines.append(
        b"--b%d\r\nContent-Type: text/plain\r\n\r\nThe inmost words.\r\n" % depth
    )
    lines.extend(b"--b%d--\r\n" % level for level in range(depth, -1, -1))
    return b"".join(lines)


def nested_mails(depth: int = 1000) -> bytes:
    """Return a mail in a mail in a mail …"""
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"The inmost words."


def big(size: int = 3_000_000) -> bytes:
    """Return a mail with a file of so many bytes."""
    line = b"0123456789abcdef" * 4 + b"\r\n"
    return (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: text/plain\r\n\r\nThe file is large.\r\n"
        + b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; "
        + b'filename="big.csv"\r\n\r\n'
        + line * (size // len(line))
        + b"\r\n--b--\r\n"
    )


def latin1() -> bytes:
    """Return a mail that is no UTF-8, and does not say so truly."""
    return (
        HEAD.replace(b"Hostile", "Brüll".encode("latin-1"))
        + b"Content-Type: text/plain; charset=iso-8859-1\r\n"
        + b"Content-Transfer-Encoding: 8bit\r\n\r\n"
        + "Er brüllt wie ein Löwe.".encode("latin-1")
    )


def many_recipients(count: int = 20_000) -> bytes:
    people = b", ".join(b"person%d@example.net" % n for n in range(count))
    return HEAD + b"Cc: " + people + b"\r\nContent-Type: text/plain\r\n\r\nHello."


def many_headers(count: int = 50_000) -> bytes:
    return b"X-Junk: 1\r\n" * count + HEAD + b"\r\nHello."


def many_parts(count: int = 20_000) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + part * count
        + b"--b--"
    )


def many_references(count: int = 20_000) -> bytes:
    ids = b"\r\n ".join(b"<id%d@example.net>" % n for n in range(count))
    return HEAD + b"References: " + ids + b"\r\n\r\nHello."


#: name -> a mail; each must be read within seconds, and none may be lost.
HOSTILE = {
    "empty": b"",
    "one byte": b"x",
    "line ends only": b"\r\n" * 1000,
    "NUL": HEAD + b"\r\nHel\x00lo\x00.",
    "NUL in header": HEAD.replace(b"Hostile", b"Hos\x00tile") + b"\r\nHello.",
    "no header": b"\r\nHello.",
    "header only": HEAD,
    "header never ends": b"Subject: " + b"x" * 2_000_000,
    "nested": nested(),
    "nested mails": nested_mails(),
    "nested rfc822 attachments": nested(900).replace(b"text/plain", b"message/rfc822"),
    "many recipients": many_recipients(),
    "many headers": many_headers(),
    "many parts": many_parts(),
    "many references": many_references(),
    "unknown charset": HEAD
    + b"Content-Type: text/plain; charset=klingon\r\n\r\nHello.",
    "charset hex": HEAD + b"Content-Type: text/plain; charset=hex\r\n\r\nHello.",
    "charset idna": HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\nH.\xff",
    "charset undefined": HEAD + b"Content-Type: text/plain; charset=undefined\r\n\r\nH",
    "charset NUL": HEAD + b'Content-Type: text/plain; charset="a\x00b"\r\n\r\nHello.',
    "charset rfc2231": HEAD
    + b"Content-Type: text/plain; charset*=x'y'%FF\r\n\r\nHello.",
    "bad base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!\xff!!!",
    "bad uuencode": HEAD
    + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 6 x\nM\xff",
    "unknown encoding": HEAD + b"Content-Transfer-Encoding: magic\r\n\r\nHello.",
    "no boundary": HEAD + b"Content-Type: multipart/mixed\r\n\r\nHello.",
    "boundary never opened": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\nHello.",
    "boundary never closed": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello.",
    "preamble only": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\nHello.\r\n--b--\r\n",
    "empty boundary": HEAD
    + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\nHi',
    "year 99999": HEAD.replace(b"2026", b"99999") + b"\r\nHello.",
    "no date": HEAD.replace(b"Tue, 03 Mar 2026 09:59:58 +0000", b"\xff\xfe")
    + b"\r\nHi.",
    "long subject": HEAD.replace(b"Hostile", b"x" * 100_000) + b"\r\nHello.",
    "long id": HEAD.replace(b"<hostile@", b"<" + b"h" * 100_000 + b"@") + b"\r\nHello.",
    "long sender": HEAD.replace(b"ann@", b"a" * 100_000 + b"@") + b"\r\nHello.",
    "long name": HEAD.replace(b"Ann Person", b"A" * 100_000) + b"\r\nHello.",
    "line break in subject": HEAD.replace(
        b"Hostile", b"=?utf-8?q?a=0D=0ABcc:_x=40y.example?="
    )
    + b"\r\nHello.",
    "U+2028 in subject": HEAD.replace(b"Hostile", b"=?utf-8?q?a=E2=80=A8b?=")
    + b"\r\nHi.",
    "bidi in subject": HEAD.replace(b"Hostile", b"=?utf-8?q?a=E2=80=AEb?=")
    + b"\r\nHi.",
    "bad encoded word": HEAD.replace(b"Hostile", b"=?klingon?b?////?= =?x?y?")
    + b"\r\nH.",
    "many encoded words": HEAD.replace(b"Hostile", b"=?utf-8?q?a?= " * 8_000)
    + b"\r\nHi.",
    "surrogates": HEAD
    + b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xed\xa0\x80.",
    "file name ..": HEAD
    + b"Content-Type: text/x-a\r\n"
    + b'Content-Disposition: attachment; filename=".."\r\n\r\nx',
    "file name path": HEAD
    + b"Content-Type: text/x-a\r\nContent-Disposition: attachment; "
    + b'filename="..\\..\\a/"\r\n\r\nx',
    "file name long": HEAD
    + b'Content-Disposition: attachment; filename="'
    + b"n" * 5_000
    + b'.txt"\r\n\r\nx',
    "file name rfc2231 gap": HEAD
    + b"Content-Disposition: attachment; filename*0*=utf-8''a; filename*9*=%FF"
    + b"\r\n\r\nx",
    "blank lines": HEAD + b"\r\n" + b"\n" * 500_000 + b"Hello.",
    "combining marks": HEAD
    + b"Content-Type: text/plain; charset=utf-8\r\n\r\na"
    + "\u0316\u0301".encode() * 100_000,
    "deep html": HEAD
    + b"Content-Type: text/html\r\n\r\n"
    + b"<div>" * 100_000
    + b"Hello.",
    "many attributes": HEAD
    + b"Content-Type: text/html\r\n\r\n<p "
    + b"a=b " * 50_000
    + b">Hello.</p>",
    "quoted from": HEAD.replace(b"Ann Person", b'"' + b'\\"' * 50_000) + b"\r\nHello.",
    "comment from": HEAD.replace(b"Ann Person", b"(" * 50_000) + b"\r\nHello.",
    "partial": HEAD + b"Content-Type: message/partial; id=x; number=1\r\n\r\nHello.",
    "external body": HEAD
    + b"Content-Type: message/external-body; access-type=URL; "
    + b'URL="http://127.0.0.1/"\r\n\r\nContent-Type: text/plain\r\n\r\n',
    "winmail": HEAD + b"Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22",
    "latin-1": latin1(),
}

_SEEDS = (
    HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\nHello \xc3\xa4.\r\n",
    HEAD
    + b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    + b"--b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nHello.\r\n"
    + b"--b\r\nContent-Type: text/html; charset=utf-8\r\n"
    + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Hello=20=C3=A4.</p>\r\n"
    + b"--b--\r\n",
    HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nInner.\r\n"
    + b"--b\r\nContent-Type: image/png; name*0*=utf-8''%C3%A4; name*1=b.png\r\n"
    + b"Content-Transfer-Encoding: base64\r\nContent-ID: <pic>\r\n\r\niVBORw0KGgo=\r\n"
    + b"--b--\r\n",
    HEAD
    + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    + b"Reporting-MTA: dns; x\r\n\r\n"
    + b"Final-Recipient: rfc822; y@z\r\n\r\n--b--\r\n",
)
_TOKENS = (
    *(bytes([byte]) for byte in b'\x00\r\n\xff"<>(;=:,\\ @'),
    b"--b",
    b"=?utf-8?b?",
    b"?=",
    b"\xed\xa0\x80",
    b"charset=",
    b"boundary=",
    b"multipart/mixed",
    b"message/rfc822",
    b"base64",
)


def mutants(count: int, *, seed: int) -> Iterator[bytes]:
    """Yield mails with a few bytes changed, added, doubled or left out."""
    chance = random.Random(seed)  # noqa: S311  the same mails each time
    for _ in range(count):
        mail = bytearray(chance.choice(_SEEDS))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(mail) or 1)
            to = min(len(mail), at + chance.randint(1, 30))
            kind = chance.randrange(4)
            if kind == 0:
                mail[at:to] = chance.choice(_TOKENS)
            elif kind == 1:
                mail[at:at] = chance.choice(_TOKENS)
            elif kind == 2:
                mail[at:at] = mail[at:to]
            else:
                del mail[at:to]
        yield bytes(mail)
