"""`benchmarks/bench.py` in small: a server of its own, documents from outside, and nothing of their text is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from papers import text_pdf

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "bench.py"
PATIENCE = 600

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

SCORER = """
import argparse, base64, json, pathlib, urllib.request

parser = argparse.ArgumentParser()
for name in ("--base-url", "--api-key", "--jobs", "--limit", "--out"):
    parser.add_argument(name)
parser.add_argument("--only", nargs="*")
given = parser.parse_args()
dev = pathlib.Path(__file__).parent / "dev"
scores = {}
for item in json.loads((dev / "manifest.json").read_text())["items"]:
    if item["category"] in given.only:
        url = "data:application/pdf;base64," + base64.b64encode((dev / item["file"]).read_bytes()).decode()
        body = json.dumps({"model": "mistral-ocr-latest", "document": {"type": "document_url", "document_url": url}})
        headers = {"Content-Type": "application/json", "Authorization": "Bearer " + given.api_key}
        asked = urllib.request.Request(given.base_url + "/v1/ocr", body.encode(), headers)
        read = json.loads(urllib.request.urlopen(asked).read())["pages"][0]["markdown"]
        scores[item["category"]] = {"n": 1, "failed": 0.0, "word_f1": float("Zeppelin" in read), "keys_found": 0.5}
pathlib.Path(given.out).write_text(json.dumps({"scores": scores, "failures": []}))
"""
"""Answers like the program of an evaluation, and demands one word."""


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_documents_from_outside_are_read_and_scored(tmp_path: Path) -> None:
    dev = tmp_path / "evaluation" / "dev"
    dev.mkdir(parents=True)
    (dev.parent / "evaluate.py").write_text(SCORER)
    text_pdf(dev / "one.pdf", [["Zeppelin over the quay"]])
    items = [{"category": "01_source_docs", "file": "one.pdf", "gt": {}}]
    (dev / "manifest.json").write_text(json.dumps({"items": items}))
    results = tmp_path / "results"
    given = ("--evaluation", str(dev.parent), "--results", str(results), "--machine", "a desk")
    told = bench(*given, "--parts", "quality")
    assert told.returncode == 1, told.stderr
    assert "| word F1 | ≥ 0.98 | 1.000 |" in told.stdout
    assert "| keys found | ≥ 1 | **0.500** (missed) |" in told.stdout
    kept = (results / "quality.json").read_text(encoding="utf-8")
    (run,) = json.loads(kept)["runs"]
    assert [(row["metric"], row["value"], row["bar"]) for row in run["rows"]] == [
        ("word F1", 1.0, 0.98),
        ("keys found", 0.5, 1.0),
    ]
    assert run["machine"] == "a desk"
    assert "zeppelin" not in kept.lower()
    assert str(tmp_path) not in kept


def test_speed_and_stages_need_no_documents_from_outside(tmp_path: Path) -> None:
    told = bench("--quick", "--parts", "speed", "profile", "--results", str(tmp_path))
    assert told.stderr.startswith("speed ...")
    runs = {name: json.loads((tmp_path / f"{name}.json").read_text())["runs"] for name in ("speed", "profile")}
    speed, profile = (runs[name][0]["rows"] for name in ("speed", "profile"))
    assert {row["category"] for row in speed} == {"text", "figures", "one page"}
    missed = any(row["value"] > row["bar"] for row in speed if "bar" in row)
    assert told.returncode == missed
    assert {"words of the text layer", "models: lines read", "in all"} <= {row["metric"] for row in profile}


def test_quality_without_documents_is_told(tmp_path: Path) -> None:
    told = bench("--parts", "quality", "--results", str(tmp_path))
    assert (told.returncode, "--evaluation" in told.stderr) == (2, True)
    told = bench("--evaluation", str(tmp_path), "--results", str(tmp_path))
    assert (told.returncode, "There is no evaluate.py in" in told.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
