"""A URL taken apart, once: what is checked here is what is connected to."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx

from octavo.documents.fetching.addresses import parse_address
from octavo.documents.fetching.data_uri import EXPECTED
from octavo.domain.errors import FetchForbidden, InvalidDocumentReference

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HIGHEST_PORT = 65_535
_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Target:
    """An `http` or `https` URL that is well formed and has no user name.

    Attributes:
        url: whole, with its query; never logged.
        host: name or address, in lower case, without brackets or final dot.
        port: the one given, or the scheme's own.
    """

    url: httpx.URL
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header has them."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _DEFAULT_PORTS[self.url.scheme] else f"{name}:{self.port}"

    @property
    def shown(self) -> str:
        """The URL as it may stand in messages and logs: without its query, short and printable."""
        path = _printable(self.url.path)
        return f"{self.url.scheme}://{self.authority}{path if len(path) <= 120 else path[:120] + '...'}"

    @property
    def name(self) -> str:
        """What the document is called: the last part of the path, or else the host."""
        return _printable(self.url.path.rstrip("/").rpartition("/")[2])[:200] or self.host


def parse_target(url: str) -> Target:
    """Take `url` apart.

    Raises:
        InvalidDocumentReference: it is empty, relative, a local path, of another scheme or malformed.
        FetchForbidden: it has a user name or password.
    """
    text = url.strip()
    if not text:
        raise InvalidDocumentReference(f"{EXPECTED}. The URL is empty.")
    parsed = _parsed(text)
    if parsed.scheme not in _DEFAULT_PORTS:
        raise InvalidDocumentReference(
            f"{EXPECTED}. Only http and https are fetched; a local file has to be sent itself, as base64 or upload."
        )
    if parsed.userinfo:
        raise FetchForbidden("URLs with a user name or password are not fetched. Send the document itself as base64.")
    host = host_of(parsed)
    port = _DEFAULT_PORTS[parsed.scheme] if parsed.port is None else parsed.port
    if not host or not 0 < port <= _HIGHEST_PORT:
        raise _malformed()
    return Target(parsed, host, port)


def host_of(url: httpx.URL) -> str:
    """The host in one spelling, or an empty string where it is no name and no address."""
    host = url.raw_host.decode("ascii", "replace").lower().removesuffix(".")
    address = parse_address(host)
    # The zone of an address (`fe80::1%eth0`) means something on one machine only.
    if address is not None and "%" not in host:
        return str(address)
    return host if _HOST_NAME.fullmatch(host) else ""


def _parsed(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise _malformed() from error


def _malformed() -> InvalidDocumentReference:
    return InvalidDocumentReference(f"{EXPECTED}. The URL is malformed: check its host and port.")


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
