"""The lines of JSONL, found while the bytes come: where each lies, never what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

BOM = b"\xef\xbb\xbf"
"""UTF-8's byte order mark: not a part of the first line."""
_WRITTEN = re.compile(rb"\S[^\n]*")
"""What a line has from its first byte on that is not blank."""
_RETURN = ord("\r")
_BLANK = b" \t\r\v\f"
_SEEN = bytes.maketrans(bytes(range(256)), bytes(byte if byte == ord("\n") else ord("x") for byte in range(256)))
"""Makes every byte but the line break an `x`."""
_SHORT = 32
"""Bytes of a line, on average, up to which it is quicker to look at all bytes than at one line after the other."""


def spans_of(pieces: Iterable[bytes], start: int = 0) -> Iterator[tuple[int, int]]:
    r"""Offset and length of each line that is not blank, without its `\n` or `\r\n`.

    In constant memory, however long a line is, for only places are remembered.

    Args:
        pieces: the bytes from `start` on, cut anywhere.
        start: where a line begins; offsets are counted from the beginning of the whole.
    """
    yield from Lines(start).of(pieces)


class LineCount:
    """How many lines are not blank, for bytes that are pushed: much faster than to find them.

    Attributes:
        ended: those that have come whole.
    """

    def __init__(self) -> None:
        self.ended = 0
        self._head: bytes | None = b""
        self._open = False

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        if self._head is not None:
            piece = self._headed(self._head + piece)
        seen = b"x" * self._open + (_squeezed if piece.count(b"\n") * _SHORT > len(piece) else _shortened)(piece)
        self.ended += seen.count(b"x\n")
        self._open = seen.endswith(b"x")

    def close(self) -> int:
        """All of them, the last one included where it has no end of its own."""
        return self.ended + bool(self._open or self._head)

    def _headed(self, head: bytes) -> bytes:
        begins = len(head) < len(BOM) and BOM.startswith(head)
        self._head = head if begins else None
        return b"" if begins else head.removeprefix(BOM)


class Lines:
    """The same as `spans_of` for bytes that are pushed: each call tells the lines that have ended."""

    def __init__(self, start: int = 0) -> None:
        r"""`start`: where a line begins.

        Attributes are about the line under way: where it began, whether all of it so far is blank, and whether the last
        byte was a `\r`, which may belong to its end. While a line is told, `number` is its own, from 1 on; blank lines
        count as well.
        """
        self.number = 1
        self._place = start
        self._began = start
        self._blank = True
        self._return = False
        self._head: bytes | None = b"" if start == 0 else None

    def of(self, pieces: Iterable[bytes]) -> Iterator[tuple[int, int]]:
        """All pieces one after the other, to the end."""
        for piece in pieces:
            yield from self.feed(piece)
        yield from self.close()

    def feed(self, piece: bytes) -> Iterator[tuple[int, int]]:
        """Take the next piece."""
        if self._head is not None:
            piece = self._headed(self._head + piece)
        base, first, begun = self._place, piece.find(b"\n"), piece.rfind(b"\n") + 1
        if begun:
            yield from self._line(piece[:first], base + first)
            yield from self._whole(piece, first, begun)
            self._begin(base + begun)
        self._add(piece[begun:])
        self._place = base + len(piece)

    def close(self) -> Iterator[tuple[int, int]]:
        """The last line, where it has no end of its own."""
        head, self._head = self._head or b"", None
        self._add(head)
        self._place += len(head)
        yield from self._line(b"", self._place)
        self._begin(self._place)

    def _headed(self, head: bytes) -> bytes:
        """What is to be looked at of the very first bytes: nothing as long as they may become a byte order mark."""
        if len(head) < len(BOM) and BOM.startswith(head):
            self._head = head
            return b""
        self._head = None
        if not head.startswith(BOM):
            return head
        self._place = len(BOM)
        self._begin(len(BOM))
        return head[len(BOM) :]

    def _whole(self, piece: bytes, last: int, end: int) -> Iterator[tuple[int, int]]:
        """Lines that lie in the piece as a whole, from the break at `last` on; blank ones cost next to nothing."""
        base = self._place
        for written in _WRITTEN.finditer(piece, last, end):
            begun, stop = written.span()
            if begun - last > 1:
                begun = piece.rfind(b"\n", last, begun) + 1
                self.number += piece.count(b"\n", last, begun)
            else:
                self.number += 1
            last = stop
            yield base + begun, stop - begun - (piece[stop - 1] == _RETURN)
        self.number += piece.count(b"\n", last, end)

    def _line(self, rest: bytes, end: int) -> Iterator[tuple[int, int]]:
        self._add(rest)
        if not self._blank:
            yield self._began, end - self._began - self._return

    def _add(self, part: bytes) -> None:
        if part:
            self._blank = self._blank and part.isspace()
            self._return = part.endswith(b"\r")

    def _begin(self, place: int) -> None:
        self._began, self._blank, self._return = place, True, False


def _squeezed(piece: bytes) -> bytes:
    """`x`s for what is not blank, and the line breaks."""
    return piece.translate(_SEEN, _BLANK)


def _shortened(piece: bytes) -> bytes:
    """The same, with one `x` for each line."""
    return b"\n".join([b"" if not line or line.isspace() else b"x" for line in piece.split(b"\n")])
