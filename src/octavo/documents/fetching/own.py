"""Addresses of this server's own files: told by their path and query, whatever host they name.

Behind a proxy the server may not know by which names it is called, and it should not have to ask itself over HTTP for
what lies on its own disk. Whether the signature is really ours is for the keeper of the secret to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from octavo.domain.document import FileRef, SpooledDocument
from octavo.domain.errors import UnknownFile

FILE_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""A UUID, in lower case."""
_FILE_ID = re.compile(FILE_ID, re.ASCII)
_PATH = re.compile(rf"/files/({FILE_ID})/content/?\Z", re.ASCII)
_EXPIRES = re.compile(r"\d{1,12}", re.ASCII)
_LONGEST = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAddress:
    """What an address of ours says.

    Attributes:
        file_id: of the file whose content it leads to.
        expires: when it ends, in seconds since 1970.
        signature: that of whoever made the address.
    """

    file_id: str
    expires: int
    signature: str = field(repr=False)


class Uploads(Protocol):
    """Finds uploaded files."""

    async def bring(self, ref: FileRef, folder: Path) -> SpooledDocument:
        """A file of the caller's own; `folder` may be used.

        Raises:
            UnknownFile: there is none of that id.
        """
        ...

    async def bring_signed(self, address: SignedAddress, folder: Path) -> SpooledDocument | None:
        """The file of an address; None if the signature is not ours.

        Raises:
            FetchFailed: its time is up.
        """
        ...


class NoUploads:
    """Nothing was ever uploaded."""

    async def bring(self, ref: FileRef, folder: Path) -> SpooledDocument:  # noqa: ARG002  as `Uploads` has it
        """There is none.

        Raises:
            UnknownFile: always.
        """
        raise UnknownFile("Could not get file.")

    async def bring_signed(self, address: SignedAddress, folder: Path) -> SpooledDocument | None:  # noqa: ARG002
        """Nothing was ever signed."""
        return None


def signed_address(url: str) -> SignedAddress | None:
    """What the URL says if it looks like an address of ours, else None."""
    if len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
        query = parse_qs(parts.query, max_num_fields=16)
    except ValueError:
        return None
    found = _PATH.search(parts.path.lower())
    return found and address_of(found[1], query.get("expires", [""])[0], query.get("signature", [""])[0])


def address_of(file_id: str, expires: str, signature: str) -> SignedAddress | None:
    """The parts of an address together, or None where they cannot be ours."""
    if not _FILE_ID.fullmatch(file_id.lower()) or not _EXPIRES.fullmatch(expires) or not signature:
        return None
    return SignedAddress(file_id=file_id.lower(), expires=int(expires), signature=signature)
