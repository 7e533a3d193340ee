"""Inline requests become lines, however the body is cut; what is no JSON is refused as a whole."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.api import requests_spool
from octavo.api.errors import InvalidBody
from octavo.api.requests_spool import RequestsSpool
from octavo.domain.errors import FileTooLarge

TEXTS = st.text(max_size=30) | st.sampled_from(['"', "\\", "\\u00e9", "requests", "[{,:", "a" * 70_000])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
REQUESTS = st.fixed_dictionaries({"custom_id": TEXTS | st.none(), "body": st.dictionaries(TEXTS, VALUES, max_size=3)})


def spooled(body: bytes, cut: int = 10**9, most: int = 100) -> tuple[bytes, bytes, int]:
    """What goes to the file, what is left, and how many requests there were."""
    lines: list[bytes] = []
    spool = RequestsSpool(lines.append, most)
    for start in range(0, len(body), cut):
        spool.write(body[start : start + cut])
    return b"".join(lines), spool.close(), spool.count


@given(st.lists(REQUESTS, max_size=4), st.integers(1, 40), st.sampled_from([None, 1]), st.booleans(), st.randoms())
def test_requests_become_lines_however_they_are_cut(
    requests: list[Any], cut: int, indent: int | None, ascii_only: bool, luck: random.Random
) -> None:
    fields = [("requests", requests), ("endpoint", "/v1/ocr"), ("metadata", {"requests": "[1, 2]", "k": "v"})]
    luck.shuffle(fields)
    body = json.dumps(dict(fields), indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    if b"\xed" in body and not ascii_only:
        body = json.dumps(dict(fields), indent=indent).encode()
    lines, rest, count = spooled(body, cut if len(body) < 10_000 else cut * 1000)
    assert [json.loads(line) for line in lines.decode().split("\n")[:-1]] == requests
    assert json.loads(rest) == {**dict(fields), "requests": []}
    assert count == len(requests)


def test_a_long_string_goes_to_the_file_whole() -> None:
    request = {"custom_id": "1", "body": {"document": "x" * 300_000 + '\\"'}}
    lines, _, count = spooled(json.dumps({"requests": [request]}).encode(), 1000)
    assert json.loads(lines) == request
    assert count == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"requests": [{"body": {}},]}',
        b'{"requests": [,{"body": {}}]}',
        b'{"requests": [{"body": {}} {"body": {}}]}',
        b'{"requests": [{"body": {}}}]}',
        b'{"requests": [{"body": {"a": "line\nbreak"}}]}',
        b'{"requests": [{"body": {"a": "\xff"}}]}',
        b'{"requests": [{"body": {"a": 01}}]}',
        b'{"requests": [{"body": {"a": "%b\\x41"}}]}' % (b"long" * 1000),
        b'{"requests": [{"body": {"a": "%b\\u00g1"}}]}' % (b"long" * 1000),
    ],
)
@pytest.mark.parametrize("cut", [1, 7, 10**9])
def test_what_is_no_json_is_refused(body: bytes, cut: int) -> None:
    with pytest.raises(InvalidBody, match="Invalid JSON"):
        spooled(body, cut)


def test_an_escape_may_be_cut_anywhere() -> None:
    request = {"custom_id": "1", "body": {"document": "long" * 1000 + '\u00e9\\"/\n\U0001f600', "short": "\u00e9\\"}}
    for ascii_only in (True, False):
        body = json.dumps({"requests": [request]}, ensure_ascii=ascii_only).encode()
        for cut in range(1, 8):
            assert json.loads(spooled(body, cut)[0]) == request


def test_small_pictures_are_no_burden() -> None:
    request = {"custom_id": "1", "body": {"document": "x" * 40_000}}
    body = json.dumps({"requests": [request] * 600}).encode()
    assert spooled(body, 1 << 20, most=600)[2] == 600


@pytest.mark.parametrize("body", [b'{"requests": [{"body": {}}', b'{"requests": [', b'{"a": "b', b'{"requests": [{"a'])
def test_what_breaks_off_is_no_json_in_the_end(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(spooled(body)[1])


@pytest.mark.parametrize(
    ("request_", "place"),
    [
        ("1", "requests.0"),
        ("{}", "requests.0"),
        ('{"body": 1}', "requests.0"),
        ('{"body": {}, "custom_id": 7}', "0.custom_id"),
    ],
)
def test_a_request_that_is_none_is_named(request_: str, place: str) -> None:
    with pytest.raises(InvalidBody, match=place):
        spooled(b'{"requests": [%b]}' % request_.encode())


def test_there_is_an_end_to_requests() -> None:
    body = b'{"requests": [%b]}' % b",".join([b'{"body": {}}'] * 4)
    assert spooled(body, most=4)[2] == 4
    with pytest.raises(InvalidBody, match="more than 3 requests"):
        spooled(body, most=3)


def test_requests_may_not_come_twice() -> None:
    with pytest.raises(InvalidBody, match="twice"):
        spooled(b'{"requests": [{"body": {}}], "requests": [{"body": {}}]}')


def test_what_is_no_document_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileTooLarge):
        spooled(b'{"requests": [{"body": {"a": [' + b"1," * 600_000)
    with pytest.raises(FileTooLarge):
        spooled(b'{"model": "' + b"a" * 2_000_000, 1000)
    monkeypatch.setattr(requests_spool, "LARGEST_SUM", 100)
    with pytest.raises(FileTooLarge, match="purpose=batch"):
        spooled(b'{"requests": [%b]}' % b",".join([b'{"body": {"a": 1}}'] * 10))
