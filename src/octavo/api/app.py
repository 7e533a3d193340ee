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
from octavo.api.auth import Keyring
from octavo.api.layers import layers
from octavo.api.options import ServerOptions
from octavo.api.proxies import PublicAddress
from octavo.api.routes import batch as batch_routes
from octavo.api.routes import files as file_routes
from octavo.api.routes import health
from octavo.api.routes import metrics as metrics_routes
from octavo.api.routes import models as model_routes
from octavo.api.routes import ocr as ocr_routes
from octavo.api.routes import session as session_routes
from octavo.api.routes import status as status_routes
from octavo.api.routes import views as view_routes
from octavo.api.wiring import Wiring
from octavo.documents.spooling.budget import SpoolBudget
from octavo.services.batches import BatchService
from octavo.services.files import FileService
from octavo.services.models import ModelCatalog
from octavo.services.ocr import OcrService
from octavo.services.status import StatusService
from octavo.services.views import PageViews

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
DEFAULTS = ServerOptions()


def create_app(  # noqa: PLR0913  one parameter for each service
    *,
    ocr: OcrService,
    models: ModelCatalog,
    files: FileService | None = None,
    views: PageViews | None = None,
    batches: BatchService | None = None,
    status: StatusService | None = None,
    budget: SpoolBudget | None = None,
    options: ServerOptions = DEFAULTS,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """Octavo's HTTP side, as an ASGI application.

    Args:
        ocr: reads documents; its executor tells `/ready`.
        models: what can be asked for.
        files: keeps uploads, for the fetcher of `ocr` as well; without it there is no `/v1/files`.
        views: shows the pages of `files`; without it there are no images of pages.
        batches: keeps jobs, of files among `files`; without it there is no `/v1/batch/jobs`.
        status: tells how the server is doing; without it there is no `/v1/status`.
        budget: what lies on disk for requests, the same that the fetcher of `ocr` counts in; None is no limit.
        options: how it behaves.
        lifespan: starts and stops what the services need.

    Raises:
        InvalidSettings: a key is empty, or `public_url` or a trusted proxy is malformed.
    """
    wired = Wiring(
        ocr=ocr,
        models=models,
        files=files,
        views=views,
        batches=batches,
        status=status,
        budget=budget or SpoolBudget(),
        options=options,
        keyring=Keyring(options.keys),
        admission=Admission(most=options.max_waiting),
        address=PublicAddress(options.public_url, options.trusted_proxies),
    )
    app = _application(layers(wired), lifespan, docs=options.docs)
    if files is not None:
        app.include_router(file_routes.router)
    if views is not None:
        app.include_router(view_routes.router)
    if batches is not None:
        app.include_router(batch_routes.router)
    if status is not None:
        app.include_router(status_routes.router)
    if options.metrics:
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
    for routes in (health, model_routes, ocr_routes, session_routes):
        app.include_router(routes.router)
    if docs:
        documentation.install(app)
    return app
