from __future__ import annotations

import json
from pathlib import Path

import pytest

from octavo.cli.batch_inputs import (
    DocumentFolder,
    body_of,
    is_job_id,
    look_at_file,
    look_at_folder,
)
from octavo.cli.batch_upload import left_out
from octavo.domain.errors import FileNotFound, InvalidRequest, InvalidSettings

PLAIN = {"pages": None, "table_format": None, "text_layer": "auto", "languages": "", "dpi": None}


@pytest.fixture
def folder(bare: Path) -> Path:
    papers = bare / "papers"
    (papers / "sub").mkdir(parents=True)
    (papers / ".hidden").mkdir()
    for name in ("b.pdf", "a.PNG", "sub/c.jpg", "notes.txt", ".hidden/d.pdf", ".e.pdf"):
        (papers / name).write_bytes(name.encode())
    return papers


def looked(folder: Path, model: str | None = None, **body: object) -> DocumentFolder:
    return look_at_folder(folder, body, model, listed=folder.parent / "list", progress=[].append)


def test_a_folder_is_its_documents_in_order(folder: Path) -> None:
    found = looked(folder)
    assert [(one.number, one.name, one.size) for one in found.documents()] == [
        (0, "a.PNG", 5),
        (1, "b.pdf", 5),
        (2, "sub/c.jpg", 9),
    ]
    assert found.count == 3
    assert [one.upload_name for one in found.documents()] == ["0000000-a.PNG", "0000001-b.pdf", "0000002-c.jpg"]


def test_the_digest_tells_whether_the_same_is_to_be_done(folder: Path) -> None:
    first = looked(folder)
    assert looked(folder).digest == first.digest
    (folder / "notes.txt").write_text("other notes")
    assert looked(folder).digest == first.digest
    others = [looked(folder, "other"), looked(folder, pages="1")]
    (folder / "b.pdf").write_bytes(b"other")
    others.append(looked(folder))
    (folder / "b.pdf").rename(folder / "z.pdf")
    others.append(looked(folder))
    assert len({one.digest for one in [first, *others]}) == 5


def test_a_request_names_the_file_and_says_what_the_flags_said(folder: Path) -> None:
    found = looked(folder, pages="0-2")
    document = list(found.documents())[2]
    assert json.loads(found.line(document, "some-id")) == {
        "custom_id": "sub/c.jpg",
        "body": {"document": {"type": "file", "file_id": "some-id"}, "pages": "0-2"},
    }


def test_names_that_are_no_utf_8_are_told_with_escapes(folder: Path) -> None:
    Path(folder.as_posix() + "/\udcff.pdf").write_bytes(b"x")
    (document,) = [one for one in looked(folder).documents() if "xff" in one.name]
    assert document.name == "\\xff.pdf"
    assert document.path.read_bytes() == b"x"


def test_what_cannot_be_sent_is_told_with_the_reason(folder: Path) -> None:
    (folder / "empty.pdf").touch()
    (folder / "gone.pdf").symlink_to("nowhere")
    (folder / "long.pdf").write_bytes(bytes(100))
    found = looked(folder)
    told = {one.document.name: str(one.error) for one in left_out(found, 100)}
    assert told == {
        "empty.pdf": "The file is empty.",
        "gone.pdf": "The file cannot be read: No such file or directory.",
        "long.pdf": "The document has 100 bytes, more than the server takes. "
        "Make it smaller, or raise the server's limit.",
    }
    assert [one.document.name for one in left_out(found, None)] == ["empty.pdf", "gone.pdf"]


def test_a_folder_without_documents_is_refused(bare: Path) -> None:
    (bare / "empty").mkdir()
    with pytest.raises(FileNotFound, match="empty holds no PDF"):
        looked(bare / "empty")


def test_a_file_of_requests_has_a_digest_of_its_lines_and_model(bare: Path) -> None:
    path = bare / "a.jsonl"
    path.write_text("{}\n")
    first = look_at_file(path, None)
    copy = bare / "b.jsonl"
    copy.write_text("{}\n")
    assert look_at_file(copy, None).digest == first.digest
    assert look_at_file(path, "other").digest != first.digest
    path.write_text("{ }\n")
    assert look_at_file(path, None).digest != first.digest


def test_a_document_is_no_file_of_requests(bare: Path) -> None:
    (bare / "a.pdf").touch()
    with pytest.raises(InvalidRequest, match=r"a\.pdf is a document"):
        look_at_file(bare / "a.pdf", None)
    with pytest.raises(FileNotFound, match="cannot be read"):
        look_at_file(bare / "gone.jsonl", None)


def test_flags_become_the_body_of_requests() -> None:
    assert body_of(**PLAIN) == {}  # type: ignore[arg-type]
    said = {"pages": "0-4", "table_format": "html", "text_layer": "never", "languages": "en, fr", "dpi": 300}
    assert body_of(**said) == {  # type: ignore[arg-type]
        "pages": "0-4",
        "table_format": "html",
        "octavo": {"text_layer": "never", "languages": ["en", "fr"], "dpi": 300},
    }


@pytest.mark.parametrize(("flag", "value"), [("pages", "x"), ("languages", "english!")])
def test_flags_that_every_request_would_be_refused_for_are_refused_first(flag: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=f"^--{flag}: "):
        body_of(**{**PLAIN, flag: value})  # type: ignore[arg-type]


def test_ids_of_jobs_may_be_cut() -> None:
    assert is_job_id("3f9c")
    assert is_job_id("3F9C0000-0000-4000-8000-000000000000")
    assert not is_job_id("3f9")
    assert not is_job_id("scans")
    assert not is_job_id("3f9c0000-0000-4000-8000-000000000000a")
