"""What the commands of `octavo batch` have in common: the place, the job that was named, the last word."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from octavo.cli import exits
from octavo.domain.batch import BatchStatus
from octavo.domain.errors import EngineTimeout, FileNotFound, InvalidSettings, JobNotFound

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
OUT_OF_TIME = exits.exit_code(EngineTimeout)
ENDED = {
    BatchStatus.CANCELLED: exits.INTERRUPTED,
    BatchStatus.TIMEOUT_EXCEEDED: OUT_OF_TIME,
    BatchStatus.FAILED: OUT_OF_TIME,
}
"""Exit codes of jobs that were not done to the end."""
_WAITING = "octavo.services.dispatcher"
"""Its log tells why lines have to wait."""
_SELDOM = 60.0


def settings_of(config: Path | None, data_dir: Path | None, workers: int | None = None) -> Settings:
    """The settings in force."""
    from octavo.settings import load_settings

    return load_settings(config=config, data_dir=data_dir, executor=workers and {"workers": workers})


def log_to(watch: Watch, *, verbose: bool) -> None:
    """What goes wrong inside is told between the lines of the progress."""
    from rich.logging import RichHandler

    handler = RichHandler(console=watch.console, show_time=False, show_path=False)
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s", handlers=[handler])
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if not verbose:
        logging.getLogger(_WAITING).setLevel(logging.INFO)
        handler.addFilter(Seldom())


class Seldom(logging.Filter):
    """Lets the same reason pass once in a while: every line that has to wait has it."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is to be told."""
        if record.name != _WAITING or record.levelno > logging.INFO or not isinstance(record.args, tuple):
            return True
        reason = str(record.args[-1])
        if record.created - self._told.get(reason, 0.0) < _SELDOM:
            return False
        self._told[reason] = record.created
        return True


def source_of(
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


async def run_at(
    place: Place, settings: Settings, begin: Callable[..., Run], source: RequestFile | DocumentFolder | str
) -> tuple[Job | None, Failures]:
    """Do what there is to do; the job, if there came to be one, and what failed."""
    from octavo.cli.batch_place import opened

    async with opened(place, settings, works=True) as api:
        run = begin(api=api)
        try:
            if isinstance(source, str):
                return await run.again((await job_named(source, api)).id)
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


def asked(
    question: Callable[[BatchApi], Awaitable[Made]],
    base_url: str | None,
    api_key: str | None,
    data_dir: Path | None,
    config: Path | None,
) -> Made:
    """The answer of the server, or of the database where no server runs; nobody works on jobs meanwhile."""
    from octavo.cli.batch_place import find_place, opened

    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    settings = settings_of(config, data_dir)
    place = find_place(settings, base_url=base_url, api_key=api_key)

    async def ask() -> Made:
        async with opened(place, settings, works=False) as api:
            return await question(api)

    return asyncio.run(ask())


async def job_named(named: str, api: BatchApi) -> Job:
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


async def first(limit: int, jobs: AsyncIterator[Job]) -> list[Job]:
    """So many of them at most."""
    found: list[Job] = []
    async for job in jobs:
        found.append(job)
        if len(found) == limit:
            break
    return found


def tell_end(job: Job | None, failures: Failures, target: Target) -> None:
    """How it ended, on standard error.

    Raises:
        typer.Exit: something failed, or was not done.
    """
    for name, reason in failures.first:
        typer.secho(f"octavo: {name}: {reason}", fg="red", err=True)
    if failures.count > len(failures.first):
        typer.secho(f"octavo: and {failures.count - len(failures.first):,} more", fg="red", err=True)
    if job is not None and job.status is not BatchStatus.SUCCESS:
        undone = f"{job.total - job.done:,} of {job.total:,} requests were not done"
        typer.secho(f"octavo: job {job.id} ended as {job.status}; {undone}.", fg="red", err=True)
    done = job.succeeded if job else 0
    where = target.path or "standard output"
    typer.echo(f"{done:,} succeeded: {where}", err=True)
    if failures.count:
        typer.echo(f"{failures.count:,} failed: {target.failed or where}", err=True)
    if code := failures.exit_code or (ENDED.get(job.status, 0) if job else 0):
        raise typer.Exit(code)
