"""By which address a client calls this server: what the answers name.

Behind a proxy only that knows. It tells in `X-Forwarded-*`, which anybody could send, so they are believed only of
proxies that the settings name; and never where it is decided who may call.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TypeAlias
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from octavo.domain.errors import InvalidSettings

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+){1,16}/?", re.ASCII)
_SCHEMES = ("http", "https")


class PublicAddress:
    """What the address begins with, up to where `/v1` follows.

    Args:
        public_url: the address, if it is settled; else it is what each client used.
        trusted: addresses and networks of proxies.

    Raises:
        InvalidSettings: one of them is malformed.

    Attributes:
        settled: the one address that the settings name, without a slash at its end; None where they name none.
    """

    def __init__(self, public_url: str | None = None, trusted: tuple[str, ...] = ()) -> None:
        self.settled = _settled(public_url) if public_url else None
        self._trusted = tuple(map(_network, trusted))

    def of(self, scope: Scope) -> str:
        """Of the request, without a slash at its end."""
        if self.settled is not None:
            return self.settled
        headers, trusted = Headers(scope=scope), self.trusts(scope)
        scheme = _told(headers, "proto").lower() if trusted else ""
        host = forwarded_host(headers) if trusted else ""
        prefix = _told(headers, "prefix") if trusted else ""
        return (
            f"{scheme if scheme in _SCHEMES else scope['scheme']}://"
            f"{host if _HOST.fullmatch(host) else _host(headers, scope)}"
            f"{prefix.rstrip('/') if _PREFIX.fullmatch(prefix) else ''}"
        )

    def trusts(self, scope: Scope) -> bool:
        """Whether the request comes from a proxy that is believed."""
        address = _address(str((scope.get("client") or ("",))[0]))
        return address is not None and self._is_trusted(address)

    def client_of(self, scope: Scope) -> str:
        """The address of the caller, as far as believed proxies tell; empty where the server is called by none."""
        client = str((scope.get("client") or ("",))[0])
        hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        address = _address(client)
        while hops and address is not None and self._is_trusted(address):
            if (nearer := _address(hops.pop())) is None:
                break
            address = nearer
        return client if address is None else str(address)

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def forwarded_host(headers: Headers) -> str:
    """The host that the client named, as the nearest proxy tells."""
    return _told(headers, "host")


def _address(text: str) -> Address | None:
    """An address, without the zone and the port that it may come with; None if it is none."""
    host = text.strip().partition("%")[0]
    host = re.sub(r"^\[(.*)\](:\d+)?$|^([\d.]+):\d+$", r"\1\3", host)
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _told(headers: Headers, name: str) -> str:
    """The last of several values: it is that of the nearest proxy, others may have come from anybody."""
    return headers.get(f"x-forwarded-{name}", "").rpartition(",")[2].strip()


def _host(headers: Headers, scope: Scope) -> str:
    host = headers.get("host", "")
    if _HOST.fullmatch(host):
        return host
    name, port = scope.get("server") or ("localhost", None)
    name = f"[{name}]" if ":" in name else name
    return name if port is None else f"{name}:{port}"


def _settled(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        plain = not (parts.query or parts.fragment or parts.username)
        good = plain and parts.scheme in _SCHEMES and bool(_HOST.fullmatch(parts.netloc))
    except ValueError:
        good = False
    if not good:
        raise InvalidSettings(
            "The setting `public_url` (OCTAVO_PUBLIC_URL) is wrong: it is an address such as https://example.org/ocr."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/v1').rstrip('/')}"


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise InvalidSettings(
            f"The setting `trusted_proxies` (OCTAVO_TRUSTED_PROXIES) is wrong: {text!r} is neither an address nor a "
            "network such as 10.0.0.0/28."
        ) from None
