"""Lines of a batch as they come, good and bad: each has a line of its own in the output or in the errors."""

from __future__ import annotations

import json
import uuid
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from batch_caller import MODEL, BatchCaller, entry, jsonl, png

Json = dict[str, Any]

GOOD = json.dumps(entry("good"))
DEEP = '{"custom_id": "deep", "body": ' + "[" * 300 + "]" * 300 + "}"


@pytest.fixture(scope="module")
def caller(batch_server: str, key_of: Callable[[str], str]) -> Iterator[BatchCaller]:
    """The owner of all that follows."""
    caller = BatchCaller(batch_server, key_of("plain"))
    yield caller
    caller.http.close()


def error_of(line: Json) -> Json:
    """The error in a line: a string of JSON, as Mistral writes it."""
    return json.loads(line["response"]["body"])


BAD: dict[str, tuple[str, int, str, str | None, str]] = {
    "no JSON": ("{nothing", 422, "invalid_request_error", None, "Invalid JSON"),
    "a list": ("[1, 2]", 422, "invalid_request_error", None, "should be an object"),
    "a number": ("17", 422, "invalid_request_error", None, "should be an object"),
    "null": ("null", 422, "invalid_request_error", None, "should be an object"),
    "a wrong escape in a long string": (
        json.dumps(entry("x", "data:image/png;base64," + "A" * 100_000)).replace("AAAA", r"A\xA", 1),
        422,
        "invalid_request_error",
        None,
        "Invalid JSON",
    ),
    "two objects": (GOOD + GOOD, 422, "invalid_request_error", None, "Invalid JSON"),
    "no body": ('{"custom_id": "x"}', 422, "invalid_request_error", "x", "should be an object"),
    "a body of null": ('{"custom_id": "x", "body": null}', 422, "invalid_request_error", "x", "should be an object"),
    "a body of text": ('{"custom_id": "x", "body": "no"}', 422, "invalid_request_error", "x", "should be an object"),
    "a very long name": (json.dumps(entry("x" * 70_000)), 422, "invalid_request_error", None, "custom_id"),
    "a long name in a list": (json.dumps(entry([0, "x" * 70_000])), 422, "invalid_request_error", None, "custom_id"),
    "no document": ('{"custom_id": "x", "body": {}}', 422, "invalid_request_error", "x", "document"),
    "an unknown option": (json.dumps(entry("x", nothing=1)), 422, "invalid_request_error", "x", "nothing"),
    "a wrong option": (json.dumps(entry("x", image_limit=-1)), 422, "invalid_request_error", "x", "image_limit"),
    "a stream": (json.dumps(entry("x", stream=True)), 422, "invalid_request_error", "x", "stream"),
    "an empty address": (
        '{"custom_id": "x", "body": {"document": {"type": "image_url", "image_url": ""}}}',
        422,
        "invalid_request_error",
        "x",
        "starting with 'https'",
    ),
    "an address that is refused": (
        json.dumps(entry("x", "http://192.0.2.1/a.png")),
        400,
        "invalid_request_file",
        "x",
        "192.0.2.1",
    ),
    "no picture": (json.dumps(entry("x", "data:image/png;base64,AAAA")), 400, "document_parser_invalid_file", "x", ""),
    "wrong base64": (json.dumps(entry("x", "data:image/png;base64,?")), 400, "invalid_request_file", "x", "base64"),
    "an unknown model": (json.dumps(entry("x", model="gpt-9")), 400, "invalid_model", "x", "gpt-9"),
    "a page out of range": (json.dumps(entry("x", pages=[7])), 400, "invalid_request_error", "x", "out of range"),
    "an unknown file": (
        json.dumps({"custom_id": "x", "body": {"document": {"type": "file", "file_id": str(uuid.UUID(int=1))}}}),
        422,
        "invalid_file",
        "x",
        "Could not get file.",
    ),
    "very deep": (DEEP, 422, "invalid_request_error", None, "recursion limit"),
    "a document over the limit": (
        json.dumps(entry("x", "data:image/png;base64," + "A" * 3_000_000)),
        413,
        "request_too_large",
        "x",
        "OCTAVO_LIMITS__MAX_FILE_BYTES",
    ),
}


@pytest.fixture(scope="module")
def bad_lines(caller: BatchCaller) -> tuple[Json, list[Json], list[Json]]:
    """One job with all of them, each followed by a good line."""
    lines = [line for bad, *_ in BAD.values() for line in (bad, GOOD)]
    return caller.ran("\n".join(lines).encode())


def test_a_bad_line_fails_alone(bad_lines: tuple[Json, list[Json], list[Json]]) -> None:
    job, output, errors = bad_lines
    assert job["status"] == "SUCCESS"
    counts = [job[f"{kind}_requests"] for kind in ("total", "completed", "succeeded", "failed")]
    assert counts == [2 * len(BAD), 2 * len(BAD), len(BAD), len(BAD)]
    assert [line["custom_id"] for line in output] == ["good"] * len(BAD)
    assert sum(error["count"] for error in job["errors"]) == len(BAD)
    # The number of its line stands in the id of each answer.
    assert [int(line["id"].split("-")[2]) for line in output] == list(range(2, 2 * len(BAD) + 1, 2))
    assert [int(line["id"].split("-")[2]) for line in errors] == list(range(1, 2 * len(BAD) + 1, 2))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_tells_what_is_wrong(bad_lines: tuple[Json, list[Json], list[Json]], name: str) -> None:
    _, status, kind, custom_id, told = BAD[name]
    line = bad_lines[2][list(BAD).index(name)]
    error = error_of(line)
    assert (line["response"]["status_code"], error["type"], error["raw_status_code"]) == (status, kind, status)
    assert told in error["message"]
    assert line["custom_id"] == custom_id
    assert line["error"] is None


def test_a_bad_line_gets_the_answer_of_the_ocr_route(
    caller: BatchCaller, bad_lines: tuple[Json, list[Json], list[Json]]
) -> None:
    for number, (name, (line, *_)) in enumerate(BAD.items()):
        try:
            body = json.loads(line)["body"]
        except (ValueError, KeyError, TypeError):
            continue
        if not isinstance(body, dict) or line == DEEP or "long name" in name:
            continue
        answer = caller.http.post("/v1/ocr", json=body)
        assert error_of(bad_lines[2][number]) == answer.json(), line[:100]


@pytest.mark.parametrize(
    "content",
    [
        b"%b\r\n%b\r\n",
        b"%b\r\n%b",
        b"%b\n%b",
        b"\xef\xbb\xbf%b\n%b\n",
        b"\n\n%b\n \t\n\r\n%b\n\n\n",
        b"  %b  \n\t%b\t\n",
    ],
)
def test_ends_of_lines_do_not_matter(caller: BatchCaller, content: bytes) -> None:
    job, output, errors = caller.ran(content % (jsonl(entry("0")), jsonl(entry("1"))))
    assert (job["status"], job["total_requests"], errors) == ("SUCCESS", 2, [])
    assert [line["custom_id"] for line in output] == ["0", "1"]


def test_names_may_be_missing_or_the_same(caller: BatchCaller) -> None:
    nameless = {"body": entry(None)["body"]}
    names = ["a", "a", None, "", "ünïcödé \u2028 \U0001f600", "nul \0 nul", "x" * 5000]
    job, output, errors = caller.ran(jsonl(*map(entry, names), nameless, entry(7), entry({"a": [1]}), entry(True)))
    assert (job["status"], errors) == ("SUCCESS", [])
    assert [line["custom_id"] for line in output] == [*names, None, "7", '{"a": [1]}', "true"]
    assert len({line["id"] for line in output}) == len(output)


def test_what_else_stands_in_a_line_is_ignored(caller: BatchCaller) -> None:
    line = {"method": "POST", "url": "/v1/chat/completions", **entry("0")}
    job, output, _ = caller.ran(jsonl(line))
    assert (job["succeeded_requests"], output[0]["custom_id"]) == (1, "0")


def test_the_model_of_the_job_wins(caller: BatchCaller) -> None:
    lines = jsonl(entry("0", model="mistral-ocr-2505"), entry("1", model="gpt-9"), entry("2"))
    _, output, errors = caller.ran(lines, model=MODEL)
    assert [line["response"]["body"]["model"] for line in output] == [MODEL] * 3
    assert errors == []
    _, output, errors = caller.ran(lines)
    assert [line["response"]["body"]["model"] for line in output] == ["mistral-ocr-2505", "octavo-fake"]
    assert [line["custom_id"] for line in errors] == ["1"]


def test_lines_may_name_uploaded_files(caller: BatchCaller) -> None:
    file_id = caller.upload(b64decode(png(77).partition(",")[2]), purpose="ocr", name="a.png")
    signed = caller.http.get(f"/v1/files/{file_id}/url").json()["url"]
    documents = [{"type": "file", "file_id": file_id}, {"type": "document_url", "document_url": signed}]
    job, output, errors = caller.ran(
        jsonl(*({"custom_id": str(n), "body": {"document": one}} for n, one in enumerate(documents)))
    )
    assert (job["status"], errors) == ("SUCCESS", [])
    assert [line["response"]["body"]["pages"][0]["dimensions"]["width"] for line in output] == [77, 77]


def test_several_files_are_one_job(caller: BatchCaller) -> None:
    ids = [caller.upload(jsonl(entry("a"), entry("b"))), caller.upload(b"[]\n" + jsonl(entry("c")))]
    job = caller.waited(caller.create(input_files=ids, model=MODEL))
    assert (job["input_files"], job["total_requests"], job["failed_requests"]) == (ids, 4, 1)
    assert [line["custom_id"] for line in caller.lines(job["output_file"])] == ["a", "b", "c"]
    assert [line["id"].split("-")[2] for line in caller.lines(job["error_file"])] == ["3"]


def test_requests_inside_are_read_as_lines_are(caller: BatchCaller) -> None:
    requests = [entry("a"), entry("b", "data:image/png;base64,AAAA"), {"body": {}}, entry(None)]
    job = caller.waited(caller.create(requests=requests))
    assert (job["total_requests"], job["input_files"]) == (4, [])
    assert [line["custom_id"] for line in caller.lines(job["output_file"])] == ["a", None]
    assert [line["custom_id"] for line in caller.lines(job["error_file"])] == ["b", None]
