"""Watch a server from a process of its own: how long `/health` takes, and the memory of the server and its workers.

    python benchmarks/probe.py URL PID      # Linux; ends when its standard input does

Writes a JSON object a line, with `t` on the system's monotonic clock: `{"t", "health"}` with seconds (null: no answer
within 30 s, or a wrong one), and `{"t", "pss", "server", "workers"}` with bytes: PSS of all processes together, RSS of
the server, and RSS of its workers together.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

LOOK_EVERY = 0.25
ASK_EVERY = 0.1
PATIENCE = 30.0


def tree(pid: int) -> list[int]:
    """The process and its descendants."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def memory(pid: int) -> dict[str, int]:
    """Bytes resident, and bytes of its share of what it shares; nothing where the process is gone."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        return {name: int(value.split()[0]) * 1024 for name, _, value in (line.partition(":") for line in lines)}
    return {}


def look(pid: int) -> dict[str, float]:
    """The memory of this moment."""
    server, *workers = [memory(one) for one in tree(pid)]
    return {
        "t": time.monotonic(),
        "pss": sum(one.get("Pss", 0) for one in (server, *workers)),
        "server": server.get("Rss", 0),
        "workers": sum(one.get("Rss", 0) for one in workers),
    }


def ask(host: str, port: int) -> dict[str, float | None]:
    """How long `/health` takes over a connection of its own."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        healthy = answer.status == 200 and b"ok" in answer.read()
    except (OSError, http.client.HTTPException):
        healthy = False
    finally:
        connection.close()
    return {"t": begun, "health": time.monotonic() - begun if healthy else None}


def main(url: str, pid: int) -> None:
    """Look and ask until standard input ends."""
    at, lock = urlsplit(url), threading.Lock()
    ended = threading.Event()

    def every(seconds: float, seen: object) -> None:
        while not ended.wait(seconds):
            found = json.dumps(seen())
            with lock:
                print(found, flush=True)

    for seconds, seen in ((LOOK_EVERY, lambda: look(pid)), (ASK_EVERY, lambda: ask(at.hostname, at.port))):
        threading.Thread(target=every, args=(seconds, seen), daemon=True).start()
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
