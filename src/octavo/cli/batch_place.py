"""Where batch jobs are done: by the server of the data folder if one runs, by another that was named, or here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from octavo.cli.batch_api import BatchApi
from octavo.domain.errors import InvalidSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from octavo.services.batch_work import BatchWork
    from octavo.services.running import Services
    from octavo.settings import Settings

HERE = "http://127.0.0.1"
_PATIENCE = 3.0
"""Seconds for which a process that holds the data folder may keep to itself where it answers, or go."""
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where.

    Attributes:
        url: of a server; None is in this process.
        key: to be shown there; None is none.
    """

    url: str | None
    key: str | None

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"The server at {self.url}" if self.url else "This program"


def find_place(settings: Settings, *, base_url: str | None, api_key: str | None) -> Place:
    """The server that was named, else the one that runs on the data folder, else here.

    Raises:
        InvalidSettings: another process works on the data folder, and does not answer.
    """
    from octavo.bootstrap import server_of

    if base_url is not None:
        return Place(url=_plain(base_url), key=api_key)  # a stranger is not shown the keys of the settings
    key = api_key or next((key.get_secret_value() for _, key in settings.api_keys), None)
    end = time.monotonic() + _PATIENCE
    while (holder := server_of(settings)) is not None:
        pid, url = holder
        if url is not None:
            return Place(url=url, key=key)
        if time.monotonic() > end:
            raise InvalidSettings(
                f"Process {pid} works on the data folder {settings.data_dir} and does not answer to others: it may be "
                "another `octavo batch`. Wait until it is done, end it, or name another folder with --data-dir."
            )
        time.sleep(0.1)
    return Place(url=None, key=key)


@asynccontextmanager
async def opened(place: Place, settings: Settings, *, works: bool) -> AsyncIterator[BatchApi]:
    """The API there; in this process, `works` is whether jobs are worked on meanwhile."""
    headers = {"Authorization": f"Bearer {place.key}"} if place.key else {}
    if place.url is not None:
        async with httpx.AsyncClient(
            base_url=place.url, headers=headers, trust_env=False, timeout=_TIMEOUT, follow_redirects=False
        ) as http:
            yield BatchApi(http=http, name=place.name)
        return
    async with _here(settings, works=works) as (app, check):
        from octavo.cli.batch_transport import AppTransport

        async with httpx.AsyncClient(
            transport=AppTransport(app), base_url=HERE, headers=headers, timeout=_TIMEOUT
        ) as http:
            yield BatchApi(http=http, name=place.name, check=check)


@asynccontextmanager
async def _here(settings: Settings, *, works: bool) -> AsyncIterator[tuple[FastAPI, Callable[[], None]]]:
    from octavo.api.app import create_app
    from octavo.bootstrap import build_services
    from octavo.cli.serve import server_options

    services = build_services(settings)
    try:
        app = create_app(
            ocr=services.ocr,
            models=services.models,
            files=services.files,
            batches=services.batches,
            budget=services.budget,
            options=server_options(settings, loopback_only=True),
        )
        async with _working(services, app) if works else _resting(services) as check:
            yield app, check
    finally:
        if services.let_go is not None:
            services.let_go()


@asynccontextmanager
async def _working(services: Services, app: FastAPI) -> AsyncIterator[Callable[[], None]]:
    """Jobs are worked on; what is yielded raises when no worker can be started."""
    from octavo.api.batch_lines import LineReader

    async with services.running(LineReader(app.state.wiring)):
        ready = asyncio.create_task(services.executor.ready())

        def check() -> None:
            if ready.done():
                ready.result()

        try:
            yield check
        finally:
            ready.cancel()
            await asyncio.gather(ready, return_exceptions=True)


@asynccontextmanager
async def _resting(services: Services) -> AsyncIterator[Callable[[], None]]:
    """Nobody works; jobs that only have to be finished are, in the end."""
    try:
        yield lambda: None
        if services.work is not None:
            await _finish(services.work)
    finally:
        await services.close()


async def _finish(work: BatchWork) -> None:
    """Bring jobs to their end that were cancelled, or whose last line was done just before their server was killed."""
    from octavo.services.finisher import Finisher

    await work.files.threads.run(work.ledger.reap, work.holder)
    finisher = Finisher(ledger=work.ledger, files=work.files)
    while await finisher.step():
        pass


def _plain(address: str) -> str:
    """The address as a base; clients of Mistral may write it with `/v1`.

    Raises:
        InvalidSettings: it is no address of the web.
    """
    if not address.startswith(("http://", "https://")):
        raise InvalidSettings("--base-url takes the address of a server, as http://127.0.0.1:8000.")
    return address.rstrip("/").removesuffix("/v1")
