"""A batch of small pages of several kinds, some of them twice, and requests that fail for a reason of their own."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO

from batch_client import data_uri, line
from PIL import Image, ImageDraw, ImageFont

from typeset import Sheets, photograph

OPTIONS = {"confidence_scores_granularity": "word", "include_image_base64": True, "table_format": "html"}
_SENTENCE = "Number {n} of the lot was sold to a dealer from the north for {n} shillings and a penny."
FAILING = 9
"""Of ten requests the last one fails."""


def batch(number: int, size: int = 200) -> list[object]:
    """Requests; no two batches have a document in common."""
    return [_request(number * 1000 + place, place) for place in range(size)]


def fails(place: int) -> bool:
    """Whether the request at this place (counted from 0) must fail."""
    return place % 10 == FAILING


def _request(seed: int, place: int) -> object:
    """One request; those at places 5 and 8 of ten ask for a document that another one asks for as well."""
    name = f"line-{place}"
    if fails(place):
        return _FAILURES[place // 10 % len(_FAILURES)](name)
    kind = place % 10
    if kind in {5, 8}:
        seed, kind = seed - 5, kind - 5
    return line(name, _KINDS[kind](seed), **OPTIONS)


def _letter(seed: int) -> str:
    sheets = Sheets()
    sheets.text(72, 90, f"Letter {seed}", font="Helvetica-Bold", size=22)
    sheets.paragraph(72, 130, 440, " ".join(_SENTENCE.format(n=seed + n) for n in range(6)))
    return data_uri(sheets.data())


def _two_pages(seed: int) -> str:
    sheets = Sheets()
    sheets.paragraph(72, 100, 440, _SENTENCE.format(n=seed))
    sheets.next_page()
    sheets.paragraph(72, 100, 440, _SENTENCE.format(n=seed + 1))
    return data_uri(sheets.data())


def _table(seed: int) -> str:
    sheets = Sheets()
    sheets.text(72, 90, "Prices", font="Helvetica-Bold", size=16)
    sheets.table(72, 110, [90, 90], [["Lot", "Price"], *([str(seed + n), f"{n}.50"] for n in range(4))])
    return data_uri(sheets.data())


def _illustrated(seed: int) -> str:
    sheets = Sheets()
    sheets.paragraph(72, 100, 440, _SENTENCE.format(n=seed))
    sheets.picture(72, 200, 312, 360, photograph(240 + seed % 7, 160))
    return data_uri(sheets.data())


def _ticket(seed: int) -> str:
    """Pixels, which the models read."""
    image = Image.new("RGB", (260, 70), "white")
    ImageDraw.Draw(image).text((16, 16), f"Ticket {seed}", fill="black", font=ImageFont.load_default(size=32))
    file = BytesIO()
    image.save(file, "PNG")
    return data_uri(file.getvalue(), "image/png")


_KINDS: dict[int, Callable[[int], str]] = {
    0: _letter,
    1: _two_pages,
    2: _table,
    3: _ticket,
    4: _illustrated,
    6: _letter,
    7: _letter,
}
_FAILURES: tuple[Callable[[str], object], ...] = (
    lambda name: line(name, "data:application/pdf;base64,@@@"),
    lambda name: line(name, data_uri(b"neither a document nor a picture")),
    lambda name: line(name, data_uri(Sheets().data()), pages="7"),
    lambda name: {"custom_id": name, "body": {}},
    lambda name: line(name, "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.7 broken off").decode()),
)
