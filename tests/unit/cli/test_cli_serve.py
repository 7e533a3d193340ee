"""What `octavo serve` refuses before it starts anything; the rest is tested with a real server."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from octavo_program import Octavo

from octavo.bootstrap import build_services
from octavo.cli import serve
from octavo.settings import Settings


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_it_listens_beyond_loopback_only_with_a_key(octavo: Octavo, host: str) -> None:
    # The port is taken, so that a server that does not refuse ends all the same.
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = octavo("serve", "--host", host, "--port", str(taken.getsockname()[1]))
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
    ended = octavo("serve", "--host", "no..host")
    assert "OCTAVO_MAX_PAGES is no setting" in ended.err
    assert "limits.max_pages" in ended.err


@pytest.mark.anyio
async def test_answers_are_sent_without_delay() -> None:
    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        socket_of_it = writer.get_extra_info("socket")
        delays.set_result(not socket_of_it.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    delays = asyncio.get_running_loop().create_future()
    with serve._listen((socket.AF_INET, ("127.0.0.1", 0))) as door:
        async with await asyncio.start_server(connected, sock=door):
            _, writer = await asyncio.open_connection(*door.getsockname())
            assert not await delays
            writer.close()
            await writer.wait_closed()


def test_clients_and_proxies_close_idle_connections_first(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with serve._listen((socket.AF_INET, ("127.0.0.1", 0))) as door:
        config = serve._server(settings, build_services(settings), door).config
    assert config.timeout_keep_alive > 120
