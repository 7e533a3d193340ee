"""A server over the fakes of the unit tests: every kind of block, and errors that a document asks for by name.

scripted_server.py SPOOL [OPTIONS_AS_JSON]
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import uvicorn
from fake_reading import FakeExecutor, FakeFetcher

from made_service import make_service
from octavo.api.app import create_app
from octavo.api.options import ServerOptions
from octavo.domain import errors
from octavo.domain.document import SpooledDocument
from octavo.domain.model import ModelCard
from octavo.services.models import ModelCatalog

CARD = ModelCard(id="octavo-test", aliases=("mistral-ocr-latest",), description="Scripted.", created=1_790_000_000)


def obey(document: SpooledDocument) -> None:
    """A document that says `raise NAME` has that error."""
    words = document.path.read_bytes()[:100].decode("latin-1").split()
    if words[:1] == ["raise"]:
        raise getattr(errors, words[1])(f"This is {words[1]}.")


def main(spool: str, options: str = "{}") -> None:
    executor = FakeExecutor(on_inspect=obey, failing={2: errors.CorruptDocument("Page 2 breaks off -- badly.")})
    service = make_service(FakeFetcher(), executor, Path(spool))
    app = create_app(ocr=service, models=ModelCatalog((CARD,)), options=ServerOptions(**json.loads(options)))
    door = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"ready at http://127.0.0.1:{door.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(uvicorn.Config(app, log_config=None)).run(sockets=[door])


if __name__ == "__main__":
    main(*sys.argv[1:])
