"""A server of pictures behind gates: what is asked of `/NAME/...` waits until somebody posts to `/NAME`.

So a batch job runs for as long as a test wants it to.
"""

from __future__ import annotations

import io
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

PATIENCE = 40.0


def picture() -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(file, "PNG")
    return file.getvalue()


@contextmanager
def gates() -> Iterator[str]:
    """Address of the server."""
    opened: defaultdict[str, threading.Event] = defaultdict(threading.Event)

    class Gatekeeper(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            opened[self.path.split("/")[1]].wait(PATIENCE)
            self.answer(picture())

        def do_POST(self) -> None:
            opened[self.path.split("/")[1]].set()
            self.answer(b"open")

        def answer(self, body: bytes) -> None:
            with suppress(ConnectionError):  # a job that was cancelled waits no longer
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Gatekeeper) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
