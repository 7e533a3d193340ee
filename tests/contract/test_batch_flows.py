"""Batch jobs that are stopped, tried again, or lose their input while they run; and the flow of n8n."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest
from batch_caller import MISSING, MODEL, BatchCaller, entry, jsonl, png, refusal


@pytest.fixture(scope="module")
def caller(batch_server: str, key_of: Callable[[str], str]) -> Iterator[BatchCaller]:
    """The owner of all that follows."""
    caller = BatchCaller(batch_server, key_of("plain"))
    yield caller
    caller.http.close()


@pytest.fixture
def closed_gate(gate: str) -> Iterator[str]:
    """An address whose pictures come when somebody posts to it, at the end of the test at the latest."""
    address = f"{gate}/{uuid.uuid4()}"
    yield address
    httpx.post(address, trust_env=False)


def test_an_input_may_be_deleted_while_its_job_runs(caller: BatchCaller, closed_gate: str) -> None:
    file_id = caller.upload(jsonl(*(entry(str(n), f"{closed_gate}/{n}") for n in range(30))))
    job = caller.waited(caller.create(input_files=[file_id], model=MODEL), "RUNNING")
    assert caller.http.delete(f"/v1/files/{file_id}").json() == {"id": file_id, "object": "file", "deleted": True}
    assert caller.http.get(f"/v1/files/{file_id}").status_code == 404
    assert refusal(caller.try_to_create(input_files=[file_id])) == MISSING
    httpx.post(closed_gate, trust_env=False)
    job = caller.waited(job)
    assert (job["status"], job["succeeded_requests"], job["input_files"]) == ("SUCCESS", 30, [file_id])
    assert [line["custom_id"] for line in caller.lines(job["output_file"])] == [str(n) for n in range(30)]


def test_a_job_that_is_stopped_keeps_what_is_done(caller: BatchCaller, closed_gate: str) -> None:
    done, held = (
        [entry(f"done {n}", png(50 + n)) for n in range(3)],
        [entry(f"held {n}", f"{closed_gate}/{n}") for n in range(60)],
    )
    job = caller.create(requests=[*done, *held], model=MODEL)
    end = time.monotonic() + 60
    while (job := caller.get(job["id"]))["completed_requests"] < len(done) and time.monotonic() < end:
        time.sleep(0.05)
    assert (job["status"], job["succeeded_requests"]) == ("RUNNING", 3)
    assert (job["output_file"], caller.get(job["id"], inline="true")["outputs"]) == (None, None)
    assert refusal(caller.http.delete(f"/v1/batch/jobs/{job['id']}")) == (409, "conflict")
    asked = caller.http.post(f"/v1/batch/jobs/{job['id']}/cancel")
    assert asked.json()["status"] == "CANCELLATION_REQUESTED"
    again = caller.http.post(f"/v1/batch/jobs/{job['id']}/cancel")
    assert again.json()["status"] in ("CANCELLATION_REQUESTED", "CANCELLED")
    job = caller.waited(job)
    assert (job["status"], job["completed_requests"], job["total_requests"]) == ("CANCELLED", 3, 63)
    assert [line["custom_id"] for line in caller.lines(job["output_file"])] == [one["custom_id"] for one in done]
    assert job["error_file"] is None
    assert len(caller.get(job["id"], inline="true")["outputs"]) == 3
    deleted = caller.http.delete(f"/v1/batch/jobs/{job['id']}")
    assert deleted.json() == {"id": job["id"], "object": "batch", "deleted": True}
    assert refusal(caller.http.delete(f"/v1/batch/jobs/{job['id']}")) == MISSING
    assert len(caller.lines(job["output_file"])) == 3


def test_what_failed_can_be_tried_again(caller: BatchCaller) -> None:
    missing = uuid.uuid4()
    job, _, errors = caller.ran(jsonl(entry("a"), entry("b", "data:image/png;base64,AAAA"), entry("c")))
    again = caller.waited(caller.http.post(f"/v1/batch/jobs/{job['id']}/retry").json())
    assert (again["total_requests"], again["failed_requests"], again["output_file"]) == (1, 1, None)
    (line,) = caller.lines(again["error_file"])
    assert (line["custom_id"], line["response"]) == (errors[0]["custom_id"], errors[0]["response"])
    assert refusal(caller.http.post(f"/v1/batch/jobs/{missing}/retry")) == MISSING
    clean, *_ = caller.ran(jsonl(entry("a")))
    assert refusal(caller.http.post(f"/v1/batch/jobs/{clean['id']}/retry")) == (409, "conflict")


def test_n8n_gets_its_answers(caller: BatchCaller) -> None:
    """Its node deletes the input before it reads, takes errors of a job for failures, and counts on custom_id."""
    lines = [
        {"custom_id": str(n), "body": {"document": {"type": "document_url", "document_url": png(40 + n)}}}
        for n in range(4)
    ]
    files = {"file": ("batch_file.jsonl", "\n".join(map(json.dumps, lines)), "application/json")}
    uploaded = caller.http.post("/v1/files", files=files, data={"purpose": "batch"}).json()
    body = {"model": MODEL, "input_files": [uploaded["id"]], "endpoint": "/v1/ocr"}
    job = caller.http.post("/v1/batch/jobs", json=body).json()
    while job["status"] not in ("SUCCESS", "FAILED", "CANCELLED"):
        time.sleep(0.1)
        job = caller.http.get(f"/v1/batch/jobs/{job['id']}").json()
    assert caller.http.delete(f"/v1/files/{uploaded['id']}").json()["deleted"]
    assert (job["status"], job["errors"]) == ("SUCCESS", [])
    content = caller.http.get(f"/v1/files/{job['output_file']}/content")
    assert content.headers["content-type"] == "application/octet-stream"
    read = {}
    for line in content.text.strip().split("\n"):
        result = json.loads(line)
        assert not result["error"]
        read[int(result["custom_id"])] = result["response"]["body"]["pages"][0]["markdown"]
    assert sorted(read) == [0, 1, 2, 3]
    assert all(f"{40 + n} x 48" in text for n, text in read.items())
    assert caller.http.delete(f"/v1/files/{job['output_file']}").json()["deleted"]
    after = caller.get(job["id"], inline="true")
    assert (after["status"], after["outputs"]) == ("SUCCESS", [])
