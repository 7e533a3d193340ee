"""A server with the fake engine whose patience is short.

patient_server.py DATA_DIR [OPTIONS_OF_THE_APP] [OPTIONS_OF_THE_CROWD], both as JSON
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn

from octavo.api.app import create_app
from octavo.api.connections import Crowd
from octavo.api.options import ServerOptions
from octavo.bootstrap import build_services
from octavo.settings import Settings


def main(data_dir: str, options: str = "{}", crowd: str = "{}") -> None:
    settings = Settings(data_dir=Path(data_dir), engines={"model": "octavo-fake"}, executor={"workers": 1})
    services = build_services(settings)
    door = socket.create_server(("127.0.0.1", 0))

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        async with services.running():
            await services.executor.ready()
            sys.stdout.write(f"ready at http://127.0.0.1:{door.getsockname()[1]}\n")
            sys.stdout.flush()
            yield

    app = create_app(
        ocr=services.ocr,
        models=services.models,
        budget=services.budget,
        lifespan=lifespan,
        options=ServerOptions(**json.loads(options)),
    )
    protocol: Any = Crowd(**json.loads(crowd)).protocol
    uvicorn.Server(uvicorn.Config(app, http=protocol, ws="none", log_config=None)).run(sockets=[door])


if __name__ == "__main__":
    main(*sys.argv[1:])
