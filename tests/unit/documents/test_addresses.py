"""Which addresses are public."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.documents.fetching.addresses import is_public, parse_address

# https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast.
SPECIAL_4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
]
# https://www.iana.org/assignments/iana-ipv6-special-registry, multicast, and disguises of IPv4 that nothing routes.
SPECIAL_6 = [
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0:0/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:2::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "100.63.255.255", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1"]


def disguises(address):
    """Every form of IPv6 that leads to an IPv4 address."""
    number = int(address)
    return [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
    ]


def members(network):
    net = IPv4Network(network) if "." in network else IPv6Network(network)
    first, last = int(net.network_address), int(net.broadcast_address)
    return st.integers(first, last).map(type(net.network_address))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize("network", SPECIAL_4 + SPECIAL_6)
@given(data=st.data())
def test_no_address_of_a_special_network_is_public(network, data):
    assert not is_public(data.draw(members(network)))


@pytest.mark.parametrize("network", SPECIAL_4)
@given(data=st.data())
def test_no_disguise_makes_a_special_address_public(network, data):
    for disguise in disguises(data.draw(members(network))):
        assert not is_public(disguise)


@pytest.mark.parametrize("text", ["1.1.1.1", "8.8.8.8"])
def test_disguises_of_public_addresses_are_public(text):
    assert all(is_public(disguise) for disguise in disguises(IPv4Address(text)))


@given(st.ip_addresses(v=6))
def test_nothing_is_public_outside_the_routed_space_but_disguises(address):
    if is_public(address):
        assert address in IPv6Network("2000::/3") or address.ipv4_mapped or address in IPv6Network("64:ff9b::/96")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("example.org", None),
        ("127.1", None),
        ("0177.0.0.1", None),
        ("", None),
    ],
)
def test_spellings(text, expected):
    address = parse_address(text)
    assert (address and str(address)) == expected
