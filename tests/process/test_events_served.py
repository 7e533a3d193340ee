"""`POST /v1/ocr` in events, from a real server: what comes when, what comes of it, and who may leave."""

from __future__ import annotations

import base64
import http.client
import json
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from batch_client import data_uri
from octavo_server import PATIENCE, eventually, get, serving
from scripted_batch import SETTINGS, noted, notes, script
from told_events import COMMENT, EVENTS, Told, all_told, blocks, body_of, plain, streaming, told
from watched_server import WatchedServer, watched

from octavo.api.event_stream import SILENCE
from octavo.cli.serve import DRAIN
from typeset import Sheets, scanned

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
NOTHING = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.7\n").decode()


def scripts(*pages: str) -> str:
    """A document whose pages have these commands."""
    sheets = Sheets((1000, 200))
    for number, commands in enumerate(pages):
        sheets.text(20, 50, commands)
        sheets.text(20, 100, f"page {number}")
        sheets.next_page()
    return data_uri(sheets.data())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WatchedServer]:
    """With the scripted engine and two workers."""
    with watched(tmp_path, settings=SETTINGS) as made:
        made.start()
        yield made


def names(events: list[Told]) -> list[str]:
    return [event.name for event in events]


def metric(server: WatchedServer, line: str) -> float:
    """The number behind a name and its labels."""
    (found,) = [row for row in get(f"{server.url}/metrics").text.splitlines() if row.startswith(f"{line} ")]
    return float(found.rpartition(" ")[2])


def test_every_page_comes_as_soon_as_it_is_read(server: WatchedServer, tmp_path: Path) -> None:
    document = scripts("wait a", "wait b", "wait c")
    with streaming(server.url, document, pages="2,0-1") as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        events = told(answer.iter_raw())
        start = next(events)
        assert (start.name, start.json["indices"], start.json["page_count"]) == ("start", [2, 0, 1], 3)
        for done, (gate, index) in enumerate([("a", 0), ("c", 2), ("b", 1)], start=1):
            (tmp_path / gate).touch()
            page = next(events)
            assert (page.name, page.json["done"], page.json["pages"]) == ("page", done, 3)
            assert (page.json["page"]["index"], f"wait {gate}" in page.json["page"]["markdown"]) == (index, True)
        result = next(events)
        assert (result.name, list(events)) == ("result", [])
    assert result.data == plain(server.url, document, pages="2,0-1").content


def test_a_page_that_kills_its_workers_is_told_among_the_others(server: WatchedServer) -> None:
    events = all_told(server.url, scripts("note fine", "die", "note fine"))
    assert names(events) == ["start", "page", "page", "page", "result"]
    pages = [event.json["page"] for event in events if event.name == "page"]
    assert {page["index"]: page["octavo"]["error_code"] for page in pages} == {0: None, 1: "worker_lost", 2: None}
    (failed,) = [page for page in pages if page["index"] == 1]
    assert events[-1].json["pages"][1] == failed


def test_errors_are_those_of_the_plain_form(server: WatchedServer) -> None:
    with streaming(server.url, scripts("note fine"), pages="x") as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/json")
    for document, options, code in (
        (NOTHING, {}, "corrupt_document"),
        (scripts("note fine"), {"pages": [5]}, "invalid_page_range"),
    ):
        (event,) = all_told(server.url, document, **options)
        expected = plain(server.url, document, **options)
        assert event == Told("error", event.data)
        assert event.json == {"status": expected.status_code, "error_code": code, **expected.json()}
    events = all_told(server.url, scripts("die"))
    assert names(events) == ["start", "page", "error"]
    assert (events[-1].json["status"], events[-1].json["raw_status_code"]) == (500, 500)


def test_it_has_all_the_time_that_it_takes(tmp_path: Path) -> None:
    document = scripts("last 2", "last 2", "last 2")
    with watched(tmp_path, settings=SETTINGS | {"LIMITS__REQUEST_TIMEOUT": "1"}) as server:
        server.start()
        assert plain(server.url, script("last 3")).status_code == 504
        assert names(all_told(server.url, document)) == ["start", "page", "page", "page", "result"]


@linux_only
def test_when_the_client_leaves_the_work_stops_after_the_pages_at_hand(server: WatchedServer, tmp_path: Path) -> None:
    with streaming(server.url, scripts(*["note held wait gate"] * 9)) as answer:
        assert next(told(answer.iter_raw())).name == "start"
        assert noted(tmp_path, 2)
    assert eventually(lambda: metric(server, "octavo_requests") == 0)
    assert metric(server, 'octavo_pages_waiting{work="request"}') == 0
    (tmp_path / "gate").touch()
    assert names(all_told(server.url, script("note other"))) == ["start", "page", "result"]
    assert sorted(notes(tmp_path)) == ["held", "held", "other"]
    assert metric(server, 'octavo_http_request_seconds_count{status="499"}') == 1


def test_two_who_ask_for_the_same_are_both_told_of_every_page(server: WatchedServer, tmp_path: Path) -> None:
    document = scripts(*["note once wait gate"] * 5)
    with ThreadPoolExecutor() as threads:
        both = [threads.submit(all_told, server.url, document) for _ in range(2)]
        assert eventually(lambda: metric(server, "octavo_requests") == 2)
        (tmp_path / "gate").touch()
        first, second = (asked.result() for asked in both)
    assert names(first) == names(second) == ["start", *["page"] * 5, "result"]
    assert first[-1] == second[-1]
    assert notes(tmp_path) == ["once"] * 5


def test_the_connection_can_be_used_again(server: WatchedServer) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=PATIENCE)
    body = json.dumps(body_of(scripts("note fine", "note fine")))
    connection.request("POST", "/v1/ocr", body, EVENTS)
    answer = connection.getresponse()
    assert (answer.version, answer.headers["Transfer-Encoding"]) == (11, "chunked")
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert names(list(told(answer))) == ["start", "page", "page", "result"]
    door = connection.sock
    connection.request("GET", "/health")
    assert (connection.getresponse().status, connection.sock) == (200, door)
    connection.close()


@pytest.mark.slow
def test_silence_is_broken_and_the_end_of_the_server_is_told(server: WatchedServer) -> None:
    """A server that is asked to end gives up what runs after longer than a stream is silent."""
    assert DRAIN > SILENCE
    document = scripts("note fine", "wait gate", "wait gate")
    with ThreadPoolExecutor() as threads, streaming(server.url, document) as answer:
        found = blocks(answer.iter_raw())
        assert next(found).startswith(b"event: start\n")
        assert next(found).startswith(b"event: page\n")
        ending = threads.submit(server.end, signal.SIGTERM)
        assert next(found) == COMMENT
        (event,) = told([next(found) + b"\n\n"])
        assert (event.name, event.json["status"], event.json["type"]) == ("error", 503, "service_unavailable")
        assert list(found) == []
        assert ending.result() in {-signal.SIGTERM, 128 + signal.SIGTERM}
    assert "Traceback" not in server.log


@pytest.mark.slow
def test_the_result_of_the_real_engine_is_the_plain_answer(tmp_path: Path) -> None:
    sheets = Sheets()
    for number in range(3):
        sheets.text(60, 60, f"Chapter {number}", size=20)
        sheets.text(60, 120, f"What stands on page {number} is read from its text layer.")
        sheets.next_page()
        sheets.picture(0, 0, 595, 842, scanned([f"This is line {line} of scan {number}." for line in range(6)]))
        sheets.next_page()
    document = data_uri(sheets.data())
    options = {"include_image_base64": True, "confidence_scores_granularity": "word", "table_format": "html"}
    with serving(tmp_path, ENGINES__MODEL="octavo-1") as server:
        events = all_told(server.url, document, **options)
        assert events[-1].data == plain(server.url, document, **options).content
    assert names(events) == ["start", *["page"] * 6, "result"]
    pages = {event.json["page"]["index"]: event.json["page"] for event in events if event.name == "page"}
    assert sorted(pages) == list(range(6))
    for final in events[-1].json["pages"]:
        provisional = pages[final["index"]]
        assert provisional["dimensions"] == final["dimensions"]
        assert provisional["octavo"] == final["octavo"]
        assert (f"page {final['index'] // 2}" if final["index"] % 2 == 0 else "This is line 3") in provisional[
            "markdown"
        ]
