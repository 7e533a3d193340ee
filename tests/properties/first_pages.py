"""A process that reads the first page of whatever it is sent; a decoder that crashes takes this process alone.

Each document comes over standard input as its length (4 bytes, big-endian) and its bytes. For each, one line of JSON
goes out: `{"page": [width, height]}`, `{"refused": code}`, or `{"broke": traceback}` for any other exception.
"""

import json
import resource
import struct
import sys
import tempfile
import traceback
import warnings
from contextlib import closing
from pathlib import Path

from octavo.documents.reader import open_document
from octavo.domain.errors import DocumentError, LimitExceeded, UnsupportedDocument

MAX_PIXELS = 4_000_000
MEMORY = 4 << 30


def outcome(path):
    try:
        with closing(open_document(path, max_pixels=MAX_PIXELS)) as reader:
            assert reader.facts.page_count >= 1
            page = reader.page(0, 72)
            pixels = page.render()
            assert pixels.shape == (page.size.height, page.size.width, 3)
            page.glyphs()
            return {"page": [page.size.width, page.size.height]}
    except (DocumentError, LimitExceeded, UnsupportedDocument) as error:
        return {"refused": error.code}
    except Exception:  # noqa: BLE001  whatever else comes out is what we look for
        return {"broke": traceback.format_exc()}


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("error")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document"
        while header := sys.stdin.buffer.read(4):
            path.write_bytes(sys.stdin.buffer.read(struct.unpack(">I", header)[0]))
            sys.stdout.write(json.dumps(outcome(path)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
