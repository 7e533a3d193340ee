"""Fetching over real sockets on loopback: servers that lie, drip and break off, and TLS with a real certificate."""

import asyncio
import ssl
from contextlib import asynccontextmanager

import httpx
import pytest
import trustme

from octavo.documents.fetching import download
from octavo.documents.fetching.download import FetchTimeouts
from octavo.documents.fetching.fetcher import Fetcher
from octavo.domain.document import UrlRef
from octavo.domain.errors import FetchFailed, FetchForbidden, FileTooLarge

LIMIT = 1_000_000
CONTENT = b"%PDF-1.7 over a real socket"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(CONTENT), CONTENT)


class Server:
    """Answers each request on loopback with `play(request, writer)`, which says whether the connection goes on.

    Attributes:
        requests: the head of each request, as it came.
    """

    def __init__(self, play):
        self.play = play if callable(play) else self.say(play)
        self.requests = []
        self.port = 0

    @staticmethod
    def say(answer):
        async def play(_, writer):
            writer.write(answer)

        return play

    async def serve(self, reader, writer):
        try:
            going_on = True
            while going_on:
                request = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.requests.append(request)
                going_on = await self.play(request, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()

    @asynccontextmanager
    async def running(self, tls=None):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()


async def to_loopback(*_):
    return ["127.0.0.1"]


def fetch(play, folder, *, path="/report.pdf", opened=True, host="127.0.0.1", max_bytes=LIMIT, **options):
    """Fetch from a server that plays `play`; the document and the server."""

    async def run():
        async with Server(play).running() as server:
            allow = (f"{host}:{server.port}",) if opened else ()
            fetcher = Fetcher(max_bytes, allow_fetch=allow, **options)
            document = await fetcher.fetch(UrlRef(url=f"http://{host}:{server.port}{path}"), folder)
            return document, server

    return asyncio.run(run())


def refused(error, play, folder, **options):
    with pytest.raises(error) as caught:
        fetch(play, folder, **options)
    assert list(folder.iterdir()) == []
    return str(caught.value)


def test_an_opened_host_delivers(tmp_path):
    document, server = fetch(ANSWER, tmp_path, path="/a/report.pdf?token=1")
    assert document.path.read_bytes() == CONTENT
    assert document.name == "report.pdf"
    [request] = server.requests
    assert request.startswith("GET /a/report.pdf?token=1 HTTP/1.1\r\n")
    assert f"host: 127.0.0.1:{server.port}\r\n" in request.lower()


def test_loopback_is_refused_when_it_is_not_opened(tmp_path):
    reached = []

    async def play(request, _):
        reached.append(request)

    refused(FetchForbidden, play, tmp_path, opened=False)
    refused(FetchForbidden, play, tmp_path, opened=False, host="localhost")
    assert reached == []


def test_a_name_is_asked_for_at_the_address_that_was_checked(tmp_path):
    document, server = fetch(ANSWER, tmp_path, host="files.test", resolve=to_loopback)
    assert document.size == len(CONTENT)
    assert f"host: files.test:{server.port}\r\n" in server.requests[0].lower()


def test_a_redirect_to_loopback_is_refused(tmp_path):
    async def play(_, writer):
        # Another spelling of the same machine, on a port that was not opened.
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.1:1/\r\nContent-Length: 0\r\n\r\n")

    refused(FetchForbidden, play, tmp_path)


def test_proxies_of_the_environment_are_not_used(tmp_path, monkeypatch):
    async def run():
        async with Server(ANSWER).running() as server, Server(ANSWER).running() as proxy:
            url = f"http://127.0.0.1:{server.port}/report.pdf"
            set_proxies(monkeypatch, f"http://127.0.0.1:{proxy.port}")
            await Fetcher(LIMIT, allow_fetch=(f"127.0.0.1:{server.port}",)).fetch(UrlRef(url=url), tmp_path)
            asked, through_proxy = list(server.requests), list(proxy.requests)
            async with httpx.AsyncClient() as another:  # one that does trust it
                await another.get(url)
            assert len(proxy.requests) == 1
            return asked, through_proxy

    asked, through_proxy = asyncio.run(run())
    assert (len(asked), through_proxy) == (1, [])


def set_proxies(monkeypatch, proxy):
    for scheme in ("http", "https", "all"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.setenv(f"{scheme}_proxy".upper(), proxy)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nten bytes.",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: junk\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"",
    ],
)
def test_answers_that_break_off_or_are_no_http(tmp_path, answer):
    assert "broke off" in refused(FetchFailed, answer, tmp_path)


def test_bytes_after_the_declared_length_are_not_taken(tmp_path):
    document, _ = fetch(ANSWER + b"more than was said", tmp_path)
    assert document.path.read_bytes() == CONTENT


def test_a_body_without_a_length_ends_with_the_connection(tmp_path):
    document, _ = fetch(b"HTTP/1.1 200 OK\r\n\r\n" + CONTENT, tmp_path)
    assert document.path.read_bytes() == CONTENT


def test_a_length_of_200_gb_is_refused_at_once(tmp_path):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 200000000000\r\n\r\n"
    refused(FileTooLarge, answer, tmp_path)


def test_an_endless_stream_is_cut_off(tmp_path):
    sent = []

    async def play(_, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            await writer.drain()
            sent.append(0x10000)

    refused(FileTooLarge, play, tmp_path)
    # What the buffers of the system hold, too, but nothing like all.
    assert sum(sent) < 50 * LIMIT


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_drip_ends_when_the_time_is_over(tmp_path, head):
    async def play(_, writer):
        writer.write(head)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    message = refused(FetchFailed, play, tmp_path, timeouts=FetchTimeouts(total=0.3))
    assert "0.3 seconds" in message


def test_silence_ends_when_a_read_takes_too_long(tmp_path):
    async def play(_, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
        await asyncio.sleep(30)

    message = refused(FetchFailed, play, tmp_path, timeouts=FetchTimeouts(read=0.1))
    assert "stopped answering" in message


def test_nobody_listens(tmp_path):
    fetcher = Fetcher(LIMIT, allow_fetch=("127.0.0.1",))
    with pytest.raises(FetchFailed, match="cannot be reached"):
        asyncio.run(fetcher.fetch(UrlRef(url="http://127.0.0.1:1/"), tmp_path))


def test_one_fetcher_serves_one_loop_after_another(tmp_path):
    fetcher = Fetcher(LIMIT, allow_fetch=("127.0.0.1",))

    async def run():
        async with Server(ANSWER).running() as server:
            return await fetcher.fetch(UrlRef(url=f"http://127.0.0.1:{server.port}/"), tmp_path)

    assert [asyncio.run(run()).size for _ in range(2)] == [len(CONTENT)] * 2


# TLS


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def unknown():
    """The authority is not known to the connections that `Fetcher` makes by itself."""
    download._tls.cache_clear()
    yield
    download._tls.cache_clear()


@pytest.fixture
def known(request, authority, tmp_path_factory, monkeypatch):
    """It is, as those that `SSL_CERT_FILE` names are."""
    request.getfixturevalue("unknown")
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def fetch_tls(authority, folder, certified, host, play=ANSWER):
    """Fetch `https://host/a.pdf` from loopback, where the certificate is for `certified`; and the names in TLS."""
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(certified).configure_cert(serving)
    names = []
    serving.sni_callback = lambda _, name, __: names.append(name)

    async def run():
        async with Server(play).running(serving) as server:
            fetcher = Fetcher(LIMIT, allow_fetch=(f"127.0.0.1:{server.port}",), resolve=to_loopback)
            return await fetcher.fetch(UrlRef(url=f"https://{host}:{server.port}/a.pdf"), folder)

    return asyncio.run(run()), names


@pytest.mark.usefixtures("known")
def test_the_certificate_is_checked_against_the_name(authority, tmp_path):
    document, names = fetch_tls(authority, tmp_path, "files.test", "files.test")
    assert document.size == len(CONTENT)
    assert names == ["files.test"]


@pytest.mark.usefixtures("known")
def test_an_address_has_a_certificate_of_its_own(authority, tmp_path):
    document, names = fetch_tls(authority, tmp_path, "127.0.0.1", "127.0.0.1")
    assert document.size == len(CONTENT)
    assert names == [None]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("certified", ["other.test", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(authority, tmp_path, certified):
    with pytest.raises(FetchFailed, match="certificate"):
        fetch_tls(authority, tmp_path, certified, "files.test")


@pytest.mark.usefixtures("unknown")
def test_a_certificate_of_an_unknown_authority_is_refused(authority, tmp_path):
    with pytest.raises(FetchFailed, match="certificate"):
        fetch_tls(authority, tmp_path, "files.test", "files.test")


@pytest.mark.usefixtures("known")
def test_a_connection_is_never_used_for_another_name(authority, tmp_path):
    async def play(request, writer):
        port = writer.get_extra_info("sockname")[1]
        moved = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: https://other.test:{port}/b\r\n\r\n"
        writer.write(moved.encode() if "/a.pdf" in request else ANSWER)
        return True

    with pytest.raises(FetchFailed, match=r"other\.test.* certificate"):
        fetch_tls(authority, tmp_path, "files.test", "files.test", play)
