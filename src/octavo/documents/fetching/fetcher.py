"""Documents to disk, wherever they are: behind a URL (`download.py`), inside the request, or uploaded before."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx

from octavo.documents.fetching.data_uri import spool_data_uri
from octavo.documents.fetching.download import Downloader, FetchTimeouts, Resolver, open_transport, resolve_host
from octavo.documents.fetching.own import NoUploads, Uploads, signed_address
from octavo.documents.fetching.policy import AllowedHost, FetchPolicy
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import check_size
from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.document import DataUriRef, DocumentRef, FileRef, SpooledDocument, SpooledText, UrlRef


class Fetcher:
    """Brings documents to disk, never decoding them; the `DocumentFetcher` of servers and of the command line.

    Args:
        max_bytes: largest document.
        allow_fetch: `HOST` or `HOST:PORT` of hosts that are fetched from though they are not public.
        fetch_public: whether public hosts are fetched from.
        timeouts: how long a download may take.
        resolve: names to addresses.
        transport: makes the connections of one download.
        uploads: finds uploaded files, by id and by the server's own addresses, which are never called; None has none.
        budget: what all files of the server may take together; None is no limit.

    Raises:
        InvalidSettings: an entry of `allow_fetch` is malformed.
    """

    def __init__(  # noqa: PLR0913  each is named where it is called
        self,
        max_bytes: int,
        allow_fetch: Sequence[str] = (),
        *,
        fetch_public: bool = True,
        timeouts: FetchTimeouts | None = None,
        resolve: Resolver = resolve_host,
        transport: Callable[[], httpx.AsyncBaseTransport] = open_transport,
        uploads: Uploads | None = None,
        budget: SpoolBudget | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._budget = budget or SpoolBudget()
        self._uploads = uploads or NoUploads()
        self._downloader = Downloader(
            policy=FetchPolicy(tuple(map(AllowedHost.parse, allow_fetch)), public=fetch_public),
            max_bytes=max_bytes,
            timeouts=timeouts or FetchTimeouts(),
            resolve=resolve,
            transport=transport,
            budget=self._budget,
        )

    async def fetch(self, ref: DocumentRef, folder: Path) -> SpooledDocument:
        """Spool the document into `folder`; one that lies on disk already stays where it is.

        One that lies in a folder beside `folder`, where a request put it, is linked into `folder`: it is needed as long
        as that is there, even when the request is over.

        Raises:
            InvalidDocumentReference: it is empty, malformed or wrongly encoded.
            UnknownFile: nothing was uploaded under this id.
            FileTooLarge: it has more bytes than the limit.
            FetchForbidden: its address may not be fetched.
            FetchFailed: its address did not deliver it.
            Overloaded: all files of the server together would take too much.
            OutOfSpace: the disk is full.
        """
        match ref:
            case UrlRef():
                return await self._own(ref, folder) or await self._downloader.download(ref, folder)
            case DataUriRef() | SpooledText():
                # In a thread: decoding and hashing 50 MB take most of a second.
                return await unbroken(self._decoded, ref, folder)
            case FileRef():
                return self._checked(await self._uploads.bring(ref, folder))
            case SpooledDocument():
                return _at_home(self._checked(ref), folder)

    async def _own(self, ref: UrlRef, folder: Path) -> SpooledDocument | None:
        """The file behind an address that this server signed; None for all others."""
        address = signed_address(ref.url)
        document = address and await self._uploads.bring_signed(address, folder)
        return self._checked(replace(document, name=ref.name or document.name)) if document else None

    def _decoded(self, ref: DataUriRef | SpooledText, folder: Path) -> SpooledDocument:
        document = spool_data_uri(ref, folder, self._max_bytes, self._budget)
        if isinstance(ref, SpooledText):
            size = ref.path.stat().st_size
            ref.path.unlink()
            self._budget.give_back(ref.path.parent, size)
        return document

    def _checked(self, document: SpooledDocument) -> SpooledDocument:
        check_size(document.size, self._max_bytes)
        return document


def _at_home(document: SpooledDocument, folder: Path) -> SpooledDocument:
    """The document under a name in `folder` as well, if it was put on disk for this request; else as it is."""
    home = folder / document.path.name
    if document.path.parent.parent == folder.parent and document.path.parent != folder:
        with suppress(OSError):  # a file system without hard links
            os.link(document.path, home)
            return replace(document, path=home)
    return document
