"""Files with real clients, and the flows of programs that need them before they can read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
HEADING = "# Tea in the garden"
NOT_FOUND = "There is no such file. It may have been deleted, or its time is up."


@pytest.mark.parametrize("environment", ["mistralai-1", "mistralai-2", "mistralai-3"])
def test_python_does_everything_with_files(run_client: Run, environment: str) -> None:
    found = run_client(environment, "files_mistralai.py")
    size = found["uploaded"][0]["size_bytes"]
    document = {"purpose": "ocr", "sample_type": "ocr_input", "source": "upload", "num_lines": 0, "size_bytes": size}
    assert found == {
        "uploaded": [
            document | {"filename": "report.pdf"},
            document | {"filename": "report"},
            document | {"filename": "hay.pdf"},
            {
                "filename": "batch_file.jsonl",
                "purpose": "batch",
                "sample_type": "batch_request",
                "source": "upload",
                "num_lines": 2,
                "size_bytes": 73,
            },
            {
                "filename": "a.txt",
                "purpose": "fine-tune",
                "sample_type": "instruct",
                "source": "upload",
                "num_lines": None,
                "size_bytes": 4,
            },
        ],
        "kept": [] if environment == "mistralai-1" else [7200],
        "listed": True,
        "total": True,
        "chosen": [True, True],
        "retrieved": [True, False, True],
        "downloaded": True,
        "signed": [True, True],
        "read": {"by id": [2, HEADING], "without extension": [2, HEADING], "by address": [2, HEADING]},
        "async": [True, 2, True],
        "deleted": [True] * (5 if environment == "mistralai-1" else 6),
        "failed": {
            "gone": ["SDKError", 404, NOT_FOUND],
            "unknown": ["SDKError", 404, NOT_FOUND],
            "no uuid": ["SDKError", 404, NOT_FOUND],
            "no batch": ["SDKError", 422, "Invalid file format."],
        },
        "strange": [],
    }


@pytest.mark.parametrize("environment", ["npm-1", "npm-2"])
def test_typescript_does_everything_with_files(run_client: Run, environment: str) -> None:
    assert run_client(environment, "files.mjs") == {
        "strange": [],
        "uploaded": [["report.pdf", "ocr", "ocr_input", True], ["blob", "ocr", "ocr_input", True]],
        "listed": True,
        "retrieved": False,
        "downloaded": True,
        "signed": True,
        "byId": [2, HEADING],
        "byAddress": [2, HEADING],
        "deleted": [True, True],
        "unknown": ["SDKError", 404],
    }


def test_litellm_keeps_files(run_client: Run) -> None:
    assert run_client("litellm", "litellm_files.py") == {
        "created": ["lines.jsonl", 64, "batch"],
        "listed": True,
        "content": True,
        "deleted": True,
    }


def test_haystack_converts_whatever_it_takes(run_client: Run) -> None:
    """What it uploads has the whole path as its name, or none, and is deleted after."""
    document = [HEADING, 2, 2]
    assert run_client("haystack", "haystack_converter.py") == {
        "read": {
            "path": document,
            "text": document,
            "stream": document,
            "address": document,
            "file": document,
            "image": ["Grand Cafe Tea 4.00 Cake 5.50 Total 9.50", 1, 1],
        },
        "chosen": [1, [1]],
        "left": ["kept.pdf"],
    }


def test_other_programs_upload_sign_read_and_delete(run_client: Run) -> None:
    assert run_client("mistralai-3", "files_requests.py") == {
        "Open WebUI": [[0, 1], 200, True, 404],
        "LibreChat": ["image/jpeg", "Grand Cafe", True, "file"],
        "n8n": [1, "application/jsonl", True],
    }
