"""`octavo models` and `octavo doctor`: what this installation has, and whether it is in order."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import time
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from octavo import __version__
from octavo.cli import options
from octavo.cli.kept import kept
from octavo.domain.errors import EngineError

if TYPE_CHECKING:
    from octavo.settings import Settings

LIBRARIES = {
    "onnxruntime": "onnxruntime",
    "opencv-python-headless": "cv2",
    "numpy": "numpy",
    "pillow": "PIL",
    "pypdfium2": "pypdfium2",
    "fastapi": "fastapi",
    "uvicorn": "uvicorn",
    "pydantic": "pydantic",
    "httpx": "httpx",
}
"""What must be there, as distributions and as the modules that they give."""

LITTLE_SPACE = 1024**3


def models(licences: options.Licences = False, config: options.Config = None) -> None:
    """List the models, or the origin and licence of every file of weights and of the font."""
    from octavo.bootstrap import build_catalog
    from octavo.services.shipped_files import shipped_files
    from octavo.settings import load_settings

    if licences:
        for shipped in shipped_files():
            typer.secho(shipped.file, bold=True)
            typer.echo(f"  {shipped.role}")
            typer.echo(f"  taken from {shipped.package} {shipped.version}; made by {shipped.origin}")
            typer.echo(f"  licence {shipped.licence}; sha256 {shipped.sha256}")
        return
    for card in build_catalog(load_settings(config=config)).cards:
        typer.secho(card.id, bold=True, nl=False)
        typer.echo(f"  {card.description}")
        typer.echo(f"  also called {', '.join(card.aliases)}" if card.aliases else "  no other name")


def doctor(config: options.Config = None) -> None:
    """Check this installation: libraries, weights, font, CPUs, what is kept. Exits with 1 if something is broken."""
    broken = 0
    for good, line in _findings(config):
        mark = typer.style("ok   ", fg="green") if good else typer.style("wrong", fg="red")
        typer.echo(f"{mark} {line}")
        broken += not good
    if broken:
        typer.secho(f"\n{broken} of these must be put right.", fg="red")
        raise typer.Exit(1)


def _findings(config: Path | None) -> Iterator[tuple[bool, str]]:
    yield True, f"Octavo {__version__}, Python {platform.python_version()}, {platform.platform()}"
    yield from _libraries()
    yield from _shipped_files()
    yield from _settings(config)
    yield from kept(config)
    yield from _engine(config)
    yield True, _tesseract()


def _tesseract() -> str:
    """What reads the scripts that the models of Octavo do not know."""
    from octavo.bootstrap import installed_tesseract

    version, languages = installed_tesseract()
    if not languages:
        return (
            "No Tesseract: scans in other scripts than Latin, Chinese and Japanese are not read, and warnings tell. "
            "On Debian, tesseract-ocr-ara brings it with data for Arabic, tesseract-ocr-rus for Russian, and so on"
        )
    return (
        f"Tesseract {version} reads scans in other scripts, with {', '.join(languages)}; "
        "more languages come with packages such as tesseract-ocr-ell, for Greek"
    )


def _libraries() -> Iterator[tuple[bool, str]]:
    """Each library is loaded, because a missing system library shows only then."""
    for distribution, module in LIBRARIES.items():
        try:
            import_module(module)
            yield True, f"{distribution} {metadata.version(distribution)}"
        except (ImportError, OSError, metadata.PackageNotFoundError) as error:
            yield False, f"{distribution}: {error}. Install Octavo again: pip install --force-reinstall octavo"


def _shipped_files() -> Iterator[tuple[bool, str]]:
    from octavo.services.shipped_files import is_intact, shipped_files

    for shipped in shipped_files():
        good = is_intact(shipped)
        advice = "" if good else ". The file is missing or damaged: install Octavo again"
        yield good, f"{shipped.file}, sha256 {shipped.sha256}{advice}"


def _settings(config: Path | None) -> Iterator[tuple[bool, str]]:
    from octavo.bootstrap import usable_cpus
    from octavo.settings import load_settings, unknown_variables

    settings = load_settings(config=config)
    path = settings.config.absolute()
    yield True, f"Settings from {path}" if path.exists() else f"No {settings.config}: settings are the defaults"
    for name, nearest in unknown_variables(os.environ).items():
        hint = f"; did you mean the setting {nearest}?" if nearest else ""
        yield True, f"The variable {name} is no setting of Octavo and has no effect{hint}"
    workers = settings.executor.workers or usable_cpus()
    yield True, f"{usable_cpus()} of {os.cpu_count()} CPUs may be used; {workers} pages are read at a time"
    yield _folder(settings.data_dir)


def _folder(folder: Path) -> tuple[bool, str]:
    """Whether data can be kept there; a folder that does not exist yet is judged by the one it will be made in."""
    there = next(parent for parent in [folder.absolute(), *folder.absolute().parents] if parent.exists())
    free = shutil.disk_usage(there).free
    size = f"{free / 1024**3:.1f} GiB free"
    if not os.access(there, os.W_OK):
        return False, f"Data folder {folder} cannot be written to; name another one with --data-dir or OCTAVO_DATA_DIR"
    if free < LITTLE_SPACE:
        return False, f"Data folder {folder} has only {size}; make room, or name another one with OCTAVO_DATA_DIR"
    return True, f"Data folder {folder}, {size}"


def _engine(config: Path | None) -> Iterator[tuple[bool, str]]:
    """Starts a worker, which loads the models."""
    from octavo.settings import load_settings

    settings = load_settings(config=config, executor={"workers": 1})
    try:
        seconds, shields = asyncio.run(_started(settings))
    except EngineError as error:
        yield False, f"No worker with the model {settings.engines.model} can be started: {error}"
        return
    yield True, f"A worker starts and loads the model {settings.engines.model} in {seconds:.1f} s"
    yield True, f"Workers: {', '.join(shields) or 'this system offers nothing to shield them with'}"


async def _started(settings: Settings) -> tuple[float, tuple[str, ...]]:
    """Seconds until a worker is warm, and what keeps it from doing harm."""
    from octavo.bootstrap import build_executor

    executor = build_executor(settings)
    began = time.monotonic()
    await executor.start()
    try:
        await executor.ready()
    finally:
        await executor.close()
    return time.monotonic() - began, executor.shields
