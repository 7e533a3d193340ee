"""Every error that Octavo raises on purpose. No HTTP in here: `api/errors.py` and `cli` map classes.

OctavoError
├── InvalidRequest
│   ├── UnsupportedDocument      the bytes are no document that Octavo reads
│   ├── InvalidDocumentReference empty URL, wrong base64, not a URL at all
│   ├── UnknownFile              the document is named by an id that no file has
│   ├── InvalidFileFormat        no batch can be made of an uploaded file
│   ├── InvalidPageRange         page numbers that are malformed or outside the document
│   ├── UnknownLanguage          a language to expect that nobody knows
│   ├── UnknownModel             no model of that name
│   ├── UnsupportedOption        a known option that this installation cannot serve
│   └── InvalidSettings          the server was configured in a way that cannot work
├── NotFound
│   ├── FileNotFound             no file of that id
│   └── JobNotFound              no batch job of that id
├── Conflict
│   ├── IllegalMove              the job cannot become that from where it stands
│   └── KeyReused                the same Idempotency-Key came with another body
├── LimitExceeded
│   ├── FileTooLarge             more bytes than the limit
│   └── TooManyPages             more pages than the limit
├── DocumentError
│   ├── CorruptDocument          the bytes break off or contradict themselves
│   ├── EncryptedDocument        a password is needed, or the one given is wrong
│   ├── FetchFailed              the address did not deliver the document
│   └── FetchForbidden           the address may not be fetched
└── EngineError
    ├── EngineNotInstalled       an optional part is missing
    ├── EngineFailed             reading broke down (retryable)
    │   ├── WorkerLost           the process that read died or took too much memory (retryable)
    │   ├── WorkerEvicted        it was ended for the machine's memory, which others filled as well (retryable)
    │   └── NoWorker             no process that reads can be started at the moment (retryable)
    ├── EngineTimeout            a page, or opening a document, took too long (retryable)
    ├── PageQuarantined          this page has cost two workers and is left alone for a while
    ├── RequestTimeout           the time of the whole request is up (retryable)
    ├── Overloaded               too much is waiting already (retryable)
    ├── DatabaseFailed           the ledger cannot be reached at the moment (retryable)
    ├── StorageFailed            the data folder cannot be written to (retryable)
    │   ├── OutOfSpace           the disk is full (retryable)
    │   └── BlobLost             what was stored is not there any more (retryable)
    └── ShuttingDown             the server is about to end (retryable)

Each message is written for the person who made the request: what is wrong, then what to do.
"""

from __future__ import annotations

from collections.abc import Sequence


class OctavoError(Exception):
    """Root of the tree; `code` names the kind of error for logs and programs."""

    code = "octavo_error"
    retryable = False


class InvalidRequest(OctavoError):
    """The request itself is wrong and would fail again."""

    code = "invalid_request"


class UnsupportedDocument(InvalidRequest):
    """The bytes are no document that Octavo reads."""

    code = "unsupported_document"


class InvalidDocumentReference(InvalidRequest):
    """The place of the document is empty, malformed or wrongly encoded."""

    code = "invalid_document_reference"


class UnknownFile(InvalidRequest):
    """The document is named by an id that no file has."""

    code = "unknown_file"


class InvalidFileFormat(InvalidRequest):
    """No batch can be made of the uploaded file: it is empty, not UTF-8, or has no line that is an object."""

    code = "invalid_file_format"

    def __init__(self, message: str = "Invalid file format.", lines: Sequence[tuple[int, str]] = ()) -> None:
        """`lines`: numbers of lines (from 1) with what is wrong with them, the first ones."""
        super().__init__(message)
        self.lines = tuple(lines)


class InvalidPageRange(InvalidRequest):
    """A page number is malformed or lies outside the document."""

    code = "invalid_page_range"


class UnknownLanguage(InvalidRequest):
    """A language to expect that is not known; the message names those that are."""

    code = "unknown_language"


class UnknownModel(InvalidRequest):
    """No model of that name; the message names the model as `Invalid model: X`."""

    code = "unknown_model"


class UnsupportedOption(InvalidRequest):
    """A known option that this installation cannot serve."""

    code = "unsupported_option"


class InvalidSettings(InvalidRequest):
    """The server was configured in a way that cannot work."""

    code = "invalid_settings"


class NotFound(OctavoError):
    """The thing that was named does not exist, or is not the caller's."""

    code = "not_found"


class FileNotFound(NotFound):
    """No file of that id."""

    code = "file_not_found"


class JobNotFound(NotFound):
    """No batch job of that id."""

    code = "job_not_found"


class Conflict(OctavoError):
    """What is asked contradicts what is."""

    code = "conflict"


class IllegalMove(Conflict):
    """The batch job cannot become that from where it stands."""

    code = "illegal_move"


class KeyReused(Conflict):
    """The same Idempotency-Key came before, with another body."""

    code = "key_reused"


class LimitExceeded(OctavoError):
    """A limit of this installation is exceeded; limits are settable."""

    code = "limit_exceeded"


class FileTooLarge(LimitExceeded):
    """More bytes than the limit."""

    code = "file_too_large"


class TooManyPages(LimitExceeded):
    """More pages than the limit."""

    code = "too_many_pages"


class DocumentError(OctavoError):
    """The document cannot be had or read."""

    code = "document_error"


class CorruptDocument(DocumentError):
    """The bytes break off or contradict themselves."""

    code = "corrupt_document"


class EncryptedDocument(DocumentError):
    """A password is needed, or the one given is wrong."""

    code = "encrypted_document"


class FetchFailed(DocumentError):
    """The address did not deliver the document."""

    code = "fetch_failed"


class FetchForbidden(DocumentError):
    """The address may not be fetched: not public, and not allowed by `--allow-fetch`."""

    code = "fetch_forbidden"


class EngineError(OctavoError):
    """Reading the pages failed on our side."""

    code = "engine_error"


class EngineNotInstalled(EngineError):
    """An optional part is missing; the message names the command that installs it."""

    code = "engine_not_installed"


class EngineFailed(EngineError):
    """Reading broke down."""

    code = "engine_failed"
    retryable = True


class WorkerLost(EngineFailed):
    """The process that read died, or was killed for the memory that it took."""

    code = "worker_lost"


class WorkerEvicted(EngineFailed):
    """The process that read was ended for the machine's memory, which others filled as well."""

    code = "worker_evicted"


class NoWorker(EngineFailed):
    """No process that reads can be started at the moment."""

    code = "no_worker"


class EngineTimeout(EngineError):
    """A page, or opening a document, took too long."""

    code = "engine_timeout"
    retryable = True


class PageQuarantined(EngineError):
    """This page has cost two workers and is left alone for a while."""

    code = "page_quarantined"


class RequestTimeout(EngineError):
    """The time of the whole request is up; the message says what is done and how to go on."""

    code = "request_timeout"
    retryable = True


class Overloaded(EngineError):
    """Too much is waiting already; try again later."""

    code = "overloaded"
    retryable = True


class DatabaseFailed(EngineError):
    """The ledger cannot be reached at the moment."""

    code = "database_failed"
    retryable = True


class StorageFailed(EngineError):
    """The data folder cannot be written to."""

    code = "storage_failed"
    retryable = True


class OutOfSpace(StorageFailed):
    """The disk is full."""

    code = "out_of_space"


class BlobLost(StorageFailed):
    """What was stored is not there any more, or not all of it."""

    code = "blob_lost"


class ShuttingDown(EngineError):
    """The server is about to end."""

    code = "shutting_down"
    retryable = True
