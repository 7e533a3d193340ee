"""What a server can be told, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

MEBIBYTE = 1024 * 1024

Keys = Mapping[str, str | tuple[str, ...]]
"""Name of an owner to its key, or to several keys while one replaces another."""

ModelType = Literal["auto", "base", "image-to-text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """How one server behaves.

    Attributes:
        keys: names of owners and their keys; none lets everybody in.
        loopback_only: the server listens to this machine alone; without keys it then also refuses foreign web pages.
        allowed_hosts: names besides loopback's own that such a server is called by.
        cors_origins: web origins whose pages may call the server; `*` is all of them.
        public_url: the address that clients call the server by; None is whatever host each of them names.
        trusted_proxies: addresses and networks whose `X-Forwarded-*` headers are believed.
        max_body_bytes: of a request.
        max_file_bytes: of a document in a form.
        max_upload_bytes: of an uploaded file, and of a batch job with its requests.
        max_waiting: requests for reading that are let in at a time.
        request_timeout: seconds that a request may take, from its headers on; None is without limit.
        idle_timeout: seconds that may pass between two pieces of a request's body.
        default_dpi: for requests that name no dpi,
        default_languages: and no languages to expect.
        model_type: `type` of the model cards; `auto` tells each client what it needs.
        workbench: whether the workbench is served at `/`.
        docs: whether `/docs` and `/openapi.json` are served.
        metrics: whether `/metrics` is served.
    """

    keys: Keys = field(default_factory=lambda: MappingProxyType({}))
    loopback_only: bool = True
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: int = 70 * MEBIBYTE
    max_file_bytes: int = 50 * MEBIBYTE
    max_upload_bytes: int = 512 * MEBIBYTE
    max_waiting: int = 1000
    request_timeout: float | None = None
    idle_timeout: float = 30.0
    default_dpi: int = 200
    default_languages: tuple[str, ...] = ()
    model_type: ModelType = "auto"
    workbench: bool = True
    docs: bool = True
    metrics: bool = True
