"""The application: routes, errors and layers, put around the services."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from starlette.middleware import Middleware

from octavo import __version__
from octavo.api import docs as documentation
from octavo.api import errors
from octavo.api.admission import Admission
from octavo.api.auth import Keyring, Keys
from octavo.api.layers import layers
from octavo.api.proxies import PublicAddress
from octavo.api.routes import batch as batch_routes
from octavo.api.routes import files as file_routes
from octavo.api.routes import health
from octavo.api.routes import metrics as metrics_routes
from octavo.api.routes import models as model_routes
from octavo.api.routes import ocr as ocr_routes
from octavo.api.wiring import ModelType, Wiring
from octavo.documents.spooling.budget import SpoolBudget
from octavo.services.batches import BatchService
from octavo.services.files import FileService
from octavo.services.models import ModelCatalog
from octavo.services.ocr import OcrService

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
NO_KEYS: Keys = {}


def create_app(  # noqa: PLR0913  everything that a server is made of, each named where it is called
    *,
    ocr: OcrService,
    models: ModelCatalog,
    files: FileService | None = None,
    batches: BatchService | None = None,
    keys: Keys = NO_KEYS,
    loopback_only: bool = True,
    allowed_hosts: tuple[str, ...] = (),
    cors_origins: tuple[str, ...] = (),
    public_url: str | None = None,
    trusted_proxies: tuple[str, ...] = (),
    max_body_bytes: int = 70 * 1024 * 1024,
    max_file_bytes: int = 50 * 1024 * 1024,
    max_upload_bytes: int = 512 * 1024 * 1024,
    max_waiting: int = 1000,
    request_timeout: float | None = None,
    idle_timeout: float = 30.0,
    budget: SpoolBudget | None = None,
    default_dpi: int = 200,
    model_type: ModelType = "auto",
    docs: bool = True,
    metrics: bool = True,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """Octavo's HTTP side, as an ASGI application.

    Args:
        ocr: reads documents; its executor tells `/ready`.
        models: what can be asked for.
        files: keeps uploads, for the fetcher of `ocr` as well; without it there is no `/v1/files`.
        batches: keeps jobs, of files among `files`; without it there is no `/v1/batch/jobs`.
        keys: names of owners and their keys; none lets everybody in.
        loopback_only: the server listens to this machine alone; without keys it then also refuses foreign web pages.
        allowed_hosts: names besides loopback's own that such a server is called by.
        cors_origins: web origins whose pages may call the server; `*` is all of them.
        public_url: the address that clients call the server by; None is whatever host each of them names.
        trusted_proxies: addresses and networks whose `X-Forwarded-*` headers are believed.
        max_body_bytes: of a request.
        max_file_bytes: of a document in a form.
        max_upload_bytes: of an uploaded file.
        max_waiting: requests for reading that are let in at a time.
        request_timeout: seconds that a request may take, from its headers on; None is without limit.
        idle_timeout: seconds that may pass between two pieces of a request's body.
        budget: what lies on disk for requests, the same that the fetcher of `ocr` counts in; None is no limit.
        default_dpi: for requests that name no dpi.
        model_type: `type` of the model cards; `auto` tells each client what it needs.
        docs: whether `/docs` and `/openapi.json` are served.
        metrics: whether `/metrics` is served.
        lifespan: starts and stops what the services need.

    Raises:
        InvalidSettings: a key is empty, or `public_url` or a trusted proxy is malformed.
    """
    wired = Wiring(
        ocr=ocr,
        models=models,
        keyring=Keyring(keys),
        default_dpi=default_dpi,
        max_file_bytes=max_file_bytes,
        model_type=model_type,
        request_timeout=request_timeout,
        admission=Admission(most=max_waiting),
        budget=budget or SpoolBudget(),
        files=files,
        batches=batches,
        max_upload_bytes=max_upload_bytes,
        address=PublicAddress(public_url, trusted_proxies),
    )
    around = layers(
        wired,
        guarded=loopback_only and not wired.keyring,
        allowed_hosts=allowed_hosts,
        cors_origins=cors_origins,
        idle_timeout=idle_timeout,
        max_body_bytes=max_body_bytes,
        max_upload_bytes=max_upload_bytes,
    )
    app = _application(around, lifespan, docs=docs)
    if files is not None:
        app.include_router(file_routes.router)
    if batches is not None:
        app.include_router(batch_routes.router)
    if metrics:
        app.include_router(metrics_routes.router)
    app.state.wiring = wired
    return app


def _application(around: list[Middleware], lifespan: Lifespan | None, *, docs: bool) -> FastAPI:
    """Routes and errors inside the layers."""
    app = FastAPI(
        title="Octavo",
        version=__version__,
        description="Documents in, Markdown out, over Mistral's OCR API.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if docs else None,
        redirect_slashes=False,
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
        middleware=around,
    )
    errors.install(app)
    for routes in (health, model_routes, ocr_routes):
        app.include_router(routes.router)
    if docs:
        documentation.install(app)
    return app
