"""`octavo batch`: many documents or requests in one job, and the jobs that there are."""

from __future__ import annotations

import asyncio
import json
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from octavo.cli import exits, options
from octavo.cli.batch_errand import asked, first, job_named, log_to, run_at, settings_of, source_of, tell_end
from octavo.domain.work import TextLayer

if TYPE_CHECKING:
    from octavo.cli.batch_api import BatchApi, Job

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
        help="The key to show (or OCTAVO_API_KEY); by default the first of the settings, but not with --base-url.",
        rich_help_panel=WHERE,
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", metavar="DIR", help="Where jobs and files are kept.", rich_help_panel=WHERE),
]
Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A folder of documents, a JSONL file of requests, or the id of a job.")
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the results there; - is standard output.",
        rich_help_panel=options.OUTPUT,
    ),
]
Keep = Annotated[
    bool, typer.Option("--keep", help="Leave what was uploaded on the server.", rich_help_panel=options.OUTPUT)
]
JobId = Annotated[str, typer.Argument(metavar="ID", help="The id of the job, or its beginning.")]


@app.command()
def run(  # noqa: PLR0913  one parameter for each flag
    source: Source,
    *,
    output: Output,
    keep: Keep = False,
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
    target.check(source)
    settings = settings_of(config, data_dir, workers)
    place = find_place(settings, base_url=base_url, api_key=api_key)
    with tempfile.TemporaryDirectory(prefix="octavo-") as folder, Watch(Console(stderr=True)) as watch:
        scratch = Path(folder)
        log_to(watch, verbose=verbose)
        found = source_of(source, body, model, scratch, watch)
        begin = partial(Run, target=target, watch=watch, model=model, keep=keep, scratch=scratch)
        try:
            job, failures = asyncio.run(run_at(place, settings, begin, found))
        except BrokenPipeError:
            raise  # nobody reads what is printed
        except OSError as error:
            typer.secho(f"octavo: the results cannot be written: {error}", fg="red", err=True)
            raise typer.Exit(exits.CANNOT_WRITE) from None
    tell_end(job, failures, target)


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
        return await first(limit, api.jobs())

    for line in table_of(asked(newest, base_url, api_key, data_dir, config)):
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

    found = asked(partial(job_named, job), base_url, api_key, data_dir, config)
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
        return await api.cancel((await job_named(job, api)).id)

    found = asked(cancelled, base_url, api_key, data_dir, config)
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
        return await api.retry((await job_named(job, api)).id)

    found = asked(again, base_url, api_key, data_dir, config)
    typer.echo(f"Job {found.id} tries {found.total:,} again. Fetch its results with:")
    typer.echo(f"octavo batch run {found.id} -o FILE")
