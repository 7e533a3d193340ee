"""The service of files on the real database and real blobs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kept_files import blobs_in, kept_files
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import spool_bytes
from octavo.domain.document import FileRef, SpooledDocument
from octavo.domain.errors import (
    DatabaseFailed,
    FetchFailed,
    FileNotFound,
    FileTooLarge,
    InvalidFileFormat,
    KeyReused,
    OutOfSpace,
    Overloaded,
    StorageFailed,
    UnknownFile,
)
from octavo.domain.file import (
    FileFilter,
    FilePurpose,
    FileSource,
    Listing,
    Repeatable,
    SampleType,
    StoredFile,
)
from octavo.domain.stores import FileRepository
from octavo.services.files import FileService, Upload
from octavo.services.keeping import Keeping
from octavo.services.kinds_of_files import mimetype_of
from octavo.services.signing import Seal

pytestmark = pytest.mark.anyio
DAY = 86_400
CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 20_000


class Clock:
    """Seconds since 1970, as the test has them."""

    now = 1_800_000_000.5

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(tmp_path: Path, clock: Clock) -> Iterator[FileService]:
    keeping = Keeping(ocr=1, batch=2.5, results=3, other=0)
    with kept_files(tmp_path, clock=clock, keeping=keeping, max_document_bytes=6_000_000) as service:
        yield service


@pytest.fixture
def spooled(tmp_path: Path) -> Callable[..., SpooledDocument]:
    spool = tmp_path / "spool"
    spool.mkdir()

    def write(content: bytes = CONTENT, name: str = "a.pdf") -> SpooledDocument:
        return spool_bytes(content, spool, name=name, max_bytes=10**9)

    return write


async def read(files: FileService, owner: str, file_id: str) -> bytes:
    return b"".join([piece async for piece in files.content(await files.get(owner, file_id))])


async def gather(pieces: AsyncIterator[bytes], came: list[bytes]) -> None:
    async for piece in pieces:
        came += [piece]  # what came before it breaks off counts


async def test_what_is_uploaded_can_be_had_again_byte_for_byte(files: FileService, spooled, tmp_path: Path) -> None:
    stored = await files.upload("alice", Upload(document=spooled(), purpose=FilePurpose.OCR))
    assert stored.blob.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (stored.blob.size, stored.name, stored.num_lines) == (len(CONTENT), "a.pdf", 0)
    assert (stored.sample_type, stored.source) == (SampleType.OCR_INPUT, FileSource.UPLOAD)
    assert await files.get("alice", stored.id) == await files.get("alice", stored.id.upper()) == stored
    assert await read(files, "alice", stored.id) == CONTENT
    assert len(blobs_in(tmp_path)) == 1


@pytest.mark.parametrize("size", [1, 1 << 20, (1 << 20) + 1])
async def test_whatever_its_size(files: FileService, spooled, size: int) -> None:
    stored = await files.upload("", Upload(document=spooled(b"x" * size)))
    assert await read(files, "", stored.id) == b"x" * size


@pytest.mark.parametrize(
    ("purpose", "hours", "seconds"),
    [
        (FilePurpose.OCR, None, DAY),
        (FilePurpose.BATCH, None, 2.5 * DAY),
        (FilePurpose.FINE_TUNE, None, None),
        (FilePurpose.AUDIO, None, None),
        (FilePurpose.OCR, 2, 7200),
        (FilePurpose.FINE_TUNE, 1, 3600),
    ],
)
async def test_files_are_kept_as_long_as_said_or_as_usual(
    files: FileService, spooled, clock: Clock, purpose: FilePurpose, hours: int | None, seconds: float | None
) -> None:
    stored = await files.upload("", Upload(document=spooled(b"{}"), purpose=purpose, hours=hours))
    assert stored.created_at == int(clock.now)
    assert stored.expires_at == (None if seconds is None else stored.created_at + seconds)


@pytest.mark.parametrize(
    ("content", "name", "purpose", "kind"),
    [
        (CONTENT, "stem", FilePurpose.OCR, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", FilePurpose.OCR, "image/png"),
        (b"{}", "a.JSONL", FilePurpose.FINE_TUNE, "application/jsonl"),
        (b"{}", "requests", FilePurpose.BATCH, "application/jsonl"),
        (b"a,b", "a.csv", FilePurpose.OCR, "text/csv"),
        (b"?", "https://host/a", FilePurpose.OCR, "application/octet-stream"),
        (b"?", "a.nothing-known", FilePurpose.OCR, "application/octet-stream"),
    ],
)
def test_the_type_is_that_of_the_bytes_else_of_the_name(
    spooled, content: bytes, name: str, purpose: FilePurpose, kind: str
) -> None:
    assert mimetype_of(spooled(content).path, name, purpose) == kind


async def test_lines_are_counted_of_inputs_of_batches_alone(files: FileService, spooled) -> None:
    content = b'{"custom_id": "1"}\r\n\n{"custom_id": "2"}'
    stored = [await files.upload("", Upload(document=spooled(content), purpose=purpose)) for purpose in FilePurpose]
    counted = {file.purpose.value: (file.num_lines, file.sample_type.value) for file in stored}
    assert counted["batch"] == (2, "batch_request")
    assert counted["ocr"] == (0, "ocr_input")
    assert counted["fine-tune"] == counted["audio"] == (None, "instruct")


async def test_a_batch_that_cannot_be_leaves_nothing(files: FileService, spooled, tmp_path: Path) -> None:
    with pytest.raises(InvalidFileFormat):
        await files.upload("", Upload(document=spooled(b"[]"), purpose=FilePurpose.BATCH))
    assert await files.list("", FileFilter(), Listing()) == ()
    assert blobs_in(tmp_path) == []


@pytest.mark.parametrize(
    "file_id", ["", "x", "6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1", "6e8b1f0c8a5e4c549d3f0a9bb1b3b5a1"]
)
async def test_others_and_nobodys_files_are_not_there(
    files: FileService, spooled, file_id: str, tmp_path: Path
) -> None:
    stored = await files.upload("alice", Upload(document=spooled()))
    for owner, name in (("bob", stored.id), ("", stored.id), ("alice", file_id)):
        with pytest.raises(FileNotFound):
            await files.get(owner, name)
        with pytest.raises(FileNotFound):
            await files.delete(owner, name)
        with pytest.raises(UnknownFile, match="Could not get file"):
            await files.bring(FileRef(file_id=name, owner=owner), tmp_path)
    assert await files.list("bob", FileFilter(), Listing()) == ()
    assert await files.count("bob", FileFilter()) == 0
    assert await read(files, "alice", stored.id) == CONTENT


async def test_deleting_removes_the_bytes_from_the_disk(files: FileService, spooled, tmp_path: Path) -> None:
    kept, gone = [await files.upload("", Upload(document=spooled(text))) for text in (b"kept", b"gone")]
    await files.delete("", gone.id)
    assert [path.read_bytes() for path in blobs_in(tmp_path)] == [b"kept"]
    with pytest.raises(FileNotFound):
        await files.get("", gone.id)
    assert await read(files, "", kept.id) == b"kept"


async def test_the_sweeper_removes_what_expired(files: FileService, spooled, tmp_path: Path, clock: Clock) -> None:
    short = await files.upload("", Upload(document=spooled(b"short"), hours=1))
    await files.upload("", Upload(document=spooled(b"long"), hours=2))
    files.sweep()
    assert len(blobs_in(tmp_path)) == 2
    clock.now += 3600
    with pytest.raises(FileNotFound):
        await files.get("", short.id)
    files.sweep()
    assert [path.read_bytes() for path in blobs_in(tmp_path)] == [b"long"]


async def test_the_sweeper_removes_what_never_came_into_use(files: FileService, tmp_path: Path, clock: Clock) -> None:
    blob = files.store_blob([b"results ", b"of nobody"])
    assert (blob.size, re.fullmatch(r"[A-Za-z0-9-]+", blob.name) is not None) == (17, True)
    files.sweep()
    assert len(blobs_in(tmp_path)) == 1
    clock.now += DAY + 1
    files.sweep()
    assert blobs_in(tmp_path) == []


def test_a_blob_that_breaks_off_leaves_nothing(files: FileService, tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"a piece"
        raise OutOfSpace("The disk is full.")

    with pytest.raises(OutOfSpace):
        files.store_blob(breaking())
    assert blobs_in(tmp_path) == []


async def test_bytes_that_changed_in_the_spool_are_not_kept(files: FileService, spooled, tmp_path: Path) -> None:
    document = spooled()
    document.path.write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(StorageFailed):
        await files.upload("", Upload(document=document))
    assert blobs_in(tmp_path) == []
    assert await files.count("", FileFilter()) == 0


async def test_damaged_bytes_break_off_before_their_end(files: FileService, spooled, tmp_path: Path) -> None:
    stored = await files.upload("", Upload(document=spooled()))
    (path,) = blobs_in(tmp_path)
    path.write_bytes(CONTENT[:-1] + b"?")
    came: list[bytes] = []
    with pytest.raises(StorageFailed, match="damaged"):
        await gather(files.content(stored), came)
    assert CONTENT.startswith(b"".join(came))
    assert len(b"".join(came)) < len(CONTENT)
    path.unlink()
    with pytest.raises(StorageFailed):
        await read(files, "", stored.id)


async def test_the_same_request_makes_one_file(files: FileService, spooled, tmp_path: Path, clock: Clock) -> None:
    upload, again = Upload(document=spooled()), Repeatable(key="k", body="b")
    first = await files.upload("alice", upload, again)
    assert await files.upload("alice", upload, again) == first
    assert len(blobs_in(tmp_path)) == 1
    with pytest.raises(KeyReused):
        await files.upload("alice", upload, replace(again, body="other"))
    assert len(blobs_in(tmp_path)) == 1
    other = await files.upload("bob", upload, again)
    assert (other.id != first.id, await files.count("alice", FileFilter())) == (True, 1)
    clock.now += DAY + 1
    assert (await files.upload("alice", upload, again)).id != first.id


class Forgetful:
    """A repository that enters a file and cannot say so, as when the connection breaks off just then."""

    def __init__(self, files: FileRepository) -> None:
        self._files = files

    def add(self, file: StoredFile, again: Repeatable | None = None) -> StoredFile:
        self._files.add(file, again)
        raise DatabaseFailed("The database broke off. Try again.")

    def __getattr__(self, name: str) -> object:
        return getattr(self._files, name)


async def test_a_file_that_may_have_been_entered_keeps_its_bytes(files: FileService, spooled, clock: Clock) -> None:
    unsure = replace(files, files=Forgetful(files.files))
    with pytest.raises(DatabaseFailed):
        await unsure.upload("", Upload(document=spooled()))
    (stored,) = await files.list("", FileFilter(), Listing())
    clock.now += DAY + 1
    files.sweep()
    assert await read(files, "", stored.id) == CONTENT


class Full:
    """A repository whose disk is full, or that refuses the blob."""

    def __init__(self, files: FileRepository, error: StorageFailed) -> None:
        self._files = files
        self._error = error

    def add(self, _file: StoredFile, _again: Repeatable | None = None) -> StoredFile:
        raise self._error

    def __getattr__(self, name: str) -> object:
        return getattr(self._files, name)


@pytest.mark.parametrize("error", [OutOfSpace("The disk is full."), StorageFailed("It is unused already.")])
async def test_nothing_stays_of_a_file_that_was_certainly_not_entered(
    files: FileService, spooled, tmp_path: Path, error: StorageFailed
) -> None:
    full = replace(files, files=Full(files.files, error))
    with pytest.raises(type(error)):
        await full.upload("", Upload(document=spooled()))
    assert blobs_in(tmp_path) == []


async def test_a_signature_opens_one_file_for_its_time(files: FileService, spooled, clock: Clock) -> None:
    stored = await files.upload("alice", Upload(document=spooled(), hours=48))
    address = await files.sign(stored, 2)
    assert address.expires == int(clock.now) + 7200
    assert await files.seal(address) is Seal.GOOD
    assert await files.find(address) == stored
    assert await files.seal(replace(address, file_id=stored.id[:-1] + "x")) is Seal.FOREIGN
    clock.now += 7200
    assert await files.seal(address) is Seal.EXPIRED


async def test_no_signature_lives_longer_than_its_file(files: FileService, spooled) -> None:
    stored = await files.upload("", Upload(document=spooled(), hours=3))
    assert (await files.sign(stored, 168)).expires == stored.expires_at
    assert (await files.sign(await files.upload("", Upload(document=spooled())), 168)).expires > stored.created_at


async def test_signatures_outlive_the_process(spooled, tmp_path: Path) -> None:
    with kept_files(tmp_path) as files:
        address = await files.sign(await files.upload("", Upload(document=spooled())), 1)
    with kept_files(tmp_path) as files:
        assert await files.seal(address) is Seal.GOOD
    with kept_files(tmp_path / "another") as files:
        assert await files.seal(address) is Seal.FOREIGN


async def test_documents_are_brought_by_id_and_by_signature(files: FileService, spooled, tmp_path: Path) -> None:
    stored = await files.upload("alice", Upload(document=spooled(), purpose=FilePurpose.OCR))
    address = await files.sign(stored, 1)
    for place, bring in (
        ("one", files.bring(FileRef(file_id=stored.id, owner="alice"), tmp_path / "one")),
        ("two", files.bring_signed(address, tmp_path / "two")),
    ):
        (tmp_path / place).mkdir()
        document = await bring
        assert document is not None
        assert document.path.parent == tmp_path / place
        assert document.path.read_bytes() == CONTENT
        assert (document.name, document.size, document.sha256) == ("a.pdf", len(CONTENT), stored.blob.sha256)


async def test_signed_addresses_say_what_is_wrong_with_them(
    files: FileService, spooled, tmp_path: Path, clock: Clock
) -> None:
    stored = await files.upload("", Upload(document=spooled()))
    address = await files.sign(stored, 1)
    assert await files.bring_signed(replace(address, signature="theirs"), tmp_path) is None
    clock.now += 3601
    with pytest.raises(FetchFailed, match="has expired"):
        await files.bring_signed(address, tmp_path)
    clock.now -= 3601
    await files.delete("", stored.id)
    with pytest.raises(FetchFailed, match="was deleted"):
        await files.bring_signed(address, tmp_path)


async def test_what_is_too_large_for_a_document_or_for_the_spool_is_not_brought(
    files: FileService, spooled, tmp_path: Path
) -> None:
    large = await files.upload("", Upload(document=spooled(bytes(6_000_001))))
    with pytest.raises(FileTooLarge, match="OCTAVO_LIMITS__MAX_FILE_BYTES"):
        await files.bring(FileRef(file_id=large.id), tmp_path)
    small = await files.upload("", Upload(document=spooled()))
    crowded = replace(files, budget=SpoolBudget(len(CONTENT) - 1))
    with pytest.raises(Overloaded):
        await crowded.bring(FileRef(file_id=small.id), tmp_path)
