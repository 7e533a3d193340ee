"""Long documents, hang-ups, and the end of a server: real processes, the real engine, scans that take their time."""

from __future__ import annotations

import base64
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from octavo_server import PATIENCE, Server, eventually, get, serving
from prometheus_client.parser import text_string_to_metric_families

from typeset import Sheets, scanned

REAL = {"ENGINES__MODEL": "octavo-1"}


def scans(path: Path, pages: int) -> str:
    """A PDF of scans, each with a few lines of its own, as a data URL."""
    sheets = Sheets()
    for number in range(pages):
        lines = [f"This is line {line} of page {number}." for line in range(12)]
        sheets.picture(0, 0, 595, 842, scanned(lines))
        sheets.next_page()
    return "data:application/pdf;base64," + base64.b64encode(sheets.save(path).read_bytes()).decode()


def ask(server: Server, document: str, **options: Any) -> httpx.Response:
    body = {"document": {"type": "document_url", "document_url": document}, **options}
    return httpx.post(f"{server.url}/v1/ocr", json=body, timeout=PATIENCE)


def number(server: Server, name: str, **labels: str) -> float:
    """One number of `/metrics`."""
    families = text_string_to_metric_families(get(f"{server.url}/metrics").text)
    return next(s.value for f in families for s in f.samples if s.name == name and s.labels == labels)


def pages_read(server: Server) -> int:
    return int(number(server, "octavo_pages_total", outcome="read"))


@pytest.mark.slow
def test_a_document_longer_than_the_limit_is_read_in_several_calls_no_page_twice(tmp_path: Path) -> None:
    document = scans(tmp_path / "long.pdf", 12)
    with serving(tmp_path, LIMITS__REQUEST_TIMEOUT="4", **REAL) as server:
        answers = [ask(server, document)]
        while answers[-1].status_code == 504 and len(answers) < 30:
            assert "the same request again" in answers[-1].json()["message"]
            assert answers[-1].headers["retry-after"]
            answers.append(ask(server, document))
        assert (answers[-1].status_code, len(answers) > 1) == (200, True)
        pages = answers[-1].json()["pages"]
        assert [f"of page {page['index']}." in page["markdown"] for page in pages] == [True] * 12
        assert pages_read(server) == 12


def test_what_was_read_survives_the_end_of_the_server(tmp_path: Path) -> None:
    document = scans(tmp_path / "short.pdf", 2)
    with serving(tmp_path, **REAL) as server:
        before = ask(server, document, include_image_base64=True).json()
        server.stop()
    with serving(tmp_path, **REAL) as server:
        assert ask(server, document, include_image_base64=True).json() == before
        assert pages_read(server) == 0
        assert number(server, "octavo_pages_total", outcome="kept") == 2


def test_where_nothing_is_kept_nothing_is_left_and_the_answer_says_so(tmp_path: Path) -> None:
    document = scans(tmp_path / "long.pdf", 12)
    with serving(tmp_path, LIMITS__REQUEST_TIMEOUT="2", RETENTION="none", **REAL) as server:
        answer = ask(server, document)
        assert (answer.status_code, answer.json()["type"]) == (504, "timeout")
        assert "OCTAVO_RETENTION=none" in answer.json()["message"]
        assert eventually(lambda: number(server, "octavo_pages_running") == 0)
        places = (tmp_path / "data" / "spool" / "0", tmp_path / "data" / "pages" / "0")
        assert eventually(lambda: not any(list(place.iterdir()) for place in places))


def test_a_client_that_hangs_up_stops_its_work_after_the_pages_at_hand(tmp_path: Path) -> None:
    document = scans(tmp_path / "long.pdf", 40)
    with serving(tmp_path, **REAL) as server:
        body = {"document": {"type": "document_url", "document_url": document}}
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{server.url}/v1/ocr", json=body, timeout=httpx.Timeout(PATIENCE, read=3))
        assert eventually(lambda: number(server, "octavo_pages_running") == 0)
        done = pages_read(server)
        assert number(server, "octavo_requests") == number(server, "octavo_pages_waiting", work="request") == 0
        assert ask(server, scans(tmp_path / "short.pdf", 1)).status_code == 200
        assert 0 < done < 40
        assert pages_read(server) == done + 1
        assert not list((tmp_path / "data" / "spool" / "0").iterdir())


def test_a_long_document_holds_up_nobodys_single_page(tmp_path: Path) -> None:
    long, short = scans(tmp_path / "long.pdf", 40), scans(tmp_path / "short.pdf", 1)
    with serving(tmp_path, **REAL) as server, ThreadPoolExecutor() as threads:
        reading = threads.submit(ask, server, long)
        assert eventually(lambda: pages_read(server) > 1)
        before = pages_read(server)
        assert ask(server, short).status_code == 200
        assert pages_read(server) - before < 12
        assert not reading.done()
        server.process.send_signal(signal.SIGKILL)
        with pytest.raises(httpx.HTTPError):
            reading.result()


def test_the_end_is_told_to_those_who_still_wait(tmp_path: Path) -> None:
    document = scans(tmp_path / "long.pdf", 300)
    with serving(tmp_path, **REAL) as server, ThreadPoolExecutor() as threads:
        reading = [threads.submit(ask, server, document, pages=f"{each}-299") for each in range(3)]
        assert eventually(lambda: pages_read(server) > 1)
        server.process.send_signal(signal.SIGTERM)
        for each in reading:
            answer = each.result()
            assert (answer.status_code, answer.json()["type"]) == (503, "service_unavailable")
            assert answer.headers["retry-after"]
        assert server.process.wait(PATIENCE) in {-signal.SIGTERM, 128 + signal.SIGTERM}
