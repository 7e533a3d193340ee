"""`from octavo import Octavo`: documents to Markdown inside a Python program, without a server.

from octavo import Octavo

answer = Octavo().ocr("report.pdf")
print(answer.pages[0].markdown)
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, TypeVar, Unpack

from octavo.domain.document import DocumentRef, UrlRef
from octavo.domain.errors import InvalidRequest

if TYPE_CHECKING:
    from octavo.api.schemas.ocr_request import OCROptions, OctavoOptions
    from octavo.api.schemas.ocr_response import OCRResponse

Made = TypeVar("Made")


OWN_OPTIONS: tuple[str, ...] = ("text_layer", "languages", "dpi", "password", "word_boxes")
"""Those that Mistral's API does not know."""


class Options(TypedDict, total=False):
    """How to read and what to answer: names and meanings of `POST /v1/ocr`, and Octavo's own ones after them."""

    model: str | None
    pages: list[int] | str | None
    include_image_base64: bool | None
    image_limit: int | None
    image_min_size: int | None
    table_format: Literal["markdown", "html"] | None
    extract_header: bool
    extract_footer: bool
    include_blocks: bool
    confidence_scores_granularity: Literal["word", "page", "block"] | None
    text_layer: Literal["auto", "always", "never"]
    languages: list[str] | None
    dpi: int | None
    password: str | None
    word_boxes: bool


class Octavo:
    """Reads documents in this process, one at a time; models are loaded with the first page and kept.

    Nothing shields this process from a document: a page may take any time and memory, and one that breaks a library
    breaks the program. For documents of strangers, run `octavo serve` and ask that.

    Close it, or use it in a `with` statement, to release models and its thread. It may be called from any thread, and
    from code that runs inside an event loop of its own (where the call blocks).
    """

    def __init__(self, *, config: str | Path | None = None) -> None:
        """Reads settings; nothing is loaded yet.

        Args:
            config: a file of settings, instead of `octavo.toml` in the working directory.

        Raises:
            InvalidSettings: a setting is unknown or wrong.
        """
        from octavo.bootstrap import build_local
        from octavo.settings import load_settings

        settings = load_settings(config=config)
        self._engines = settings.engines
        self._services = build_local(settings, inline=True)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="octavo", daemon=True)
        self._thread.start()

    def ocr(self, document: str | Path | bytes, **options: Unpack[Options]) -> OCRResponse:
        """Read a document.

        Args:
            document: path of a file, its bytes, or an `http` address.
            options: as in `POST /v1/ocr`, such as `pages="0-2"` or `include_image_base64=True`.

        Returns:
            What the server would answer, with the same names: `answer.pages[0].markdown`.

        Raises:
            OctavoError: the document cannot be had, or no page of it could be read; see `octavo.domain.errors`.
        """
        return self._run(self._ocr(document, dict(options)))

    def close(self) -> None:
        """Release models and thread; closing twice does no harm."""
        if self._loop.is_closed():
            return
        self._run(self._services.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, work: Coroutine[Any, Any, Made]) -> Made:
        if self._loop.is_closed():
            work.close()
            raise InvalidRequest("This Octavo is closed. Make a new one.")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _ocr(self, document: str | Path | bytes, given: dict[str, Any]) -> OCRResponse:
        from octavo.api.schemas.to_domain import read_request
        from octavo.api.schemas.whole import response_of

        own = {name: given.pop(name) for name in OWN_OPTIONS if name in given}
        options, extra = _checked(given, own)
        card = self._services.models.resolve(options.model)
        with TemporaryDirectory(prefix="octavo-", ignore_cleanup_errors=True) as folder:
            ref = await asyncio.to_thread(_ref_of, document, Path(folder))
            dpi, languages = self._engines.dpi, self._engines.languages
            request = read_request(options, ref, extra=extra, model=card.id, dpi=dpi, languages=languages, owner="")
            async with self._services.ocr.read(request) as result:
                return response_of(result, request.answer, options.model or card.id)


def _checked(given: dict[str, Any], own: dict[str, Any]) -> tuple[OCROptions, OctavoOptions]:
    """Options of the API and of Octavo.

    Raises:
        InvalidRequest: an option is unknown or wrong.
    """
    from pydantic import ValidationError

    from octavo.api.schemas.ocr_request import OCROptions, OctavoOptions

    try:
        return OCROptions.model_validate(given), OctavoOptions.model_validate(own)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise InvalidRequest("; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)) from None


def _ref_of(document: str | Path | bytes, folder: Path) -> DocumentRef:
    """Where the document is; bytes are put on disk."""
    from octavo.documents.spooling.spool import spool_bytes, spool_file

    if isinstance(document, bytes):
        return spool_bytes(document, folder, name="document", max_bytes=len(document))
    if isinstance(document, str) and document.startswith(("http://", "https://")):
        return UrlRef(url=document)
    return spool_file(Path(document))
