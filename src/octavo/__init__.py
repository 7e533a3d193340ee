"""Octavo: documents in, Markdown out, over Mistral's OCR API. Importing this loads no engine and no server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from octavo.library import Octavo as Octavo

__version__ = "0.1.0"
__all__ = ["Octavo", "__version__"]

# ONNX Runtime keeps a number for this machine and reports home, unless this is set before it is imported; its own
# `disable_telemetry_events()` comes too late for both.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def __getattr__(name: str) -> Any:
    if name == "Octavo":
        from octavo.library import Octavo

        return Octavo
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
