"""Send every file of a folder to a running server and count the clean answers.

    OCTAVO_RETENTION=none octavo serve &     # or a second run is answered from the pages of the first
    python benchmarks/hostile.py --base-url http://127.0.0.1:8000 FOLDER

An answer is clean when it comes within the time that is allowed and is either pages or an error in Mistral's envelope,
with a type and a message; a 500 must have a code, too. After each file the server must answer `/health` and read a good
page. The exit code is 1 when anything is not so.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image, ImageDraw, ImageFont

WORD = "Harmless"
HEALTH_WITHIN = 10.0


@dataclass(frozen=True)
class Trial:
    """What became of one file.

    Attributes:
        name: of the file.
        seconds: until the answer was there.
        outcome: `read`, `read in part`, `401 unauthorized`, `time-out`, ...
        clean: whether that is how it should be.
        alive: the server answered `/health` and read a good page afterwards.
        message: of the error, or the warnings of the first page.
    """

    name: str
    seconds: float
    outcome: str
    clean: bool
    alive: bool
    message: str = ""


class Server:
    """A server under test."""

    def __init__(self, base_url: str, key: str, timeout: float) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(base_url=base_url.rstrip("/"), headers=headers, timeout=timeout, trust_env=False)
        self._good = good_page()

    def ask(self, data: bytes) -> httpx.Response:
        """Have a document read."""
        uri = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
        body = {"model": "mistral-ocr-latest", "document": {"type": "document_url", "document_url": uri}}
        return self._client.post("/v1/ocr", json=body)

    def is_well(self) -> bool:
        """Whether it answers and still reads."""
        try:
            healthy = self._client.get("/health", timeout=HEALTH_WITHIN).is_success
            answer = self.ask(self._good)
            return healthy and answer.is_success and WORD in answer.json()["pages"][0]["markdown"]
        except (httpx.HTTPError, ValueError, LookupError):
            return False


def good_page() -> bytes:
    """A picture of one word."""
    image, buffer = Image.new("RGB", (360, 100), "white"), io.BytesIO()
    ImageDraw.Draw(image).text((30, 25), WORD, fill="black", font=ImageFont.load_default(size=40))
    image.save(buffer, "PNG")
    return buffer.getvalue()


def judge(response: httpx.Response) -> tuple[str, bool, str]:
    """Outcome, whether it is clean, and what the server said."""
    try:
        answer = response.json()
    except ValueError:
        return f"{response.status_code} without JSON", False, response.text[:200]
    if response.is_success:
        pages = answer.get("pages") or []
        failed = [page for page in pages if (page.get("octavo") or {}).get("error_code")]
        notes = [note for page in pages[:1] for note in page.get("warnings") or []]
        return ("read in part" if failed else "read"), bool(pages), "; ".join(notes)
    kind, code, message = (answer.get(name) for name in ("type", "code", "message"))
    typed = bool(kind and message) and (response.status_code != 500 or bool(code))
    told = " ".join(str(part) for part in (response.status_code, kind, code) if part)
    return told if typed else f"{told} (untyped)", typed, str(message)


def attempt(server: Server, path: Path) -> Trial:
    """Send one file, and look at the server afterwards."""
    start = time.monotonic()
    try:
        outcome, clean, message = judge(server.ask(path.read_bytes()))
    except httpx.TimeoutException:
        outcome, clean, message = "time-out", False, ""
    except httpx.HTTPError as error:
        outcome, clean, message = "no answer", False, repr(error)
    seconds = time.monotonic() - start
    return Trial(path.name, seconds, outcome, clean, server.is_well(), message)


def report(trials: Iterable[Trial], slow: float) -> bool:
    """Print the table and the counts; whether all is clean."""
    trials = list(trials)
    for trial in trials:
        marks = ("" if trial.clean else "  NOT CLEAN") + ("" if trial.alive else "  SERVER UNWELL")
        print(f"{trial.seconds:7.2f} s  {trial.outcome:46}  {trial.name}{marks}")
        if trial.message:
            print(f"{'':12}{' '.join(trial.message.split())[:160]}")
    print()
    for outcome, count in Counter(trial.outcome for trial in trials).most_common():
        print(f"{count:5}  {outcome}")
    worst = max(trials, key=lambda trial: trial.seconds)
    clean = sum(trial.clean for trial in trials)
    print(f"\n{clean} of {len(trials)} answers are clean")
    print(f"{sum(trial.seconds > slow for trial in trials)} took longer than {slow:g} s")
    print(f"{worst.seconds:.2f} s was the slowest: {worst.name}")
    print(f"{sum(not trial.alive for trial in trials)} times the server was unwell afterwards")
    return all(trial.clean and trial.alive for trial in trials)


def main() -> int:
    """Parse the command line; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="each file in it, at any depth, is sent")
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--key", default=os.environ.get("MISTRAL_API_KEY", ""), help="by default from MISTRAL_API_KEY")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="files that are sent at a time")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds after which an answer counts as a hang")
    parser.add_argument("--slow", type=float, default=5.0, help="seconds from which on an answer is counted as slow")
    options = parser.parse_args()
    files = sorted(path for path in options.folder.rglob("*") if path.is_file())
    server = Server(options.base_url, options.key, options.timeout)
    if not files or not server.is_well():
        print("There are no files, or no server that reads a good page.", file=sys.stderr)
        return 2
    with ThreadPoolExecutor(options.jobs) as threads:
        trials = list(threads.map(lambda path: attempt(server, path), files))
    return 0 if report(trials, options.slow) else 1


if __name__ == "__main__":
    sys.exit(main())
