"""The one table from errors to exit codes; `docs/cli.md` and `octavo --help` are made from it."""

from __future__ import annotations

from octavo.domain import errors
from octavo.domain.errors import OctavoError

SUCCESS = 0
CANNOT_WRITE = 9
INTERRUPTED = 130

MEANINGS = {
    SUCCESS: "everything that was asked for was done",
    1: "Octavo broke down (please report it), or `octavo doctor` or `migrate --check` found work to do",
    2: "the command line or a setting is wrong",
    3: "a document or a backup is damaged; or a document cannot be found, or is none that Octavo reads",
    4: "a document needs a password, or the one given is wrong",
    5: "a document exceeds a limit",
    6: "an address did not deliver the document, or may not be fetched",
    7: "reading a page broke down or took too long",
    8: "a part of Octavo is not installed",
    CANNOT_WRITE: "an answer or a backup cannot be written",
    INTERRUPTED: "interrupted by Ctrl-C, or the batch job was cancelled",
}

EXIT_CODES: dict[type[OctavoError], int] = {
    errors.OctavoError: 1,
    errors.InvalidRequest: 2,
    errors.UnsupportedDocument: 3,
    errors.InvalidDocumentReference: 3,
    errors.UnknownFile: 3,
    errors.NotFound: 3,
    errors.Conflict: 2,
    errors.LimitExceeded: 5,
    errors.DocumentError: 3,
    errors.EncryptedDocument: 4,
    errors.FetchFailed: 6,
    errors.FetchForbidden: 6,
    errors.EngineError: 7,
    errors.EngineNotInstalled: 8,
}
"""A class that is not listed has the code of its nearest listed parent."""


def exit_code(error: type[OctavoError]) -> int:
    """The code of an error class: its own, or that of its nearest parent in the table."""
    return next(EXIT_CODES[kind] for kind in error.__mro__ if kind in EXIT_CODES)


def exit_code_of_page(code: str) -> int:
    """The exit code for the `code` of a page that failed."""
    return next((exit_code(kind) for kind in error_classes() if kind.code == code), 1)


def error_classes(root: type[OctavoError] = OctavoError) -> list[type[OctavoError]]:
    """`root` and every class below it, parents first."""
    return [root, *(kind for child in root.__subclasses__() for kind in error_classes(child))]
