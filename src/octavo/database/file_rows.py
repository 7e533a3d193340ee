"""Files as rows, and rows as files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, insert

from octavo.database import blobs
from octavo.database.schema import files
from octavo.domain.file import Blob, FilePurpose, FileSource, SampleType, StoredFile, Visibility


def enter(connection: Connection, file: StoredFile) -> None:
    """Add a file, whose blob is in use from then on.

    Raises:
        StorageFailed: its blob is not there any more.
    """
    connection.execute(insert(files).values(_row_of(file)))
    blobs.use(connection, [file.blob.name])


def file_of(row: RowMapping) -> StoredFile:
    """The file in a row."""
    return StoredFile(
        id=row["id"],
        owner=row["owner"],
        name=row["name"],
        blob=Blob(name=row["blob"], size=row["size"], sha256=row["sha256"]),
        purpose=FilePurpose(row["purpose"]),
        sample_type=SampleType(row["sample_type"]),
        source=FileSource(row["source"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        num_lines=row["num_lines"],
        mimetype=row["mimetype"],
        visibility=Visibility(row["visibility"]),
    )


def _row_of(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "owner": file.owner,
        "name": file.name,
        "folded": file.name.casefold(),
        "blob": file.blob.name,
        "size": file.blob.size,
        "sha256": file.blob.sha256,
        "purpose": str(file.purpose),
        "sample_type": str(file.sample_type),
        "source": str(file.source),
        "created_at": file.created_at,
        "expires_at": file.expires_at,
        "num_lines": file.num_lines,
        "mimetype": file.mimetype,
        "visibility": str(file.visibility),
    }
