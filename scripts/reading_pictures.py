"""Makes the pictures of docs/reading.md: golden documents, read by Octavo, with their blocks drawn over them.

python scripts/reading_pictures.py        # writes docs/images/reading-*.png
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "golden")]

from golden_documents import DOCUMENTS  # noqa: E402 - stands with the tests, which typeset all their documents

IMAGES = ROOT / "docs" / "images"
PICTURES = {"columns": "article", "tables": "rapport", "figures": "drawing", "formulas": "formulas"}
"""What is shown, and the document that shows it, on its first page."""
WIDTH = 460


def overlay(document: str, folder: Path) -> Image.Image:
    """The first page of a golden document with its blocks."""
    path = DOCUMENTS[document].typeset().save(folder / f"{document}.pdf")
    command = [sys.executable, "-m", "octavo", "ocr", str(path), "-o", str(folder), "--overlay", "--dpi", "120"]
    subprocess.run(command, check=True)
    page = Image.open(folder / document / "page-0.png").convert("RGB")
    _, _, _, bottom = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    return page.crop((0, 0, page.width, min(page.height, bottom + 20)))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for topic, document in PICTURES.items():
            page = overlay(document, Path(name))
            small = page.resize((WIDTH, WIDTH * page.height // page.width), Image.Resampling.LANCZOS)
            small.convert("P", palette=Image.Palette.ADAPTIVE, colors=48).save(
                IMAGES / f"reading-{topic}.png", optimize=True
            )


if __name__ == "__main__":
    main()
