"""Where answers go: to standard output in the order of the arguments, or below a folder, one set of files a document.

`DIR/NAME.md` is the Markdown, `DIR/NAME.json` the answer as the server would give it, `DIR/NAME/` holds the figures and
tables that the Markdown links to, and the overlays.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from octavo.cli.inputs import Input
from octavo.domain.document import SpooledDocument
from octavo.domain.result import OcrResult, RenderedPage

Encode = Callable[[OcrResult], dict[str, Any]]
"""Makes the wire's answer, ready for JSON."""


class Output(Protocol):
    """Takes each answer while its pictures still lie in the spool; one call at a time, from any thread."""

    def put(self, number: int, source: Input, document: SpooledDocument, result: OcrResult) -> None:
        """Take the answer of the input at place `number`.

        Raises:
            OSError: it cannot be written.
        """
        ...

    def skip(self, number: int) -> None:
        """The input at place `number` has no answer."""
        ...


Form = Callable[[Input, OcrResult], str]
"""Makes the text of one answer."""


def as_markdown(*, several: bool) -> Form:
    """Markdown; each of several documents is preceded by its name in a comment."""

    def form(source: Input, result: OcrResult) -> str:
        markdown = joined(result.pages)
        return f"<!-- {source.name.replace('--', '- -')} -->\n\n{markdown}\n" if several else markdown

    return form


def as_json(encode: Encode, *, several: bool) -> Form:
    """The wire's answer; several are one line each, with the `document` as first key."""

    def form(source: Input, result: OcrResult) -> str:
        answer = encode(result)
        line = json.dumps({"document": source.name, **answer}, ensure_ascii=False) + "\n"
        return line if several else _pretty(answer)

    return form


@dataclass(frozen=True, slots=True)
class Stream:
    """Writes to a stream, in the order of the inputs, each answer as soon as those before it are there."""

    write: Callable[[str], None]
    form: Form
    _waiting: dict[int, str] = field(default_factory=dict)
    _written: list[int] = field(default_factory=list)

    def put(self, number: int, source: Input, document: SpooledDocument, result: OcrResult) -> None:
        """Write it, once all before it are written."""
        del document
        self._waiting[number] = self.form(source, result)
        self._flush()

    def skip(self, number: int) -> None:
        """Wait for it no longer."""
        self._waiting[number] = ""
        self._flush()

    def _flush(self) -> None:
        while (number := len(self._written)) in self._waiting:
            self._written.append(number)
            self.write(self._waiting.pop(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Writes files below `root`."""

    root: Path
    encode: Encode
    overlay: Callable[[SpooledDocument, OcrResult, Path], None] | None = None

    def put(self, number: int, source: Input, document: SpooledDocument, result: OcrResult) -> None:
        """Write Markdown, JSON, and what belongs to them."""
        del number
        target = self.root / source.stem
        target.parent.mkdir(parents=True, exist_ok=True)
        pages = [_with_files(page, target) for page in result.pages]
        _beside(target, ".json").write_text(_pretty(self.encode(result)), encoding="utf-8")
        _beside(target, ".md").write_text("\n\n".join(pages).strip("\n") + "\n", encoding="utf-8")
        if self.overlay:
            self.overlay(document, result, target)

    def skip(self, number: int) -> None:
        """Nothing is written."""


def joined(pages: Sequence[RenderedPage]) -> str:
    """The Markdown of all pages, a blank line between them."""
    return "\n\n".join(page.markdown for page in pages).strip("\n") + "\n"


def _with_files(page: RenderedPage, folder: Path) -> str:
    """Writes figures and tables of one page into `folder`; its Markdown with links that lead there."""
    markdown = page.markdown
    if page.images or page.tables:
        folder.mkdir(exist_ok=True)
    for image in page.images:
        if image.path is not None:
            shutil.copyfile(image.path, folder / image.id)
    for table in page.tables:
        (folder / table.id).write_text(table.content + "\n", encoding="utf-8")
    for name in [*(image.id for image in page.images), *(table.id for table in page.tables)]:
        markdown = markdown.replace(f"]({name})", f"]({quote(folder.name)}/{name})")
    return markdown


def _beside(target: Path, ending: str) -> Path:
    """`report.v2` with `.md` is `report.v2.md`: nothing of the name is taken for an ending."""
    return target.with_name(target.name + ending)


def _pretty(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
