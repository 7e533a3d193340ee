"""The part of the benchmark with a hundred callers at a time, each with the stock client."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from findings import Finding, exactly, told
from live_server import FIRST, HERE, Live, live
from made_documents import scanned_document, small_image, text_document
from watch import watching

CLIENT = HERE.parent / ".venvs" / "mistralai-3" / "bin" / "python"


def callers(*, quick: bool) -> Iterator[Finding]:
    """A hundred threads of the stock client: with what fits into a request's time, then with more."""
    if not CLIENT.is_file():
        yield exactly("callers", "run `sh scripts/client-envs mistralai-3` first", 0, 1)
        return
    count, slowest = 10 if quick else 100, 0.0
    for kind, make in (("one-page text PDF", lambda name: text_document(1, name)), ("image", small_image)):
        with live() as server, watching(server) as seen:
            answers = _called(server, {f"{kind} {number}": make(f"{kind} {number}") for number in range(count)})
            read = server.pages_read
        fine = [answer for answer in answers if answer["statuses"] == [200] and _says_its_name(answer)]
        slowest = max(second for answer in answers for second in answer["seconds"])
        yield exactly("callers", f"{count} callers with a small {kind} each: answered with it", len(fine), count)
        yield exactly("callers", f"small {kind}: pages read", read, count)
        yield told("callers", f"small {kind}: slowest, s", slowest)
        yield seen.health("callers")
    yield from _more_than_fits(count, limit=max(1, round(slowest / 3)))


def _more_than_fits(count: int, limit: int) -> Iterator[Finding]:
    documents = {f"late {number}": scanned_document(2, f"late {number}") for number in range(count)}
    with live(LIMITS__REQUEST_TIMEOUT=str(limit)) as server, watching(server) as seen:
        answers = _called(server, documents, until_done=True)
        read = server.pages_read
    first = Counter(answer["statuses"][0] for answer in answers)
    strange = {status for answer in answers for status in answer["statuses"]} - {200, 504}
    overdue = max(second for answer in answers for second in answer["seconds"]) - limit
    yield told("callers", f"2 pages each, {limit} s for a request: first answers", str(dict(first)))
    yield exactly("callers", "some of them are 504", int(first[504] > 0), 1)
    yield exactly("callers", f"other answers than 200 and 504 {sorted(strange) or ''}", len(strange), 0)
    yield told("callers", "latest answer after the time was up, s", overdue)
    yield told("callers", "most calls of one caller until done", max(len(answer["statuses"]) for answer in answers))
    yield exactly("callers", "done in the end", sum(answer["statuses"][-1] == 200 for answer in answers), count)
    yield exactly("callers", "pages read twice", read - 2 * count, 0)
    yield seen.health("callers")


def _called(server: Live, documents: dict[str, bytes], *, until_done: bool = False) -> list[dict[str, Any]]:
    """What became of each in the hands of a caller of its own."""
    with tempfile.TemporaryDirectory(prefix="callers-") as folder:
        for name, document in documents.items():
            (Path(folder) / name).write_bytes(document)
        asked = json.dumps({"url": server.url, "key": FIRST, "folder": folder, "until_done": until_done})
        command = [str(CLIENT), str(HERE / "caller_mistralai.py"), asked]
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def _says_its_name(answer: dict[str, Any]) -> bool:
    """An engine may take one letter for another, but not one document: the number at the end must be there."""
    return answer["name"].split()[-1] in answer["text"].replace("O", "0").replace("l", "1").split("\n")[0]
