"""Make the files that people attach: texts, pictures, PDFs."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_PAPER, _INK, _GREY = "#fbf7ef", "#26221d", "#9a938a"

_TEXTS = {
    "guides.txt": "Rahel\nKofi\nOskar\nMinh\nElif\nJoão\nAstrid\nBeatrice\n",
    "login-log.txt": (
        "08:02:11 leila  192.0.2.14   ok\n"
        "08:14:50 leila  192.0.2.14   password changed by ben\n"
        "08:15:02 leila  203.0.113.9  refused\n"
        "08:15:03 leila  203.0.113.9  refused\n"
    ),
    "statement-last-year.txt": (
        "The attic of the museum can be reached by stairs only. Its objects are shown\n"
        "on a screen on the ground floor; three of them may be handled there.\n"
    ),
    "vpn-log.txt": (
        "17:01:10 connected\n17:04:42 peer silent     <- tunnel\n"
        "17:05:12 closed\n17:05:12 waiting for user\n"
        "17:19:30 connected\n17:21:07 peer silent     <- next tunnel\n"
    ),
}
_DOCUMENTS = {
    "filming-plan.pdf": ("Breakfast: plan of the day", "7.00 arrival", "7.20 kettles"),
    "leave-form.pdf": ("Request for leave", "Name:", "From:        To:"),
    "service-report.pdf": ("Lift service: report", "Door rail tightened", "400 kg: ok"),
}


def file_content(name: str) -> tuple[bytes, str]:
    """Return the bytes and the kind of a file."""
    if name in _TEXTS:
        return _TEXTS[name].encode(), "text/plain"
    if name in _DOCUMENTS:
        return _document(_DOCUMENTS[name]), "application/pdf"
    image = Image.new("RGB", (720, 480), _PAPER)
    _PICTURES[name](ImageDraw.Draw(image))
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue(), "image/png"


def _document(lines: tuple[str, ...]) -> bytes:
    page = Image.new("RGB", (826, 1169), "#ffffff")
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        size = 44 if number == 0 else 28
        draw.text((80, 90 + number * 80), line, _INK, ImageFont.load_default(size))
    for number in range(8):
        draw.line((80, 380 + number * 70, 746, 380 + number * 70), _GREY, 2)
    buffer = BytesIO()
    page.save(buffer, "PDF", resolution=100)
    return buffer.getvalue()


def _teapot(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 350, 720, 480), "#d9c7a8")
    draw.pieslice((150, 170, 400, 420), 90, 275, "#3c5a86")
    draw.pieslice((290, 180, 540, 430), -85, 90, "#3c5a86")
    draw.line((275, 170, 300, 250, 270, 320, 285, 420), _PAPER, 10)
    draw.arc((480, 220, 600, 350), -90, 90, "#2f4769", 18)


def _spoon(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 720, 480), "#7d2d34")
    draw.ellipse((90, 160, 280, 320), "#c9ccd1")
    draw.ellipse((160, 215, 210, 265), "#7d2d34")
    draw.rounded_rectangle((270, 226, 640, 254), 14, "#c9ccd1")
    draw.polygon(((90, 230), (60, 240), (90, 252)), "#c9ccd1")


def _radio(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 380, 720, 480), "#c2b59b")
    draw.rounded_rectangle((110, 130, 610, 390), 30, "#8a5a33")
    draw.rounded_rectangle((140, 160, 400, 360), 16, "#e6d6b8")
    for x in range(150, 400, 14):
        draw.line((x, 165, x, 355), "#b89b6d", 4)
    draw.rounded_rectangle((425, 165, 585, 230), 8, "#fdf6e8")
    draw.line((520, 168, 520, 227), "#b5482f", 4)
    draw.ellipse((435, 265, 505, 335), _INK)
    draw.ellipse((520, 265, 590, 335), _INK)


def _labels(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 720, 480), "#d7d2c8")
    for number, word in enumerate(("Spoo", "Kettl", "Clothes pe")):
        top = 60 + number * 130
        draw.rounded_rectangle((120, top, 600, top + 90), 8, "#ffffff")
        draw.text((150, top + 18), word, _INK, ImageFont.load_default(48))


def _browser(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 720, 480), "#eceff1")
    draw.rectangle((0, 0, 720, 44), "#cfd8dc")
    draw.rounded_rectangle((120, 10, 690, 36), 10, "#ffffff")
    draw.text((80, 90), "Lamp evening", _INK, ImageFont.load_default(40))
    draw.text((80, 160), "2 tickets", _GREY, ImageFont.load_default(28))
    draw.arc((310, 220, 410, 320), 20, 320, "#0d5b54", 14)


def _ticket(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 720, 480), "#37474f")
    draw.rectangle((220, 60, 500, 420), "#ffffff")
    draw.line((220, 330, 500, 330), "#cfd8dc", 3)


def _attic(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 720, 480), "#5d4a36")
    for x in (60, 260, 460, 660):
        draw.line((x, 0, x - 40, 480), "#3f3022", 26)
    for number in range(9):
        draw.line((330 + number * 8, 40, 326 + number * 8, 360), "#a9c6d6", 2)
    draw.polygon(((290, 380), (450, 380), (430, 470), (310, 470)), "#8d99a0")


def _room(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((60, 60, 660, 420), outline=_INK, width=6)
    draw.rectangle((120, 70, 560, 110), "#d98f1f")
    draw.text((130, 78), "shelf, 3 m", _INK, ImageFont.load_default(24))
    draw.rectangle((300, 414, 420, 426), _PAPER)
    draw.text((320, 380), "door", _INK, ImageFont.load_default(24))


_PICTURES: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "attic.png": _attic,
    "blank-ticket.png": _ticket,
    "booking-page.png": _browser,
    "broken-teapot.png": _teapot,
    "labels.png": _labels,
    "radio.png": _radio,
    "room-5.png": _room,
    "spoon.png": _spoon,
}
