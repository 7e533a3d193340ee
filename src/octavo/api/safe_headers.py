"""What every answer tells browsers and proxies, so that documents stay between the server and who asked.

After OWASP's "REST Security Cheat Sheet" and the Fetch standard: answers are not kept by browsers and proxies, their
type is not guessed, and no page of another site may show them in a frame or load them as a script or picture.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Unless a route says otherwise, as the documentation does for its own page."""


class SafeHeaders:
    """Adds them to every answer, errors included; a file with an `ETag` may be kept, but is asked for again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, answering)


def _complete(headers: MutableHeaders) -> None:
    headers.setdefault("Cache-Control", "no-cache" if "etag" in headers else "no-store")
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
