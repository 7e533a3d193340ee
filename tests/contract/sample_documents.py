"""Documents for the clients, made on the spot: a PDF with a text layer and a picture, and pictures of text."""

from __future__ import annotations

import io
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

LETTER = (612, 792)
PICTURE_AT = (100, 150, 300, 200)
"""Of each PDF page, in points: left, bottom, width, height."""

RUSSIAN = (
    "Все люди рождаются свободными и",
    "равными в своем достоинстве и правах.",
    "Они наделены разумом и совестью.",
)
HEADINGS = ("Tea in the garden", "Cake in the kitchen", "Soup for everybody")


def picture() -> Image.Image:
    """Something that is no text."""
    image = Image.new("RGB", (300, 200), (240, 240, 230))
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 30, 180, 170), fill=(200, 40, 40))
    draw.rectangle((150, 80, 270, 180), fill=(40, 60, 200))
    draw.polygon([(20, 190), (90, 60), (160, 190)], fill=(30, 150, 60))
    return image


def pdf(pages: int = 2) -> bytes:
    """Pages with a heading, a paragraph and a JPEG."""
    jpeg = encoded(picture(), "JPEG")
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font, image = 3, 4
    objects += [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /XObject /Subtype /Image /Width 300 /Height 200 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (len(jpeg), jpeg),
    ]
    kids = []
    for number in range(pages):
        content = _content(number)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(len(objects) + 1)
        resources = b"<< /Font << /F %d 0 R >> /XObject << /P %d 0 R >> >>" % (font, image)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R /Resources %s >>"
            % (*LETTER, len(objects), resources)
        )
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % kid for kid in kids), pages)
    return _file(objects)


def _content(number: int) -> bytes:
    lines = [
        (24, 720, HEADINGS[number % len(HEADINGS)]),
        *(
            (11, 680 - 14 * n, f"Line {n + 1} says that tea is served at four o'clock in the garden.")
            for n in range(12)
        ),
    ]
    text = "".join(f"BT /F {size} Tf 72 {y} Td ({words}) Tj ET\n" for size, y, words in lines)
    left, bottom, width, height = PICTURE_AT
    return (text + f"q {width} 0 0 {height} {left} {bottom} cm /P Do Q\n").encode()


def _file(objects: list[bytes]) -> bytes:
    body = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(body)


def receipt() -> Image.Image:
    """Printed lines and a picture below them."""
    image = Image.new("RGB", (900, 1200), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=40)
    for number, line in enumerate(("Grand Cafe", "Tea 4.00", "Cake 5.50", "Total 9.50")):
        draw.text((80, 80 + 90 * number), line, fill="black", font=font)
    image.paste(picture().resize((600, 400)), (150, 600))
    return image


def russian() -> Image.Image:
    """A page in a script that only Tesseract reads."""
    image = Image.new("RGB", (1000, 400), "white")
    font = ImageFont.truetype(str(files("octavo") / "fonts" / "wqy-microhei.ttf"), 36)
    for number, line in enumerate(RUSSIAN):
        ImageDraw.Draw(image).text((60, 60 + 80 * number), line, fill="black", font=font)
    return image


def encoded(image: Image.Image, form: str) -> bytes:
    file = io.BytesIO()
    image.save(file, form, quality=90)
    return file.getvalue()


def everything() -> dict[str, bytes]:
    """What the file server serves, by name."""
    return {
        "report.pdf": pdf(),
        "long.pdf": pdf(9),
        "receipt.jpg": encoded(receipt(), "JPEG"),
        "receipt.webp": encoded(receipt(), "WEBP"),
        "russian.png": encoded(russian(), "PNG"),
        "cut.pdf": pdf()[:700],
        "page.html": b"<!DOCTYPE html><title>No document</title>",
        "large.pdf": pdf() + b"\n%" * 1_100_000,
    }
