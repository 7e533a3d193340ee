"""Other programs that read digital PDFs, in a process of their own: milliseconds a page of each file.

Needs none of Octavo. A first reading does not count, nor does loading the program.

python benchmarks/peers.py installed
python benchmarks/peers.py liteparse a.pdf b.pdf
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

Read = Callable[[str], object]


def main() -> None:
    """Tell as JSON which are installed, or how long one takes for files."""
    name, *files = sys.argv[1:]
    if name == "installed":
        print(json.dumps([name for name in PEERS if find_spec(name)]))
        return
    read = PEERS[name]()
    read(files[0])
    print(json.dumps([timed(read, file) for file in files]))


def timed(read: Read, file: str) -> float:
    """Milliseconds a page."""
    began = time.monotonic()
    read(file)
    return 1000 * (time.monotonic() - began) / pages_of(file)


def pages_of(file: str) -> int:
    """How many pages a PDF has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    try:
        return len(document)
    finally:
        document.close()


def liteparse() -> Read:
    """Markdown, without OCR, as Octavo does not need any for these."""
    from liteparse import LiteParse

    return LiteParse(ocr_enabled=False, quiet=True, output_format="markdown").parse


def pypdfium2() -> Read:
    """Bare text, and nothing of its structure."""
    import pypdfium2

    def read(file: str) -> list[str]:
        document = pypdfium2.PdfDocument(file)
        try:
            return [page.get_textpage().get_text_range() for page in document]
        finally:
            document.close()

    return read


def markitdown() -> Read:
    """Markdown."""
    from markitdown import MarkItDown

    return MarkItDown().convert


PEERS: dict[str, Callable[[], Read]] = {"liteparse": liteparse, "pypdfium2": pypdfium2, "markitdown": markitdown}


if __name__ == "__main__":
    main()
