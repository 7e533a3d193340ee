"""`octavo serve`: settings, services and the app, under uvicorn."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import typer

from octavo import __version__
from octavo.cli import options
from octavo.domain.errors import InvalidSettings, OctavoError

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from octavo.api.options import ServerOptions
    from octavo.services.running import Services
    from octavo.settings import Settings

DRAIN = 25
"""Seconds that requests may go on after the server was asked to stop; then they are told to come back."""

PATIENCE = 30
"""Seconds after which connections are cut that are open still."""

BACKLOG = 2048

KEEP_ALIVE = 150
"""Seconds that a connection stays open between two requests: longer than clients and proxies keep theirs (httpx 5,
nginx 60, Go 90, Caddy 120), so that none sends a request into one that is just being closed."""


def serve(  # noqa: PLR0913  one parameter for each flag
    *,
    host: options.Host = None,
    port: options.Port = None,
    data_dir: options.DataDir = None,
    allow_fetch: options.AllowFetch = None,
    cors_origin: options.CorsOrigins = None,
    allowed_host: options.AllowedHosts = None,
    public_url: options.PublicUrl = None,
    trusted_proxy: options.TrustedProxies = None,
    workers: options.Workers = None,
    config: options.Config = None,
) -> None:
    """Serve the API until Ctrl-C. Every setting can also come from the environment or from octavo.toml."""
    from octavo.bootstrap import build_services
    from octavo.settings import load_settings, unknown_variables

    settings = load_settings(
        config=config,
        host=host,
        port=port,
        data_dir=data_dir,
        allow_fetch=allow_fetch,
        cors_origins=cors_origin,
        allowed_hosts=allowed_host,
        public_url=public_url,
        trusted_proxies=trusted_proxy,
        executor=workers and {"workers": workers},
    )
    for name, nearest in unknown_variables(os.environ).items():
        hint = f" Did you mean the setting {nearest}?" if nearest else ""
        typer.secho(f"warning: the variable {name} is no setting of Octavo.{hint}", fg="yellow", err=True)
    address = _address(settings.host, settings.port)
    _refuse_open_door(settings, address)
    with _listen(address) as door:
        asyncio.run(_run(settings, build_services(settings), door))


def _address(host: str, port: int) -> tuple[socket.AddressFamily, tuple[Any, ...]]:
    """What to bind to.

    Raises:
        InvalidSettings: the host has no address.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InvalidSettings(f"The host {host!r} has no address. Use --host 127.0.0.1, or another one.") from None
    return found[0][0], found[0][4]


def _refuse_open_door(settings: Settings, address: tuple[socket.AddressFamily, tuple[Any, ...]]) -> None:
    """Raise where everybody in the network could use a server that asks for no key.

    Raises:
        InvalidSettings: just that.
    """
    if settings.api_keys or _is_loopback(address):
        return
    raise InvalidSettings(
        f"Octavo does not listen on {settings.host} without a key: anybody who reaches this machine could use it. "
        "Set one, as in OCTAVO_API_KEYS=alice=$(openssl rand -hex 16), or listen on 127.0.0.1."
    )


def _is_loopback(address: tuple[socket.AddressFamily, tuple[Any, ...]]) -> bool:
    return ipaddress.ip_address(str(address[1][0]).partition("%")[0]).is_loopback


def _listen(address: tuple[socket.AddressFamily, tuple[Any, ...]]) -> socket.socket:
    """An open door.

    Raises:
        InvalidSettings: the port is taken, or may not be used.
    """
    family, place = address
    # The protocol has to be named: asyncio sends without delay only where it is.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # On Windows the same option would let two servers share the port.
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(place)
        door.listen(BACKLOG)
    except OSError as error:
        door.close()
        raise InvalidSettings(
            f"Port {place[1]} of {place[0]} cannot be used: {error.strerror}. Choose another one with --port."
        ) from None
    door.set_inheritable(False)
    return door


async def _run(settings: Settings, services: Services, door: socket.socket) -> None:
    """Serve until a signal comes.

    Raises:
        OctavoError: no worker can be started.
    """
    if services.tell is not None:
        services.tell(_near(door))
    # Workers load their models while the server is imported.
    await services.executor.start()
    server = _server(settings, services, door)
    announcing = asyncio.create_task(_announce(services, server, _url(door)))
    await server.serve(sockets=[door])
    if announcing.done() and (error := announcing.result()):
        raise error


async def _announce(services: Services, server: uvicorn.Server, url: str) -> OctavoError | None:
    """One friendly line when the first worker can read; when none can be started, the end, and why."""
    try:
        await services.executor.ready()
    except OctavoError as error:
        if server.should_exit:  # somebody stopped it before it was ready
            return None
        server.should_exit = True
        return error
    gc.freeze()  # what is loaded stays, and to look for garbage in it would hold up a request now and then
    typer.echo(f"Octavo {__version__} is ready at {url}")
    return None


def _server(settings: Settings, services: Services, door: socket.socket) -> uvicorn.Server:
    """The app under uvicorn; the workers end with it."""
    import uvicorn

    from octavo.api.app import create_app
    from octavo.api.batch_lines import LineReader
    from octavo.api.connections import protocol_for
    from octavo.cli.serve_status import build_status
    from octavo.web import pages

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with services.running(LineReader(app.state.wiring)):
            yield

    app = create_app(
        ocr=services.ocr,
        models=services.models,
        files=services.files,
        views=services.views,
        batches=services.batches,
        status=build_status(settings, services),
        budget=services.budget,
        options=server_options(settings, loopback_only=_is_loopback((door.family, door.getsockname()))),
        lifespan=lifespan,
    )
    if settings.workbench:
        pages.install(app)

    class Server(uvicorn.Server):
        """Lets requests that run come to their end before connections are closed."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            draining = asyncio.create_task(services.drain(DRAIN))
            await super().shutdown(sockets)
            draining.cancel()

    return Server(
        uvicorn.Config(
            app,
            http=protocol_for(settings.limits.max_waiting),  # type: ignore[arg-type]  # called like the class of a protocol
            ws="none",
            log_config=_logging(),
            access_log=False,
            server_header=False,
            proxy_headers=False,  # it believes whoever calls from this machine; see `api/proxies.py`
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=PATIENCE,
        )
    )


def server_options(settings: Settings, *, loopback_only: bool) -> ServerOptions:
    """The settings that the API takes."""
    from octavo.api.options import ServerOptions

    return ServerOptions(
        keys=_keys(settings),
        loopback_only=loopback_only,
        allowed_hosts=settings.allowed_hosts,
        cors_origins=settings.cors_origins,
        public_url=settings.public_url,
        trusted_proxies=settings.trusted_proxies,
        max_body_bytes=settings.limits.max_body_bytes,
        max_file_bytes=settings.limits.max_file_bytes,
        max_upload_bytes=settings.limits.max_upload_bytes,
        max_waiting=settings.limits.max_waiting,
        request_timeout=settings.limits.request_timeout,
        default_dpi=settings.engines.dpi,
        default_languages=settings.engines.languages,
        model_type=settings.model_type,
        workbench=settings.workbench,
        docs=settings.docs,
        metrics=settings.metrics,
    )


def _keys(settings: Settings) -> dict[str, tuple[str, ...]]:
    keys: dict[str, tuple[str, ...]] = {}
    for name, key in settings.api_keys:
        keys[name] = (*keys.get(name, ()), key.get_secret_value())
    return keys


def _url(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return _address_of(host, port)


def _address_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _near(door: socket.socket) -> str:
    """The address for others on this machine: loopback where the server listens to everybody."""
    host, port = door.getsockname()[:2]
    return _address_of({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104  nothing is bound here


def _logging() -> dict[str, Any]:
    """One JSON object a line, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "octavo.api.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
    }
