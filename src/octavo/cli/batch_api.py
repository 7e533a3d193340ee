"""Files and batch jobs of a server, over the wire that every client speaks; one that goes away is waited for."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import httpx

from octavo.domain import errors
from octavo.domain.batch import BatchStatus
from octavo.domain.errors import OctavoError

PATIENCE = 60.0
"""Seconds for which a server that answered before is waited for."""
PAUSE = 1.0
_PART = 1000
UNAUTHORIZED = 401
_NO_KEY = (
    "The server wants a key that it knows. Show it with --api-key or OCTAVO_API_KEY, or name it in the settings "
    "(OCTAVO_API_KEYS)."
)
_ERRORS: Mapping[int, type[OctavoError]] = {
    401: errors.InvalidSettings,
    403: errors.InvalidSettings,
    404: errors.NotFound,
    409: errors.Conflict,
    413: errors.FileTooLarge,
    429: errors.Overloaded,
    503: errors.StorageFailed,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A batch job as the server tells it.

    Attributes:
        pages: pages read so far; None where the server does not say.
        told: the whole answer.
    """

    id: str
    status: BatchStatus
    total: int
    succeeded: int
    failed: int
    pages: int | None
    errors: tuple[tuple[str, int], ...]
    output_file: str | None
    error_file: str | None
    told: Mapping[str, Any]

    @property
    def done(self) -> int:
        """Lines that are done, well or not."""
        return self.succeeded + self.failed


@dataclass(slots=True, kw_only=True)
class BatchApi:
    """What the commands ask of a server.

    Attributes:
        http: speaks with it.
        name: what it is called in messages.
        check: raises when the server can do nothing more, where that is known.
    """

    http: httpx.AsyncClient
    name: str
    check: Callable[[], None] = lambda: None
    _has_answered: bool = field(default=False)

    async def upload(self, path: Path, name: str, purpose: str, key: str) -> tuple[str, str]:
        """Id of the file on the server, and the digest of what was sent; the same `key` makes it once.

        Raises:
            OSError: it cannot be read here.
            FileTooLarge, InvalidRequest: the server does not take it.
        """
        end = time.monotonic() + PATIENCE
        while True:
            with path.open("rb") as file:
                sent = _Hashed(file)
                request = self.http.build_request(
                    "POST",
                    "/v1/files",
                    files={"file": (name, sent)},  # type: ignore[dict-item]  # read() is all that is asked of it
                    data={"purpose": purpose},
                    headers={"Idempotency-Key": key},
                )
                try:
                    response = await self._tried(request, end)
                except errors.Conflict:  # what was sent before changed on its way, and is not wanted
                    key = str(uuid.uuid4())
                    continue
            if response is not None:
                return response.json()["id"], sent.digest.hexdigest()

    async def files(self, search: str) -> AsyncIterator[tuple[str, str]]:
        """Ids and names of the files whose name has this part; none may be deleted meanwhile."""
        page = 0
        while found := (await self._json("GET", "/v1/files", params=_listed(page, search=search)))["data"]:
            for file in found:
                yield file["id"], file["filename"]
            page += 1

    async def has_file(self, file_id: str) -> bool:
        """Whether it is there."""
        try:
            await self._json("GET", f"/v1/files/{file_id}")
        except errors.NotFound:
            return False
        return True

    async def delete_file(self, file_id: str) -> None:
        """Delete it; one that is not there is deleted already."""
        with suppress(errors.NotFound):
            await self._json("DELETE", f"/v1/files/{file_id}")

    async def check_model(self, model: str) -> None:
        """Ask before documents are sent.

        Raises:
            UnknownModel: the server does not know it.
        """
        try:
            await self._json("GET", f"/v1/models/{quote(model, safe='')}")
        except (errors.NotFound, errors.InvalidRequest):
            raise errors.UnknownModel(f"Invalid model: {model}") from None

    async def create(self, order: Mapping[str, Any], key: str) -> Job:
        """A new job, or the one that the same `key` made before."""
        return _job(await self._json("POST", "/v1/batch/jobs", json=order, headers={"Idempotency-Key": key}))

    async def job(self, job_id: str) -> Job:
        """How it stands."""
        return _job(await self._json("GET", f"/v1/batch/jobs/{job_id}"))

    async def jobs(self, **chosen: str | list[str]) -> AsyncIterator[Job]:
        """Jobs, the newest first; `chosen` are filters of the API."""
        page = 0
        while found := (await self._json("GET", "/v1/batch/jobs", params=_listed(page, **chosen)))["data"]:
            for job in found:
                yield _job(job)
            if len(found) < _PART:
                return
            page += 1

    async def cancel(self, job_id: str) -> Job:
        """Stop it."""
        return _job(await self._json("POST", f"/v1/batch/jobs/{job_id}/cancel"))

    async def retry(self, job_id: str) -> Job:
        """A new job of the lines that failed in it."""
        return _job(await self._json("POST", f"/v1/batch/jobs/{job_id}/retry", once=True))

    async def download(self, file_id: str, target: IO[bytes]) -> None:
        """Write the bytes of a file to `target`, from where that stands.

        Raises:
            OSError: they cannot be written.
        """
        start, end = target.tell(), time.monotonic() + PATIENCE
        while True:
            target.seek(start)
            target.truncate()
            request = self.http.build_request("GET", f"/v1/files/{file_id}/content")
            try:
                async with _opened(self.http, request) as response:
                    await _raise_for(response)
                    async for piece in response.aiter_bytes():
                        target.write(piece)
            except (httpx.TransportError, errors.Overloaded, errors.StorageFailed) as error:
                await self._wait(error, end)
            else:
                return

    async def _json(self, method: str, path: str, *, once: bool = False, **sent: Any) -> Any:
        """The answer to a request that may come twice, unless it shall come `once`."""
        end = time.monotonic() + (0 if once else PATIENCE)
        while (response := await self._tried(self.http.build_request(method, path, **sent), end)) is None:
            pass
        return response.json()

    async def _tried(self, request: httpx.Request, end: float) -> httpx.Response | None:
        """The answer; None when it makes sense to ask again.

        Raises:
            OctavoError: the server refuses, or does not answer.
        """
        self.check()
        try:
            response = await self.http.send(request)
        except httpx.TransportError as error:
            await self._wait(error, end)
            return None
        try:
            await _raise_for(response)
        except (errors.Overloaded, errors.StorageFailed) as error:
            await self._wait(error, end)
            return None
        self._has_answered = True
        return response

    async def _wait(self, error: Exception, end: float) -> None:
        """Until another try makes sense.

        Raises:
            OctavoError: none does.
        """
        if not self._has_answered or time.monotonic() >= end:
            if isinstance(error, OctavoError):
                raise error
            raise errors.FetchFailed(f"{self.name} does not answer ({_words(error)}).") from None
        await asyncio.sleep(PAUSE)


class _Hashed:
    """A file whose digest is taken while it is read; as much of it as its length was in the beginning."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        self.digest = hashlib.sha256()
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()


@asynccontextmanager
async def _opened(http: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    """An answer that is read while it comes."""
    response = await http.send(request, stream=True)
    try:
        yield response
    finally:
        await response.aclose()


def _listed(page: int, **chosen: str | list[str]) -> dict[str, Any]:
    return {"page": page, "page_size": _PART, **chosen}


def _job(told: Mapping[str, Any]) -> Job:
    return Job(
        id=told["id"],
        status=BatchStatus(told["status"]),
        total=told["total_requests"],
        succeeded=told["succeeded_requests"],
        failed=told["failed_requests"],
        pages=(told.get("octavo") or {}).get("pages"),
        errors=tuple((error["message"], error.get("count") or 1) for error in told.get("errors") or ()),
        output_file=told.get("output_file"),
        error_file=told.get("error_file"),
        told=told,
    )


async def _raise_for(response: httpx.Response) -> None:
    """Nothing for an answer that is none of an error.

    Raises:
        OctavoError: what the server says.
    """
    if response.is_success:
        return
    await response.aread()
    kind = _ERRORS.get(response.status_code, errors.EngineFailed if response.is_server_error else errors.InvalidRequest)
    raise kind(_NO_KEY if response.status_code == UNAUTHORIZED else _message_of(response))


def _message_of(response: httpx.Response) -> str:
    try:
        told = response.json()
        message = told.get("message") or told["detail"]
    except (ValueError, KeyError, AttributeError):
        return f"The server answered {response.status_code} to {response.request.method} {response.request.url}."
    lines = told.get("errors")
    if isinstance(lines, list) and lines:
        message = f"{message} Line {lines[0].get('line')}: {lines[0].get('message')}"
    return message if isinstance(message, str) else json.dumps(message)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
