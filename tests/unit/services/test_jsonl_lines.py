"""Lines of JSONL, wherever the bytes are cut."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.services.lines import LineCount, Lines, spans_of

BOM = b"\xef\xbb\xbf"


def lines_of(data: bytes, *sizes: int) -> list[bytes]:
    return [data[start : start + length] for start, length in spans_of(cut(data, sizes or (1 << 20,)))]


def count_of(data: bytes, *sizes: int) -> int:
    count = LineCount()
    for piece in cut(data, sizes):
        count.feed(piece)
    return count.close()


def cut(data: bytes, sizes: tuple[int, ...]) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        for size in sizes:
            yield data[place : place + size]
            place += size


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n\r\n \t\n", []),
        (b"{}", [b"{}"]),
        (b"{}\n", [b"{}"]),
        (b'{"a": 1}\r\n{"b": 2}\r\n', [b'{"a": 1}', b'{"b": 2}']),
        (b"one\n\n  \ntwo", [b"one", b"two"]),
        (b" one \r", [b" one "]),
        (b"a\rb\n\rc\n", [b"a\rb", b"\rc"]),
        (BOM + b"one\ntwo", [b"one", b"two"]),
        (BOM, []),
        (BOM[:2], [BOM[:2]]),
        (BOM + b"\r\none", [b"one"]),
        (b"one\n" + BOM + b"two", [b"one", BOM + b"two"]),
        (BOM[:2] + b"x\n", [BOM[:2] + b"x"]),
    ],
)
def test_lines_that_are_not_blank_are_found_wherever_the_bytes_are_cut(
    data: bytes, lines: list[bytes], size: int
) -> None:
    assert lines_of(data, size) == lines
    assert count_of(data, size) == len(lines)


ALPHABET = st.sampled_from([b"\n", b"\r", b"\r\n", b" ", b"{}", b"x", b"\v", b"\f\t", "ä".encode(), BOM])


@given(st.lists(ALPHABET).map(b"".join), st.lists(st.integers(1, 7), min_size=1))
def test_cuts_change_nothing(data: bytes, sizes: list[int]) -> None:
    expected = [line.removesuffix(b"\r") for line in data.removeprefix(BOM).split(b"\n") if line.strip()]
    assert lines_of(data, *sizes) == lines_of(data) == expected
    assert count_of(data, *sizes) == len(expected)


@given(st.lists(ALPHABET | st.just(b"x" * 80)).map(b"".join), st.lists(st.integers(1, 200), min_size=1))
def test_each_line_knows_its_number(data: bytes, sizes: list[int]) -> None:
    lines = Lines()
    told = [(lines.number, span) for span in lines.of(cut(data, tuple(sizes)))]
    expected = [number for number, line in enumerate(data.removeprefix(BOM).split(b"\n"), 1) if line.strip()]
    assert [number for number, _ in told] == expected
    assert count_of(data, *sizes) == len(expected)


BLANK = {"breaks": b"\n", "returns": b" \t\r\n", "spaces": b" "}


@pytest.mark.parametrize("unit", BLANK.values(), ids=BLANK)
def test_what_is_blank_costs_no_step_for_each_line(unit: bytes) -> None:
    """Counted in lines of Python that run, which no other load on the machine changes."""
    data, steps = unit * 100_000 + b"end\n" + unit * 100_000, 0

    def trace(*_: object) -> object:
        nonlocal steps
        steps += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        spans, count = lines_of(data, len(data)), count_of(data, len(data))
    finally:
        sys.settrace(before)
    assert (spans[0].lstrip(), count) == (b"end", 1)
    assert steps < 200


def test_a_search_goes_on_where_another_one_stopped() -> None:
    data = BOM + b"one\r\ntwo\nthree\n"
    spans = list(spans_of([data]))
    for number, (start, _) in enumerate(spans[1:], 1):
        assert list(spans_of([data[start:]], start)) == spans[number:]


def test_one_endless_line_takes_no_memory() -> None:
    piece = b"x" * (1 << 20)
    tracemalloc.start()
    assert list(spans_of(piece for _ in range(100))) == [(0, 100 << 20)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20
