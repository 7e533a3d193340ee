"""What reads, as one digest: pages that another model, other code or another library read are not taken for ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from importlib import metadata
from pathlib import Path

READING = ("bootstrap.py", "documents", "domain", "engines", "fonts", "pipeline", "structure", "weights", "words")
"""What a page depends on, inside of the package: code, and the models, the font and the word lists that ship."""
KINDS = frozenset({".py", ".onnx", ".ttf", ".words"})
LIBRARIES = ("numpy", "onnxruntime", "opencv-python-headless", "pillow", "pillow-heif", "pypdfium2")
"""They decode documents and compute: another version may see other pixels."""


def reading_fingerprint(
    package: Path, model: str, group: str, libraries: Iterable[str] = LIBRARIES, installed: Iterable[str] = ()
) -> str:
    """The digest of all that a page is read with, in hex; blocks for some hundredths of a second.

    Args:
        package: the folder of Octavo's own code; the files count, not what they are said to be.
        model: id of the model; the versions of other packages that declare it count.
        group: of their entry points.
        libraries: names of the distributions whose versions count.
        installed: what else is there to read with, by name.
    """
    told = [*_files(package), *map(_version, libraries), *_declared(model, group), *installed]
    return sha256("\n".join(told).encode()).hexdigest()


def _files(package: Path) -> Iterator[str]:
    roots = [package / name for name in READING]
    found = {file for root in roots for file in (root, *root.rglob("*")) if file.suffix in KINDS and file.is_file()}
    for file in sorted(found):
        with file.open("rb") as content:
            yield f"{file.relative_to(package).as_posix()} {file_digest(content, 'sha256').hexdigest()}"


def _version(library: str) -> str:
    try:
        return f"{library} {metadata.version(library)}"
    except metadata.PackageNotFoundError:
        return f"{library} is not installed"


def _declared(model: str, group: str) -> Iterator[str]:
    for entry in metadata.entry_points(group=group, name=model):
        yield f"{entry.value} {entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
