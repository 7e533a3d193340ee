"""Brings what is to be done to the server, each document once however often the command is begun."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from octavo.cli.batch_api import BatchApi
from octavo.cli.batch_inputs import Document, DocumentFolder
from octavo.cli.batch_progress import Watch
from octavo.domain.errors import FileTooLarge, OctavoError, UnsupportedDocument

_AT_A_TIME = 4


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document that cannot become a request."""

    document: Document
    error: OctavoError


def tag_of(digest: str) -> str:
    """How the names of files begin that were uploaded for a run."""
    return f"octavo-{digest[:16]}"


def left_out(folder: DocumentFolder, refused_from: int | None) -> Iterator[LeftOut]:
    """Documents that are not sent: `refused_from` is the smallest size, in bytes, that the server did not take."""
    for document in folder.documents():
        if document.problem:
            yield LeftOut(document, UnsupportedDocument(document.problem))
        elif refused_from is not None and document.size >= refused_from:
            message = f"The document has {document.size:,} bytes, more than the server takes."
            yield LeftOut(document, FileTooLarge(f"{message} Make it smaller, or raise the server's limit."))


@dataclass(slots=True, kw_only=True)
class Uploader:
    """Uploads the documents of one folder.

    Attributes:
        refused_from: the smallest document that the server found too large has so many bytes.
    """

    api: BatchApi
    folder: DocumentFolder
    watch: Watch
    refused_from: int | None = None

    async def send(self, requests: Path) -> int:
        """Upload what is not there yet, and write the requests; how many.

        Raises:
            UnsupportedDocument: a document is not any more what it was a moment ago.
            OctavoError: the server refuses, or does not answer.
        """
        ids = await self._there()
        self.watch.begin("Uploading", self.folder.count)
        waiting = (one for one in self.folder.documents() if not one.problem and one.number not in ids)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(_AT_A_TIME):
                    group.create_task(self._send_some(waiting, ids))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        self._show(len(ids), last=True)
        await asyncio.to_thread(self._write, requests, ids)
        return len(ids)

    async def _there(self) -> dict[int, str]:
        """Ids of documents that an earlier run has uploaded."""
        tag = tag_of(self.folder.digest)
        numbered = [(name.removeprefix(f"{tag}-").partition("-")[0], file) async for file, name in self.api.files(tag)]
        return {int(number): file for number, file in numbered if number.isdigit()}

    async def _send_some(self, waiting: Iterator[Document], ids: dict[int, str]) -> None:
        for document in waiting:
            try:
                ids[document.number] = await self._send(document)
            except FileTooLarge:
                self.refused_from = min(document.size, self.refused_from or document.size)
            self._show(len(ids))

    async def _send(self, document: Document) -> str:
        tag = tag_of(self.folder.digest)
        name, key = f"{tag}-{document.upload_name}", f"{tag}-{document.number}-{document.sha256}"
        try:
            file_id, sent = await self.api.upload(document.path, name, "ocr", key)
        except OSError as error:
            raise _changed(document, f"cannot be read any more: {error.strerror}") from None
        if sent != document.sha256:
            await self.api.delete_file(file_id)
            raise _changed(document, "has changed meanwhile")
        return file_id

    def _write(self, requests: Path, ids: dict[int, str]) -> None:
        """In a thread."""
        with requests.open("wb") as file:
            file.writelines(
                self.folder.line(document, ids[document.number])
                for document in self.folder.documents()
                if document.number in ids
            )

    def _show(self, done: int, *, last: bool = False) -> None:
        self.watch.show(done, f"{done:,} of {self.folder.count:,} documents", last=last)


def _changed(document: Document, what: str) -> UnsupportedDocument:
    return UnsupportedDocument(f"{document.path} {what}. Run the same command again.")
