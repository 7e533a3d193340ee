"""A URL to disk over HTTP.

The host is resolved once; every address that `FetchPolicy` does not admit is left alone, and the connection goes to
an admitted address itself, so that a name that changes its mind between check and use gains nothing. The name stays
in the `Host` header and in TLS, where the certificate is checked against it. Redirects are followed here, at most
five, each checked like the first address. No proxy, cookie or password of the environment is used. Time is limited
for connecting, for each read and in all; bytes are limited while they come, before and after unpacking.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

import httpx

from octavo.documents.fetching.addresses import Address
from octavo.documents.fetching.inflate import unpacked
from octavo.documents.fetching.look_ups import LookUps
from octavo.documents.fetching.policy import FetchPolicy
from octavo.documents.fetching.target import Target, parse_target
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.pieces import gathered
from octavo.documents.spooling.spool import Spool, check_size
from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.document import SpooledDocument, UrlRef
from octavo.domain.errors import FetchFailed, FetchForbidden, InvalidDocumentReference

MOST_REDIRECTS = 5
MOST_ADDRESSES = 4
"""Addresses of one host that are tried, one after the other."""
PIECE = 256 * 1024
"""Bytes that are gathered before they are written, so that a dripping server costs few writes."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REMEDY = "Check that it opens without signing in, or send the document itself as base64."

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses; raises OSError or UnicodeError when there are none."""

resolve_host: Resolver = LookUps().resolve
"""One line of look-ups for the whole process: what stalls, stalls for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchTimeouts:
    """Seconds: for resolving and for each attempt to connect, for each read, and for the whole download."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 50.0


def open_transport() -> httpx.AsyncBaseTransport:
    """Connections for one download: no proxy, and none used twice, for it was checked for one name only.

    A transport of httpx, unlike its clients, takes no proxy from the environment.
    """
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(verify=_tls(), limits=limits)


@cache
def _tls() -> ssl.SSLContext:
    """The usual authorities, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloader:
    """Downloads one document at a time, any number at once.

    Attributes:
        policy: what may be connected to.
        max_bytes: largest document.
        timeouts: how long anything may take.
        resolve: names to addresses.
        transport: makes the connections of one download.
        budget: what all files of the server may take together; None is no limit.
    """

    policy: FetchPolicy
    max_bytes: int
    timeouts: FetchTimeouts = FetchTimeouts()
    resolve: Resolver = resolve_host
    transport: Callable[[], httpx.AsyncBaseTransport] = open_transport
    budget: SpoolBudget | None = None

    async def download(self, ref: UrlRef, folder: Path) -> SpooledDocument:
        """Bring the document into `folder`.

        Raises:
            InvalidDocumentReference: it is no http or https URL.
            FetchForbidden: it, or what it redirects to, may not be fetched.
            FetchFailed: it did not deliver a document in time.
            FileTooLarge: it delivers more than `max_bytes`.
            Overloaded: all files of the server together would take too much.
            OutOfSpace: the disk is full.
        """
        target = parse_target(ref.url)
        try:
            async with asyncio.timeout(self.timeouts.total), self.transport() as transport:
                return await self._follow(transport, target, ref.name or target.name, folder)
        except TimeoutError as error:
            raise FetchFailed(f"{target.shown} took more than {self.timeouts.total:g} seconds. {_REMEDY}") from error
        except httpx.TimeoutException as error:
            raise FetchFailed(f"{target.shown} stopped answering. {_REMEDY}") from error
        except (httpx.HTTPError, ssl.SSLError) as error:
            raise FetchFailed(f"{target.shown} broke off or did not speak proper HTTP. {_REMEDY}") from error

    async def _follow(
        self, transport: httpx.AsyncBaseTransport, target: Target, name: str, folder: Path
    ) -> SpooledDocument:
        for _ in range(MOST_REDIRECTS + 1):
            async with self._answer(transport, target) as response:
                if response.status_code not in _REDIRECTS:
                    return await self._store(response, target, name, folder)
                target = _redirected(target, response.headers.get("location"))
        raise FetchFailed(f"{target.shown} is the end of more than {MOST_REDIRECTS} redirects. {_REMEDY}")

    @asynccontextmanager
    async def _answer(self, transport: httpx.AsyncBaseTransport, target: Target) -> AsyncIterator[httpx.Response]:
        response = await self._ask(transport, target)
        try:
            yield response
        finally:
            await response.aclose()

    async def _ask(self, transport: httpx.AsyncBaseTransport, target: Target) -> httpx.Response:
        """The first answer of an admitted address."""
        failure: httpx.HTTPError | None = None
        for address in self.policy.admitted(target, await self._resolved(target))[:MOST_ADDRESSES]:
            try:
                return await transport.handle_async_request(self._request(target, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        reason = "has no valid certificate" if "CERTIFICATE" in str(failure) else "cannot be reached"
        raise FetchFailed(f"{target.shown} {reason}. {_REMEDY}") from failure

    async def _resolved(self, target: Target) -> Sequence[str]:
        try:
            async with asyncio.timeout(self.timeouts.connect):
                return await self.resolve(target.host, target.port)
        except (OSError, UnicodeError) as error:
            raise FetchFailed(f"There is no host {target.host}, or its name cannot be resolved. {_REMEDY}") from error

    def _request(self, target: Target, address: Address) -> httpx.Request:
        """Ask `address` for what `target` names; nothing of the caller's goes along."""
        limits = httpx.Timeout(self.timeouts.read, connect=self.timeouts.connect)
        return httpx.Request(
            "GET",
            target.url.copy_with(host=str(address)),
            headers={
                "Host": target.authority,
                "User-Agent": "octavo",
                "Accept": "application/pdf, image/*;q=0.9, */*;q=0.5",
                "Accept-Encoding": "identity",
                "Connection": "close",
            },
            extensions={"timeout": limits.as_dict(), "sni_hostname": target.host},
        )

    async def _store(self, response: httpx.Response, target: Target, name: str, folder: Path) -> SpooledDocument:
        if not response.is_success:
            status = f"{response.status_code} {response.reason_phrase}".strip()
            raise FetchFailed(f"{target.shown} answered {status}. {_REMEDY}")
        declared = response.headers.get("content-length", "")
        if declared.isdecimal() and len(declared) < 20:
            check_size(int(declared), self.max_bytes)
        stream = cast("httpx.AsyncByteStream", response.stream)  # asynchronous transports have no other
        content = unpacked(stream, response.headers.get("content-encoding", ""), self.max_bytes)
        with Spool(folder, self.max_bytes, self.budget) as spool:
            async for piece in gathered(content, PIECE):
                await unbroken(spool.write, piece)
            if not spool.size:
                raise FetchFailed(f"{target.shown} delivered an empty document. {_REMEDY}")
            return spool.document(name)


def _redirected(target: Target, location: str | None) -> Target:
    """Where a redirect leads, if that has the form of something to fetch.

    Raises:
        FetchFailed: it leads nowhere.
        FetchForbidden: it leads to something that is no http or https URL.
    """
    if not location:
        raise FetchFailed(f"{target.shown} redirects to nowhere. {_REMEDY}")
    try:
        return parse_target(str(target.url.join(location)))
    except (InvalidDocumentReference, httpx.InvalidURL, ValueError) as error:
        raise FetchForbidden(f"{target.shown} redirects to something that is no http or https URL.") from error
