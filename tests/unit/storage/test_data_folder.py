from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from octavo.domain.errors import InvalidSettings
from octavo.domain.geometry import Size
from octavo.domain.result import RecognizedPage
from octavo.storage import data_folder
from octavo.storage.data_folder import DataFolder
from octavo.storage.pages import PageFolders


def test_it_is_nobody_elses_business(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    data = DataFolder(tmp_path / "data")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "data", data.spool)] == [0o700, 0o700]


def test_what_a_killed_server_left_in_the_spool_goes(tmp_path: Path) -> None:
    left = DataFolder(tmp_path).spool / "document"
    left.write_text("secret")
    gc.collect()
    assert list(DataFolder(tmp_path).spool.iterdir()) == []


def test_two_servers_share_nothing_below_it(tmp_path: Path) -> None:
    one, other = DataFolder(tmp_path), DataFolder(tmp_path)
    (one.spool / "document").write_text("read now")
    assert other.spool != one.spool
    assert other.pages != one.pages
    assert list((tmp_path / "spool" / "0").iterdir())
    del one
    gc.collect()
    assert DataFolder(tmp_path).spool == tmp_path / "spool" / "0"


def test_what_servers_left_that_are_gone_goes_in_time(tmp_path: Path) -> None:
    one, other = DataFolder(tmp_path), DataFolder(tmp_path)
    document, old, new = other.spool / "document", other.pages / "old", other.pages / "new"
    document.write_text("secret")
    for page in (old, new):
        page.mkdir(parents=True)
        (page / "page.bin").write_text("secret")
    os.utime(old, (1, 1))
    one.sweep(keeps=1000)
    assert [path.exists() for path in (document, old, new)] == [True, True, True]
    del other
    gc.collect()
    one.sweep(keeps=1000)
    assert [path.exists() for path in (document, old, new)] == [False, False, True]
    one.sweep(keeps=0)
    assert not new.exists()
    assert one.spool.exists()


def test_what_is_known_of_the_jobs_of_a_server_goes_with_its_pages(tmp_path: Path) -> None:
    one, other = DataFolder(tmp_path), DataFolder(tmp_path)
    pages = PageFolders(other.pages, keeps=1000, max_bytes=10**9)
    pages.hold("page", "job")
    pages.folder("page")
    pages.keep("page", RecognizedPage(index=0, size=Size(10, 20), dpi=72))
    pages.release(["page"], "job")
    pages.close()
    one.sweep(keeps=0)
    assert PageFolders(other.pages, keeps=1000, max_bytes=10**9).jobs() == ("job",)
    del other
    gc.collect()
    one.sweep(keeps=1000)
    assert PageFolders(tmp_path / "pages" / "1", keeps=1000, max_bytes=10**9).jobs() == ("job",)
    one.sweep(keeps=0)
    assert [path for path in (tmp_path / "pages").rglob("*") if not path.is_dir()] == []
    assert PageFolders(tmp_path / "pages" / "1", keeps=1000, max_bytes=10**9).jobs() == ()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidSettings, match=r"cannot be used.*OCTAVO_DATA_DIR"):
        DataFolder(tmp_path / "file" / "data")


def test_there_is_an_end_to_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "MOST_SERVERS", 1)
    held = DataFolder(tmp_path)
    with pytest.raises(InvalidSettings, match="1 servers use"):
        DataFolder(tmp_path)
    assert held.pages.name == "0"
