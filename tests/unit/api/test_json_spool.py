"""JSON whose long strings go to disk: what comes out is what any parser reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from octavo.api import json_spool
from octavo.api.errors import InvalidBody
from octavo.api.json_spool import JsonSpool
from octavo.documents.spooling.budget import SpoolBudget
from octavo.domain.errors import FileTooLarge, Overloaded

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


def pieces(body: bytes, cuts: Iterable[int]) -> list[bytes]:
    places = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    return [body[start:end] for start, end in pairwise(places)]


def scanned(parts: Iterable[bytes], folder: Path, long: int = 4, **options: Any) -> tuple[bytes, dict[str, Path]]:
    with JsonSpool(folder, long=long, **options) as spool:
        for part in parts:
            spool.write(part)
        return spool.close(), spool.texts


def whole(value: Any, texts: dict[str, Path]) -> Any:
    """The value with its long strings back in their places."""
    if isinstance(value, str):
        return texts[value].read_bytes().decode() if value in texts else value
    if isinstance(value, list):
        return [whole(item, texts) for item in value]
    if isinstance(value, dict):
        return {whole(key, texts): whole(item, texts) for key, item in value.items()}
    return value


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_spool, "MOST_TEXTS", 1000)


@given(VALUES, st.booleans(), st.lists(st.integers(0, 400), max_size=12), st.integers(0, 20))
def test_it_agrees_with_a_parser_wherever_the_body_is_cut(
    tmp_path_factory: pytest.TempPathFactory, value: Any, ascii_only: bool, cuts: list[int], long: int
) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only).encode()
    skeleton, texts = scanned(pieces(body, cuts), tmp_path_factory.mktemp("json"), long)
    assert whole(json.loads(skeleton), texts) == json.loads(body)
    left = [text for text in strings(json.loads(skeleton)) if text not in texts]
    assert all(len(text.encode()) <= 2 * long for text in left)


LEGAL = [
    "a",
    "/",
    r"\/",
    r"\\",
    r"\"",
    r"\n",
    r"\u002b",
    r"\u002B",
    r"\ud83d\ude00",
    r"\uD83D\uDE00",
    "é",
    "😀",
    "\x7f",
]
WRONG = [r"\ud83d", r"\ude00", r"\x", r"\u12", r"\U0041", "\n", "\0", "\\", '"']
ESCAPES = st.lists(st.sampled_from([*LEGAL, *WRONG]), max_size=30)


@given(ESCAPES, st.lists(st.integers(0, 200), max_size=8), st.integers(0, 10))
def test_what_is_no_json_for_the_parser_is_none_for_the_scanner(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], cuts: list[int], long: int
) -> None:
    body = f'{{"a": "{"".join(parts)}"}}'.encode()
    try:
        expected = from_json(body)
    except ValueError:
        expected = None
    try:
        skeleton, texts = scanned(pieces(body, cuts), tmp_path_factory.mktemp("json"), long)
        found = whole(from_json(skeleton), texts)
    except (InvalidBody, ValueError):
        found = None
    assert found == expected


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=4))
def test_any_bytes_are_scanned_or_a_typed_error(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, cuts: list[int]
) -> None:
    try:
        skeleton, texts = scanned(pieces(body, cuts), tmp_path_factory.mktemp("json"))
    except InvalidBody:
        with pytest.raises(ValueError, match="at line"):
            from_json(body)
    else:
        assert bool(texts) or skeleton == body


def test_every_spelling_of_an_escape_is_resolved(tmp_path: Path) -> None:
    body = rb'{"a": "data:,\/\u002b\u002F\"\\\b\f\n\r\t\ud83d\ude00"}'
    _, texts = scanned([body], tmp_path)
    (path,) = texts.values()
    assert path.read_bytes().decode() == 'data:,/+/"\\\b\f\n\r\t\U0001f600'


def test_short_strings_stay(tmp_path: Path) -> None:
    body = b'{"a": "%s"}' % (b"x" * 100)
    assert scanned([body], tmp_path, 100) == (body, {})
    assert list(tmp_path.iterdir()) == []


def test_a_placeholder_fits_no_field_and_is_never_the_same(tmp_path: Path) -> None:
    seen = [name for _ in range(20) for name in scanned([b'["long enough", "long enough"]'], tmp_path)[1]]
    assert len(set(seen)) == 40
    assert {len(name) for name in seen} == {2048}


@pytest.mark.parametrize(
    "body", [b'{"a": "long enough', b'{"a": "long enough\\', b'{"a": "long enough\\u00', b'{"a": "long enough\xc3"}']
)
def test_a_long_string_that_breaks_off_is_no_json(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(InvalidBody) as caught:
        scanned([body], tmp_path)
    assert [item.type for item in caught.value.complaints] == ["json_invalid"]
    assert caught.value.complaints[0].msg.startswith("Invalid JSON: ")
    assert list(tmp_path.iterdir()) == []


def test_much_beside_the_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge, match="beside its document"):
        scanned([b'{"pages": ['] + [b"0," * 100_000] * 10, tmp_path)


def test_a_file_that_is_no_json_is_told_so_however_large_it_is(tmp_path: Path) -> None:
    with pytest.raises(InvalidBody, match="expected value at line 1 column 1"):
        scanned([b"%PDF-1.7 " * 200_000], tmp_path)


def test_very_many_long_strings_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_spool, "MOST_TEXTS", 2)
    with pytest.raises(InvalidBody, match="More than 2 strings"):
        scanned([b'["long enough", "long enough", "long enough"]'], tmp_path)


def test_it_counts_in_the_budget_of_the_server(tmp_path: Path) -> None:
    budget = SpoolBudget(100)
    scanned([b'"%s"' % (b"x" * 60)], tmp_path, budget=budget)
    assert budget.used == 60
    with pytest.raises(Overloaded):
        scanned([b'"%s"' % (b"x" * 60)], tmp_path, budget=budget)
    assert budget.used == 60
