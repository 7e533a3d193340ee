"""Documents to disk, wherever they are: behind a URL (`download.py`), inside the request, or uploaded before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import httpx

from octavo.documents.data_uri import spool_data_uri
from octavo.documents.download import Downloader, FetchTimeouts, Resolver, open_transport, resolve_host
from octavo.documents.fetch_policy import AllowedHost, FetchPolicy
from octavo.documents.spool import check_size
from octavo.domain.document import DataUriRef, DocumentRef, FileRef, SpooledDocument, UrlRef
from octavo.domain.errors import FileNotFound

FileLookup: TypeAlias = Callable[[FileRef, Path], Awaitable[SpooledDocument]]
"""Finds an uploaded file; may use the folder. Raises FileNotFound."""


async def no_files(ref: FileRef, folder: Path) -> SpooledDocument:  # noqa: ARG001  the signature of `FileLookup`
    """Nothing was ever uploaded.

    Raises:
        FileNotFound: always.
    """
    raise FileNotFound("Could not get file.")


class Fetcher:
    """Brings documents to disk, never decoding them; the `DocumentFetcher` of servers and of the command line.

    Args:
        max_bytes: largest document.
        allow_fetch: `HOST` or `HOST:PORT` of hosts that are fetched from though they are not public.
        fetch_public: whether public hosts are fetched from.
        timeouts: how long a download may take.
        resolve: names to addresses.
        transport: makes the connections of one download.
        files: finds uploaded files.

    Raises:
        InvalidSettings: an entry of `allow_fetch` is malformed.
    """

    def __init__(
        self,
        max_bytes: int,
        allow_fetch: Sequence[str] = (),
        *,
        fetch_public: bool = True,
        timeouts: FetchTimeouts | None = None,
        resolve: Resolver = resolve_host,
        transport: Callable[[], httpx.AsyncBaseTransport] = open_transport,
        files: FileLookup = no_files,
    ) -> None:
        self._max_bytes = max_bytes
        self._files = files
        self._downloader = Downloader(
            policy=FetchPolicy(tuple(map(AllowedHost.parse, allow_fetch)), public=fetch_public),
            max_bytes=max_bytes,
            timeouts=timeouts or FetchTimeouts(),
            resolve=resolve,
            transport=transport,
        )

    async def fetch(self, ref: DocumentRef, folder: Path) -> SpooledDocument:
        """Spool the document into `folder`; one that lies on disk already stays where it is.

        Raises:
            InvalidDocumentReference: it is empty, malformed or wrongly encoded.
            FileNotFound: nothing was uploaded under this id.
            FileTooLarge: it has more bytes than the limit.
            FetchForbidden: its address may not be fetched.
            FetchFailed: its address did not deliver it.
        """
        match ref:
            case UrlRef():
                return await self._downloader.download(ref, folder)
            case DataUriRef():
                # In a thread: decoding and hashing 50 MB take most of a second.
                return await asyncio.to_thread(spool_data_uri, ref, folder, self._max_bytes)
            case FileRef():
                return self._checked(await self._files(ref, folder))
            case SpooledDocument():
                return self._checked(ref)

    def _checked(self, document: SpooledDocument) -> SpooledDocument:
        check_size(document.size, self._max_bytes)
        return document
