"""The wiring: settings in, services out."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from octavo.bootstrap import build_catalog, build_executor, build_inline, build_local, build_services
from octavo.documents.spooling.spool import spool_file
from octavo.domain.document import DataUriRef
from octavo.domain.errors import FileTooLarge, InvalidSettings, Overloaded, UnknownModel
from octavo.executors.pool import WorkerLimits
from octavo.settings import load_settings
from papers import text_image, text_pdf


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting but the place of data."""
    for name in [name for name in os.environ if name.upper().startswith("OCTAVO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCTAVO_DATA_DIR", str(tmp_path / "data"))


def test_the_default_model_answers_to_the_names_of_mistral() -> None:
    catalog = build_catalog(load_settings())
    for name in ("mistral-ocr-latest", "mistral-ocr-2505", "mistral-ocr-2512", "mistral-ocr-4-0", "mistral-ocr-4-1"):
        assert catalog.resolve(name).id == "octavo-1"
    assert catalog.resolve(None).id == catalog.resolve("octavo-1").id == "octavo-1"
    with pytest.raises(UnknownModel):
        catalog.resolve("octavo-fake")


def test_aliases_are_settable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_ENGINES__ALIASES", "my-ocr")
    catalog = build_catalog(load_settings())
    assert catalog.resolve("my-ocr").id == "octavo-1"
    with pytest.raises(UnknownModel):
        catalog.resolve("mistral-ocr-latest")


def test_a_server_is_held_to_the_limits_and_spools_below_its_data(tmp_path: Path) -> None:
    service = build_services(load_settings(limits={"max_pages": 7})).ocr
    assert service.max_pages == 7
    assert service.spool_dir == tmp_path / "data" / "spool" / "0"
    assert service.spool_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.anyio
async def test_documents_of_a_server_are_held_to_its_limit(tmp_path: Path) -> None:
    fetcher = build_services(load_settings(limits={"max_file_bytes": 100})).ocr.fetcher
    await fetcher.fetch(document_of(100), tmp_path)
    with pytest.raises(FileTooLarge, match="OCTAVO_LIMITS__MAX_FILE_BYTES"):
        await fetcher.fetch(document_of(101), tmp_path)


@pytest.mark.anyio
async def test_they_count_with_those_that_came_in_forms(tmp_path: Path) -> None:
    services = build_services(load_settings(limits={"max_spool_bytes": 100}))
    assert services.budget is not None
    services.budget.take(tmp_path, 60)
    await services.ocr.fetcher.fetch(document_of(40), tmp_path)
    with pytest.raises(Overloaded, match="OCTAVO_LIMITS__MAX_SPOOL_BYTES"):
        await services.ocr.fetcher.fetch(document_of(1), tmp_path)
    assert (services.budget.used, services.budget.refused) == (100, 1)


def document_of(size: int) -> DataUriRef:
    return DataUriRef(uri=base64.b64encode(bytes(size)).decode())


@pytest.mark.anyio
async def test_the_limit_of_pixels_reaches_those_who_read(tmp_path: Path) -> None:
    document = spool_file(text_image(tmp_path / "a.png", [], size=(20, 10)))
    chosen = [load_settings(limits={"max_pixels": most}, engines={"model": "octavo-fake"}) for most in (200, 199)]
    wide, narrow = map(build_inline, chosen)
    assert (await wide.inspect(document)).page_count == 1
    with pytest.raises(FileTooLarge, match="OCTAVO_LIMITS__MAX_PIXELS"):
        await narrow.inspect(document)
    for executor in (wide, narrow):
        await executor.close()


def test_one_persons_documents_are_not(tmp_path: Path) -> None:
    services = build_local(load_settings(limits={"max_pages": 7}), inline=True)
    assert services.ocr.max_pages > 1_000_000
    assert not (tmp_path / "data").exists()


def test_as_many_workers_as_asked_for_but_no_more_than_cpus() -> None:
    assert build_services(load_settings(executor={"workers": 1})).executor.capacity == 1


def test_the_limits_of_workers_are_settable() -> None:
    chosen = {
        "page_timeout": 7,
        "inspect_timeout": 3,
        "max_memory": "700MiB",
        "pages_per_worker": 9,
        "seconds_per_worker": 11,
    }
    limits = build_executor(load_settings(executor=chosen))._limits
    assert (limits.page_timeout, limits.inspect_timeout, limits.max_memory) == (7, 3, 700 * 1024**2)
    assert (limits.max_calls, limits.max_seconds) == (9, 11)


def test_workers_have_the_same_limits_by_default_wherever_they_are_made() -> None:
    assert build_executor(load_settings())._limits == WorkerLimits()


def test_workers_of_models_from_elsewhere_keep_all_files() -> None:
    folders = [
        build_executor(load_settings(engines={"model": model}), Path("spool"))._setup
        for model in ("octavo-1", "of-another-package")
    ]
    assert [b"spool" in setup for setup in folders] == [True, False]


def test_a_data_folder_that_cannot_be_made_is_a_wrong_setting() -> None:
    Path("file").write_text("")
    with pytest.raises(InvalidSettings, match="OCTAVO_DATA_DIR"):
        build_services(load_settings(data_dir="file/data"))


@pytest.mark.parametrize(("name", "loaded"), [("a.pdf", False), ("a.png", True)])
def test_models_are_loaded_for_pages_that_need_them(tmp_path: Path, name: str, loaded: bool) -> None:
    path, lines = tmp_path / name, ["A title", "and its text"]
    if name.endswith("pdf"):
        text_pdf(path, [lines])
    else:
        text_image(path, lines)
    program = (
        "import sys; from octavo import Octavo\n"
        f"with Octavo() as reader: print(reader.ocr({str(path)!r}).pages[0].markdown)\n"
        "print('onnxruntime' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "and its text" in told.stdout
    assert told.stdout.splitlines()[-1] == str(loaded)
