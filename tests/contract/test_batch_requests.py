"""Making batch jobs over plain HTTP: what is taken, and what is refused and how."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from batch_caller import MISSING, UNFIT, BatchCaller, entry, jsonl, png, refusal

Json = dict[str, Any]
KeyOf = Callable[[str], str]

ENDPOINTS = (
    "/v1/chat/completions",
    "/v1/embeddings",
    "/v1/fim/completions",
    "/v1/moderations",
    "/v1/chat/moderations",
    "/v1/classifications",
    "/v1/chat/classifications",
    "/v1/conversations",
    "/v1/audio/transcriptions",
)
SMALL = [entry("0")]


@pytest.fixture(scope="module")
def caller(batch_server: str, key_of: KeyOf) -> Iterator[BatchCaller]:
    """The owner of all that follows."""
    caller = BatchCaller(batch_server, key_of("plain"))
    yield caller
    caller.http.close()


@pytest.fixture(scope="module")
def stranger(batch_server: str, key_of: KeyOf) -> Iterator[BatchCaller]:
    """Somebody else."""
    caller = BatchCaller(batch_server, key_of("somebody"))
    yield caller
    caller.http.close()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        *(({"requests": SMALL, "endpoint": endpoint}, "/v1/ocr") for endpoint in ENDPOINTS),
        ({"requests": SMALL, "endpoint": "/v1/nothing"}, "/v1/ocr"),
        ({"requests": SMALL, "endpoint": None}, "endpoint"),
        ({"requests": SMALL, "model": "gpt-9"}, "gpt-9"),
        ({"requests": SMALL, "model": 7}, "model"),
        ({}, "Give either `input_files` or `requests`"),
        ({"requests": [], "input_files": []}, "Give either `input_files` or `requests`"),
        ({"requests": None, "input_files": None}, "Give either `input_files` or `requests`"),
        ({"requests": SMALL, "input_files": [str(uuid.uuid4())]}, "Give either `input_files` or `requests`"),
        ({"requests": {"0": SMALL[0]}}, "requests"),
        ({"requests": "many"}, "requests"),
        ({"requests": ["no object"]}, "requests"),
        ({"requests": [{"custom_id": "0"}]}, "body"),
        ({"requests": [{"custom_id": 7, "body": {}}]}, "custom_id"),
        ({"input_files": ["no-uuid"]}, "input_files"),
        ({"input_files": "no-list"}, "input_files"),
        ({"requests": SMALL, "timeout_hours": 0}, "timeout_hours"),
        ({"requests": SMALL, "timeout_hours": 169}, "timeout_hours"),
        ({"requests": SMALL, "timeout_hours": 1.5}, "timeout_hours"),
        ({"requests": SMALL, "timeout_hours": None}, "timeout_hours"),
        ({"requests": SMALL, "metadata": {"": "v"}}, "metadata"),
        ({"requests": SMALL, "metadata": {"k" * 33: "v"}}, "metadata"),
        ({"requests": SMALL, "metadata": {"k": ""}}, "metadata"),
        ({"requests": SMALL, "metadata": {"k": "v" * 513}}, "metadata"),
        ({"requests": SMALL, "metadata": {"k": 7}}, "metadata"),
        ({"requests": SMALL, "completion_window": "24h"}, "completion_window"),
    ],
)
def test_a_job_that_does_not_fit_is_refused(caller: BatchCaller, body: Json, told: str) -> None:
    answer = caller.try_to_create(**body)
    assert refusal(answer) == UNFIT
    assert told in answer.json()["message"]
    assert all({"loc", "msg", "type"} <= set(item) for item in answer.json()["detail"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"endpoint": "/v1/ocr", "requests": [', b"\xff"])
def test_a_body_that_is_no_object_is_refused(caller: BatchCaller, content: bytes) -> None:
    assert refusal(caller.http.post("/v1/batch/jobs", content=content)) == UNFIT


def test_ten_thousand_requests_are_taken_and_one_more_is_not(caller: BatchCaller) -> None:
    tiny = {"body": {"document": {"image_url": "x"}}}
    answer = caller.try_to_create(requests=[tiny] * 10_001)
    assert refusal(answer) == UNFIT
    assert "more than 10000 requests" in answer.json()["message"]
    job = caller.create(requests=[tiny] * 10_000)
    assert job["total_requests"] == 10_000
    assert caller.http.post(f"/v1/batch/jobs/{job['id']}/cancel").status_code == 200


@pytest.mark.parametrize("hours", [1, 168])
def test_bounds_of_the_time_are_taken(caller: BatchCaller, hours: int) -> None:
    assert caller.waited(caller.create(requests=SMALL, timeout_hours=hours))["status"] == "SUCCESS"


def test_metadata_at_its_bounds_is_told_back(caller: BatchCaller) -> None:
    metadata = {"k" * 32: "v" * 512, "ü": "\U0001f600 & = ?", "page": "7"}
    job = caller.create(requests=SMALL, metadata=metadata, agent_id="somebody's")
    assert caller.waited(job)["metadata"] == metadata
    assert job["agent_id"] == "somebody's"


def test_another_owners_things_do_not_exist(caller: BatchCaller, stranger: BatchCaller) -> None:
    file_id = caller.upload(jsonl(*SMALL))
    job = caller.waited(caller.create(input_files=[file_id]))
    nothing = str(uuid.uuid4())

    def answers(job_id: str, input_id: str) -> list[tuple[int, Json]]:
        paths = [("GET", ""), ("GET", "?inline=true"), ("POST", "/cancel"), ("POST", "/retry"), ("DELETE", "")]
        told = [stranger.http.request(method, f"/v1/batch/jobs/{job_id}{rest}") for method, rest in paths]
        told.append(stranger.try_to_create(input_files=[input_id]))
        assert [refusal(answer) for answer in told] == [MISSING] * len(told)
        ids = {job_id: "JOB", input_id: "FILE"}
        texts = [answer.text for answer in told]
        for one, name in ids.items():
            texts = [text.replace(one, name) for text in texts]
        return [(answer.status_code, json.loads(text)) for answer, text in zip(told, texts, strict=True)]

    assert answers(job["id"], file_id) == answers(nothing, str(uuid.uuid4()))
    assert caller.get(job["id"])["status"] == "SUCCESS"
    assert job["id"] not in {one["id"] for one in stranger.http.get("/v1/batch/jobs").json()["data"]}


@pytest.mark.parametrize("job_id", ["nothing", "0", "%00", "a" * 300, "..%2f..%2fetc"])
def test_what_is_no_id_is_no_job(caller: BatchCaller, job_id: str) -> None:
    assert caller.http.get(f"/v1/batch/jobs/{job_id}").status_code == 404
    assert caller.http.post(f"/v1/batch/jobs/{job_id}/cancel").status_code == 404


def test_only_files_for_batches_are_inputs(caller: BatchCaller) -> None:
    file_id = caller.upload(jsonl(*SMALL), purpose="ocr", name="a.pdf")
    answer = caller.try_to_create(input_files=[file_id])
    assert refusal(answer) == (400, "invalid_request_error")
    assert "purpose=batch" in answer.json()["message"]


def test_results_may_be_the_input_of_another_job(caller: BatchCaller) -> None:
    first, output, _ = caller.ran(jsonl(*SMALL))
    job = caller.waited(caller.create(input_files=[first["output_file"]]))
    assert (job["total_requests"], job["failed_requests"]) == (len(output), len(output))


def test_a_thousand_scans_of_a_usual_size_come_with_a_job(caller: BatchCaller) -> None:
    scan = (
        "data:image/png;base64,"
        + base64.b64encode(base64.b64decode(png().partition(",")[2]).ljust(30_000, b"\0")).decode()
    )
    job = caller.waited(caller.create(requests=[entry(str(number), scan) for number in range(1000)]))
    assert (job["status"], job["succeeded_requests"]) == ("SUCCESS", 1000)
