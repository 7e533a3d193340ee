"""What `octavo serve` refuses before it starts anything; the rest is tested with a real server."""

from __future__ import annotations

import socket

import pytest
from octavo_program import Octavo


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_it_listens_beyond_loopback_only_with_a_key(octavo: Octavo, host: str) -> None:
    ended = octavo("serve", "--host", host, "--port", "0")
    assert (ended.code, ended.out) == (2, "")
    assert "OCTAVO_API_KEYS=" in ended.err


def test_a_taken_port_is_told_with_a_way_out(octavo: Octavo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = octavo("serve", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2
    assert "--port" in ended.err
    assert "Traceback" not in ended.err


def test_a_host_without_address_is_told(octavo: Octavo) -> None:
    ended = octavo("serve", "--host", "no..host")
    assert ended.code == 2
    assert "no address" in ended.err


def test_a_data_folder_that_cannot_be_is_told(octavo: Octavo) -> None:
    ended = octavo("serve", "--port", "0", "--data-dir", "/dev/null/octavo")
    assert ended.code == 2
    assert "OCTAVO_DATA_DIR" in ended.err


def test_a_host_that_is_opened_must_be_one(octavo: Octavo) -> None:
    ended = octavo("serve", "--port", "0", "--allow-fetch", "http://a b")
    assert ended.code == 2
    assert "a b" in ended.err


def test_variables_that_are_no_settings_are_told(octavo: Octavo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_MAX_PAGES", "3")
    ended = octavo("serve", "--host", "0.0.0.0")
    assert "OCTAVO_MAX_PAGES is no setting" in ended.err
    assert "limits.max_pages" in ended.err
