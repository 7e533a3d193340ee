"""PDFs that want to hang or crash whoever opens them: each ends in a page or in an error with a name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import digital_pipeline
import pytest

from octavo.domain.errors import DocumentError, EngineFailed, EngineTimeout, OctavoError
from octavo.domain.result import RecognizedPage
from octavo.domain.work import PageTask
from octavo.executors.local import LocalExecutor
from octavo.executors.pool import WorkerLimits
from raw_pdf import RawPdf, text_at
from reading import DIGITAL

LIMITS = WorkerLimits(page_timeout=4, inspect_timeout=4, max_memory=3 * 1024**3)
MANY = 30_000


def form_that_draws_itself(pdf: RawPdf) -> None:
    number = pdf.reserve()
    entries = f"/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << /XObject << /X {number} 0 R >> >>"
    pdf.stream("/X Do /X Do", entries, number=number)
    pdf.page("/X Do", resources=f"/XObject << /X {number} 0 R >>")


def forms_that_double(pdf: RawPdf) -> None:
    inner = pdf.form(text_at(1, 1, "x"), "0 0 500 500")
    for _ in range(30):
        inner = pdf.form("/X Do /X Do", "0 0 500 500", f"/XObject << /X {inner} 0 R >>")
    pdf.page("/X Do", resources=f"/XObject << /X {inner} 0 R >>")


def forms_that_nest(pdf: RawPdf) -> None:
    inner = pdf.form(text_at(1, 1, "x"), "0 0 500 500")
    for _ in range(2000):
        inner = pdf.form("/X Do", "0 0 500 500", f"/XObject << /X {inner} 0 R >>")
    pdf.page(text_at(20, 20, "base") + "/X Do", resources=f"/XObject << /X {inner} 0 R >>")


def appearance_that_draws_itself(pdf: RawPdf) -> None:
    number = pdf.reserve()
    entries = f"/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << /XObject << /X {number} 0 R >> >>"
    pdf.stream("/X Do /X Do", entries, number=number)
    pdf.page(text_at(20, 20, "base"), annotations=[pdf.annotation("Stamp", "0 0 500 500", appearance=number)])


def pattern_without_end(pdf: RawPdf) -> None:
    entries = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep .001 /YStep .001"
    number = pdf.stream("0 0 1 1 re f", f"{entries} /Resources << >>")
    paint = "/Pattern cs /P scn 0 0 595 842 re f\n"
    pdf.page(text_at(20, 20, "base") + paint, resources=f"/Pattern << /P {number} 0 R >>")


def field_of_a_book(pdf: RawPdf) -> None:
    field = pdf.widget("a", "Tx", "10 10 100 20", f"/V ({'long word ' * 1_000_000}) /Ff 4096")
    pdf.acroform([field])
    pdf.page(text_at(20, 20, "base"), annotations=[field])


def choice_of_a_million(pdf: RawPdf) -> None:
    field = pdf.widget("a", "Ch", "10 10 100 20", f"/V (x) /Opt [{'(x)' * 1_000_000}]")
    pdf.acroform([field])
    pdf.page(text_at(20, 20, "base"), annotations=[field])


def many_fields(pdf: RawPdf) -> None:
    fields = [pdf.widget(f"f{n}", "Tx", "10 10 100 20", "/V (x)") for n in range(MANY)]
    pdf.acroform(fields)
    pdf.page(text_at(20, 20, "base"), annotations=fields)


def a_million_pictures(pdf: RawPdf) -> None:
    entries = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    image = pdf.stream(b"\0", entries)
    pdf.page("/I Do\n" * 1_000_000, resources=f"/XObject << /I {image} 0 R >>", packed=True)


TERRIBLE = [
    form_that_draws_itself,
    forms_that_double,
    forms_that_nest,
    appearance_that_draws_itself,
    pattern_without_end,
    choice_of_a_million,
    many_fields,
    a_million_pictures,
]


def loop_of_pages(pdf: RawPdf) -> str:
    page = pdf.page(text_at(20, 20, "base"))
    return f"<< /Type /Pages /Count 3 /Kids [{pdf.tree} 0 R {page} 0 R {pdf.tree} 0 R] /Parent {pdf.tree} 0 R >>"


def fields_that_are_their_own_parents(pdf: RawPdf) -> None:
    one, two = pdf.reserve(), pdf.reserve()
    pdf.add(f"<< /FT /Tx /T (one) /Kids [{two} 0 R {one} 0 R] /Parent {two} 0 R >>", one)
    pdf.add(f"<< /FT /Tx /T (two) /Kids [{one} 0 R] /Parent {one} 0 R >>", two)
    widgets = [pdf.annotation("Widget", "10 50 100 80", f"/Parent {each} 0 R") for each in (one, two)]
    popup = pdf.reserve()
    pdf.add(f"<< /Type /Annot /Subtype /Popup /Rect [1 1 9 9] /Parent {popup} 0 R /Popup {popup} 0 R >>", popup)
    pdf.acroform([one, two])
    pdf.page(text_at(20, 20, "base"), annotations=[*widgets, popup, popup])


def fields_in_fields(pdf: RawPdf) -> None:
    inner = widget = pdf.widget("w", "Tx", "10 10 100 30")
    for _ in range(5000):
        inner = pdf.add(f"<< /T (a) /Kids [{inner} 0 R] >>")
    pdf.acroform([inner])
    pdf.page(text_at(20, 20, "base"), annotations=[widget])


def outline_in_a_circle(pdf: RawPdf) -> None:
    item = pdf.reserve()
    pdf.add(f"<< /Title (a) /Next {item} 0 R /First {item} 0 R /Parent {item} 0 R >>", item)
    pdf.catalog = f"/Outlines {item} 0 R"
    pdf.page(text_at(20, 20, "base"))


def states_without_end(pdf: RawPdf) -> None:
    pdf.page(text_at(20, 20, "base") + "q " * 1_000_000, packed=True)


def arrays_in_arrays(pdf: RawPdf) -> None:
    pdf.page(text_at(20, 20, "base") + "[" * 1_000_000, packed=True)


def a_million_annotations(pdf: RawPdf) -> None:
    look = pdf.form("", "0 0 10 10")
    pdf.page(text_at(20, 20, "base"), annotations=[pdf.annotation("Stamp", "1 1 9 9", appearance=look)] * 1_000_000)


TAME = [
    field_of_a_book,
    loop_of_pages,
    fields_that_are_their_own_parents,
    fields_in_fields,
    outline_in_a_circle,
    states_without_end,
    arrays_in_arrays,
    a_million_annotations,
]


def outcome(make: Callable[[RawPdf], str | None], folder: Path) -> RecognizedPage | OctavoError:
    """What becomes of the first page; the worker then reads a plain document, or a new one does."""
    pdf, plain = RawPdf(), RawPdf()
    tree = make(pdf) or ""
    (folder / "hostile.pdf").write_bytes(pdf.data(tree=tree))
    plain.page(text_at(20, 20, "plain"))
    (folder / "plain.pdf").write_bytes(plain.data())

    async def main() -> RecognizedPage | OctavoError:
        executor = LocalExecutor(digital_pipeline.build, {}, workers=1, limits=LIMITS)
        await executor.start()
        try:
            found: RecognizedPage | OctavoError
            try:
                found = await executor.recognize(_task(folder / "hostile.pdf"))
            except OctavoError as error:
                found = error
            assert _said(await executor.recognize(_task(folder / "plain.pdf"))) == "plain"
            return found
        finally:
            await executor.close()

    return asyncio.run(main())


def _task(path: Path) -> PageTask:
    return PageTask(path=path, index=0, options=DIGITAL, figures_dir=path.parent)


def _said(page: RecognizedPage) -> str:
    return " ".join(block.text for block in page.blocks)


@pytest.mark.parametrize("make", TERRIBLE, ids=lambda make: make.__name__)
def test_what_cannot_be_read_ends_in_time_and_harms_no_other_page(
    make: Callable[[RawPdf], None], tmp_path: Path
) -> None:
    found = outcome(make, tmp_path)
    assert isinstance(found, RecognizedPage | EngineTimeout | EngineFailed | DocumentError), found


@pytest.mark.parametrize("make", TAME, ids=lambda make: make.__name__)
def test_what_is_twisted_is_read(make: Callable[[RawPdf], str | None], tmp_path: Path) -> None:
    found = outcome(make, tmp_path)
    assert isinstance(found, RecognizedPage), found
    assert "base" in _said(found)
