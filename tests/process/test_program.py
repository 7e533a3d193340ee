"""`octavo ocr` as a process, with workers of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from octavo_server import PATIENCE, children, command, environment, gone

from papers import text_image, text_pdf


def octavo(
    folder: Path, *arguments: str, stdin: bytes | None = None, **settings: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(*arguments),
        env=environment(folder / "data", **settings),
        cwd=folder,
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(6):
        text_pdf(tmp_path / "in" / f"{number}.pdf", [["Title"]] * (number + 1))
    (tmp_path / "in" / "3.pdf").write_bytes(b"%PDF-1.4 broken")
    return tmp_path


def test_a_folder_is_read_by_workers_and_what_failed_is_told_at_the_end(papers: Path) -> None:
    ended = octavo(papers, "ocr", "in", "-o", "out")
    assert ended.returncode == 3
    assert sorted(path.name for path in (papers / "out").glob("*.md")) == ["0.md", "1.md", "2.md", "4.md", "5.md"]
    lines = ended.stderr.decode().splitlines()
    assert lines[0] == "1 of 6 documents could not be read in full:"
    assert lines[1].startswith("octavo: in/3.pdf: ")
    assert len(lines) == 2


def test_a_document_may_come_from_standard_input(tmp_path: Path) -> None:
    text_pdf(tmp_path / "a.pdf", [["One"]])
    ended = octavo(tmp_path, "ocr", "-", stdin=(tmp_path / "a.pdf").read_bytes())
    assert ended.returncode == 0
    assert ended.stdout.startswith(b"# Page 0\n")


def test_standard_output_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    text_pdf(tmp_path / "a.pdf", [["One"]])
    named = tmp_path / "\u00e9t\u00e9.pdf"
    (tmp_path / "a.pdf").rename(named)
    text_pdf(tmp_path / "b.pdf", [["One"]])
    run = environment(tmp_path / "data") | {"PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(
        command("ocr", named.name, "b.pdf"), env=run, cwd=tmp_path, capture_output=True, timeout=PATIENCE, check=True
    )
    assert ended.stdout.decode().startswith("<!-- \u00e9t\u00e9.pdf -->")


def test_a_reader_that_goes_away_is_no_error(papers: Path) -> None:
    process = subprocess.Popen(
        command("ocr", "in/0.pdf"),
        env=environment(papers / "data"),
        cwd=papers,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(PATIENCE) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_ctrl_c_ends_it_and_its_workers_without_a_traceback(papers: Path) -> None:
    text_pdf(papers / "in" / "long.pdf", [["Title"]] * 400)
    process = subprocess.Popen(
        command("ocr", "in", "-o", "out"), env=environment(papers / "data"), cwd=papers, stderr=subprocess.PIPE
    )
    end = time.monotonic() + PATIENCE
    while not (papers / "out").exists() and time.monotonic() < end:
        time.sleep(0.02)
    workers = children(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 130
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert workers
    assert gone(workers)


def test_the_real_engine_reads_an_image_and_a_text_layer(tmp_path: Path) -> None:
    text_image(tmp_path / "scan.png", ["The quick brown fox", "jumps over the dog"])
    text_pdf(tmp_path / "a.pdf", [["A title", "and its text"]])
    ended = octavo(tmp_path, "ocr", "scan.png", "a.pdf", ENGINES__MODEL="octavo-1")
    assert ended.returncode == 0, ended.stderr.decode()
    words = ended.stdout.decode().replace("\n", " ")
    assert "The quick brown fox" in words
    assert "# A title" in words
    assert "and its text" in words
