"""Functions of PDFium that are called thousands of times a page."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

Call = Callable[..., Any]


def plain(function: object, result: type, *arguments: type) -> Call:
    """A function of PDFium that takes addresses as plain numbers: several times quicker to call."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0  # type: ignore[arg-type]
    made: Call = ctypes.PYFUNCTYPE(result, *arguments)(address)
    return made


def address_of(handle: object) -> int:
    """Where something of PDFium lies, such as an open page; 0 is nowhere."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0  # type: ignore[arg-type]
