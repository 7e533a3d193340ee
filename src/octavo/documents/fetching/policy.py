"""Which hosts may be fetched from: public ones on the ports of the web, and those that were opened by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import httpx

from octavo.documents.fetching.addresses import Address, is_public, parse_address
from octavo.documents.fetching.target import Target, host_of
from octavo.domain.errors import FetchForbidden, InvalidSettings

PUBLIC_PORTS = frozenset({80, 443, 8080, 8443})
_PORTS = range(1, 65_536)


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """One entry of `--allow-fetch`: a host by name or address, on one port or (None) on all."""

    host: str
    port: int | None

    @classmethod
    def parse(cls, entry: str) -> Self:
        """`HOST`, `HOST:PORT`, `[IPV6]:PORT` or a bare IPv6 address.

        Raises:
            InvalidSettings: it is none of these.
        """
        text = entry.strip()
        bracketed = f"[{text}]" if text.count(":") > 1 and "[" not in text else text
        try:
            # A scheme that has no port of its own: a port that was given is never taken for the default.
            url = httpx.URL(f"any://{bracketed}")
        except (httpx.InvalidURL, ValueError):
            raise _no_host(entry) from None
        host = host_of(url)
        if not host or url.raw_path not in (b"", b"/") or url.userinfo or url.fragment:
            raise _no_host(entry)
        if url.port is not None and url.port not in _PORTS:
            raise _no_host(entry)
        return cls(host, url.port)

    def covers(self, target: Target, address: Address) -> bool:
        """Whether it opens `target` at `address`, one of those that its host leads to."""
        return self.port in (None, target.port) and (self.host == target.host or parse_address(self.host) == address)


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What may be connected to.

    Attributes:
        allowed: hosts that may be fetched from wherever they are.
        public: whether all public hosts may be fetched from, too.
    """

    allowed: tuple[AllowedHost, ...] = ()
    public: bool = True

    def admitted(self, target: Target, addresses: Iterable[str]) -> tuple[Address, ...]:
        """Those of the host's addresses that may be connected to; all others are left alone.

        Raises:
            FetchForbidden: there is none. The message never tells an address: it could be one of an inner network.
        """
        known = [address for address in map(parse_address, addresses) if address is not None]
        admitted = tuple(address for address in known if self._admits(target, address))
        if not admitted:
            raise FetchForbidden(f"{self._reason(target, known)} {_remedy(target)}")
        return admitted

    def _admits(self, target: Target, address: Address) -> bool:
        if any(entry.covers(target, address) for entry in self.allowed):
            return True
        return self.public and target.port in PUBLIC_PORTS and is_public(address)

    def _reason(self, target: Target, addresses: Iterable[Address]) -> str:
        if not self.public:
            return f"{target.host} is none of the hosts that this server fetches from."
        if not any(is_public(address) for address in addresses):
            return f"{target.host} has no public address, so it is not fetched from."
        return f"Port {target.port} is not fetched from, only {', '.join(map(str, sorted(PUBLIC_PORTS)))} are."


def _remedy(target: Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    return (
        "Send the document itself as base64; whoever runs the server can also open the host with "
        f"--allow-fetch {name}:{target.port} (OCTAVO_ALLOW_FETCH)."
    )


def _no_host(entry: str) -> InvalidSettings:
    return InvalidSettings(
        f"--allow-fetch (OCTAVO_ALLOW_FETCH) has {entry!r}, which is no HOST or HOST:PORT. "
        "Write for instance files.example.org, 10.0.0.5:9000 or [::1]:8000."
    )
