"""What `scripts/air-gap` runs, how it watches the network calls of each step, and the table of what it saw.

    python scripts/air_gap.py FOLDER CLIENT_PYTHON

FOLDER holds `wheels` and a bare virtual environment `venv`; CLIENT_PYTHON has the client `mistralai`.
A first step, inside the namespace, calls outside on purpose: it shows that both witnesses would notice
(`network_calls.py`).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path

from network_calls import STRACE, Row, judge, lift_loopback, unsent

ROOT = Path(__file__).resolve().parent.parent
UNSHARE = ["unshare", "--map-root-user", "--net"]
PATIENCE = 240
WORDS = "Nobody is called"

CONTROL_STEP = "control: a call outside"
CONTROL = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
    try:
        door.connect(("192.0.2.1", 9))
    except OSError:
        pass
try:
    socket.getaddrinfo("octavo.example", 80)
except OSError:
    pass
"""
"""Calls an address that is set aside for documentation (RFC 5737), and asks for a name."""

PAPERS = f"""
from pathlib import Path
from papers import text_image, text_pdf
text_pdf(Path("text.pdf"), [["A title", "{WORDS}"]])
text_image(Path("scan.png"), ["{WORDS}"])
"""

PLAIN_HTTP = """
import base64, json, sys, urllib.request
uri = "data:application/pdf;base64," + base64.b64encode(open("text.pdf", "rb").read()).decode()
body = json.dumps({"document": {"type": "document_url", "document_url": uri}}).encode()
request = urllib.request.Request(sys.argv[1] + "/v1/ocr", body, {"Content-Type": "application/json"})
print(json.load(urllib.request.urlopen(request))["pages"][0]["markdown"])
"""

SDK = """
import base64, sys
from mistralai.client import Mistral
uri = "data:image/png;base64," + base64.b64encode(open("scan.png", "rb").read()).decode()
with Mistral(api_key="any", server_url=sys.argv[1]) as client:
    answer = client.ocr.process(model="mistral-ocr-latest", document={"type": "image_url", "image_url": uri})
print(answer.pages[0].markdown)
"""


class Watch:
    """Runs steps in FOLDER and keeps a row of each."""

    def __init__(self, folder: Path, *, traced: bool, namespaced: bool) -> None:
        self.folder, self.traced, self.namespaced = folder, traced, namespaced
        self.rows: list[Row] = []
        self._numbers = count()
        lead = ("OCTAVO_", "MISTRAL_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "PIP_")
        bare = {name: value for name, value in os.environ.items() if not name.upper().startswith(lead)}
        self._environment = bare | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PYTHONPATH": ""}

    @contextmanager
    def running(self, step: str, command: Sequence[str], port: int | None = None) -> Iterator[subprocess.Popen[str]]:
        """One step while it runs; its row is written when it has ended."""
        trace = self.folder / f"trace-{next(self._numbers)}"  # steps run beside the server
        before = unsent() if self.namespaced else 0
        watched = [*STRACE, str(trace), *command] if self.traced else command
        process = subprocess.Popen(
            watched,
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
            process.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        row = judge(step, trace.read_text() if self.traced else "", port)
        lost = unsent() - before if self.namespaced else None
        self.rows.append(replace(row, calls=row.calls if self.traced else None, unsent=lost))

    def run(self, step: str, *command: str, saying: str = "", port: int | None = None) -> None:
        """One step from beginning to end.

        Raises:
            SystemExit: it failed, or did not say what it should.
        """
        with self.running(step, command, port) as process:
            said, complaint = process.communicate(timeout=PATIENCE)
        if process.returncode or saying not in said:
            raise SystemExit(f"{step} failed with {process.returncode}:\n{said}\n{complaint}")


def program_of(process: subprocess.Popen[str], *, traced: bool) -> int:
    """The process that was asked for: strace passes no signals on."""
    if not traced:
        return process.pid
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0])


def serve(watch: Watch, octavo: str, client: str) -> None:
    """A server, one call by plain HTTP and one by the client of Mistral, and its end."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with watch.running("octavo serve", [octavo, "serve", "--port", str(port)], port) as server:
        assert server.stdout
        line = server.stdout.readline()
        if "is ready at" not in line:
            raise SystemExit(f"octavo serve said {line!r} and {server.communicate()[1]}")
        url = line.split()[-1]
        watch.run("POST /v1/ocr by plain HTTP", sys.executable, "-c", PLAIN_HTTP, url, saying=WORDS, port=port)
        watch.run("client.ocr.process of mistralai", client, "-c", SDK, url, saying=WORDS, port=port)
        os.kill(program_of(server, traced=watch.traced), signal.SIGTERM)


def install(folder: Path) -> list[str]:
    """The command that installs Octavo from the wheelhouse alone, whatever pip is configured to ask."""
    pip = [str(folder / "venv/bin/python"), "-m", "pip", "--isolated", "install", "--quiet", "--no-index"]
    return [*pip, "-f", str(folder / "wheels"), "--require-hashes", "-r", str(folder / "wheels/requirements.txt")]


def steps(folder: Path, client: str, *, traced: bool, namespaced: bool) -> list[Row]:
    """Everything that is watched, in its order."""
    watch = Watch(folder, traced=traced, namespaced=namespaced)
    if namespaced:
        lift_loopback()
        watch.run(CONTROL_STEP, sys.executable, "-c", CONTROL)
    octavo = str(folder / "venv/bin/octavo")
    if not Path(octavo).exists():
        watch.run("pip install --no-index", *install(folder))
        papers = [str(folder / "venv/bin/python"), "-c", PAPERS]
        subprocess.run(papers, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT / "tests")}, check=True)
    watch.run("octavo doctor", octavo, "doctor", saying="A worker starts")
    watch.run("octavo ocr text.pdf", octavo, "ocr", "text.pdf", saying=WORDS)
    watch.run("octavo ocr scan.png", octavo, "ocr", "scan.png", saying=WORDS)
    watch.run("octavo ocr, in workers", octavo, "ocr", "text.pdf", "scan.png", "--workers", "2", saying=WORDS)
    serve(watch, octavo, client)
    return watch.rows


def in_namespace(folder: Path, client: str, *, traced: bool) -> list[Row]:
    """The steps where there is no interface but loopback.

    Raises:
        SystemExit: a step failed.
    """
    inner = [sys.executable, __file__, str(folder), client, "traced" if traced else "counted"]
    told = subprocess.run([*UNSHARE, *inner], stdout=subprocess.PIPE, text=True, check=False)
    if told.returncode:
        raise SystemExit(told.returncode)
    return [Row(**row) for row in json.loads(told.stdout)]


def works(*command: str) -> bool:
    """Whether the system lets us."""
    found = shutil.which(command[0]) is not None
    return found and subprocess.run(command, capture_output=True, check=False).returncode == 0


def show(title: str, rows: Sequence[Row]) -> None:
    """The table of one pass."""
    print(f"\n{title}\n{'step':34} {'calls':>6} {'loopback':>9} {'local':>6} {'outside':>8} {'no route':>9}")
    for row in rows:
        calls, unsent = ("-" if number is None else str(number) for number in (row.calls, row.unsent))
        print(f"{row.step:34} {calls:>6} {row.loopback:>9} {row.local:>6} {len(row.outside):>8} {unsent:>9}")
        for line in row.outside:
            print(f"    {line}")


def verdict(rows: Sequence[Row]) -> int:
    """How many steps called outside; the control has to, or nobody would have noticed the others.

    Raises:
        SystemExit: the control was not noticed.
    """
    control = [row for row in rows if row.step == CONTROL_STEP]
    if any(not row.unsent or (row.calls is not None and not row.outside) for row in control):
        raise SystemExit("The call that was made on purpose was not noticed: this proves nothing.")
    return sum(bool(row.outside or row.unsent) for row in rows if row not in control)


def main() -> None:
    """Both passes, as far as the system allows."""
    folder, client = Path(sys.argv[1]), sys.argv[2]
    if sys.argv[3:]:
        rows = steps(folder, client, traced=sys.argv[3] == "traced", namespaced=True)
        print(json.dumps([asdict(row) for row in rows]))
        return
    traced, namespaced = works("strace", "-f", "-o", os.devnull, "true"), works(*UNSHARE, "true")
    bad = 0
    if namespaced:
        rows = in_namespace(folder, client, traced=traced)
        show("Where there is no interface but loopback", rows)
        bad += verdict(rows)
    else:
        print("SKIPPED the network namespace: this system does not let us make one (unshare --net).")
    if traced:
        rows = steps(folder, client, traced=True, namespaced=False)
        show("As usual, with whatever network there is", rows)
        bad += verdict(rows)
    else:
        print("SKIPPED the trace: strace is not installed, or this system does not let it trace.")
    if bad:
        raise SystemExit(f"\n{bad} steps called more than this machine.")
    print("\nNobody was called." if traced or namespaced else "\nNothing was proved.")


if __name__ == "__main__":
    main()
