"""The Files and Batch APIs over plain HTTP."""

from __future__ import annotations

import base64
import io
import json
import time
from typing import Any

import httpx
from PIL import Image

PATIENCE = 120.0
MODEL = "mistral-ocr-latest"
UNFIT = (422, "invalid_request_error")
MISSING = (404, "not_found")
FINAL = ("SUCCESS", "FAILED", "TIMEOUT_EXCEEDED", "CANCELLED")

Json = dict[str, Any]


def png(width: int = 64) -> str:
    """A small picture as a data URL."""
    file = io.BytesIO()
    Image.new("RGB", (width, 48), "white").save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def entry(custom_id: object, url: str = "", **body: object) -> Json:
    """A request for a picture."""
    return {"custom_id": custom_id, "body": {"document": {"type": "image_url", "image_url": url or png()}, **body}}


def jsonl(*entries: object) -> bytes:
    """Lines, without an end of the last one."""
    return "\n".join(map(json.dumps, entries)).encode()


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and type of a typed error, whose message says something."""
    body = answer.json()
    assert body["object"] == "error"
    assert body["message"]
    assert body["raw_status_code"] == answer.status_code
    return answer.status_code, body["type"]


class BatchCaller:
    """One owner of one server."""

    def __init__(self, address: str, key: str = "any") -> None:
        self.http = httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE, trust_env=False
        )

    def upload(self, content: bytes, purpose: str = "batch", name: str = "a.jsonl") -> str:
        """The id of the new file."""
        answer = self.http.post("/v1/files", files={"file": (name, content)}, data={"purpose": purpose})
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    def try_to_create(self, headers: dict[str, str] | None = None, **body: object) -> httpx.Response:
        """What is answered to that body."""
        return self.http.post("/v1/batch/jobs", json={"endpoint": "/v1/ocr", **body}, headers=headers)

    def create(self, **body: object) -> Json:
        """A new job."""
        answer = self.try_to_create(**body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, job_id: str, **query: str) -> Json:
        """A job."""
        answer = self.http.get(f"/v1/batch/jobs/{job_id}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def waited(self, job: Json, *statuses: str) -> Json:
        """The job once it is over, or has one of the statuses."""
        end = time.monotonic() + PATIENCE
        while job["status"] not in (statuses or FINAL):
            assert time.monotonic() < end, job
            time.sleep(0.05)
            job = self.get(job["id"])
        return job

    def lines(self, file_id: str | None) -> list[Json]:
        """The lines of a result."""
        if file_id is None:
            return []
        answer = self.http.get(f"/v1/files/{file_id}/content")
        assert answer.status_code == 200, answer.text
        assert answer.content.endswith(b"\n")
        return [json.loads(line) for line in answer.text.splitlines()]

    def ran(self, content: bytes, **body: object) -> tuple[Json, list[Json], list[Json]]:
        """A job of a file that is over, its output and its errors."""
        job = self.waited(self.create(input_files=[self.upload(content)], **body))
        return job, self.lines(job["output_file"]), self.lines(job["error_file"])
