"""Which addresses are public: the special-purpose registries of IANA (RFC 6890) as a rule about single addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
"""Well-known prefix (RFC 6052); the last four bytes are the IPv4 address that is reached."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that is routed in IPv6; what lies outside is local, multicast, reserved or a disguise of IPv4."""

# Python 3.11 takes these for global: relays (RFC 7526), protocol assignments (RFC 6890), documentation (RFC 9637).
_NOT_GLOBAL_4 = (IPv4Network("192.88.99.0/24"), IPv4Network("192.0.0.0/24"))
_NOT_GLOBAL_6 = (IPv6Network("2001::/23"), IPv6Network("3fff::/20"))


def is_public(address: Address) -> bool:
    """Whether `address` may be anybody's on the internet; tunnels are judged by the IPv4 address they lead to."""
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        return _is_public_6(address) if inner is None else _is_public_4(inner)
    return _is_public_4(address)


def parse_address(text: str) -> Address | None:
    """An address in its usual spelling, with or without the brackets and the zone of IPv6; None for anything else."""
    try:
        return ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _is_public_4(address: IPv4Address) -> bool:
    if address.is_multicast or address.is_reserved or any(address in net for net in _NOT_GLOBAL_4):
        return False
    return address.is_global


def _is_public_6(address: IPv6Address) -> bool:
    # Teredo lies in 2001::/23 and is refused with it.
    return address in _GLOBAL_UNICAST and address.is_global and not any(address in net for net in _NOT_GLOBAL_6)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, 6to4 or NAT64 address leads to."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
