"""`octavo batch`: many documents or requests in one job, and the jobs that there are."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from octavo.cli import exits, options
from octavo.domain.batch import BatchStatus
from octavo.domain.errors import FileNotFound, InvalidSettings, JobNotFound
from octavo.domain.work import TextLayer

if TYPE_CHECKING:
    from octavo.cli.batch_api import BatchApi, Job
    from octavo.cli.batch_inputs import DocumentFolder, RequestFile
    from octavo.cli.batch_place import Place
    from octavo.cli.batch_progress import Watch
    from octavo.cli.batch_results import Failures, Target
    from octavo.cli.batch_run import Run
    from octavo.settings import Settings

Made = TypeVar("Made")

LENGTH_OF_AN_ID = 36
ENDED = {BatchStatus.CANCELLED: exits.INTERRUPTED, BatchStatus.TIMEOUT_EXCEEDED: 7, BatchStatus.FAILED: 7}
"""Exit codes of jobs that were not done to the end."""

app = typer.Typer(no_args_is_help=True, help="Many documents in one job that survives whatever happens.")

WHERE = "Where"
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="URL",
        help="Let this server do it; by default the one that runs on the data folder, else this program.",
        rich_help_panel=WHERE,
    ),
]
ApiKey = Annotated[
    str | None,
    typer.Option(
        "--api-key",
        metavar="KEY",
        envvar="OCTAVO_API_KEY",
        show_envvar=False,
        help="The key to show (or OCTAVO_API_KEY); by default the first of the settings.",
        rich_help_panel=WHERE,
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", metavar="DIR", help="Where jobs and files are kept.", rich_help_panel=WHERE),
]
JobId = Annotated[str, typer.Argument(metavar="ID", help="The id of the job, or its beginning.")]


@app.command()
def run(  # noqa: PLR0913  one parameter for each flag
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="A folder of documents, a JSONL file of requests, or the id of a job."),
    ],
    *,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the results there; - is standard output.",
            rich_help_panel="Output",
        ),
    ],
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave what was uploaded on the server.", rich_help_panel="Output")
    ] = False,
    table_format: options.Tables = None,
    pages: options.Pages = None,
    model: options.Model = None,
    text_layer: options.Layer = TextLayer.AUTO,
    languages: options.Languages = "",
    dpi: options.Dpi = None,
    workers: options.Workers = None,
    verbose: options.Verbose = False,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    data_dir: DataDir = None,
    config: options.Config = None,
) -> None:
    """Read documents, or answer requests, as one job. The same command goes on where it was stopped."""
    from rich.console import Console

    from octavo.cli.batch_inputs import body_of
    from octavo.cli.batch_place import find_place
    from octavo.cli.batch_progress import Watch
    from octavo.cli.batch_results import Target
    from octavo.cli.batch_run import Run

    body = body_of(pages=pages, table_format=table_format, text_layer=text_layer, languages=languages, dpi=dpi)
    target = Target(None if output == "-" else Path(output))
    target.check()
    settings = _settings(config, data_dir, workers)
    place = find_place(settings, base_url=base_url, api_key=api_key)
    with tempfile.TemporaryDirectory(prefix="octavo-") as folder, Watch(Console(stderr=True)) as watch:
        scratch = Path(folder)
        _log(watch, verbose=verbose)
        found = _source(source, body, model, scratch, watch)
        begin = partial(Run, target=target, watch=watch, model=model, keep=keep, scratch=scratch)
        try:
            job, failures = asyncio.run(_run(place, settings, begin, found))
        except BrokenPipeError:
            raise  # nobody reads what is printed
        except OSError as error:
            typer.secho(f"octavo: the results cannot be written: {error}", fg="red", err=True)
            raise typer.Exit(exits.CANNOT_WRITE) from None
    _tell(job, failures, target)


@app.command(name="list")
def list_jobs(
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many jobs at most, the newest first.")] = 20,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    data_dir: DataDir = None,
    config: options.Config = None,
) -> None:
    """List the newest jobs."""
    from octavo.cli.batch_tables import table_of

    async def newest(api: BatchApi) -> list[Job]:
        return [job async for _, job in _counted(api.jobs(), limit)]

    for line in table_of(_asked(newest, base_url, api_key, data_dir, config)):
        typer.echo(line)


@app.command()
def show(
    job: JobId,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API.")] = False,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    data_dir: DataDir = None,
    config: options.Config = None,
) -> None:
    """Show all that is known of a job."""
    from octavo.cli.batch_tables import fields_of

    found = _asked(partial(_job, job), base_url, api_key, data_dir, config)
    if as_json:
        typer.echo(json.dumps(found.told, ensure_ascii=False, indent=2).encode())
        return
    for line in fields_of(found):
        typer.echo(line)


@app.command()
def cancel(
    job: JobId,
    *,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    data_dir: DataDir = None,
    config: options.Config = None,
) -> None:
    """Stop a job; what is done stays, and can be fetched with `octavo batch run ID`."""

    async def cancelled(api: BatchApi) -> Job:
        return await api.cancel((await _job(job, api)).id)

    found = _asked(cancelled, base_url, api_key, data_dir, config)
    typer.echo(f"Job {found.id} stops." if not found.status.is_final else f"Job {found.id} is {found.status}.")


@app.command()
def retry(
    job: JobId,
    *,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    data_dir: DataDir = None,
    config: options.Config = None,
) -> None:
    """Make a new job of the requests that failed in one that is over."""

    async def again(api: BatchApi) -> Job:
        return await api.retry((await _job(job, api)).id)

    found = _asked(again, base_url, api_key, data_dir, config)
    typer.echo(f"Job {found.id} tries {found.total:,} again. Fetch its results with:")
    typer.echo(f"octavo batch run {found.id} -o FILE")


def _settings(config: Path | None, data_dir: Path | None, workers: int | None = None) -> Settings:
    from octavo.settings import load_settings

    return load_settings(config=config, data_dir=data_dir, executor=workers and {"workers": workers})


def _log(watch: Watch, *, verbose: bool) -> None:
    """What goes wrong inside is told between the lines of the progress."""
    from rich.logging import RichHandler

    handler = RichHandler(console=watch.console, show_time=False, show_path=False)
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s", handlers=[handler])
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _source(
    source: str, body: dict[str, Any], model: str | None, scratch: Path, watch: Watch
) -> RequestFile | DocumentFolder | str:
    """What is to be done; the id of a job as it was typed.

    Raises:
        FileNotFound: there is nothing of that name.
        InvalidSettings: flags were given that cannot apply.
    """
    from octavo.cli.batch_inputs import is_job_id, look_at_file, look_at_folder

    path = Path(source)
    if path.is_dir():
        watch.begin("Looking at documents")
        folder = look_at_folder(
            path, body, model, listed=scratch / "documents.jsonl", progress=lambda done: watch.show(done, f"{done:,}")
        )
        watch.show(folder.count, f"{folder.count:,}", last=True)
        return folder
    if body:
        flags = ", ".join(
            f"--{name.replace('_', '-')}" for name in {**body, **body.pop("octavo", {})} if name != "octavo"
        )
        raise InvalidSettings(
            f"{flags}: only requests that are made of a folder can be told so; a file says it itself."
        )
    if path.is_file():
        return look_at_file(path, model)
    if is_job_id(source):
        return source
    raise FileNotFound(f"There is no folder, no file and no job {source}.")


async def _run(
    place: Place, settings: Settings, begin: Callable[..., Run], source: RequestFile | DocumentFolder | str
) -> tuple[Job | None, Failures]:
    from octavo.cli.batch_place import opened

    async with opened(place, settings, works=True) as api:
        run = begin(api=api)
        try:
            if isinstance(source, str):
                return await run.again((await _job(source, api)).id)
            return await run.of(source)
        except asyncio.CancelledError:
            run.watch.say(_stopped(place, run.job_id))
            raise


def _stopped(place: Place, job_id: str | None) -> str:
    """What a person should know who stops the command."""
    if place.url is None or job_id is None:
        return "Stopped. Run the same command again to go on."
    return (
        f"Job {job_id} goes on at {place.url}. Run the same command again to follow it; "
        f"`octavo batch cancel {job_id}` stops it."
    )


def _asked(
    question: Callable[[BatchApi], Awaitable[Made]],
    base_url: str | None,
    api_key: str | None,
    data_dir: Path | None,
    config: Path | None,
) -> Made:
    """The answer of the server, or of the database where no server runs; nobody works on jobs meanwhile."""
    from octavo.cli.batch_place import find_place, opened

    logging.basicConfig(level=logging.CRITICAL)
    settings = _settings(config, data_dir)
    place = find_place(settings, base_url=base_url, api_key=api_key)

    async def ask() -> Made:
        async with opened(place, settings, works=False) as api:
            return await question(api)

    return asyncio.run(ask())


async def _job(named: str, api: BatchApi) -> Job:
    """The job whose id this is, or begins so.

    Raises:
        JobNotFound: there is none, or there are several.
    """
    if len(named) == LENGTH_OF_AN_ID:
        return await api.job(named)
    found = [job async for job in api.jobs() if job.id.startswith(named.lower())]
    if len(found) != 1:
        raise JobNotFound(
            f"{len(found) or 'No'} batch jobs have ids that begin with {named}; name one of them in full."
        )
    return found[0]


async def _counted(jobs: AsyncIterator[Job], limit: int) -> AsyncIterator[tuple[int, Job]]:
    number = 0
    async for job in jobs:
        number += 1
        yield number, job
        if number == limit:
            return


def _tell(job: Job | None, failures: Failures, target: Target) -> None:
    """How it ended, on standard error.

    Raises:
        typer.Exit: something failed, or was not done.
    """
    for name, reason in failures.first:
        typer.secho(f"octavo: {name}: {reason}", fg="red", err=True)
    if len(failures.names) > len(failures.first):
        typer.secho(f"octavo: and {len(failures.names) - len(failures.first):,} more", fg="red", err=True)
    if job is not None and job.status is not BatchStatus.SUCCESS:
        undone = f"{job.total - job.done:,} of {job.total:,} requests were not done"
        typer.secho(f"octavo: job {job.id} ended as {job.status}; {undone}.", fg="red", err=True)
    done = job.succeeded if job else 0
    where = target.path or "standard output"
    typer.echo(f"{done:,} succeeded: {where}", err=True)
    if failures.names:
        typer.echo(f"{len(failures.names):,} failed: {target.failed or where}", err=True)
    if code := failures.exit_code or (ENDED.get(job.status, 0) if job else 0):
        raise typer.Exit(code)
