"""What the golden documents are expected to say: one Markdown file each. As a program, it writes them anew."""

from __future__ import annotations

from pathlib import Path

from golden_documents import DOCUMENTS

from octavo.domain.result import OcrResult
from reading import read

FOLDER = Path(__file__).parent / "expected"


def spelled(result: OcrResult) -> str:
    """An answer as its file says it: for each page the kinds of its blocks, then its Markdown."""
    pages = (
        f"<!-- page {page.index}: {' '.join(block.kind.value for block in page.blocks)} -->\n\n{page.markdown}\n"
        for page in result.pages
    )
    return "\n".join(pages)


def expected(name: str) -> str:
    """What stands in a document's file."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def write() -> None:
    """Write every file anew, and remove those of documents that are gone."""
    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.glob("*.md"):
        if file.stem not in DOCUMENTS:
            file.unlink()
    for name, document in DOCUMENTS.items():
        (FOLDER / f"{name}.md").write_text(spelled(read(document.typeset())), encoding="utf-8")


if __name__ == "__main__":
    write()
