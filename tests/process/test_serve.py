"""`octavo serve` as a process: it says when it is ready, keeps its door, and leaves nothing behind."""

from __future__ import annotations

import base64
import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from octavo_server import PATIENCE, Server, children, command, environment, eventually, get, gone, serving

from papers import text_pdf

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def read(server: Server, path: Path, **headers: str) -> httpx.Response:
    uri = "data:application/pdf;base64," + base64.b64encode(path.read_bytes()).decode()
    body = {"document": {"type": "document_url", "document_url": uri}, "include_image_base64": True}
    return httpx.post(f"{server.url}/v1/ocr", json=body, headers=headers, trust_env=False, timeout=PATIENCE)


def test_it_reads_a_document_and_leaves_nothing_in_its_spool(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert get(f"{server.url}/health").status_code == 200
        assert get(f"{server.url}/ready").status_code == 200
        answer = read(server, text_pdf(tmp_path / "a.pdf", [["One"], ["Two"]]))
        assert [page["markdown"].splitlines()[0] for page in answer.json()["pages"]] == ["# Page 0", "# Page 1"]
        # The last byte is sent before the folder is removed.
        assert eventually(lambda: not list((tmp_path / "data" / "spool" / "0").iterdir()))


def test_data_is_for_its_owner_alone(tmp_path: Path) -> None:
    with serving(tmp_path):
        for folder in (tmp_path / "data", tmp_path / "data" / "spool" / "0"):
            assert folder.stat().st_mode & 0o777 == 0o700


@linux_only
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_its_workers(tmp_path: Path, how: signal.Signals) -> None:
    with serving(tmp_path) as server:
        workers = children(server.process.pid)
        assert workers
        code = server.stop(how)
        assert code in {-how, 128 + how}
        assert gone(workers)
        assert "Traceback" not in server.errors.read_text()


def test_a_request_that_runs_is_finished_before_the_end(tmp_path: Path) -> None:
    long = text_pdf(tmp_path / "long.pdf", [["Title"]] * 40)
    with serving(tmp_path) as server, ThreadPoolExecutor() as threads:
        reading = threads.submit(read, server, long)
        assert eventually(lambda: any((tmp_path / "data" / "pages" / "0").glob("*/*.jpeg")))
        server.process.send_signal(signal.SIGTERM)
        answer = reading.result()
        assert (answer.status_code, len(answer.json()["pages"])) == (200, 40)
        assert server.process.wait(PATIENCE) in {-signal.SIGTERM, 128 + signal.SIGTERM}


@linux_only
def test_its_workers_end_with_it_even_when_it_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        workers = children(server.process.pid)
        server.stop(signal.SIGKILL)
        assert gone(workers)


def test_what_a_killed_server_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    spool = tmp_path / "data" / "spool" / "0"
    with serving(tmp_path) as server:
        server.stop(signal.SIGKILL)
    (spool / "ocr-left").mkdir()
    (spool / "ocr-left" / "document").write_bytes(b"x")
    with serving(tmp_path):
        assert list(spool.iterdir()) == []


def test_a_second_server_on_the_same_data_is_told_who_has_it(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        second = subprocess.run(
            command("serve", "--port", "0"),
            env=environment(tmp_path / "data"),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert second.returncode == 2
        assert f"process {first.process.pid}" in second.stderr
        assert get(f"{first.url}/ready").status_code == 200


def test_without_keys_another_host_name_is_refused_unless_it_is_allowed(tmp_path: Path) -> None:
    with serving(tmp_path, "--allowed-host", "proxy.example") as server:
        assert get(f"{server.url}/v1/models", Host="evil.example").status_code == 403
        assert get(f"{server.url}/v1/models", Host="proxy.example").status_code == 200
        assert get(f"{server.url}/v1/models", Origin="https://evil.example").status_code == 403
        assert get(f"{server.url}/v1/models").status_code == 200


def test_with_keys_it_listens_everywhere_and_asks_for_one(tmp_path: Path) -> None:
    keys = "alice=first-key alice=second-key\nbob=third-key"
    with serving(tmp_path, "--host", "0.0.0.0", API_KEYS=keys) as server:
        url = server.url.replace("0.0.0.0", "127.0.0.1")
        assert get(f"{url}/v1/models").status_code == 401
        assert get(f"{url}/v1/models", Authorization="Bearer wrong").status_code == 401
        for key in ("first-key", "second-key", "third-key"):
            assert get(f"{url}/v1/models", Authorization=f"Bearer {key}").status_code == 200
    assert "key" not in server.errors.read_text()


def test_origins_are_opened_by_a_flag(tmp_path: Path) -> None:
    with serving(tmp_path, "--cors-origin", "https://page.example") as server:
        answer = get(f"{server.url}/v1/models", Origin="https://page.example")
        assert answer.headers["access-control-allow-origin"] == "https://page.example"


def test_its_log_is_one_json_object_a_line_without_the_document(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert read(server, text_pdf(tmp_path / "a.pdf", [["Confidential words"]])).status_code == 200
        server.stop()
        lines = server.errors.read_text().splitlines()
        assert any(json.loads(line).get("path") == "/v1/ocr" for line in lines)
        assert "Confidential" not in server.errors.read_text()


def test_limits_come_from_the_environment(tmp_path: Path) -> None:
    with serving(tmp_path, LIMITS__MAX_PAGES="1") as server:
        answer = read(server, text_pdf(tmp_path / "a.pdf", [["One"], ["Two"]]))
        assert (answer.status_code, answer.json()["code"]) == (400, "3730")


def test_a_model_that_does_not_exist_ends_it_with_a_clear_line(tmp_path: Path) -> None:
    ended = subprocess.run(
        command("serve", "--port", "0"),
        env=environment(tmp_path / "data", ENGINES__MODEL="no-such-model"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode in {7, 8}
    assert "octavo: " in ended.stderr
    assert "no-such-model" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_loopback_of_ipv6_is_loopback_too(tmp_path: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("IPv6 is switched off")
    with serving(tmp_path, "--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert get(f"{server.url}/health").status_code == 200
