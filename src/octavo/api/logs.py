"""Log lines as JSON: one object a line, without anything that a document or a caller wrote."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

from octavo.api.context import REQUEST_ID


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON.

    A traceback is told by the error's class and its places in the code alone: messages of foreign errors may quote
    the document.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get() or None,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            error = _cause(record.exc_info[1])
            line["exception"] = type(error).__qualname__
            line["trace"] = _places(error.__traceback__)
        return json.dumps({name: value for name, value in line.items() if value is not None}, ensure_ascii=True)


def _cause(error: BaseException) -> BaseException:
    """What broke first, for errors that came as a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
