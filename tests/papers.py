"""Documents that tests make: PDFs with a text layer, protected ones, and images of text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_IDENTITY = b"0123456789abcdef"


def text_pdf(path: Path, pages: Sequence[Sequence[str]]) -> Path:
    """An A4 PDF in Helvetica: of each page the first line is a large title, the others are text."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        stream = "".join(_line(row, text) for row, text in enumerate(lines))
        place = f"/Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
        objects += [
            f"<< /Type /Page {place} /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}endstream",
        ]
    return _written(path, objects)


def protected_pdf(path: Path, password: str) -> Path:
    """A blank page behind a password (PDF 1.7, 7.6.3.3 and 7.6.3.4, revision 2)."""
    padded = (password.encode() + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + b"\xfc\xff\xff\xff" + _IDENTITY).digest()[:5]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>",
        f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{_rc4(key, _PADDING).hex()}> /P -4 >>",
    ]
    return _written(path, objects, f"/Encrypt 4 0 R /ID [<{_IDENTITY.hex()}> <{_IDENTITY.hex()}>]")


def text_image(path: Path, lines: Sequence[str], size: tuple[int, int] = (800, 400)) -> Path:
    """Black print on white, in the format that the name of `path` says."""
    image = Image.new("RGB", size, "white")
    brush, font = ImageDraw.Draw(image), ImageFont.load_default(size=36)
    for row, line in enumerate(lines):
        brush.text((40, 40 + 60 * row), line, fill="black", font=font)
    image.save(path)
    return path


def _line(row: int, text: str) -> str:
    """One line of a page's content."""
    size, y = (24, 760) if row == 0 else (11, 740 - 16 * row)
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf 72 {y} Td ({escaped}) Tj ET\n"


def _written(path: Path, objects: Sequence[str], more: str = "") -> Path:
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R {more} >>\nstartxref\n{len(body)}\n%%EOF\n"
    path.write_text(f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}", encoding="latin-1")
    return path


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
