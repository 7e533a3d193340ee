"""`octavo ocr`: documents to Markdown without a server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from octavo.cli import options
from octavo.domain.errors import InvalidSettings, OctavoError, UnknownLanguage
from octavo.domain.result import OcrResult
from octavo.domain.work import AnswerOptions, ReadOptions, TextLayer

if TYPE_CHECKING:
    from octavo.cli.inputs import Input
    from octavo.cli.outputs import Output
    from octavo.cli.reading import Plan, Remark
    from octavo.services.running import Services

FEW_PAGES = 4
"""Up to here one process with all CPUs is faster than workers that have to load their models first."""

MOST_WARNINGS = 20
"""So many are printed; all of them stand in the JSON answers."""


def ocr(  # noqa: PLR0913  one parameter for each flag
    documents: options.Documents,
    *,
    output: options.OutputFolder = None,
    json: options.Json = False,
    overlay: options.Overlay = False,
    table_format: options.Tables = None,
    pages: options.Pages = None,
    model: options.Model = None,
    text_layer: options.Layer = TextLayer.AUTO,
    languages: options.Languages = "",
    dpi: options.Dpi = None,
    password_file: options.PasswordFile = None,
    allow_fetch: options.AllowFetch = None,
    workers: options.Workers = None,
    verbose: options.Verbose = False,
    config: options.Config = None,
) -> None:
    """Read documents and print Markdown, or write it into a folder with its figures and the JSON answer."""
    from octavo.bootstrap import build_catalog, build_local
    from octavo.cli.inputs import collect
    from octavo.cli.reading import Plan
    from octavo.documents.page_ranges import parse_pages
    from octavo.settings import load_settings

    if overlay and output is None:
        raise InvalidSettings("--overlay draws pages into files: say where with -o DIR.")
    settings = load_settings(config=config, allow_fetch=allow_fetch, executor=workers and {"workers": workers})
    plan = Plan(
        pages=parse_pages(pages),
        read=ReadOptions(
            model=build_catalog(settings).resolve(model).id,
            text_layer=text_layer,
            languages=_languages(languages) or settings.engines.languages,
            dpi=dpi or settings.engines.dpi,
        ),
        answer=AnswerOptions(table_format=table_format),
        password=_first_line(password_file),
    )
    logging.basicConfig(
        level=logging.INFO if verbose else logging.CRITICAL, format="%(levelname)s %(name)s: %(message)s"
    )
    inputs = collect(documents, output)
    inline = workers is None and _is_small(inputs, plan)
    services = build_local(settings, inline=inline)
    remarks = asyncio.run(_read(inputs, plan, services, _output(inputs, plan, output, json=json, overlay=overlay)))
    _tell(remarks, len(inputs))


def _languages(told: str) -> tuple[str, ...]:
    """Languages to expect, as told on the command line.

    Raises:
        InvalidSettings: one of them is not known.
    """
    from octavo.domain.scripts import checked_language

    try:
        return tuple(map(checked_language, told.replace(",", " ").split()))
    except UnknownLanguage as error:
        raise InvalidSettings(f"--languages: {error}") from None


def _is_small(inputs: Sequence[Input], plan: Plan) -> bool:
    """Whether there are so few pages that they are read sooner than workers could start."""
    from octavo.documents.reader import open_document

    if len(inputs) > 1 or not isinstance(inputs[0].place, Path):
        return False
    try:
        with closing(open_document(inputs[0].place, plan.password)) as reader:
            return len(plan.pages.resolve(reader.facts.page_count)) <= FEW_PAGES
    except (OctavoError, OSError):
        return True  # the same error comes again, and is told then


def _first_line(file: Path | None) -> str | None:
    """The password in `file`; a line break at its end does not belong to it.

    Raises:
        InvalidSettings: the file cannot be read.
    """
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].removesuffix("\r")
    except (OSError, UnicodeError) as error:
        raise InvalidSettings(f"The password file {file} cannot be read: {error}.") from None


def _output(inputs: Sequence[Input], plan: Plan, folder: Path | None, *, json: bool, overlay: bool) -> Output:
    from octavo.api.schemas.whole import response_of
    from octavo.cli.outputs import Folder, Stream, as_json, as_markdown
    from octavo.cli.overlay import draw_pages

    def encode(result: OcrResult) -> dict[str, Any]:
        return response_of(result, plan.answer, result.model).model_dump(mode="json")

    if folder is not None:
        drawing = partial(draw_pages, dpi=plan.read.dpi, password=plan.password) if overlay else None
        return Folder(root=folder, encode=encode, overlay=drawing)
    several = len(inputs) > 1
    form = as_json(encode, several=several) if json else as_markdown(several=several)
    # As bytes: Markdown is UTF-8 wherever it goes, also where the terminal's own encoding is another.
    return Stream(lambda text: typer.echo(text.encode(), nl=False), form)


async def _read(inputs: Sequence[Input], plan: Plan, services: Services, output: Output) -> list[Remark]:
    from rich.console import Console

    from octavo.cli.meter import Meter
    from octavo.cli.reading import Desk

    async with services.running():
        with Meter(len(inputs), Console(stderr=True)) as meter:
            return await Desk(service=services.ocr, plan=plan, output=output, progress=meter.of).read_all(inputs)


def _tell(remarks: Sequence[Remark], documents: int) -> None:
    """Warnings, then what failed, on standard error; exits with the code of the first failure.

    Raises:
        typer.Exit: something failed.
    """
    failed = [remark for remark in remarks if remark.exit_code]
    doubtful = [remark for remark in remarks if not remark.exit_code]
    for remark in doubtful[:MOST_WARNINGS]:
        typer.secho(f"warning: {remark}", fg="yellow", err=True)
    if len(doubtful) > MOST_WARNINGS:
        typer.secho(f"warning: and {len(doubtful) - MOST_WARNINGS} more; the JSON answers list all.", err=True)
    if not failed:
        return
    if documents > 1:
        names = {remark.document for remark in failed}
        typer.secho(f"{len(names)} of {documents} documents could not be read in full:", fg="red", err=True)
    for remark in failed:
        typer.secho(f"octavo: {remark}", fg="red", err=True)
    raise typer.Exit(failed[0].exit_code)
