"""What a page of the browser does besides what a test asks of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, Request, Response


@dataclass
class Watch:
    """Notes errors of scripts, words in the console, answers that were errors, and requests to anybody else."""

    page: Page
    server: str
    wrong: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def check(self) -> None:
        """Fail if anything went wrong."""
        assert not self.wrong, self.wrong
        assert not self.foreign, self.foreign

    def forgive(self, *parts: str) -> None:
        """Take away what a test expects."""
        self.wrong = [text for text in self.wrong if not any(part in text for part in parts)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.server, "data:", "blob:")):
            self.foreign.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.request.method} {response.url}")
