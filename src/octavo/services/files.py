"""Files that callers upload and ask for again: entered in the repository, their bytes among the blobs."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from octavo.documents.fetching.own import FILE_ID, SignedAddress
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.pieces import pieces_of_file
from octavo.documents.spooling.spool import check_size
from octavo.documents.spooling.unbroken import finished
from octavo.domain.document import FileRef, SpooledDocument
from octavo.domain.errors import DatabaseFailed, FetchFailed, FileNotFound, OctavoError, StorageFailed, UnknownFile
from octavo.domain.file import (
    Blob,
    FileFilter,
    FilePurpose,
    FileSource,
    Listing,
    Repeatable,
    StoredFile,
    Visibility,
)
from octavo.domain.stores import BlobStore, FileRepository
from octavo.services.cleaning import Cleaner
from octavo.services.jsonl import count_lines
from octavo.services.keeping import Keeping
from octavo.services.kinds_of_files import mimetype_of, sample_type_of
from octavo.services.signing import Seal, Signer
from octavo.services.threads import Threads

SECONDS_OF_AN_HOUR = 3600
MOST_EXPIRED = 1000
_FILE_ID = re.compile(FILE_ID, re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that has come, and what was said of it.

    Attributes:
        document: its bytes in the spool, and its name.
        hours: how long it is to be kept; None is as long as this installation keeps files of its purpose.
    """

    document: SpooledDocument
    purpose: FilePurpose = FilePurpose.FINE_TUNE
    visibility: Visibility = Visibility.WORKSPACE
    hours: int | None = None


@dataclass(frozen=True, kw_only=True)
class FileService:
    """Keeps files. What blocks runs in threads of its own; methods that are not asynchronous block themselves.

    Attributes:
        files: what is known of them.
        blobs: their bytes.
        keeping: how long files are kept whose uploader does not say.
        threads: for what waits for the database.
        carriers: threads for what moves bytes, which may take long: however many come, the database is not waited for.
        counters: threads that look through files of lines, which takes the processor: downloads do not wait for them.
        max_document_bytes: of a file that is read as a document.
        budget: counts what is brought to disk for requests.
        clock: seconds since 1970.
    """

    files: FileRepository
    blobs: BlobStore
    keeping: Keeping = field(default_factory=Keeping)
    threads: Threads = field(default_factory=Threads)
    carriers: Threads = field(default_factory=Threads)
    counters: Threads = field(default_factory=lambda: Threads(2))
    max_document_bytes: int = 50 * 1024 * 1024
    budget: SpoolBudget = field(default_factory=SpoolBudget)
    clock: Callable[[], float] = time.time

    async def upload(self, owner: str, upload: Upload, again: Repeatable | None = None) -> StoredFile:
        """Keep a file; or tell the one that the same request made before. It goes on though the caller leaves.

        Raises:
            InvalidFileFormat: no batch can be made of it, and that is its purpose.
            KeyReused: the same key came with another body in the last 24 hours.
            OutOfSpace, StorageFailed, DatabaseFailed: it cannot be kept.
        """
        return await finished(self._uploaded(owner, upload, again))

    async def repeated(self, owner: str, again: Repeatable | None) -> StoredFile | None:
        """The file that the same request made before, where it is still there; None for a request without a key.

        Raises:
            KeyReused: the same key came with another body in the last 24 hours.
        """
        return await self.threads.run(self.files.repeated, owner, again) if again else None

    async def get(self, owner: str, file_id: str) -> StoredFile:
        """A file of this owner.

        Raises:
            FileNotFound: there is none, or it is another's.
        """
        with _one_answer():
            return await self.threads.run(self.files.get, owner, _checked_id(file_id))

    async def list(self, owner: str, chosen: FileFilter, part: Listing) -> tuple[StoredFile, ...]:
        """Files of this owner, the newest first."""
        return await self.threads.run(self.files.list, owner, chosen, part)

    async def count(self, owner: str, chosen: FileFilter) -> int:
        """How many files of this owner `chosen` selects."""
        return await self.threads.run(self.files.count, owner, chosen)

    async def delete(self, owner: str, file_id: str) -> None:
        """Forget a file and remove its bytes, unless a batch job needs them still.

        Raises:
            FileNotFound: there is none, or it is another's.
            StorageFailed: it is forgotten, and its bytes are removed later.
        """
        with _one_answer():
            await self.threads.run(self.files.delete, owner, _checked_id(file_id))
        await self.carriers.run(self._cleaner.clean)

    async def content(self, file: StoredFile) -> AsyncIterator[bytes]:
        """Its bytes in pieces; the last one comes only if all of them are those that were put.

        Raises:
            StorageFailed: they are not there, or not those.
        """
        pieces = _checked(file.blob, partial(self.blobs.read, file.blob.name))
        while piece := await self.carriers.run(next, pieces, b""):
            yield piece

    async def sign(self, file: StoredFile, hours: int) -> SignedAddress:
        """What opens the file to whoever shows it, for so long, and no longer than the file itself is kept."""
        ends = int(self.clock()) + hours * SECONDS_OF_AN_HOUR
        expires = ends if file.expires_at is None else min(ends, file.expires_at)
        signer = await self.threads.run(self._signer)
        return SignedAddress(file_id=file.id, expires=expires, signature=signer.sign(file.id, expires))

    async def seal(self, address: SignedAddress) -> Seal:
        """What the signature of an address is worth now."""
        signer = await self.threads.run(self._signer)
        return signer.check(address.file_id, address.expires, address.signature, now=self.clock())

    async def find(self, address: SignedAddress) -> StoredFile:
        """The file of an address whose seal is good.

        Raises:
            FileNotFound: it was deleted, or its time is up.
        """
        with _one_answer():
            return await self.threads.run(self.files.find, address.file_id)

    async def bring(self, ref: FileRef, folder: Path) -> SpooledDocument:
        """The `FileLookup` of documents.

        Raises:
            UnknownFile: there is no such file, or it is another's.
            FileTooLarge: it is no document of a size that is read.
            StorageFailed, OutOfSpace, Overloaded: its bytes cannot be had.
        """
        try:
            file = await self.get(ref.owner, ref.file_id)
        except FileNotFound:
            raise UnknownFile("Could not get file.") from None
        return await self.spool(file, folder, ref.name)

    async def bring_signed(self, address: SignedAddress, folder: Path) -> SpooledDocument | None:
        """The `SignedLookup` of documents: None for a signature that is not ours.

        Raises:
            FetchFailed: its time is up, or the file is deleted.
            FileTooLarge: it is no document of a size that is read.
            StorageFailed, OutOfSpace, Overloaded: its bytes cannot be had.
        """
        seal = await self.seal(address)
        if seal is Seal.FOREIGN:
            return None
        if seal is Seal.EXPIRED:
            raise FetchFailed(f"The signed address of the file has expired. {ASK_AGAIN}")
        try:
            return await self.spool(await self.find(address), folder)
        except FileNotFound:
            raise FetchFailed("The file of the signed address was deleted. Upload it again.") from None

    async def spool(self, file: StoredFile, folder: Path, name: str | None = None) -> SpooledDocument:
        """A copy of a file of which the caller may know, in `folder`.

        Raises:
            FileTooLarge: it is no document of a size that is read.
            StorageFailed, OutOfSpace, Overloaded: its bytes cannot be had.
        """
        check_size(file.blob.size, self.max_document_bytes)
        self.budget.take(folder, file.blob.size)
        bring = partial(self.blobs.bring, file.blob, folder)
        path = await finished(self.carriers.run(self.budget.with_room, bring))
        return SpooledDocument(path=path, name=name or file.name, size=file.blob.size, sha256=file.blob.sha256)

    def store_blob(self, pieces: Iterable[bytes]) -> Blob:
        """Put bytes under a new name, announced, so that they go again one day if nothing comes to use them; blocks.

        Raises:
            OutOfSpace, StorageFailed, DatabaseFailed: they cannot be kept; nothing stays.
        """
        name = str(uuid.uuid4())
        self.files.announce(name)
        try:
            return self.blobs.put(name, pieces)
        except BaseException:
            self.discard(name)
            raise

    def discard(self, name: str) -> None:
        """Remove a blob that certainly does not come into use; blocks. What fails is done by the sweeper one day."""
        with suppress(OctavoError):
            self.blobs.delete(name)
            self.files.forget([name])

    def sweep(self) -> None:
        """Forget files whose time is up, and remove blobs that nothing uses; blocks.

        Raises:
            DatabaseFailed, StorageFailed: the rest is left for the next time.
        """
        while self.files.expire(MOST_EXPIRED) == MOST_EXPIRED:
            pass
        self._cleaner.clean()

    def close(self) -> None:
        """Wait for what runs; nothing more is taken."""
        self.counters.close()
        self.threads.close()
        self.carriers.close()

    @property
    def _cleaner(self) -> Cleaner:
        return Cleaner(files=self.files, blobs=self.blobs)

    def _signer(self) -> Signer:
        return self._known_signer

    @cached_property
    def _known_signer(self) -> Signer:
        """The secret never changes, so it is asked for once."""
        return Signer(self.files.secret())

    async def _uploaded(self, owner: str, upload: Upload, again: Repeatable | None) -> StoredFile:
        lines = await self.counters.run(_lines_of, upload)
        return await self.carriers.run(self._upload, owner, upload, again, lines)

    def _upload(self, owner: str, upload: Upload, again: Repeatable | None, lines: int | None) -> StoredFile:
        blob = self.store_blob(_pieces(upload.document))
        try:
            entered = self.files.add(self._file(owner, upload, blob, lines), again)
        except DatabaseFailed:
            raise  # it may have been entered, and only the answer got lost
        except OctavoError:
            self.discard(blob.name)
            raise
        if entered.blob.name != blob.name:  # the same request was made before
            self.discard(blob.name)
        return entered

    def _file(self, owner: str, upload: Upload, blob: Blob, lines: int | None) -> StoredFile:
        created, name = int(self.clock()), upload.document.name
        kept = self.keeping.seconds_of(upload.purpose, FileSource.UPLOAD)
        seconds = kept if upload.hours is None else upload.hours * SECONDS_OF_AN_HOUR
        return StoredFile(
            id=str(uuid.uuid4()),
            owner=owner,
            name=name,
            blob=blob,
            purpose=upload.purpose,
            sample_type=sample_type_of(upload.purpose),
            source=FileSource.UPLOAD,
            created_at=created,
            expires_at=created + int(seconds) if seconds else None,
            num_lines=lines,
            mimetype=mimetype_of(upload.document.path, name, upload.purpose),
            visibility=upload.visibility,
        )


ASK_AGAIN = "Ask for a new one with GET /v1/files/{id}/url."


@contextmanager
def _one_answer() -> Iterator[None]:
    """The same words whatever was asked for: nobody learns which ids others have.

    Raises:
        FileNotFound: instead of any other one.
    """
    try:
        yield
    except FileNotFound:
        raise FileNotFound("There is no such file. It may have been deleted, or its time is up.") from None


def _checked_id(file_id: str) -> str:
    """The id as the repository knows it.

    Raises:
        FileNotFound: it is no UUID, so no file has it.
    """
    if not _FILE_ID.fullmatch(file_id.lower()):
        raise FileNotFound(file_id)
    return file_id.lower()


def _lines_of(upload: Upload) -> int | None:
    """What `num_lines` tells.

    Raises:
        InvalidFileFormat: no batch can be made of it.
    """
    if upload.purpose is FilePurpose.BATCH:
        return count_lines(upload.document.path)
    return 0 if upload.purpose is FilePurpose.OCR else None


def _pieces(document: SpooledDocument) -> Iterator[bytes]:
    """What lies in the spool, as long as it is what came.

    Raises:
        StorageFailed: it is not.
    """
    digest = hashlib.sha256()
    for piece in pieces_of_file(document.path):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != document.sha256:
        raise StorageFailed("The file was damaged on the server's disk before it was stored. Send it again.")


def _checked(blob: Blob, read: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """All pieces, the last one held back until the digest is right."""
    digest, held = hashlib.sha256(), b""
    for piece in read():
        if held and piece:
            yield held
        held = piece or held
        digest.update(piece)
    if digest.hexdigest() != blob.sha256:
        raise StorageFailed("The bytes of the file are damaged in the server's storage. Upload it again.")
    if held:
        yield held
