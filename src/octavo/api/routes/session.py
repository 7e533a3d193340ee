"""`/session`: sign in with a key, which the browser keeps in a cookie, for the pages of this server alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from octavo.api.auth import Credentials, owner_of
from octavo.api.errors import FAULTS, FORBIDDEN, TOO_LARGE, UNAUTHORIZED, Envelope, Fault, Refused, invalid
from octavo.api.key_cookie import cookie_of
from octavo.api.own_pages import is_foreign_page, is_opened_at
from octavo.api.record import record_of
from octavo.api.schemas.session import SessionOut, SignIn
from octavo.api.wiring import Wired, Wiring
from octavo.domain.errors import Overloaded

router = APIRouter(prefix="/session", tags=["session"], responses={403: {"model": Envelope}})
SIGNING_IN: dict[int | str, dict[str, Any]] = {status: {"model": Envelope} for status in (401, 408, 413, 415, 422, 429)}
BODY = {"required": True, "content": {"application/json": {"schema": SignIn.model_json_schema()}}}

MOST_BYTES = 16 * 1024
"""Of the body: a key, however it is escaped."""
PROGRAMS = "Programs send the key as a bearer token."
NO_JSON = Fault(415, "unsupported_media_type")


@router.get("")
async def who_is_signed_in(request: Request, wired: Wired, credentials: Credentials) -> SessionOut:
    """Whether a key is needed, and whose was sent. Never an error."""
    owner = owner_of(request, credentials)
    if owner is not None:
        await _wake(wired)
    return _told(wired, owner)


async def _refuse_foreign(request: Request, wired: Wired) -> None:
    """Raise where a page of another origin signs somebody in or out, or one to which the cookie would not come back.

    Raises:
        Refused: just that.
    """
    settled = wired.address.settled
    if settled is not None and wired.keyring and not is_opened_at(request.scope, settled):
        raise Refused(FORBIDDEN, f"Signing in works at {settled} alone: open that address. {PROGRAMS}")
    if is_foreign_page(request.scope, wired.address.of(request.scope)):
        raise Refused(FORBIDDEN, f"Only the pages of this server sign in and out. {PROGRAMS}")


@router.post("", responses=SIGNING_IN, openapi_extra={"requestBody": BODY}, dependencies=[Depends(_refuse_foreign)])
async def sign_in(request: Request, response: Response, wired: Wired) -> SessionOut:
    """Let the browser keep a key, in a cookie that no script can read; nothing to keep where there are no keys."""
    key = await _key_of(request)
    if not wired.keyring:
        return _told(wired, "")
    owner = _owner_of(request, wired, key)
    record_of(request.scope).owner = owner
    cookie_of(wired.address.of(request.scope)).keep(response, key)
    await _wake(wired)
    return _told(wired, owner)


@router.delete("", dependencies=[Depends(_refuse_foreign)])
async def sign_out(request: Request, response: Response, wired: Wired) -> SessionOut:
    """Let the browser forget the key."""
    cookie_of(wired.address.of(request.scope)).drop(response)
    return _told(wired, None if wired.keyring else "")


async def _wake(wired: Wiring) -> None:
    """Whoever is let into the workbench will look at pages of documents."""
    if wired.views is not None:
        await wired.views.wake()


def _told(wired: Wiring, owner: str | None) -> SessionOut:
    return SessionOut(keys_needed=bool(wired.keyring), signed_in=owner is not None, owner=owner or "")


def _owner_of(request: Request, wired: Wiring, key: str) -> str:
    """Whose key it is.

    Raises:
        Refused: nobody's, or too many of those who called from there were nobody's.
    """
    client = wired.address.client_of(request.scope)
    if pause := wired.attempts.pause(client):
        fault = replace(FAULTS[Overloaded], retry_after=pause)
        raise Refused(fault, f"Too many wrong keys came from your address. Try again in {pause} seconds.")
    owner = wired.keyring.owner_of(key)
    if owner is None:
        wired.attempts.note(client)
        raise Refused(UNAUTHORIZED, "Unauthorized")
    return owner


async def _key_of(request: Request) -> str:
    """The key in a JSON body: a form of another site cannot send that.

    Raises:
        Refused: it is no JSON, or too long for a key.
        InvalidBody: it does not fit.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(NO_JSON, "Send the key as JSON, with the content type application/json.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise Refused(TOO_LARGE, f"The request is larger than {MOST_BYTES} bytes, and a key is not.")
    try:
        return SignIn.model_validate_json(body).key
    except ValidationError as error:
        raise invalid(error, "body") from None
