"""What a caller does with batch jobs, over the wire."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from octavo_server import PATIENCE

Job = dict[str, Any]
OVER = {"SUCCESS", "FAILED", "TIMEOUT_EXCEEDED", "CANCELLED"}


@dataclass(frozen=True)
class Caller:
    """Talks to one server.

    Attributes:
        url: of the server.
        key: to show; none where the server asks for none.
    """

    url: str
    key: str | None = None

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any answer that comes."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers |= more.pop("headers", {})
        return httpx.request(method, f"{self.url}{path}", headers=headers, trust_env=False, timeout=PATIENCE, **more)

    def told(self, method: str, path: str, **more: Any) -> Any:
        """The JSON of an answer that must be good."""
        answer = self.ask(method, path, **more)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def upload(self, data: bytes, purpose: str = "batch") -> str:
        """Id of a new file."""
        return str(self.told("POST", "/v1/files", data={"purpose": purpose}, files={"file": ("a.jsonl", data)})["id"])

    def submit(self, lines: Iterable[object], **more: object) -> Job:
        """A new job of these lines: objects, or bytes as they are."""
        body = {"input_files": [self.upload(jsonl(lines))], "endpoint": "/v1/ocr", **more}
        job: Job = self.told("POST", "/v1/batch/jobs", json=body)
        return job

    def job(self, job_id: str) -> Job:
        """How it stands."""
        job: Job = self.told("GET", f"/v1/batch/jobs/{job_id}")
        return job

    def cancel(self, job_id: str) -> Job:
        job: Job = self.told("POST", f"/v1/batch/jobs/{job_id}/cancel")
        return job

    def until(self, job_id: str, happened: Callable[[Job], bool], patience: float = PATIENCE) -> Job:
        """The job once something has happened to it; the patience is for one step of it, for a batch may be long."""
        end, before = time.monotonic() + patience, -1
        while not happened(job := self.job(job_id)):
            if job["completed_requests"] != before:
                before, end = job["completed_requests"], time.monotonic() + patience
            assert time.monotonic() < end, f"nothing happens any more: {job}"
            time.sleep(0.05)
        return job

    def over(self, job_id: str) -> Job:
        """The job once it is over."""
        return self.until(job_id, lambda job: job["status"] in OVER)

    def results(self, job: Job) -> list[dict[str, Any]]:
        """The lines of its output file, then those of its error file."""
        found = []
        for file_id in (job["output_file"], job["error_file"]):
            if file_id:
                content = self.ask("GET", f"/v1/files/{file_id}/content")
                assert content.status_code == 200, content.text
                found += [json.loads(line) for line in content.content.splitlines()]
        return found


def jsonl(lines: Iterable[object]) -> bytes:
    """Lines as a file has them."""
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)


def line(custom_id: str, uri: str, **options: object) -> dict[str, object]:
    """The request to read what lies at `uri`."""
    return {"custom_id": custom_id, "body": {"document": {"type": "document_url", "document_url": uri}, **options}}


def data_uri(path: Path | bytes, kind: str = "application/pdf") -> str:
    """A document as an address."""
    data = path if isinstance(path, bytes) else path.read_bytes()
    return f"data:{kind};base64," + base64.b64encode(data).decode()


def by_id(results: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Results by their `custom_id`, each of which stands there once."""
    found: dict[str, Mapping[str, Any]] = {}
    for result in results:
        assert result["custom_id"] not in found, f"{result['custom_id']} stands there twice"
        found[result["custom_id"]] = result
    return found
