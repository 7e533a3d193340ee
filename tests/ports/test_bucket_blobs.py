"""What a bucket alone has to show: uploads in parts, requests that fail, and what is kept at hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import obstore
import pytest
from object_storage import BUCKET, KEY, SECRET, ObjectStorage, free_ports, object_storage

from octavo.domain.errors import OutOfSpace, StorageFailed
from octavo.domain.file import Blob
from octavo.domain.stores import BlobStore
from octavo.storage import bucket_blobs
from octavo.storage.blobs import open_blobs

__all__ = ["object_storage"]  # a fixture

MIB = 1024 * 1024


@pytest.fixture
def prefix() -> str:
    return str(uuid4())


@pytest.fixture
def storage(object_storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> ObjectStorage:
    for name, value in object_storage.environment.items():
        monkeypatch.setenv(name, value)
    return object_storage


@pytest.fixture
def blobs(storage: ObjectStorage, prefix: str) -> BlobStore:  # noqa: ARG001 - it has to run
    return open_blobs(f"s3://{BUCKET}/{prefix}")


def whole(blobs: BlobStore, name: str, offset: int = 0, length: int | None = None) -> bytes:
    return b"".join(blobs.read(name, offset, length))


def test_an_upload_that_breaks_off_leaves_no_parts(blobs: BlobStore, storage: ObjectStorage) -> None:
    seen = []

    def chunks() -> Iterator[bytes]:
        for _ in range(30):
            yield bytes(MIB)
        seen.extend(storage.half_uploads())
        raise ValueError("from the source")

    with pytest.raises(ValueError, match="from the source"):
        blobs.put("one", chunks())
    assert (len(seen), storage.half_uploads()) == (1, [])


def test_small_parts_that_lie_together_are_one_request(blobs: BlobStore, storage: ObjectStorage, prefix: str) -> None:
    data = os.urandom(2 * MIB)
    blobs.put("one", [data])
    assert whole(blobs, "one", 0, 10) == data[:10]
    obstore.delete(storage.bucket, f"{prefix}/one")
    assert all(whole(blobs, "one", start, 1000) == data[start : start + 1000] for start in range(0, 10**6, 1000))
    with pytest.raises(StorageFailed):
        whole(blobs, "one", MIB - 5, 10)


def test_what_is_at_hand_is_bounded(blobs: BlobStore, storage: ObjectStorage, prefix: str) -> None:
    blobs.put("one", [bytes(MIB)])
    blobs.put("two", [bytes((bucket_blobs.RECENT + 2) * MIB)])
    whole(blobs, "one", 0, 10)
    for number in range(bucket_blobs.RECENT):
        whole(blobs, "two", number * MIB, 10)
    obstore.delete(storage.bucket, f"{prefix}/one")
    with pytest.raises(StorageFailed):
        whole(blobs, "one", 0, 10)


def test_other_objects_are_no_blobs(blobs: BlobStore, storage: ObjectStorage, prefix: str) -> None:
    blobs.put("one", [b"bytes"])
    for other in (f"{prefix}/folder/two", f"{prefix}/notes.txt", f"{prefix}-other/three"):
        obstore.put(storage.bucket, other, b"")
    assert list(blobs.names()) == ["one"]
    assert bytes(obstore.get(storage.bucket, f"{prefix}/one").bytes()) == b"bytes"


def test_damaged_bytes_are_not_brought(blobs: BlobStore, storage: ObjectStorage, prefix: str, tmp_path: Path) -> None:
    blob = blobs.put("one", [b"some bytes"])
    obstore.put(storage.bucket, f"{prefix}/one", b"Xome bytes")
    with pytest.raises(StorageFailed, match="damaged"):
        blobs.bring(blob, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_got_shorter_meanwhile_breaks_off_with_an_error(
    blobs: BlobStore, storage: ObjectStorage, prefix: str
) -> None:
    blobs.put("one", [bytes(8 * MIB)])
    pieces = blobs.read("one")
    assert len(next(pieces)) == MIB
    obstore.put(storage.bucket, f"{prefix}/one", bytes(5 * MIB), use_multipart=False)
    with pytest.raises(StorageFailed, match="lost"):
        list(pieces)


PUT = """
import os, re, sys
from pathlib import Path
from octavo.storage.blobs import open_blobs
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
blobs = open_blobs(sys.argv[1])
def chunks(number):
    for at in range(number):
        yield bytes(1 << 20)
        {halfway}
"""
MEASURE = """
blobs.put("warm", chunks(48))
before = peak()
blob = blobs.put("one", chunks(192))
for _ in blobs.read("one"): pass
blobs.bring(blob, Path(sys.argv[2]))
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.usefixtures("storage")
def test_large_blobs_pass_in_constant_memory(prefix: str, tmp_path: Path) -> None:
    program = PUT.format(halfway="") + MEASURE
    command = [sys.executable, "-c", program, f"s3://{BUCKET}/{prefix}", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert int(told) < 40 * MIB


@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process there")
def test_what_a_killed_process_was_putting_is_no_blob(blobs: BlobStore, prefix: str) -> None:
    program = PUT.format(halfway="if at == 30: os.kill(os.getpid(), 9)") + 'blobs.put("one", chunks(48))'
    ended = subprocess.run([sys.executable, "-c", program, f"s3://{BUCKET}/{prefix}"], check=False)
    assert (ended.returncode, list(blobs.names())) == (-signal.SIGKILL, [])


def attempts(blobs: BlobStore, folder: Path) -> list[Callable[[], object]]:
    """Everything that asks the bucket; of `put`, in one request and in parts."""
    blob = Blob(name="one", size=1, sha256="")
    return [
        lambda: blobs.put("one", [b"x"]),
        lambda: blobs.put("one", (bytes(MIB) for _ in range(50))),
        lambda: blobs.read("one"),
        lambda: blobs.read("one", 0, 10),
        lambda: blobs.bring(blob, folder),
        lambda: blobs.delete("one"),
        lambda: list(blobs.names()),
        blobs.reach,
    ]


def messages(blobs: BlobStore, folder: Path, kind: type[StorageFailed] = StorageFailed) -> set[str]:
    told = set()
    for attempt in attempts(blobs, folder):
        with pytest.raises(StorageFailed) as caught:
            attempt()
        assert type(caught.value) is kind
        assert caught.value.__cause__ is None
        told.add(str(caught.value))
    assert list(folder.iterdir()) == []
    return told


@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_wrong_credentials_are_a_typed_error_that_does_not_tell_them(
    name: str, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "wrong-one")
    [told] = messages(open_blobs(f"s3://{BUCKET}/{prefix}"), tmp_path)
    assert told.startswith("The server cannot use its storage for files (403 Forbidden). Try again later;")
    assert "OCTAVO_STORAGE__URL" in told
    assert not any(secret in told for secret in (KEY, SECRET, "wrong-one", "http"))


@pytest.mark.usefixtures("storage")
def test_a_bucket_that_is_not_there_is_no_lost_file() -> None:
    missing = open_blobs("s3://no-such-bucket/prefix")
    reads = (lambda: missing.read("one"), lambda: missing.read("one", 0, 1))
    for attempt in (*reads, lambda: list(missing.names()), missing.reach):
        with pytest.raises(StorageFailed):
            attempt()
    with pytest.raises(StorageFailed, match="404 Not Found"):
        missing.read("one", 0, 1)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_blobs, "PATIENCE", timedelta(seconds=0.3))
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_gone_is_a_typed_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{free_ports(1)[0]}")
    [told] = messages(open_blobs(f"s3://{BUCKET}/prefix"), tmp_path)
    assert told.startswith("The server cannot use its storage for files (no answer). Try again later;")


class Broken(BaseHTTPRequestHandler):
    """Answers with one status, for a while or always; else with a part of what it announces."""

    status = 200
    lasts = -1
    """So many times; always if negative."""

    def answer(self) -> None:
        if not self.lasts:
            type(self).status = 200
        type(self).lasts -= 1
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.status)
        if self.status == 200:
            self.send_header("ETag", '"x"')
            self.send_header("Last-Modified", "Sat, 21 Nov 2026 15:28:48 GMT")
            self.send_header("Content-Length", "1000")
        else:
            self.send_header("Content-Length", "0")
        self.end_headers()
        if self.status == 200 and self.command == "GET":
            self.wfile.write(bytes(10))
        self.close_connection = True

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815 - named by http.server

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Broken]]:
    class OfThisTest(Broken):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), OfThisTest) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        yield OfThisTest
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("impatient")
def test_a_bucket_without_room_is_told_as_such(broken: type[Broken], tmp_path: Path) -> None:
    broken.status = 507
    [told] = messages(open_blobs(f"s3://{BUCKET}/prefix"), tmp_path, OutOfSpace)
    assert told.startswith("The server has no space left in its storage for files.")


@pytest.mark.usefixtures("impatient")
def test_a_server_in_trouble_is_a_typed_error(broken: type[Broken], tmp_path: Path) -> None:
    broken.status = 503
    [told] = messages(open_blobs(f"s3://{BUCKET}/prefix"), tmp_path)
    assert "(503 Service Unavailable)" in told


@pytest.mark.usefixtures("impatient")
def test_only_what_is_read_can_be_lost(broken: type[Broken]) -> None:
    broken.status = 404
    blobs = open_blobs(f"s3://{BUCKET}/prefix")
    for read in (lambda: blobs.read("one"), lambda: blobs.read("one", 0, 5)):
        with pytest.raises(StorageFailed, match="lost on the server"):
            read()
    for act in (lambda: blobs.put("one", [b"x"]), lambda: list(blobs.names()), blobs.reach):
        with pytest.raises(StorageFailed, match="404 Not Found"):
            act()


@pytest.mark.usefixtures("impatient")
def test_to_ask_whether_a_full_bucket_answers_lists_none_of_it(broken: type[Broken]) -> None:
    listed: list[str] = []

    def do_get(self: Broken) -> None:
        within = parse_qs(urlsplit(self.path).query)["prefix"][0]
        found = [name for name in (f"prefix/blob-{number}" for number in range(1000)) if name.startswith(within)]
        listed.extend(found)
        told = "".join(
            f"<Contents><Key>{name}</Key><Size>1</Size><LastModified>2026-11-21T15:28:48Z</LastModified></Contents>"
            for name in found
        )
        body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{told}</ListBucketResult>".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    broken.do_GET = do_get  # type: ignore[method-assign]
    blobs = open_blobs(f"s3://{BUCKET}/prefix")
    blobs.reach()
    assert listed == []
    assert len(list(blobs.names())) == len(listed) == 1000


def test_a_server_that_is_in_trouble_for_a_moment_costs_time_alone(
    broken: type[Broken], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    broken.status, broken.lasts = 503, 4
    assert open_blobs(f"s3://{BUCKET}/prefix").put("one", [b"bytes"]).size == 5
    assert broken.lasts == -1


@pytest.mark.usefixtures("impatient", "broken")
def test_an_answer_that_breaks_off_is_no_short_blob() -> None:
    blobs = open_blobs(f"s3://{BUCKET}/prefix")
    for length in (None, 100, 900):
        with pytest.raises(StorageFailed):
            whole(blobs, "one", 0, length)
