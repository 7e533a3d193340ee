"""`/v1/files`: upload, list, look at, download and delete files, and sign addresses of them."""

from __future__ import annotations

import json
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from octavo.api.auth import Caller, Credentials, principal
from octavo.api.download import FileAnswer, Octets
from octavo.api.errors import FORBIDDEN, Envelope, Refused, answer, fault_of
from octavo.api.idempotency import IdempotencyKey, repeatable
from octavo.api.record import record_of
from octavo.api.routes.ocr import Folder
from octavo.api.schemas.files import (
    UPLOAD_SCHEMA,
    BadLine,
    DeletedFile,
    FileList,
    FileObject,
    RetrievedFile,
    SignedUrl,
    fields_of,
)
from octavo.api.sending import while_client_stays
from octavo.api.uploads import parse_upload
from octavo.api.wiring import Wired
from octavo.documents.fetching.own import address_of
from octavo.domain.errors import InvalidFileFormat
from octavo.domain.file import FileFilter, FilePurpose, FileSource, Listing, SampleType, StoredFile
from octavo.services.files import ASK_AGAIN, FileService
from octavo.services.signing import Seal

router = APIRouter(
    prefix="/v1/files",
    tags=["files"],
    responses={status: {"model": Envelope} for status in (401, 403, 422, 503)},
)
Responses = dict[int | str, dict[str, Any]]
MISSING: Responses = {404: {"model": Envelope}}
UPLOADING: Responses = {status: {"model": Envelope} for status in (400, 408, 409, 413, 429, 500)}
FORM = {"required": True, "content": {"multipart/form-data": {"schema": UPLOAD_SCHEMA}}}
CONTENT: dict[str, Any] = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}

LAST_PART = 1_000_000
"""The last page of a list that may be asked for."""


async def kept_files(wired: Wired) -> FileService:
    """The files of this server; there are routes for them only where it keeps any."""
    assert wired.files is not None  # noqa: S101  see `create_app`
    return wired.files


Files = Annotated[FileService, Depends(kept_files)]


@router.post("", responses=UPLOADING, openapi_extra={"requestBody": FORM}, response_model=FileObject)
async def upload_file(
    request: Request,
    wired: Wired,
    files: Files,
    caller: Caller,
    folder: Folder,
    key: IdempotencyKey = None,
) -> FileObject | JSONResponse:
    """Upload a file, or have it fetched from an address."""
    repeatable(key)  # a key that cannot be taken is told before the file has come
    async with wired.ocr.deadlines.limit(None, str):  # the end of the server; for the rest see `patience.py`
        most = wired.options.max_upload_bytes
        sent = await parse_upload(request, folder.path, most, wired.budget)
        again = repeatable(key, *sent.told)
        stored = await files.repeated(caller.owner, again)
        try:
            if stored is None:
                bringing = sent.brought(wired.ocr.fetcher, folder.path, most)
                upload = await while_client_stays(request.receive, bringing)
                if upload is None:
                    raise ClientDisconnect
                stored = await files.upload(caller.owner, upload, again)
        except InvalidFileFormat as error:
            return _no_batch(request, error)
    return FileObject(**fields_of(stored))


def _no_batch(request: Request, error: InvalidFileFormat) -> JSONResponse:
    """Mistral's sentence as a string, as its clients have it for files, and the lines beside it."""
    record_of(request.scope).error = error.code
    envelope = json.loads(bytes(answer(fault_of(error), str(error), str(error)).body))
    lines = [BadLine(line=line, message=message).model_dump() for line, message in error.lines]
    return JSONResponse({**envelope, "errors": lines}, 422)


@router.get("")
async def list_files(  # noqa: PLR0913  one parameter for each of the query
    *,
    files: Files,
    caller: Caller,
    page: Annotated[int, Query(ge=0, le=LAST_PART)] = 0,
    page_size: Annotated[int, Query(ge=1, le=1000)] = 100,
    include_total: bool = True,
    sample_type: Annotated[list[SampleType] | None, Query()] = None,
    source: Annotated[list[FileSource] | None, Query()] = None,
    search: Annotated[str | None, Query(max_length=1024)] = None,
    purpose: FilePurpose | None = None,
    mimetypes: Annotated[list[str] | None, Query(max_length=100)] = None,
) -> FileList:
    """The caller's files, the newest first."""
    chosen = FileFilter(
        purpose=purpose,
        sample_types=tuple(sample_type or ()),
        sources=tuple(source or ()),
        mimetypes=tuple(mimetypes or ()),
        search=search or "",
    )
    found = await files.list(caller.owner, chosen, Listing(page=page, size=page_size))
    total = await files.count(caller.owner, chosen) if include_total else None
    return FileList(data=[FileObject(**fields_of(file)) for file in found], total=total)


@router.get("/{file_id}", responses=MISSING)
async def retrieve_file(file_id: str, files: Files, caller: Caller) -> RetrievedFile:
    """What is known of a file."""
    return RetrievedFile(**fields_of(await files.get(caller.owner, file_id)))


@router.delete("/{file_id}", responses=MISSING)
async def delete_file(file_id: str, wired: Wired, files: Files, caller: Caller) -> DeletedFile:
    """Delete a file and its bytes; a batch job that reads it goes on."""
    file = await files.get(caller.owner, file_id)
    try:
        await files.delete(caller.owner, file.id)
    finally:  # where its bytes stay for now, it is forgotten all the same
        if wired.views is not None:
            wired.views.forget(file.id)
    return DeletedFile(id=file.id)


@router.get("/{file_id}/url", responses=MISSING)
async def sign_url(
    request: Request,
    file_id: str,
    wired: Wired,
    files: Files,
    caller: Caller,
    expiry: Annotated[int, Query(ge=1, le=168, description="Hours.")] = 24,
) -> SignedUrl:
    """An address that opens the file without a key, for so many hours; no longer than the file is kept."""
    address = await files.sign(await files.get(caller.owner, file_id), expiry)
    query = f"expires={address.expires}&signature={address.signature}"
    return SignedUrl(url=f"{wired.address.of(request.scope)}/v1/files/{address.file_id}/content?{query}")


async def _opened(
    request: Request,
    file_id: str,
    files: Files,
    credentials: Credentials,
    expires: Annotated[str | None, Query(description="Of a signed address.")] = None,
    signature: Annotated[str | None, Query(description="Of a signed address.")] = None,
) -> StoredFile:
    """The file that the signature opens, or else the caller's key.

    Raises:
        Refused: the signature is wrong, or its time is up; or there is none, and no key.
        FileNotFound: there is no such file, or it is another's.
    """
    if expires is None and signature is None:
        return await files.get((await principal(request, credentials)).owner, file_id)
    address = address_of(file_id, expires or "", signature or "")
    seal = Seal.FOREIGN if address is None else await files.seal(address)
    if address is None or seal is Seal.FOREIGN:
        raise Refused(FORBIDDEN, f"The signature of this address is wrong. {ASK_AGAIN}")
    if seal is Seal.EXPIRED:
        raise Refused(FORBIDDEN, f"This signed address has expired. {ASK_AGAIN}")
    return await files.find(address)


@router.get("/{file_id}/content", responses={200: CONTENT, **MISSING}, response_class=Octets)
async def download_file(files: Files, file: Annotated[StoredFile, Depends(_opened)]) -> FileAnswer:
    """The bytes of a file; a signed address needs no key."""
    return FileAnswer(file, partial(files.content, file))
