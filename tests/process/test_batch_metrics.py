"""What `/metrics` tells of batch jobs on a real server."""

from __future__ import annotations

from pathlib import Path

import httpx
from octavo_server import eventually, serving

LINES = [{"custom_id": "0", "body": {"document": {"type": "image_url", "image_url": "https://"}}}, {"body": {}}]


def test_lines_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    with serving(tmp_path) as server, httpx.Client(base_url=server.url, trust_env=False) as client:

        def numbers() -> dict[str, float]:
            lines = [line for line in client.get("/metrics").text.splitlines() if line[0] != "#"]
            return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

        assert numbers()['octavo_batch_lines_total{outcome="failed"}'] == 0
        answer = client.post("/v1/batch/jobs", json={"endpoint": "/v1/ocr", "requests": LINES}).raise_for_status()
        assert eventually(lambda: client.get(f"/v1/batch/jobs/{answer.json()['id']}").json()["status"] == "SUCCESS")
        after = numbers()
        assert after['octavo_batch_lines_total{outcome="failed"}'] == 2
        assert after['octavo_batch_lines_total{outcome="succeeded"}'] == 0
        assert after["octavo_batch_lines_running"] == 0
