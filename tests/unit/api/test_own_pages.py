"""Which requests come from the pages of this server."""

from __future__ import annotations

import pytest

from octavo.api.own_pages import is_foreign_page, is_own_page

OWN = "https://ocr.example.org"
FOREIGN = (
    "https://example.org",
    "https://ocr.example.org.evil.example",
    "http://ocr.example.org",
    "https://ocr.example.org:8443",
    "https://user@ocr.example.org",
    "null",
    "",
    "ocr.example.org",
    "https://[",
    "https://ocr.example.org:x",
)


def scope(method: str, **headers: str) -> dict[str, object]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"type": "http", "method": method, "headers": [(k.encode(), v.encode()) for k, v in named.items()]}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize("headers", [{}, {"origin": OWN}, {"origin": "https://example.org"}])
def test_same_origin_is_always_ours(method: str, headers: dict[str, str]) -> None:
    assert is_own_page(scope(method, sec_fetch_site="same-origin", **headers), OWN)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "SAME-ORIGIN", "none, same-origin"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("headers", [{}, {"origin": OWN}])
def test_what_the_browser_says_of_others_counts_whatever_else_is_sent(
    site: str, method: str, headers: dict[str, str]
) -> None:
    assert not is_own_page(scope(method, sec_fetch_site=site, **headers), OWN)
    assert is_foreign_page(scope(method, sec_fetch_site=site, **headers), OWN)


@pytest.mark.parametrize(("method", "own"), [("GET", True), ("HEAD", True), ("POST", False), ("DELETE", False)])
def test_who_types_an_address_may_look(method: str, own: bool) -> None:
    assert is_own_page(scope(method, sec_fetch_site="none"), OWN) is own


@pytest.mark.parametrize(("method", "own"), [("GET", True), ("HEAD", True), ("POST", False), ("DELETE", False)])
def test_a_browser_that_tells_nothing_may_look(method: str, own: bool) -> None:
    assert is_own_page(scope(method), OWN) is own
    assert not is_foreign_page(scope(method), OWN)


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_foreign_origin_is_told_by_its_name(origin: str, method: str) -> None:
    assert not is_own_page(scope(method, origin=origin), OWN)
    assert is_foreign_page(scope(method, origin=origin), OWN)


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        (OWN, OWN),
        (OWN, f"{OWN}/octavo"),
        (OWN, f"{OWN}:443"),
        ("http://localhost:8000", "http://LOCALHOST:8000"),
        ("http://octavo.lan", "http://octavo.lan:80/ocr"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_own_origin_is_known_however_it_is_written(origin: str, address: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert is_own_page(scope(method, origin=origin), address)
