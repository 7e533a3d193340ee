"""`from octavo import Octavo`."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import octavo
from octavo import Octavo
from octavo.domain.errors import FetchForbidden, InvalidDocumentReference, InvalidRequest, UnknownModel
from papers import protected_pdf, text_pdf


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Octavo]:
    """With the fake engine, in an empty folder."""
    for name in [name for name in os.environ if name.upper().startswith("OCTAVO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCTAVO_ENGINES__MODEL", "octavo-fake")
    with Octavo() as opened:
        yield opened


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return text_pdf(tmp_path / "report.pdf", [["One"], ["Two"], ["Three"]])


def test_a_path_a_text_and_bytes_are_documents(reader: Octavo, report: Path) -> None:
    answers = [reader.ocr(document) for document in (report, str(report), report.read_bytes())]
    assert all(answer.pages[0].markdown.startswith("# Page 0") for answer in answers)
    assert answers[0] == answers[1] == answers[2]


def test_options_have_the_names_of_the_api(reader: Octavo, report: Path) -> None:
    answer = reader.ocr(report, pages="1-2", include_image_base64=True, image_limit=1, include_blocks=False, dpi=72)
    assert [page.index for page in answer.pages] == [1, 2]
    assert [len(page.images) for page in answer.pages] == [1, 0]
    assert answer.pages[0].blocks is None
    assert answer.pages[0].dimensions is not None
    assert answer.pages[0].dimensions.dpi == 72
    image = answer.pages[0].images[0]
    assert image.image_base64 is not None
    with Image.open(io.BytesIO(base64.b64decode(image.image_base64.split(",")[1]))) as figure:
        assert figure.size == (image.bottom_right_x - image.top_left_x, image.bottom_right_y - image.top_left_y)


def test_aliases_are_echoed_and_unknown_models_refused(reader: Octavo, report: Path) -> None:
    assert reader.ocr(report).model == "octavo-fake"
    assert reader.ocr(report, model="mistral-ocr-latest").model == "mistral-ocr-latest"
    with pytest.raises(UnknownModel):
        reader.ocr(report, model="gpt")


def test_a_password_opens(reader: Octavo, tmp_path: Path) -> None:
    locked = protected_pdf(tmp_path / "locked.pdf", "sesame")
    assert len(reader.ocr(locked, password="sesame").pages) == 1


@pytest.mark.parametrize(
    ("document", "options", "error", "message"),
    [
        ("missing.pdf", {}, InvalidDocumentReference, "missing.pdf"),
        ("http://127.0.0.1:9/a.pdf", {}, FetchForbidden, "127.0.0.1"),
        ("report.pdf", {"pagse": "1"}, InvalidRequest, "pagse"),
        ("report.pdf", {"image_limit": -1}, InvalidRequest, "image_limit"),
        ("report.pdf", {"dpi": 10_000}, InvalidRequest, "dpi"),
        ("report.pdf", {"languages": ["xx"]}, InvalidRequest, "xx is no language that is known"),
    ],
)
def test_errors_are_those_of_octavo(
    reader: Octavo, report: Path, document: str, options: dict[str, object], error: type[Exception], message: str
) -> None:
    assert report.exists()
    with pytest.raises(error, match=message):
        reader.ocr(document, **options)  # type: ignore[arg-type]


def test_it_can_be_called_inside_an_event_loop(reader: Octavo, report: Path) -> None:
    async def inside() -> int:
        return len(reader.ocr(report).pages)

    assert asyncio.run(inside()) == 3


def test_a_closed_one_says_so(reader: Octavo, report: Path) -> None:
    reader.close()
    reader.close()
    with pytest.raises(InvalidRequest, match="closed"):
        reader.ocr(report)


def test_no_file_is_left_behind(reader: Octavo, report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    reader.ocr(report.read_bytes(), include_image_base64=True)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_program_that_forgets_to_close_it_ends(report: Path, tmp_path: Path) -> None:
    program = f"from octavo import Octavo\nprint(len(Octavo().ocr({str(report)!r}).pages))"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"OCTAVO_ENGINES__MODEL": "octavo-fake"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "3\n", "")


def test_only_what_is_promised_is_public() -> None:
    assert octavo.__all__ == ["Octavo", "__version__"]
    assert octavo.Octavo is Octavo
    with pytest.raises(AttributeError, match="nonsense"):
        octavo.nonsense  # noqa: B018
