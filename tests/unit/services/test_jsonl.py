"""What can be the input of a batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.domain.errors import InvalidFileFormat
from octavo.services import jsonl
from octavo.services.jsonl import count_lines

BOM = b"\xef\xbb\xbf"


@pytest.fixture
def file_of(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "lines.jsonl"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"{}", 1),
        (b'{"a": 1}\r\n\r\n{"b": "\xc3\xa4"}\r\n', 2),
        (BOM + b"  {}\n", 1),
        (b"no JSON\n[1]\n\n{}\nnor this", 4),
        (b'{"cut": \n{}\n', 2),
        (b"[1]\n" * 100_000 + b"{}", 100_001),
        (b"\n" * 100_000 + b"{}", 1),
        (b" " * 3_000_000 + b"{}", 1),
        (b'{"many": [' + b"0," * 200_000 + b"0]}", 1),
    ],
)
def test_one_object_is_enough_and_lines_that_are_not_blank_count(file_of, content: bytes, lines: int) -> None:
    assert count_lines(file_of(content)) == lines


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", [(1, "The file is empty.")]),
        (BOM + b"\n \r\n", [(1, "The file is empty.")]),
        (b"\n[1]\r\n\r\nnull", [(2, "The line is no JSON object."), (4, "The line is no JSON object.")]),
        (b"x\n" * 50, [(number, "The line is no JSON object.") for number in range(1, 21)]),
        (b"{}\n{}\n\xff\n{}", [(3, "The line is not UTF-8.")]),
        (b"{}\n" * 700_000 + b'{"a": "\xc3"}', [(700_001, "The line is not UTF-8.")]),
        (b"{}\n\n\xc3", [(3, "The line is not UTF-8.")]),
        ("{}\n".encode("utf-16"), [(1, "The line is not UTF-8.")]),
    ],
)
def test_files_of_which_no_batch_can_be_made_are_refused_with_their_lines(
    file_of, content: bytes, told: list[tuple[int, str]]
) -> None:
    with pytest.raises(InvalidFileFormat, match=r"^Invalid file format\.$") as caught:
        count_lines(file_of(content))
    assert list(caught.value.lines) == told


def test_what_is_no_json_is_told_with_a_reason(file_of) -> None:
    with pytest.raises(InvalidFileFormat) as caught:
        count_lines(file_of(b'{"a": 1\n{"b": ' + b"[" * 1000 + b"]" * 1000 + b"}"))
    reasons = [reason for _, reason in caught.value.lines]
    assert [reason.split(":")[0] for reason in reasons] == ["The line is no JSON"] * 2
    assert "recursion limit" in reasons[1]


@pytest.mark.parametrize(("length", "refused"), [(99_999, True), (100_000, True), (100_001, False)])
def test_a_line_too_long_for_any_request_is_not_held_in_memory(
    file_of, monkeypatch: pytest.MonkeyPatch, length: int, refused: bool
) -> None:
    monkeypatch.setattr(jsonl, "LONGEST", 100_000)
    monkeypatch.setattr(jsonl, "_LONG", 1000)
    path = file_of(b'{"never closed": "'.ljust(length, b"x"))
    if refused:
        with pytest.raises(InvalidFileFormat):
            count_lines(path)
    else:
        assert count_lines(path) == 1


def test_nobody_looks_at_lines_without_end(file_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MOST_LOOKED_AT", 100)
    assert count_lines(file_of(b"x\n" * 101)) == 101
    with pytest.raises(InvalidFileFormat):
        count_lines(file_of(b"x\n" * 100))


def test_a_long_object_is_read_whole(file_of) -> None:
    assert count_lines(file_of(b'{"image": "' + b"A" * 3_000_000 + b'"}')) == 1
