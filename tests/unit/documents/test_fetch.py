"""Documents to disk from wherever they are; a transport without sockets plays the hostile servers."""

import asyncio
import base64
import gzip
import hashlib
import inspect
import logging
import shutil
import socket
import threading
import tracemalloc
import zlib

import httpx
import pytest

from octavo.documents.fetching.addresses import parse_address
from octavo.documents.fetching.download import MOST_REDIRECTS, FetchTimeouts
from octavo.documents.fetching.fetcher import Fetcher
from octavo.documents.fetching.look_ups import LookUps
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.document import DataUriRef, FileRef, SpooledDocument, SpooledText, UrlRef
from octavo.domain.errors import (
    FetchFailed,
    FetchForbidden,
    FileTooLarge,
    InvalidDocumentReference,
    InvalidSettings,
    Overloaded,
    UnknownFile,
)

PUBLIC = "93.184.215.14"
LIMIT = 100_000
CONTENT = b"%PDF-1.7 the document"
SHORT = FetchTimeouts(connect=0.05, read=0.05, total=0.05)


class Internet:
    """Names with their addresses, and a server that answers whatever address is connected to.

    Attributes:
        resolved: each (host, port) that was asked for.
        requests: each request that was sent.
    """

    def __init__(self, answer, names=None):
        self.answer = answer
        self.names = names or {}
        self.resolved = []
        self.requests = []

    async def resolve(self, host, port):
        self.resolved.append((host, port))
        # An address is resolved to itself, as the system does.
        addresses = self.names.get(host, [PUBLIC] if parse_address(host) is None else [host])
        return addresses.pop(0) if isinstance(addresses[0], list) else addresses

    def transport(self):
        return httpx.MockTransport(self.handle)

    async def handle(self, request):
        self.requests.append(request)
        answer = self.answer(request) if callable(self.answer) else self.answer
        return await answer if inspect.isawaitable(answer) else answer

    @property
    def connected(self):
        return [request.url.host for request in self.requests]


class Body(httpx.AsyncByteStream):
    """A body in chunks that knows how much of it was taken and whether it was closed; `flowing` after a megabyte."""

    def __init__(self, chunks, pause=0.0):
        self.chunks = chunks
        self.pause = pause
        self.taken = 0
        self.closed = False
        self.flowing = asyncio.Event()

    async def __aiter__(self):
        for chunk in self.chunks:
            await asyncio.sleep(self.pause)
            self.taken += len(chunk)
            if self.taken > 1_000_000:
                self.flowing.set()
            yield chunk

    async def aclose(self):
        self.closed = True


def ok(*chunks, status=200, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=Body(chunks or (CONTENT,)))


def moved(location, status=302):
    return httpx.Response(status, headers={"location": location}, stream=Body((b"moved",)))


def endless(chunk):
    while True:
        yield chunk


def fetch(ref, folder, internet=None, max_bytes=LIMIT, **options):
    net = internet or Internet(ok())
    fetcher = Fetcher(max_bytes, resolve=net.resolve, transport=net.transport, **options)
    return asyncio.run(fetcher.fetch(UrlRef(url=ref) if isinstance(ref, str) else ref, folder))


def refused(error, ref, folder, internet=None, **options):
    """The message of the error; nothing may stay on disk."""
    with pytest.raises(error) as caught:
        fetch(ref, folder, internet, **options)
    assert list(folder.iterdir()) == []
    return str(caught.value)


# What is asked, and what comes


def test_a_document_is_spooled_as_it_comes(tmp_path):
    net = Internet(ok(b"%PDF", b"-1.7", b" more"))
    document = fetch("https://example.org/docs/report.pdf?token=secret", tmp_path, net)
    assert document.path.read_bytes() == b"%PDF-1.7 more"
    assert document.path.parent == tmp_path
    assert (document.name, document.size) == ("report.pdf", 13)
    assert document.sha256 == hashlib.sha256(b"%PDF-1.7 more").hexdigest()


def test_the_name_of_the_caller_wins(tmp_path):
    assert fetch(UrlRef(url="https://example.org/x", name="mine.pdf"), tmp_path).name == "mine.pdf"


def test_the_checked_address_is_asked_for_the_name(tmp_path):
    net = Internet(ok())
    fetch("https://example.org:8443/a%20b.pdf?x=1#part", tmp_path, net)
    [request] = net.requests
    assert (request.url.scheme, request.url.host, request.url.port) == ("https", PUBLIC, 8443)
    assert request.url.raw_path == b"/a%20b.pdf?x=1"
    assert request.headers["host"] == "example.org:8443"
    assert request.extensions["sni_hostname"] == "example.org"


def test_an_address_of_ipv6_is_asked_too(tmp_path):
    net = Internet(ok(), {"example.org": ["2606:4700::1"]})
    fetch("http://example.org/a", tmp_path, net)
    assert str(net.requests[0].url) == "http://[2606:4700::1]/a"


def test_nothing_of_the_caller_goes_along(tmp_path):
    net = Internet(lambda request: moved("/again") if request.url.path == "/a" else ok())
    fetch("https://example.org/a", tmp_path, net)
    for request in net.requests:
        assert request.method == "GET"
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert request.headers["accept-encoding"] == "identity"


def test_cookies_are_not_kept_between_redirects(tmp_path):
    first = httpx.Response(302, headers={"location": "/b", "set-cookie": "session=1; Path=/"}, stream=Body((b"",)))
    net = Internet(lambda request: first if request.url.path == "/a" else ok())
    fetch("https://example.org/a", tmp_path, net)
    assert "cookie" not in net.requests[1].headers


def test_the_next_address_is_tried_when_one_does_not_answer(tmp_path):
    def answer(request):
        if request.url.host == "93.184.215.1":
            raise httpx.ConnectError("refused")
        return ok()

    net = Internet(answer, {"example.org": ["93.184.215.1", "93.184.215.2"]})
    assert fetch("http://example.org/", tmp_path, net).size == len(CONTENT)
    assert net.connected == ["93.184.215.1", "93.184.215.2"]


def test_a_host_with_very_many_addresses_is_not_tried_for_ever(tmp_path):
    def answer(_):
        raise httpx.ConnectTimeout("silence")

    net = Internet(answer, {"example.org": [f"93.184.215.{last}" for last in range(1, 200)]})
    assert "cannot be reached" in refused(FetchFailed, "http://example.org/", tmp_path, net)
    assert len(net.requests) == 4


# Addresses


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "::1", "fd00::1", "fe80::1"],
)
def test_nothing_is_sent_to_inner_addresses(tmp_path, address):
    net = Internet(ok(), {"inner.example": [address]})
    refused(FetchForbidden, "http://inner.example/", tmp_path, net)
    assert net.requests == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "0", "127.1", "0177.1", "0x7f.1", "2130706433"])
def test_the_system_resolves_odd_spellings_before_they_are_checked(tmp_path, host):
    net = Internet(ok())
    fetcher = Fetcher(LIMIT, transport=net.transport)
    with pytest.raises((FetchForbidden, FetchFailed)):
        asyncio.run(fetcher.fetch(UrlRef(url=f"http://{host}/"), tmp_path))
    assert net.requests == []


def test_a_name_that_changes_its_mind_gains_nothing(tmp_path):
    net = Internet(ok(), {"rebind.example": [[PUBLIC], ["127.0.0.1"]]})
    fetch("http://rebind.example/", tmp_path, net)
    assert net.resolved == [("rebind.example", 80)]
    assert net.connected == [PUBLIC]


def test_a_name_that_changes_its_mind_between_redirects_is_checked_again(tmp_path):
    net = Internet(moved("/next"), {"rebind.example": [[PUBLIC], ["127.0.0.1"]]})
    refused(FetchForbidden, "http://rebind.example/", tmp_path, net)
    assert net.connected == [PUBLIC]


def test_inner_addresses_among_public_ones_are_left_alone(tmp_path):
    net = Internet(ok(), {"mixed.example": ["127.0.0.1", PUBLIC, "::1"]})
    fetch("http://mixed.example/", tmp_path, net)
    assert net.connected == [PUBLIC]


def test_opened_hosts_may_be_inner(tmp_path):
    net = Internet(ok(), {"files.inner": ["10.0.0.5"]})
    fetch("http://files.inner:9000/a", tmp_path, net, allow_fetch=("files.inner:9000",))
    assert net.connected == ["10.0.0.5"]
    refused_folder = tmp_path / "other"
    refused_folder.mkdir()
    refused(FetchForbidden, "http://files.inner:9001/a", refused_folder, net, allow_fetch=("files.inner:9000",))


def test_public_hosts_can_be_closed(tmp_path):
    net = Internet(ok())
    refused(FetchForbidden, "http://example.org/", tmp_path, net, fetch_public=False)
    assert net.requests == []


def test_a_wrong_entry_is_told_at_once():
    with pytest.raises(InvalidSettings):
        Fetcher(LIMIT, allow_fetch=("http://files.inner",))


@pytest.mark.parametrize("error", [OSError("no such host"), UnicodeError("label too long")])
def test_a_name_that_cannot_be_resolved(tmp_path, error):
    async def resolve(*_):
        raise error

    fetcher = Fetcher(LIMIT, resolve=resolve)
    with pytest.raises(FetchFailed, match="There is no host"):
        asyncio.run(fetcher.fetch(UrlRef(url="http://example.org/"), tmp_path))


def test_a_resolver_that_never_answers(tmp_path):
    async def resolve(*_):
        await asyncio.sleep(60)

    fetcher = Fetcher(LIMIT, resolve=resolve, timeouts=FetchTimeouts(connect=0.02))
    with pytest.raises(FetchFailed, match="cannot be resolved"):
        asyncio.run(fetcher.fetch(UrlRef(url="http://example.org/"), tmp_path))


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(tmp_path, status):
    def answer(request):
        return moved("https://other.example/real.pdf", status) if request.headers["host"] == "example.org" else ok()

    net = Internet(answer)
    document = fetch("http://example.org/short", tmp_path, net)
    assert document.name == "short"
    assert net.resolved == [("example.org", 80), ("other.example", 443)]
    assert net.requests[1].extensions["sni_hostname"] == "other.example"


@pytest.mark.parametrize("location", ["b?x=1", "/dir/b?x=1", "//example.org/dir/b?x=1"])
def test_relative_redirects(tmp_path, location):
    net = Internet(lambda request: moved(location) if request.url.path == "/dir/a" else ok())
    fetch("https://example.org/dir/a", tmp_path, net)
    assert net.requests[1].url.raw_path == b"/dir/b?x=1"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:10.0.0.1]", "169.254.169.254"])
def test_a_redirect_to_an_inner_address_is_refused(tmp_path, host):
    net = Internet(moved(f"http://{host}/admin"), {"localhost": ["127.0.0.1"]})
    refused(FetchForbidden, "http://example.org/", tmp_path, net)
    assert net.connected == [PUBLIC]


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.org/", "data:,x", "http://a b/"])
def test_a_redirect_to_something_else_is_refused(tmp_path, location):
    message = refused(FetchForbidden, "http://example.org/", tmp_path, Internet(moved(location)))
    assert "redirects to something" in message


def test_a_redirect_to_a_closed_port_is_refused(tmp_path):
    refused(FetchForbidden, "http://example.org/", tmp_path, Internet(moved("http://example.org:6379/")))


def test_a_redirect_with_a_password_is_refused(tmp_path):
    refused(FetchForbidden, "http://example.org/", tmp_path, Internet(moved("http://me:secret@example.org/")))


def test_a_redirect_to_nowhere(tmp_path):
    net = Internet(lambda _: httpx.Response(302, stream=Body((b"",))))
    assert "nowhere" in refused(FetchFailed, "http://example.org/", tmp_path, net)


def test_redirects_end(tmp_path):
    net = Internet(lambda _: moved("/again"))
    assert "redirects" in refused(FetchFailed, "http://example.org/", tmp_path, net)
    assert len(net.requests) == MOST_REDIRECTS + 1


def test_as_many_redirects_as_are_allowed(tmp_path):
    net = Internet(
        lambda request: ok() if request.url.path == "/" + "x" * MOST_REDIRECTS else moved(request.url.path + "x")
    )
    assert fetch("http://example.org/", tmp_path, net).size == len(CONTENT)


def test_the_body_of_a_redirect_is_not_read(tmp_path):
    body = Body(endless(bytes(1000)))
    hop = httpx.Response(302, headers={"location": "/next"}, stream=body)
    fetch("http://example.org/a", tmp_path, Internet(lambda request: hop if request.url.path == "/a" else ok()))
    assert (body.taken, body.closed) == (0, True)


# Sizes


def test_an_endless_body_is_cut_off(tmp_path):
    body = Body(endless(bytes(1000)))
    net = Internet(httpx.Response(200, stream=body))
    message = refused(FileTooLarge, "http://example.org/", tmp_path, net)
    assert "OCTAVO_LIMITS__MAX_FILE_BYTES" in message
    assert body.taken <= LIMIT + 1000
    assert body.closed


def test_a_length_above_the_limit_is_refused_before_a_byte_is_read(tmp_path):
    body = Body(endless(bytes(1000)))
    net = Internet(httpx.Response(200, headers={"content-length": str(200 * 10**9)}, stream=body))
    refused(FileTooLarge, "http://example.org/", tmp_path, net)
    assert (body.taken, body.closed) == (0, True)


@pytest.mark.parametrize("length", ["10", "-1", "junk", "٣", "9" * 5000])
def test_a_length_that_lies_is_not_believed(tmp_path, length):
    body = Body(endless(bytes(1000)))
    net = Internet(httpx.Response(200, headers=[(b"content-length", length.encode())], stream=body))
    refused(FileTooLarge, "http://example.org/", tmp_path, net)


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT])
def test_the_limit_itself_is_allowed(tmp_path, size):
    assert fetch("http://example.org/", tmp_path, Internet(ok(bytes(size)))).size == size


def test_a_packed_body_is_unpacked(tmp_path):
    packed = gzip.compress(CONTENT)
    chunks = [packed[place : place + 3] for place in range(0, len(packed), 3)]
    document = fetch("http://example.org/", tmp_path, Internet(ok(*chunks, content_encoding=" GZip ")))
    assert document.path.read_bytes() == CONTENT


def test_a_body_packed_in_parts_is_unpacked(tmp_path):
    packed = gzip.compress(CONTENT) + gzip.compress(b"") + gzip.compress(CONTENT)
    document = fetch("http://example.org/", tmp_path, Internet(ok(packed, content_encoding="x-gzip")))
    assert document.path.read_bytes() == CONTENT * 2


def test_a_gzip_bomb_is_cut_off(tmp_path):
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    assert len(bomb) < 300_000
    net = Internet(ok(bomb, content_encoding="gzip"))
    tracemalloc.start()
    refused(FileTooLarge, "http://example.org/", tmp_path, net, max_bytes=1 << 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_endless_empty_parts_are_cut_off(tmp_path):
    body = Body(endless(gzip.compress(b"")))
    net = Internet(httpx.Response(200, headers={"content-encoding": "gzip"}, stream=body))
    refused(FileTooLarge, "http://example.org/", tmp_path, net)


@pytest.mark.parametrize("packed", [b"not gzip", gzip.compress(CONTENT)[:-4], gzip.compress(CONTENT) + b"trailing"])
def test_a_damaged_packing_is_told(tmp_path, packed):
    message = refused(FetchFailed, "http://example.org/", tmp_path, Internet(ok(packed, content_encoding="gzip")))
    assert "damaged" in message


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "?"])
def test_other_packings_are_refused(tmp_path, encoding):
    refused(FetchFailed, "http://example.org/", tmp_path, Internet(ok(content_encoding=encoding)))


@pytest.mark.parametrize("chunks", [(b"",), (b"", b"")])
def test_an_empty_answer_is_told(tmp_path, chunks):
    assert "empty" in refused(FetchFailed, "http://example.org/", tmp_path, Internet(ok(*chunks)))


# Failures


@pytest.mark.parametrize("status", [300, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_other_answers_are_told_with_their_status(tmp_path, status):
    message = refused(FetchFailed, "https://example.org/a?token=secret", tmp_path, Internet(ok(status=status)))
    assert f"https://example.org/a answered {status}" in message
    assert "secret" not in message


def test_a_drip_ends_when_the_time_is_over(tmp_path):
    body = Body(endless(b"x"), pause=0.01)
    net = Internet(httpx.Response(200, stream=body))
    message = refused(FetchFailed, "http://example.org/", tmp_path, net, timeouts=SHORT)
    assert "0.05 seconds" in message
    assert body.closed


def test_a_server_that_never_answers(tmp_path):
    async def silence(_):
        await asyncio.sleep(60)

    refused(FetchFailed, "http://example.org/", tmp_path, Internet(silence), timeouts=SHORT)


def test_all_redirects_together_have_one_time_limit(tmp_path):
    async def slow(request):
        await asyncio.sleep(0.03)
        return moved(request.url.path + "x")

    net = Internet(slow)
    refused(FetchFailed, "http://example.org/", tmp_path, net, timeouts=SHORT)
    assert len(net.requests) < MOST_REDIRECTS


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (httpx.ReadTimeout("slow"), "stopped answering"),
        (httpx.ReadError("reset"), "broke off"),
        (httpx.RemoteProtocolError("no HTTP"), "broke off"),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), "certificate"),
        (httpx.ConnectError("refused"), "cannot be reached"),
    ],
)
def test_broken_connections_are_typed_errors(tmp_path, error, said):
    def answer(_):
        raise error

    message = refused(FetchFailed, "https://example.org/a?token=secret", tmp_path, Internet(answer))
    assert said in message
    assert "secret" not in message


def test_a_body_that_breaks_off_leaves_nothing_behind(tmp_path):
    def chunks():
        yield bytes(300_000)
        raise httpx.ReadError("reset")

    net = Internet(httpx.Response(200, stream=Body(chunks())))
    refused(FetchFailed, "http://example.org/", tmp_path, net, max_bytes=10**6)


def test_a_caller_that_goes_away_leaves_nothing_behind(tmp_path):
    body = Body(endless(bytes(300_000)), pause=0.01)
    net = Internet(httpx.Response(200, stream=body))

    async def leave():
        fetcher = Fetcher(10**12, resolve=net.resolve, transport=net.transport)
        task = asyncio.create_task(fetcher.fetch(UrlRef(url="http://example.org/"), tmp_path))
        await body.flowing.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()

    asyncio.run(leave())
    assert list(tmp_path.iterdir()) == []
    assert body.closed


def test_queries_are_never_logged(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    fetch("https://example.org/a?token=secret", tmp_path)
    refused_folder = tmp_path / "other"
    refused_folder.mkdir()
    refused(FetchFailed, "https://example.org/a?token=secret", refused_folder, Internet(ok(status=500)))
    assert "secret" not in caplog.text


def test_many_documents_at_once(tmp_path):
    net = Internet(lambda request: ok(request.url.path.encode()))

    async def several():
        fetcher = Fetcher(LIMIT, resolve=net.resolve, transport=net.transport)
        refs = [UrlRef(url=f"http://example.org/{number}") for number in range(20)]
        return await asyncio.gather(*(fetcher.fetch(ref, tmp_path) for ref in refs))

    documents = asyncio.run(several())
    assert [document.path.read_bytes() for document in documents] == [f"/{number}".encode() for number in range(20)]


# Other references


def test_documents_inside_the_request(tmp_path):
    uri = "data:application/pdf;base64," + base64.b64encode(CONTENT).decode()
    document = fetch(DataUriRef(uri=uri, name="mine.pdf"), tmp_path)
    assert (document.path.read_bytes(), document.name) == (CONTENT, "mine.pdf")
    assert document.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_documents_inside_the_request_have_the_same_limit(tmp_path):
    refused(FileTooLarge, DataUriRef(uri="A" * 200_000), tmp_path)
    refused(InvalidDocumentReference, DataUriRef(uri="data:;base64,***"), tmp_path)


def test_the_loop_goes_on_while_a_document_is_decoded(tmp_path):
    async def count_while_decoding():
        fetcher = Fetcher(10**8)
        task = asyncio.create_task(fetcher.fetch(DataUriRef(uri="A" * 60_000_000), tmp_path))
        turns = 0
        while not task.done():
            await asyncio.sleep(0)
            turns += 1
        return turns

    assert asyncio.run(count_while_decoding()) > 10


def test_uploads_are_not_there_yet(tmp_path):
    assert refused(UnknownFile, FileRef(file_id="8f3c"), tmp_path) == "Could not get file."


class Keeper:
    """Keeps one document, and knows one signature."""

    def __init__(self, kept):
        self.kept = kept

    async def bring(self, ref, folder):
        assert (ref.file_id, ref.owner, folder) == ("8f3c", "alice", self.kept.path.parent)
        return self.kept

    async def bring_signed(self, address, folder):
        assert folder == self.kept.path.parent
        return self.kept if (address.signature, address.expires) == ("ours", 1800000000) else None


@pytest.fixture
def keeper(tmp_path):
    return Keeper(SpooledDocument(path=tmp_path / "kept", name="kept.pdf", size=5, sha256=""))


FILE_ID = "6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1"


def test_uploads_are_found_by_whoever_keeps_them(tmp_path, keeper):
    ref = FileRef(file_id="8f3c", owner="alice")
    assert fetch(ref, tmp_path, uploads=keeper) is keeper.kept
    with pytest.raises(FileTooLarge):
        fetch(ref, tmp_path, uploads=keeper, max_bytes=4)


@pytest.mark.parametrize(
    "place",
    [
        "http://localhost:8000/v1",
        "https://ocr.example.org/some/prefix/v1",
        "http://10.0.0.1",
        "http://169.254.169.254/v1/v1",
        "HTTP://[::1]:9/V1",
    ],
)
def test_addresses_of_our_own_files_are_never_called(tmp_path, keeper, place):
    url, internet = f"{place}/files/{FILE_ID}/content?expires=1800000000&signature=ours", Internet(ok())
    assert fetch(UrlRef(url=url), tmp_path, internet, uploads=keeper) == keeper.kept
    assert fetch(UrlRef(url=url, name="mine"), tmp_path, internet, uploads=keeper).name == "mine"
    with pytest.raises(FileTooLarge):
        fetch(UrlRef(url=url), tmp_path, internet, uploads=keeper, max_bytes=4)
    assert (internet.resolved, internet.connected) == ([], [])


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/files/{FILE_ID}/content?expires=1800000000&signature=theirs",
        f"/v1/files/{FILE_ID}/content?signature=ours",
        f"/v1/files/{FILE_ID}/content?expires=-1800000000&signature=ours",
        f"/v1/files/{FILE_ID}/content?expires=1800000000",
        f"/v1/files/{FILE_ID}/content/more?expires=1800000000&signature=ours",
        f"/v1/files/{FILE_ID}?expires=1800000000&signature=ours",
        "/v1/files/8f3c/content?expires=1800000000&signature=ours",
        f"/v1/files/{FILE_ID}/content?expires=1800000000&signature=ours" + "&x=1" * 20,
        f"/v1/files/{FILE_ID}/content?expires=1800000000&signature=ours&x=" + "y" * 5000,
    ],
)
def test_addresses_that_only_look_like_ours_go_the_way_of_all_others(tmp_path, keeper, path):
    assert "10.0.0.1" in refused(FetchForbidden, UrlRef(url=f"http://10.0.0.1{path}"), tmp_path, uploads=keeper)


def test_documents_on_disk_stay_where_they_are(tmp_path):
    lying = SpooledDocument(path=tmp_path / "a.pdf", name="a.pdf", size=LIMIT, sha256="")
    assert fetch(lying, tmp_path) is lying
    refused(FileTooLarge, lying, tmp_path, max_bytes=LIMIT - 1)


def test_a_document_beside_the_folder_outlives_the_folder_that_it_came_in(tmp_path):
    home, folder = tmp_path / "body", tmp_path / "request"
    home.mkdir()
    folder.mkdir()
    (home / "document-1").write_bytes(CONTENT)
    document = fetch(SpooledDocument(path=home / "document-1", name="a.pdf", size=len(CONTENT), sha256="x"), folder)
    shutil.rmtree(home)
    assert document.path.parent == folder
    assert document.path.read_bytes() == CONTENT


def test_a_text_on_disk_is_decoded_and_removed(tmp_path):
    text = tmp_path / "text"
    text.write_bytes(b"data:;base64," + base64.b64encode(CONTENT))
    budget = SpoolBudget()
    budget.take(tmp_path, text.stat().st_size)
    document = fetch(SpooledText(path=text, name="mine.pdf"), tmp_path, budget=budget)
    assert (document.path.read_bytes(), document.name) == (CONTENT, "mine.pdf")
    assert list(tmp_path.iterdir()) == [document.path]
    assert budget.used == len(CONTENT)


@pytest.mark.parametrize("ref", ["http://example.org/", DataUriRef(uri="A" * 4000)])
def test_all_documents_together_have_a_limit(tmp_path, ref):
    budget = SpoolBudget(1000)
    refused(Overloaded, ref, tmp_path, Internet(ok(bytes(3000))), budget=budget)
    assert budget.used == 0


def test_a_caller_that_goes_away_while_decoding_leaves_when_the_thread_has_ended():
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work():
        begun.set()
        go_on.wait()
        ended.set()
        raise ZeroDivisionError

    async def leave():
        task = asyncio.create_task(unbroken(work))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        await asyncio.sleep(0.01)
        assert not task.done()
        go_on.set()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        assert ended.is_set()

    asyncio.run(leave())


# Name servers


class Resolver:
    """A system's resolver that answers `quick` and stalls for all others until it is released."""

    def __init__(self):
        self.asked = []
        self.released = threading.Event()

    def __call__(self, host, port, **_):
        self.asked.append(host)
        if host != "quick":
            self.released.wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port))] * 2


def test_stalled_look_ups_hold_up_nothing_else(tmp_path):
    system = Resolver()
    look_ups = LookUps(4, system)

    async def run():
        fetcher = Fetcher(LIMIT, resolve=look_ups.resolve, timeouts=SHORT, transport=Internet(ok()).transport)
        refs = [UrlRef(url=f"http://slow{number}.example/") for number in range(100)]
        found = await asyncio.gather(*(fetcher.fetch(ref, tmp_path) for ref in refs), return_exceptions=True)
        assert {type(error) for error in found} == {FetchFailed}
        assert len(system.asked) == 4
        # Neither threads for other work nor, once there is a thread again, other names have to wait.
        assert await asyncio.to_thread(lambda: 1) == 1
        system.released.set()
        assert await look_ups.resolve("quick", 80) == [PUBLIC]
        assert system.asked[4:] == ["quick"]

    asyncio.run(run())


def test_what_cannot_be_looked_up_is_told_to_whoever_asked():
    def fail(*_, **__):
        raise UnicodeError("label too long")

    with pytest.raises(UnicodeError):
        asyncio.run(LookUps(1, fail).resolve("x", 80))


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "/etc/passwd", "report.pdf"])
def test_what_is_no_url_never_reaches_resolver_or_disk(tmp_path, url):
    net = Internet(ok())
    assert refused(InvalidDocumentReference, url, tmp_path, net).startswith("Document content must be a URL")
    assert net.resolved == []
