"""One line of text as it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from octavo.engines.pixels import Quad
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Ink, Piece, split

_FEW = 3
"""Lines of so few characters must be read with at least this confidence, or count as unread."""
_SURE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """One line as read: its quad with the top edge above the text, its characters and its ink."""

    quad: Quad
    glyphs: tuple[Glyph, ...]
    ink: Ink
    width: int
    height: int
    pieces: tuple[Piece, ...] | None = None
    """Its words in reading order, where another reader than the network found them."""
    tried: bool = True
    """Whether the network looked at it."""
    words: Sequence[Piece] = field(init=False, repr=False)
    """Its words in reading order."""

    def __post_init__(self) -> None:
        """Find the words here, where several threads read lines."""
        words = split(self.glyphs, self.ink) if self.pieces is None else self.pieces
        object.__setattr__(self, "words", words)

    @property
    def confidence(self) -> float:
        """Mean over the characters (or words); 0 for a line that could not be read."""
        read = self.glyphs if self.pieces is None else self.pieces
        return sum(each.confidence for each in read) / len(read) if read else 0.0

    @property
    def text(self) -> str:
        """All that it says."""
        return "".join(each.text for each in (self.glyphs if self.pieces is None else self.pieces))

    @property
    def speck(self) -> bool:
        """A few characters that the network is unsure of: dirt and pieces of pictures look like that."""
        return len(self.text) <= _FEW and self.confidence < _SURE
