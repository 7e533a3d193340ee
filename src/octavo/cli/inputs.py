"""What the arguments of `octavo ocr` mean: files, folders, patterns, addresses, and `-` for standard input."""

from __future__ import annotations

import asyncio
import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from octavo.documents.spooling.spool import PIECE, spool_file, spool_stream
from octavo.domain.document import SpooledDocument, UrlRef
from octavo.domain.errors import FileNotFound
from octavo.domain.ports import DocumentFetcher

ENDINGS = frozenset(
    {".pdf", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"}
    | {".jp2", ".j2k", ".jpf", ".jpx", ".heic", ".heif"}
)
"""What is picked from a folder. A file that is named outright is tried whatever its ending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One document to be read.

    Attributes:
        name: as the person knows it.
        place: a file, an address, or `-`.
        stem: where its output goes below the output folder, without an ending; no two inputs share one.
        problem: why there is nothing to be read, when there is not.
    """

    name: str
    place: Path | str
    stem: Path
    problem: str = ""

    async def load(self, folder: Path, fetcher: DocumentFetcher) -> SpooledDocument:
        """The document on disk: where it is if it is a file, else below `folder`.

        Raises:
            FileNotFound, InvalidDocumentReference: there is no such file, or it may not be read.
            FetchFailed, FetchForbidden, FileTooLarge: an address did not deliver.
        """
        if self.problem:
            raise FileNotFound(self.problem)
        if self.place == "-":
            chunks = iter(lambda: sys.stdin.buffer.read(PIECE), b"")
            return spool_stream(chunks, folder, name=self.name, max_bytes=sys.maxsize)
        if isinstance(self.place, str):
            return await fetcher.fetch(UrlRef(url=self.place), folder)
        return replace(await asyncio.to_thread(spool_file, self.place), name=self.name)


def collect(arguments: Sequence[str], output: Path | None = None) -> list[Input]:
    """Every document that `arguments` name, in their order; what lies in `output` is never an input of a folder."""
    return _distinct(found for argument in arguments for found in _expand(argument, output))


def _expand(argument: str, output: Path | None) -> Iterator[Input]:
    path = Path(argument)
    if argument == "-":
        yield Input(name="standard input", place="-", stem=Path("standard-input"))
    elif argument.startswith(("http://", "https://")):
        yield Input(name=argument, place=argument, stem=_stem_of_address(argument))
    elif _is(path, "folder"):
        yield from _folder(path, output)
    elif glob.has_magic(argument) and not _is(path, "file"):
        yield from _pattern(argument, output)
    else:
        yield Input(name=argument, place=path, stem=Path(path.stem))


def _is(path: Path, kind: str) -> bool:
    """Whether it is there as a folder or a file; what may not be looked at is neither."""
    try:
        return path.is_dir() if kind == "folder" else path.is_file()
    except OSError:
        return False


def _folder(folder: Path, output: Path | None) -> Iterator[Input]:
    files = list(documents_below(folder, output))
    if not files:
        yield Input(name=str(folder), place=folder, stem=Path("folder"), problem=f"{folder} holds no PDF and no image.")
    for file in files:
        yield Input(name=str(file), place=file, stem=file.relative_to(folder).with_suffix(""))


def documents_below(folder: Path, output: Path | None) -> Iterator[Path]:
    """Files with a known ending, at any depth, sorted; hidden ones and the output folder are left out."""
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        kept = [name for name in folders if not name.startswith(".") and not _same(here / name, output)]
        folders[:] = sorted(kept)
        yield from (
            here / name for name in sorted(files) if Path(name).suffix.lower() in ENDINGS and not name.startswith(".")
        )


def _same(path: Path, other: Path | None) -> bool:
    return other is not None and path.resolve() == other.resolve()


def _pattern(pattern: str, output: Path | None) -> Iterator[Input]:
    matches = glob.glob(pattern, recursive=True)  # noqa: PTH207  Path.glob takes no absolute pattern
    found = [Path(name) for name in sorted(matches)]
    if not found:
        yield Input(name=pattern, place=pattern, stem=Path("pattern"), problem=f"No file matches {pattern}.")
    for path in found:
        yield from (
            _folder(path, output) if _is(path, "folder") else [Input(name=str(path), place=path, stem=Path(path.stem))]
        )


def _stem_of_address(address: str) -> Path:
    parts = urlsplit(address)
    name = PurePosixPath(unquote(parts.path)).stem.strip(". ") or parts.hostname or "document"
    return Path("".join(letter if letter.isalnum() or letter in " ._-" else "_" for letter in name))


def _distinct(inputs: Iterable[Input]) -> list[Input]:
    """The same file once; of two documents of one name the second is called NAME-2."""
    places: set[str] = set()
    taken: set[str] = set()
    kept = []
    for found in inputs:
        place = str(found.place.resolve()) if isinstance(found.place, Path) else found.place
        if place in places:
            continue
        places.add(place)
        kept.append(replace(found, stem=_free(found.stem, taken)))
        taken.add(str(kept[-1].stem).casefold())
    return kept


def _free(stem: Path, taken: set[str]) -> Path:
    number, candidate = 1, stem
    while str(candidate).casefold() in taken:
        number += 1
        candidate = stem.with_name(f"{stem.name}-{number}")
    return candidate
