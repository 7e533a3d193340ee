"""Many documents at once: their order, and what is told of those that fail."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from octavo.api.schemas.whole import response_of
from octavo.bootstrap import build_local
from octavo.cli.inputs import Input, collect
from octavo.cli.meter import Meter, Tally
from octavo.cli.outputs import Folder, Output, Stream, as_json, as_markdown
from octavo.cli.reading import Desk, Plan, Remark
from octavo.domain.document import PageSelection
from octavo.domain.geometry import Size
from octavo.domain.result import OcrResult, PageFailure, RenderedPage, RenderedTable
from octavo.domain.work import AnswerOptions, ReadOptions
from octavo.services.progress import FinishedPage, OpenedDocument
from octavo.settings import load_settings
from papers import text_pdf

PLAN = Plan(pages=PageSelection(), read=ReadOptions(model="octavo-fake", dpi=72), answer=AnswerOptions())
FIRST_OF_FOUR = FinishedPage(done=1, pages=4, outcome=PageFailure(index=0, code="", reason=""))


def read(inputs: Sequence[Input], output: Output) -> list[Remark]:
    async def all_of_them() -> list[Remark]:
        services = build_local(load_settings(), inline=True)
        async with services.running():
            meter = Meter(len(inputs), Console(file=io.StringIO()))
            return await Desk(service=services.ocr, plan=PLAN, output=output, progress=meter.of).read_all(inputs)

    return asyncio.run(all_of_them())


def encode(result: OcrResult) -> dict[str, object]:
    return response_of(result, PLAN.answer, result.model).model_dump(mode="json")


@pytest.fixture
def papers() -> list[Input]:
    for name in ("a", "b", "d"):
        text_pdf(Path(f"{name}.pdf"), [[name]])
    Path("c.pdf").write_bytes(b"no document")
    return collect(["d.pdf", "c.pdf", "missing.pdf", "a.pdf", "b.pdf"])


def test_one_bad_document_stops_none_of_the_others(papers: list[Input]) -> None:
    printed: list[str] = []
    remarks = read(papers, Stream(printed.append, as_markdown(several=True)))
    assert [line for line in "".join(printed).splitlines() if line.startswith("<!--")] == [
        "<!-- d.pdf -->",
        "<!-- a.pdf -->",
        "<!-- b.pdf -->",
    ]
    assert [(remark.document, remark.exit_code) for remark in remarks] == [("c.pdf", 3), ("missing.pdf", 3)]


def test_several_answers_are_one_line_each(papers: list[Input]) -> None:
    printed: list[str] = []
    read(papers, Stream(printed.append, as_json(encode, several=True)))
    lines = "".join(printed).splitlines()
    assert [json.loads(line)["document"] for line in lines] == ["d.pdf", "a.pdf", "b.pdf"]
    assert all(json.loads(line)["pages"][0]["markdown"] for line in lines)


def test_a_folder_keeps_its_shape_below_the_output(tmp_path: Path) -> None:
    Path("in/sub").mkdir(parents=True)
    text_pdf(Path("in/a.pdf"), [["a"]])
    text_pdf(Path("in/sub/a.pdf"), [["a"]])
    assert read(collect(["in"]), Folder(root=tmp_path / "out", encode=encode)) == []
    written = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    assert written == ["a.json", "a.md", "a/img-0.jpeg", "sub/a.json", "sub/a.md", "sub/a/img-0.jpeg"]


def test_a_name_cannot_end_the_comment_that_it_stands_in() -> None:
    text_pdf(Path("a-->b.pdf"), [["a"]])
    printed: list[str] = []
    read(collect(["a-->b.pdf"]), Stream(printed.append, as_markdown(several=True)))
    assert printed[0].splitlines()[0] == "<!-- a- ->b.pdf -->"


def test_answers_that_come_early_wait_for_those_before_them() -> None:
    printed: list[str] = []
    stream = Stream(printed.append, lambda source, _: source.name)
    document, result = None, OcrResult(model="", pages=(), pages_processed=0, doc_size_bytes=0)
    first, second, third = (Input(name=name, place=name, stem=Path(name)) for name in "abc")
    stream.put(2, third, document, result)  # type: ignore[arg-type]  # the document is not looked at
    stream.put(0, first, document, result)  # type: ignore[arg-type]
    assert printed == ["a"]
    stream.skip(1)
    assert [text for text in printed if text] == ["a", "c"]
    assert second.name == "b"


def test_a_closed_pipe_ends_the_reading_quietly(papers: list[Input]) -> None:
    def closed(_: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BaseExceptionGroup) as caught:
        read(papers, Stream(closed, as_markdown(several=True)))
    assert caught.group_contains(BrokenPipeError)


def test_tables_that_left_the_text_become_files_that_it_links_to(tmp_path: Path) -> None:
    table = RenderedTable(id="tbl-0.html", content="<table></table>", format="html")
    page = RenderedPage(index=0, markdown="[tbl-0.html](tbl-0.html)", size=Size(1, 1), dpi=72, tables=(table,))
    result = OcrResult(model="", pages=(page,), pages_processed=1, doc_size_bytes=0)
    source = Input(name="a", place="a", stem=Path("a"))
    Folder(root=tmp_path, encode=lambda _: {}).put(0, source, None, result)  # type: ignore[arg-type]
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "[tbl-0.html](a/tbl-0.html)\n"
    assert (tmp_path / "a" / "tbl-0.html").read_text(encoding="utf-8") == "<table></table>\n"


def test_the_tally_guesses_documents_that_are_not_open_yet() -> None:
    tally = Tally(4)
    assert (tally.done, tally.total) == (0, 0)
    tally.note(0, 1, 10)
    assert (tally.done, tally.total) == (1, 40)
    tally.note(1, 20, 20)
    assert (tally.done, tally.total) == (21, 60)


def test_the_bar_shows_pages_speed_and_time_left_where_somebody_watches() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with Meter(2, console) as meter:
        meter.of(0).opened(OpenedDocument(indices=(0, 1, 2, 3), page_count=9, size=100))
        meter.refresh()
        assert "0/8 pages" in console.file.getvalue()  # type: ignore[attr-defined]
        meter.of(0).finished(FIRST_OF_FOUR)
        meter.refresh()
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1/8 pages" in shown
    assert re.search(r"[\d.]+ pages/s, \d+:\d\d:\d\d left", shown)


def test_nothing_is_shown_where_nobody_watches() -> None:
    console = Console(file=io.StringIO(), force_terminal=False)
    with Meter(2, console) as meter:
        meter.of(0).finished(FIRST_OF_FOUR)
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]
