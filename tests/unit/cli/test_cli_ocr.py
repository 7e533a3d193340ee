"""`octavo ocr`, with the fake engine: what is printed, what is written, what is told, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from octavo_program import Octavo
from PIL import Image

from papers import protected_pdf, text_image, text_pdf

PAGES = [["One", "first"], ["Two", "second"], ["Three", "third"]]


@pytest.fixture
def report() -> Path:
    return text_pdf(Path("report.pdf"), PAGES)


def test_markdown_is_printed_page_after_page(octavo: Octavo, report: Path) -> None:
    ended = octavo("ocr", report)
    assert ended.code == 0
    assert ended.out.index("# Page 0") < ended.out.index("# Page 1") < ended.out.index("# Page 2")
    assert ended.out.endswith("\n")
    assert ended.err == ""


def test_only_the_pages_asked_for(octavo: Octavo, report: Path) -> None:
    ended = octavo("ocr", report, "--pages", "2,0")
    assert [line for line in ended.out.splitlines() if line.startswith("# ")] == ["# Page 2", "# Page 0"]


def test_json_is_the_answer_of_the_api(octavo: Octavo, report: Path) -> None:
    answer = json.loads(octavo("ocr", report, "--json", "--pages", "1").out)
    assert answer["model"] == "octavo-fake"
    assert answer["usage_info"]["pages_processed"] == 1
    (page,) = answer["pages"]
    assert (page["index"], page["images"][0]["id"], page["blocks"][0]["type"]) == (1, "img-0.jpeg", "title")
    assert page["images"][0]["image_base64"] is None


def test_dpi_changes_the_measures(octavo: Octavo, report: Path) -> None:
    answer = json.loads(octavo("ocr", report, "--json", "--pages", "0", "--dpi", "72").out)
    assert answer["pages"][0]["dimensions"] == {"dpi": 72, "width": 595, "height": 842}


def test_output_is_markdown_json_and_figures_with_links_that_work(octavo: Octavo) -> None:
    path = text_pdf(Path("my report.v2.pdf"), PAGES[:2])
    ended = octavo("ocr", path, "-o", "out")
    assert (ended.code, ended.out) == (0, "")
    markdown = Path("out/my report.v2.md").read_text(encoding="utf-8")
    assert "![img-0.jpeg](my%20report.v2/img-0.jpeg)" in markdown
    answer = json.loads(Path("out/my report.v2.json").read_text(encoding="utf-8"))
    assert "![img-1.jpeg](img-1.jpeg)" in answer["pages"][1]["markdown"]
    for page in answer["pages"]:
        (image,) = page["images"]
        with Image.open(Path("out/my report.v2") / image["id"]) as figure:
            box = image["bottom_right_x"] - image["top_left_x"], image["bottom_right_y"] - image["top_left_y"]
            assert figure.size == box


def test_overlays_are_page_images_with_blocks_drawn(octavo: Octavo, report: Path) -> None:
    assert octavo("ocr", report, "-o", "out", "--overlay", "--pages", "1", "--dpi", "72").code == 0
    with Image.open("out/report/page-1.png") as overlay:
        assert overlay.size == (595, 842)
        assert len(overlay.getcolors(1 << 20) or []) > 10
    assert not Path("out/report/page-0.png").exists()


def test_overlay_needs_a_folder(octavo: Octavo, report: Path) -> None:
    ended = octavo("ocr", report, "--overlay")
    assert (ended.code, ended.out) == (2, "")
    assert "-o DIR" in ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.pdf"], 3, "missing.pdf"),
        (["report.pdf", "--pages", "9"], 2, "out of range"),
        (["report.pdf", "--pages", "x"], 2, "`pages`"),
        (["report.pdf", "--model", "gpt"], 2, "Invalid model: gpt"),
        (["report.pdf", "--password-file", "none"], 2, "none"),
        (["report.pdf", "--config", "none.toml"], 2, "none.toml"),
        (["broken.pdf"], 3, "broken.pdf"),
        (["locked.pdf"], 4, "password"),
        (["http://127.0.0.1:9/a.pdf"], 6, "127.0.0.1"),
        (["report.pdf", "--nonsense"], 2, "--nonsense"),
        ([], 2, "DOCUMENT"),
    ],
)
def test_each_trouble_has_its_code_and_a_message_without_a_traceback(
    octavo: Octavo, report: Path, arguments: list[str], code: int, message: str
) -> None:
    Path("broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    protected_pdf(Path("locked.pdf"), "sesame")
    ended = octavo("ocr", *arguments)
    assert (ended.code, ended.out) == (code, ""), ended.err
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert report.exists()


def test_a_password_comes_from_the_first_line_of_a_file(octavo: Octavo) -> None:
    protected_pdf(Path("locked.pdf"), "sesame")
    Path("secret").write_text("sesame\r\nsomething else\n")
    ended = octavo("ocr", "locked.pdf", "--password-file", "secret")
    assert ended.code == 0
    assert "# Page 0" in ended.out


def test_the_output_folder_may_not_be_a_file(octavo: Octavo, report: Path) -> None:
    Path("out").write_text("a file")
    ended = octavo("ocr", report, "-o", "out")
    assert ended.code == 9
    assert "cannot be written" in ended.err


def test_an_image_is_read_too(octavo: Octavo) -> None:
    text_image(Path("scan.png"), ["Hello"], size=(320, 200))
    assert "320 x 200 pixels" in octavo("ocr", "scan.png").out


def test_settings_reach_the_command(octavo: Octavo, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_LIMITS__MAX_PIXELS", "10")
    text_image(Path("scan.png"), ["Hello"], size=(320, 200))
    assert octavo("ocr", "scan.png").code == 5
    assert octavo("ocr", report).code == 0


def test_local_files_are_not_held_to_the_limits_of_a_server(
    octavo: Octavo, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCTAVO_LIMITS__MAX_PAGES", "1")
    monkeypatch.setenv("OCTAVO_LIMITS__MAX_FILE_BYTES", "10")
    assert octavo("ocr", report).code == 0
