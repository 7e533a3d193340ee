"""Tesseract's library and language data, where they are installed. Imports nothing heavy."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from pathlib import Path

_HOMEBREW = Path("/", "opt", "homebrew")
_LIBRARIES = {
    "linux": ("libtesseract.so.5", "libtesseract.so.4"),
    "darwin": (str(_HOMEBREW / "lib" / "libtesseract.5.dylib"), "/usr/local/lib/libtesseract.5.dylib"),
    "win32": ("libtesseract-5.dll",),
}
_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    str(_HOMEBREW / "share" / "tessdata"),
)
_ENDING = ".traineddata"


@cache
def tesseract_languages() -> frozenset[str]:
    """The language data that are installed, such as `rus` and `script/Cyrillic`; none without Tesseract."""
    return frozenset(language_files()) if tesseract_library() is not None else frozenset()


def tesseract_version() -> str:
    """The version of Tesseract's library; empty where there is none."""
    library = tesseract_library()
    return library.TessVersion().decode() if library is not None else ""


def language_files() -> list[str]:
    """The language data that lie there, whether or not there is a library to use them."""
    folder = data_folder()
    files = [file for file in folder.rglob(f"*{_ENDING}") if file.is_file()] if folder else []
    return sorted(file.relative_to(folder).as_posix().removesuffix(_ENDING) for file in files if folder)


def data_folder() -> Path | None:
    """Where Tesseract's language data lie: `TESSDATA_PREFIX`, or where packages put them."""
    asked = os.environ.get("TESSDATA_PREFIX")
    folders = [Path(asked), Path(asked, "tessdata")] if asked else [Path(folder) for folder in _FOLDERS]
    return next((folder for folder in folders if any(folder.glob(f"*{_ENDING}"))), None)


@cache
def tesseract_library() -> ctypes.CDLL | None:
    """The library with its functions declared; None where there is none."""
    # Pages are shared out to cores by Octavo alone; OpenMP reads this when it is loaded.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    for name in _LIBRARIES.get(sys.platform, ()):
        try:
            return _declared(ctypes.CDLL(name))
        except (OSError, AttributeError):
            continue
    return None


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    library.TessVersion.restype = text
    library.TessBaseAPICreate.restype = pointer
    library.TessBaseAPIInit3.argtypes = [pointer, text, text]
    library.TessBaseAPISetVariable.argtypes = [pointer, text, text]
    library.TessBaseAPISetPageSegMode.argtypes = [pointer, number]
    library.TessBaseAPISetImage.argtypes = [pointer, pointer, number, number, number, number]
    library.TessBaseAPIGetTsvText.argtypes = [pointer, number]
    library.TessBaseAPIGetTsvText.restype = pointer
    library.TessBaseAPIClear.argtypes = [pointer]
    library.TessBaseAPIDelete.argtypes = [pointer]
    library.TessDeleteText.argtypes = [pointer]
    return library
