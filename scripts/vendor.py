"""Brings the libraries of the workbench into the repository, so that nothing is built and nothing is fetched later.

python scripts/vendor.py        # needs npm; writes src/octavo/web/static/vendor with SOURCES.toml and LICENCES.txt
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "src" / "octavo" / "web" / "static" / "vendor"


@dataclass(frozen=True)
class Library:
    """A package of npm, and what is taken of it.

    Attributes:
        role: what it does here.
        files: names here to paths in the package.
        replaced: text of these files, and what stands there instead.
        added: a line at the end of scripts, where a package is no module by itself.
    """

    name: str
    version: str
    role: str
    files: tuple[tuple[str, str], ...]
    replaced: tuple[tuple[str, str], ...] = ()
    added: str = ""


LIBRARIES = (
    Library(
        "preact",
        "11.2.0",
        "draws the page",
        (("preact.js", "dist/preact.mjs"), ("hooks.js", "hooks/dist/hooks.mjs")),
        replaced=(('from"preact"', 'from"./preact.js"'),),
    ),
    Library("htm", "3.1.1", "markup inside scripts", (("htm.js", "dist/htm.mjs"),)),
    Library("markdown-it", "15.0.3", "Markdown to HTML", (("markdown-it.js", "dist/browser/markdown-it.esm.min.mjs"),)),
    Library("dompurify", "3.4.18", "makes HTML of documents harmless", (("purify.js", "dist/purify.es.mjs"),)),
    Library(
        "temml",
        "0.13.5",
        "formulas to MathML",
        (
            ("temml.js", "dist/temml.min.js"),
            ("temml.css", "dist/Temml-Local.css"),
            ("Temml.woff2", "dist/Temml.woff2"),
        ),
        added="export default temml;",
    ),
    Library(
        "uplot",
        "1.6.32",
        "charts",
        (("uplot.js", "dist/uPlot.iife.min.js"), ("uplot.css", "dist/uPlot.min.css")),
        added="export default uPlot;",
    ),
    Library(
        "diff",
        "9.0.0",
        "differences of two texts",
        (("diff.js", "dist/diff.min.js"),),
        added="export default globalThis.Diff;",
    ),
    Library("fflate", "0.8.3", "zip archives", (("fflate.js", "esm/browser.js"),)),
)


def main() -> None:
    """Write all of them anew."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    sources, licences = ["# Written by scripts/vendor.py: where each library of the workbench comes from.\n"], []
    for library in LIBRARIES:
        with tempfile.TemporaryDirectory() as folder:
            package = _unpacked(library, Path(folder))
            licence = json.loads((package / "package.json").read_text(encoding="utf-8"))["license"]
            sources += [_taken(library, package, place, path, licence) for place, path in library.files]
            text = (package / "LICENSE").read_text(encoding="utf-8").strip()
            licences.append(f"{library.name} {library.version} ({licence})\n\n{text}\n")
    (VENDOR / "SOURCES.toml").write_text("\n".join(sources), encoding="utf-8")
    rule = "\n" + "-" * 80 + "\n\n"
    (VENDOR / "LICENCES.txt").write_text(rule.join(licences), encoding="utf-8")


def _unpacked(library: Library, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", f"{library.name}@{library.version}"]
    archive = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split()[-1]
    with tarfile.open(folder / archive) as packed:
        packed.extractall(folder)
    return folder / "package"


def _taken(library: Library, package: Path, place: str, path: str, licence: str) -> str:
    """Write one file; its entry in `SOURCES.toml`."""
    data = (package / path).read_bytes()
    if place.endswith((".js", ".css")):
        data = _fitted(library, data.decode(), is_script=place.endswith(".js")).encode()
    (VENDOR / place).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    told = {"file": place, "role": library.role, "package": library.name, "version": library.version}
    told |= {"source_file": path, "licence": licence, "sha256": digest}
    return "[[library]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in told.items())


def _fitted(library: Library, text: str, *, is_script: bool) -> str:
    """What the package says, as a module that finds its neighbours here."""
    for old, new in library.replaced:
        text = text.replace(old, new)
    lines = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL")]
    if library.added and is_script:
        lines.append(library.added)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
