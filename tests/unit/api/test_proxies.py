"""By which address a client calls the server, and who may tell."""

from __future__ import annotations

from typing import Any

import pytest

from octavo.api.app import create_app
from octavo.api.options import ServerOptions
from octavo.api.proxies import PublicAddress
from octavo.domain.errors import InvalidSettings


def scope(client: str | None = "10.0.0.7", **headers: str) -> dict[str, Any]:
    named = {"host": "inner:8000", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {
        "type": "http",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": None if client is None else (client, 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }


FORWARDED = {
    "x_forwarded_proto": "https",
    "x_forwarded_host": "ocr.example.org",
    "x_forwarded_prefix": "/octavo",
    "x_forwarded_for": "198.51.100.1",
}


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("ocr.example.org", "http://ocr.example.org"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("", "http://127.0.0.1:8000"),
        ("a b", "http://127.0.0.1:8000"),
        ("evil.example/path?", "http://127.0.0.1:8000"),
        ("user@host", "http://127.0.0.1:8000"),
        ('h"><script>', "http://127.0.0.1:8000"),
    ],
)
def test_it_is_the_host_that_the_client_named(host: str, named: str) -> None:
    assert PublicAddress().of(scope(host=host)) == named


def test_nobody_is_believed_who_is_not_trusted() -> None:
    for trusted in ((), ("10.0.0.8",), ("10.1.0.0/16", "::1")):
        assert PublicAddress(None, trusted).of(scope(**FORWARDED)) == "http://inner:8000"
    for client in (None, "unix", ""):
        assert PublicAddress(None, ("0.0.0.0/0", "::/0")).of(scope(client, **FORWARDED)) == "http://inner:8000"


@pytest.mark.parametrize(
    ("client", "trusted"),
    [
        ("10.0.0.7", ("10.0.0.7",)),
        ("10.0.0.7", ("192.0.2.0/24", "10.0.0.0/8")),
        ("::ffff:10.0.0.7", ("10.0.0.0/8",)),
        ("::1", ("::1",)),
        ("fe80::1%eth0", ("fe80::/10",)),
        ("10.0.0.7", ("10.0.0.9/8",)),
    ],
)
def test_trusted_proxies_tell_scheme_host_and_prefix(client: str, trusted: tuple[str, ...]) -> None:
    assert PublicAddress(None, trusted).of(scope(client, **FORWARDED)) == "https://ocr.example.org/octavo"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"x_forwarded_host": "evil.example, ocr.example.org"}, "https://ocr.example.org/octavo"),
        ({"x_forwarded_host": "bad host"}, "https://inner:8000/octavo"),
        ({"x_forwarded_host": ""}, "https://inner:8000/octavo"),
        ({"x_forwarded_proto": "javascript"}, "http://ocr.example.org/octavo"),
        ({"x_forwarded_proto": "http, HTTPS"}, "https://ocr.example.org/octavo"),
        ({"x_forwarded_prefix": "/a/b/"}, "https://ocr.example.org/a/b"),
        ({"x_forwarded_prefix": ""}, "https://ocr.example.org"),
        ({"x_forwarded_prefix": "/"}, "https://ocr.example.org"),
        ({"x_forwarded_prefix": "//evil.example"}, "https://ocr.example.org"),
        ({"x_forwarded_prefix": "/a?b"}, "https://ocr.example.org"),
    ],
)
def test_what_makes_no_sense_is_not_believed_of_them_either(changed: dict[str, str], named: str) -> None:
    assert PublicAddress(None, ("10.0.0.7",)).of(scope(**FORWARDED | changed)) == named


@pytest.mark.parametrize(
    ("told", "client"),
    [
        ("", "10.0.0.7"),
        ("198.51.100.1", "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, 10.0.0.8,10.0.0.9", "198.51.100.1"),
        ("10.0.0.8, 10.0.0.9", "10.0.0.8"),
        ("198.51.100.1, junk", "10.0.0.7"),
        ("198.51.100.1:5000", "198.51.100.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:5000", "2001:db8::1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_a_trusted_proxy_tells_who_called(told: str, client: str) -> None:
    assert PublicAddress(None, ("10.0.0.0/8",)).client_of(scope(x_forwarded_for=told)) == client
    assert PublicAddress().client_of(scope(x_forwarded_for=told)) == "10.0.0.7"


def test_a_caller_may_have_no_address() -> None:
    assert PublicAddress(None, ("10.0.0.0/8",)).client_of(scope(None, x_forwarded_for="198.51.100.1")) == ""


@pytest.mark.parametrize(
    ("settled", "named"),
    [
        ("https://ocr.example.org", "https://ocr.example.org"),
        ("https://example.org:8443/ocr/", "https://example.org:8443/ocr"),
        ("https://example.org/ocr/v1/", "https://example.org/ocr"),
        ("http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000"),
    ],
)
def test_what_is_settled_counts_whatever_is_told(settled: str, named: str) -> None:
    assert PublicAddress(settled, ("10.0.0.7",)).of(scope(**FORWARDED)) == named


@pytest.mark.parametrize(
    "wrong", ["example.org", "ftp://example.org", "https://", "https://a?b", "https://u:p@a", "/x"]
)
def test_addresses_that_are_none_are_wrong_settings(wrong: str) -> None:
    with pytest.raises(InvalidSettings, match="OCTAVO_PUBLIC_URL"):
        PublicAddress(wrong)


@pytest.mark.parametrize("wrong", ["proxy.example.org", "10.0.0.0/40", "*", ""])
def test_proxies_that_are_no_addresses_are_wrong_settings(wrong: str) -> None:
    with pytest.raises(InvalidSettings, match="OCTAVO_TRUSTED_PROXIES"):
        create_app(ocr=None, models=None, options=ServerOptions(trusted_proxies=(wrong,)))  # type: ignore[arg-type]  # never asked
