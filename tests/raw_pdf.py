"""PDFs written object by object, for what no typesetting program writes: forms, odd and hostile structure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
DINGBATS = "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>"


class RawPdf:
    """Objects by number; `page` adds pages with Helvetica as /F1. Rectangles are PDF's: points, y upwards."""

    def __init__(self) -> None:
        self.objects: dict[int, bytes] = {}
        self.catalog = ""
        self.trailer = ""
        self.tree, self.font, self.dingbats = self.reserve(), self.add(HELVETICA), self.add(DINGBATS)
        self.pages: list[int] = []

    def reserve(self) -> int:
        """The number of an object that is told later."""
        number = len(self.objects) + 1
        self.objects[number] = b"null"
        return number

    def add(self, text: str | bytes, number: int = 0) -> int:
        """An object; its number."""
        number = number or self.reserve()
        self.objects[number] = text if isinstance(text, bytes) else text.encode("latin-1")
        return number

    def stream(self, data: str | bytes, entries: str = "", *, packed: bool = False, number: int = 0) -> int:
        """A stream object, deflated when `packed`; its number."""
        body = data if isinstance(data, bytes) else data.encode("latin-1")
        if packed:
            body, entries = zlib.compress(body, 9), f"{entries} /Filter /FlateDecode"
        head = f"<< /Length {len(body)} {entries} >>\nstream\n".encode("latin-1")
        return self.add(head + body + b"\nendstream", number)

    def form(self, data: str, box: str, entries: str = "") -> int:
        """A form object, as appearances are, with Helvetica as /F1 and ZapfDingbats as /ZaDb."""
        fonts = f"/Font << /F1 {self.font} 0 R /ZaDb {self.dingbats} 0 R >>"
        return self.stream(data, f"/Type /XObject /Subtype /Form /BBox [{box}] /Resources << {fonts} {entries} >>")

    def page(
        self,
        content: str | bytes = "",
        *,
        box: str = "0 0 595 842",
        entries: str = "",
        resources: str = "",
        annotations: Iterable[int] = (),
        packed: bool = False,
    ) -> int:
        """A page; its number."""
        stream = self.stream(content, packed=packed)
        annots = " ".join(f"{number} 0 R" for number in annotations)
        number = self.add(
            f"<< /Type /Page /Parent {self.tree} 0 R {f'/MediaBox [{box}]' if box else ''} /Contents {stream} 0 R"
            f" /Resources << /Font << /F1 {self.font} 0 R >> {resources} >>"
            f" {f'/Annots [{annots}]' if annots else ''} {entries} >>"
        )
        self.pages.append(number)
        return number

    def annotation(self, kind: str, rect: str, entries: str = "", *, appearance: int = 0) -> int:
        """An annotation of a subtype (`FreeText`); its number."""
        shown = f"/AP << /N {appearance} 0 R >>" if appearance else ""
        return self.add(f"<< /Type /Annot /Subtype /{kind} /Rect [{rect}] {shown} {entries} >>")

    def widget(self, name: str, kind: str, rect: str, entries: str = "", *, appearance: int = 0) -> int:
        """A field of a type (`Tx`, `Ch`, `Btn`, `Sig`) that is its own widget; its number."""
        told = f"/FT /{kind} /T ({name}) /DA (/F1 10 Tf 0 g) {entries}"
        return self.annotation("Widget", rect, told, appearance=appearance)

    def acroform(self, fields: Iterable[int], entries: str = "") -> None:
        """The form that the fields belong to."""
        listed = " ".join(f"{number} 0 R" for number in fields)
        fonts = f"/DR << /Font << /F1 {self.font} 0 R /ZaDb {self.dingbats} 0 R >> >> /DA (/F1 10 Tf 0 g)"
        self.catalog += f" /AcroForm << /Fields [{listed}] {fonts} {entries} >>"

    def data(self, *, tree: str = "") -> bytes:
        """The file. `tree` replaces the page tree's root."""
        kids = " ".join(f"{number} 0 R" for number in self.pages)
        self.add(tree or f"<< /Type /Pages /Count {len(self.pages)} /Kids [{kids}] >>", self.tree)
        root = self.add(f"<< /Type /Catalog /Pages {self.tree} 0 R {self.catalog} >>")
        return _file(self.objects, f"/Root {root} 0 R {self.trailer}")


def _file(objects: Mapping[int, bytes], trailer: str) -> bytes:
    parts, places, length = [b"%PDF-1.7\n"], [], 9
    for number, body in objects.items():
        places.append(length)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        length += len(parts[-1])
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    head = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    end = f"trailer\n<< /Size {size} {trailer} >>\nstartxref\n{length}\n%%EOF\n"
    return b"".join(parts) + (head + end).encode("latin-1")


def text_at(x: float, y: float, text: str, size: float = 10) -> str:
    """Operators that show text; y grows upwards."""
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"
