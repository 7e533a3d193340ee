"""`GET /v1/status` of a real server: what it says is so."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from octavo_server import PATIENCE, Server, eventually, get, serving

from octavo import __version__
from octavo.database.upgrade import CURRENT
from papers import text_pdf
from ports.databases import Postgres, postgres
from ports.object_storage import BUCKET, ObjectStorage, object_storage

__all__ = ["object_storage", "postgres"]
KEY = "status-needle-3f9c"


def told(server: Server, **headers: str) -> dict[str, Any]:
    answer = get(f"{server.url}/v1/status", **headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def read(server: Server, document: Path, **headers: str) -> None:
    uri = "data:application/pdf;base64," + base64.b64encode(document.read_bytes()).decode()
    body = {"document": {"type": "document_url", "document_url": uri}}
    answer = httpx.post(f"{server.url}/v1/ocr", json=body, headers=headers, trust_env=False, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text


def test_a_server_tells_what_it_is_and_does(tmp_path: Path) -> None:
    settings = {"EXECUTOR__WORKERS": "1", "KEEP__OCR_DAYS": "1.5", "RETENTION": "600", "MAX_PAGES": "5"}
    with serving(tmp_path, **settings, LIMITS__MAX_PAGES="77") as server:
        found = told(server)
        assert found["version"] == __version__
        assert [model["state"] for model in found["models"]] == ["ready"]
        assert (found["workers"]["capacity"], found["workers"]["warm"] >= 1) == (1, True)
        assert (found["storage"]["database"], found["storage"]["blobs"]) == ("SQLite", "folder")
        assert found["storage"]["data_dir"] == str(tmp_path / "data")
        assert found["storage"]["free_bytes"] > 0
        assert (found["retention"]["pages_seconds"], found["retention"]["file_days"]["ocr"]) == (600, 1.5)
        assert found["limits"]["max_pages"] == 77
        checks = {each["name"]: each for each in found["checks"]}
        assert [name for name in checks if checks[name]["state"] != "ok"] == ["settings"]
        assert "limits.max_pages" in checks["settings"]["detail"]
        assert f"Database SQLite, version {CURRENT}" in checks["database"]["detail"]
        assert set(checks) == {"model", "data_folder", "database", "storage", "settings"}
        read(server, text_pdf(tmp_path / "a.pdf", [["One"], ["Two"]]))
        read(server, tmp_path / "a.pdf")
        assert eventually(lambda: told(server)["pages"]["kept"] == 2)
        pages = told(server)["pages"]
        assert (pages["read"], sum(pages["history"]["read"])) == (2, 2)
        assert told(server)["storage"]["kept_bytes"] > 0


def test_a_folder_that_vanishes_is_told(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        shutil.rmtree(tmp_path / "data" / "blobs")
        storage = next(each for each in told(server)["checks"] if each["name"] == "storage")
        assert storage["state"] == "error"
        assert server.process.poll() is None


def test_no_secret_and_no_owner_is_told(tmp_path: Path) -> None:
    with serving(tmp_path, API_KEYS=f"alice={KEY} bob={KEY}-2") as server:
        assert get(f"{server.url}/v1/status").status_code == 401
        read(server, text_pdf(tmp_path / "a.pdf", [["Textneedle"]]), authorization=f"Bearer {KEY}")
        text = json.dumps(told(server, authorization=f"Bearer {KEY}-2"))
    assert not any(word in text for word in (KEY, "alice", "bob", "Textneedle"))


def test_a_database_that_stops_is_told_and_told_again_when_it_is_back(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.new().replace("octavo@", "octavo:password-needle@")

    def check(server: Server) -> dict[str, Any]:
        found = told(server)
        assert found["storage"]["database"] == "PostgreSQL"
        assert "needle" not in json.dumps(found)
        database: dict[str, Any] = next(each for each in found["checks"] if each["name"] == "database")
        return database

    with serving(tmp_path, DATABASE__URL=url) as server:
        assert check(server)["state"] == "ok"
        postgres.stop()
        try:
            assert eventually(lambda: check(server)["state"] == "error")
        finally:
            postgres.start()
        assert eventually(lambda: check(server)["state"] == "ok")


def test_a_bucket_is_told_without_its_keys(
    tmp_path: Path, object_storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in object_storage.environment.items():
        monkeypatch.setenv(name, value)
    with serving(tmp_path, STORAGE__URL=f"s3://{BUCKET}/status") as server:
        found = told(server)
    assert found["storage"]["blobs"] == "bucket"
    storage = next(each for each in found["checks"] if each["name"] == "storage")
    assert storage["state"] == "ok"
    assert f"the bucket s3://{BUCKET}/status" in storage["detail"]
    secrets = [value for name, value in object_storage.environment.items() if "KEY" in name]
    assert secrets
    assert not any(secret in json.dumps(found) for secret in secrets)
