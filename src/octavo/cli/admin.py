"""`octavo models` and `octavo doctor`: what this installation has, and whether it is in order."""

from __future__ import annotations

import asyncio
import os
import platform
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
from octavo.domain.installation import Finding
from octavo.services.findings import good, of_data_folder, of_variables, wrong

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

_MARKS = {
    "ok": typer.style("ok   ", fg="green"),
    "warning": typer.style("note ", fg="yellow"),
    "error": typer.style("wrong", fg="red"),
}


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
    for finding in _findings(config):
        typer.echo(f"{_MARKS[finding.state]} {finding.detail}")
        broken += finding.state == "error"
    if broken:
        typer.secho(f"\n{broken} of these must be put right.", fg="red")
        raise typer.Exit(1)


def _findings(config: Path | None) -> Iterator[Finding]:
    yield good("version", f"Octavo {__version__}, Python {platform.python_version()}, {platform.platform()}")
    yield from _libraries()
    yield from _shipped_files()
    yield from _settings(config)
    yield from kept(config)
    yield from _engine(config)
    yield good("tesseract", _tesseract())


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


def _libraries() -> Iterator[Finding]:
    """Each library is loaded, because a missing system library shows only then."""
    for distribution, module in LIBRARIES.items():
        try:
            import_module(module)
            yield good("library", f"{distribution} {metadata.version(distribution)}")
        except (ImportError, OSError, metadata.PackageNotFoundError) as error:
            advice = "Install Octavo again: pip install --force-reinstall octavo"
            yield wrong("library", f"{distribution}: {error}. {advice}")


def _shipped_files() -> Iterator[Finding]:
    from octavo.services.shipped_files import is_intact, shipped_files

    for shipped in shipped_files():
        told = f"{shipped.file}, sha256 {shipped.sha256}"
        if is_intact(shipped):
            yield good("shipped", told)
        else:
            yield wrong("shipped", f"{told}. The file is missing or damaged: install Octavo again")


def _settings(config: Path | None) -> Iterator[Finding]:
    from octavo.bootstrap import usable_cpus
    from octavo.settings import load_settings, unknown_variables

    settings = load_settings(config=config)
    path = settings.config.absolute()
    said = f"Settings from {path}" if path.exists() else f"No {settings.config}: settings are the defaults"
    yield good("settings", said)
    yield from of_variables(unknown_variables(os.environ))
    workers = settings.executor.workers or usable_cpus()
    cpus = f"{usable_cpus()} of {os.cpu_count()} CPUs may be used"
    yield good("cpus", f"{cpus}; {workers} pages are read at a time")
    yield of_data_folder(settings.data_dir)


def _engine(config: Path | None) -> Iterator[Finding]:
    """Starts a worker, which loads the models."""
    from octavo.settings import load_settings

    settings = load_settings(config=config, executor={"workers": 1})
    try:
        seconds, shields = asyncio.run(_started(settings))
    except EngineError as error:
        yield wrong("model", f"No worker with the model {settings.engines.model} can be started: {error}")
        return
    yield good("model", f"A worker starts and loads the model {settings.engines.model} in {seconds:.1f} s")
    shielded = ", ".join(shields) or "this system offers nothing to shield them with"
    yield good("workers", f"Workers: {shielded}")


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
