"""Mistral's cookbook for OCR in batches: a loop over scans, then the same as one job."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Run = Callable[..., Any]

README = Path(__file__).parents[2] / "README.md"
SCANS = int(os.environ.get("COOKBOOK_SCANS", "12"))
ALL_OF_THE_COOKBOOK = 100
GENERATIONS = ["mistralai-1", "mistralai-3"]


def told(output: list[dict[str, Any]]) -> list[str]:
    return [line["response"]["body"]["pages"][0]["markdown"] for line in output]


def check_counters(found: dict[str, Any], scans: int) -> None:
    """The total is right from the first answer on, and the counters never go back."""
    assert found["created"]["total_requests"] == found["over"]["total_requests"] == scans
    assert found["percents"][-1] == 100.0
    assert found["percents"] == sorted(found["percents"])
    counts = [done for _, done, _ in found["seen"]]
    assert counts == sorted(counts)
    assert all(done == either for _, done, either in found["seen"])


def check_output(found: dict[str, Any], scans: int) -> None:
    """One line for each request, in the order of the input, none of them an error."""
    assert [line["custom_id"] for line in found["output"]] == [str(number) for number in range(scans)]
    assert {line["response"]["status_code"] for line in found["output"]} == {200}
    assert [line["error"] for line in found["output"]] == [None] * scans
    assert len({line["id"] for line in found["output"]}) == scans
    assert {line["response"]["body"]["model"] for line in found["output"]} == {"mistral-ocr-latest"}
    assert found["over"]["error_file"] is None


@pytest.mark.parametrize("environment", GENERATIONS)
def test_the_cookbook_reads_the_same_in_a_loop_and_in_a_batch(
    run_at: Run, reading_server: str, environment: str
) -> None:
    found = run_at(environment, "cookbook_mistralai.py", reading_server, scans=SCANS, patience=240 + 10 * SCANS)
    assert found["over"]["status"] == "SUCCESS"
    check_counters(found, SCANS)
    assert len({done for status, done, _ in found["seen"] if status == "RUNNING"}) > 1
    check_output(found, SCANS)
    assert told(found["output"]) == found["loop"]
    for number, text in enumerate(found["loop"]):
        assert f"Receipt {1000 + 37 * number}" in text
        assert f"Total {number + 4}.50 Euro" in text


@pytest.mark.parametrize("environment", GENERATIONS)
def test_a_hundred_scans_pass_over_the_wire(run_at: Run, batch_server: str, environment: str) -> None:
    found = run_at(environment, "cookbook_mistralai.py", batch_server, scans=ALL_OF_THE_COOKBOOK)
    assert found["uploaded"] == [ALL_OF_THE_COOKBOOK, "batch", True]
    assert (found["created"]["status"], found["over"]["status"]) == ("QUEUED", "SUCCESS")
    assert found["created"]["metadata"] == {"job_type": "testing"}
    check_counters(found, ALL_OF_THE_COOKBOOK)
    check_output(found, ALL_OF_THE_COOKBOOK)
    assert told(found["output"]) == found["loop"]
    pictures = [line["response"]["body"]["pages"][0]["images"][0]["image_base64"] for line in found["output"]]
    assert all(picture.startswith("data:image/jpeg;base64,") for picture in pictures)


@pytest.mark.parametrize("environment", GENERATIONS)
def test_an_address_that_was_lost_in_print_is_told_line_by_line(
    run_at: Run, batch_server: str, environment: str
) -> None:
    found = run_at(environment, "cookbook_mistralai.py", batch_server, scans=3, lost=True)
    assert found["refused"] == [["HTTPValidationError", 422, "invalid_request_error"]] * 3
    assert (found["over"]["status"], found["over"]["failed_requests"]) == ("SUCCESS", 3)
    assert found["over"]["output_file"] is None
    assert found["over"]["errors"] == [{"message": "HTTP Error, status code: 422 (invalid_body)", "count": 3}]
    assert [line["custom_id"] for line in found["errors"]] == ["0", "1", "2"]
    for line in found["errors"]:
        assert line["response"]["status_code"] == 422
        told_error = json.loads(line["response"]["body"])
        assert told_error["type"] == "invalid_request_error"
        assert "starting with 'https'" in told_error["message"]


@pytest.mark.parametrize("environment", GENERATIONS)
def test_the_batch_of_the_readme_runs(
    python_of: Run, key_of: Run, batch_server: str, tmp_path: Path, environment: str
) -> None:
    (code,) = re.findall(r"## Batches\n.*?```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    code = code.replace("http://127.0.0.1:8000", batch_server).replace('"any"', repr(key_of(environment)))
    if environment == "mistralai-1":
        code = code.replace("from mistralai.client import", "from mistralai import")
    (tmp_path / "scans").mkdir()
    for number in range(3):
        Image.new("RGB", (60 + number, 40), "white").save(tmp_path / "scans" / f"{number}.png")
    ran = subprocess.run(
        [python_of(environment), "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "SUCCESS 3 of 3"
    lines = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["custom_id"] for line in lines] == ["0.png", "1.png", "2.png"]
    assert [line["response"]["body"]["pages"][0]["dimensions"]["width"] for line in lines] == [60, 61, 62]
