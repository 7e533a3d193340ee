"""Programs that read scans: each waits for one page after the other, warm, and tells what it took."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from live_server import HERE, NO_LIMIT, Live, body_of, live
from pages import cpu

from octavo import Octavo

API, BARE, TESSERACT, RAPIDOCR = "Octavo through the API", "Octavo, in process", "Tesseract 5", "RapidOCR 3.10"


@dataclass(frozen=True)
class Reading:
    """What became of one page.

    Attributes:
        seconds: that one waits.
        cpu: seconds of CPU time of all processes that worked on it.
        text: plain or Markdown.
    """

    seconds: float
    cpu: float
    text: str


Read = Callable[[Path], Reading]


@contextmanager
def readers(peers: str | None) -> Iterator[dict[str, Read]]:
    """All that are installed, by name; `peers` is an interpreter that may have RapidOCR."""
    with ExitStack() as stack:
        server = stack.enter_context(live(RETENTION="none", **NO_LIMIT))
        octavo = stack.enter_context(Octavo())
        found: dict[str, Read] = {API: partial(by_server, server), BARE: partial(in_process, octavo)}
        if shutil.which("tesseract"):
            found[TESSERACT] = tesseract
        if peers and subprocess.run([peers, "-c", "import rapidocr"], check=False, capture_output=True).returncode == 0:
            found[RAPIDOCR] = partial(rapidocr, stack.enter_context(_rapidocr_running(peers)))
        yield found


def by_server(server: Live, file: Path) -> Reading:
    """One request to a server that keeps nothing."""
    body, computed, began = body_of(file.read_bytes()), cpu(server.pid), time.monotonic()
    pages = server.ask(body).raise_for_status().json()["pages"]
    seconds = time.monotonic() - began
    return Reading(seconds, cpu(server.pid) - computed, "\n\n".join(page["markdown"] for page in pages))


def in_process(octavo: Octavo, file: Path) -> Reading:
    """The library."""
    began, computed = time.monotonic(), time.process_time()
    pages = octavo.ocr(file).pages
    seconds, cpu = time.monotonic() - began, time.process_time() - computed
    return Reading(seconds, cpu, "\n\n".join(page.markdown for page in pages))


def tesseract(file: Path) -> Reading:
    """The program as it comes, with its English model; it is started anew for each page, as it always is."""
    began, computed = time.monotonic(), _children()
    command = ["tesseract", str(file), "-", "-l", "eng"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Reading(time.monotonic() - began, _children() - computed, text)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rapidocr(process: subprocess.Popen[str], file: Path) -> Reading:
    """In a process that is loaded."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{file}\n")
    process.stdin.flush()
    return Reading(**json.loads(process.stdout.readline()))


@contextmanager
def _rapidocr_running(python: str) -> Iterator[subprocess.Popen[str]]:
    command = [python, str(HERE / "rapidocr_reader.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
