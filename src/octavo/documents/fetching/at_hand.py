"""For callers whose documents mostly lie on disk already: what brings others is made when one comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from octavo.domain.document import DocumentRef, SpooledDocument
from octavo.domain.ports import DocumentFetcher


@dataclass(slots=True)
class AtHand:
    """A `DocumentFetcher` that starts quickly: HTTP is loaded with the first address."""

    make: Callable[[], DocumentFetcher]
    _made: DocumentFetcher | None = field(default=None, init=False)

    async def fetch(self, ref: DocumentRef, folder: Path) -> SpooledDocument:
        """The document where it is, whatever its size; others through the fetcher that is made now.

        Raises:
            InvalidSettings: that fetcher cannot be made.
        """
        if isinstance(ref, SpooledDocument):
            return ref
        if self._made is None:
            self._made = self.make()
        return await self._made.fetch(ref, folder)
