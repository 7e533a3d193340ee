"""What the arguments of `octavo ocr` mean."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest

from octavo.cli.inputs import Input, collect
from octavo.documents.fetching.fetcher import Fetcher
from octavo.domain.errors import FetchForbidden, FileNotFound, InvalidDocumentReference


def touch(*names: str) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def named(inputs: list[Input]) -> list[tuple[str, str]]:
    return [(found.name, found.stem.as_posix()) for found in inputs]


def load(source: Input, folder: Path) -> Path:
    return asyncio.run(source.load(folder, Fetcher(max_bytes=1000))).path


def test_files_keep_their_order_and_lose_their_ending() -> None:
    touch("b.pdf", "a.v2.png")
    assert named(collect(["b.pdf", "a.v2.png"])) == [("b.pdf", "b"), ("a.v2.png", "a.v2")]


def test_a_folder_gives_its_documents_at_any_depth_sorted_without_hidden_ones() -> None:
    touch("in/z.pdf", "in/a.JPG", "in/notes.txt", "in/sub/b.tiff", "in/.hidden/c.pdf", "in/.d.pdf")
    assert named(collect(["in"])) == [("in/a.JPG", "a"), ("in/z.pdf", "z"), ("in/sub/b.tiff", "sub/b")]


def test_the_output_folder_is_no_input() -> None:
    touch("in/a.pdf", "in/out/a/img-0.jpeg")
    assert named(collect(["in"], Path("in/out"))) == [("in/a.pdf", "a")]


def test_a_named_file_is_taken_whatever_its_ending() -> None:
    touch("scan")
    assert named(collect(["scan"])) == [("scan", "scan")]


def test_a_pattern_is_expanded_where_the_shell_did_not(tmp_path: Path) -> None:
    touch("in/b.pdf", "in/a.pdf", "in/c.png", "in/deep/d.pdf")
    assert named(collect(["in/*.pdf"])) == [("in/a.pdf", "a"), ("in/b.pdf", "b")]
    assert len(collect(["in/**/*.pdf"])) == 3
    assert len(collect([str(tmp_path / "work" / "in" / "*.png")])) == 1


def test_a_file_whose_name_looks_like_a_pattern_is_that_file() -> None:
    touch("a[1].pdf", "a1.pdf")
    assert named(collect(["a[1].pdf"])) == [("a[1].pdf", "a[1]")]


def test_two_documents_of_one_name_get_two_outputs_and_the_same_file_is_read_once() -> None:
    touch("x/report.pdf", "y/Report.pdf", "report.png")
    found = collect(["x/report.pdf", "y/Report.pdf", "report.png", "./x/report.pdf"])
    assert [stem for _, stem in named(found)] == ["report", "Report-2", "report-3"]


def test_an_address_is_named_by_the_last_part_of_its_path() -> None:
    names = [
        stem for _, stem in named(collect(["https://e.org/a/b%20c.pdf?x=1", "http://e.org", "http://e.org/..%2F"]))
    ]
    assert names == ["b c", "e.org", "e.org-2"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [("missing.pdf", "not there"), ("*.pdf", "No file matches"), ("empty", "no PDF and no image")],
)
def test_nothing_to_read_is_told_when_it_is_read(argument: str, message: str, tmp_path: Path) -> None:
    Path("empty").mkdir()
    (source,) = collect([argument])
    with pytest.raises((FileNotFound, InvalidDocumentReference), match=message):
        load(source, tmp_path)


def test_a_file_is_read_where_it_is(tmp_path: Path) -> None:
    touch("a.pdf")
    (source,) = collect(["a.pdf"])
    assert load(source, tmp_path).resolve() == Path("a.pdf").resolve()


def test_a_dash_is_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"%PDF" * 5000)))
    (source,) = collect(["-"])
    assert load(source, tmp_path).read_bytes() == b"%PDF" * 5000


def test_an_address_goes_to_the_fetcher_and_its_rules(tmp_path: Path) -> None:
    (source,) = collect(["http://127.0.0.1:9/a.pdf"])
    with pytest.raises(FetchForbidden):
        load(source, tmp_path)
