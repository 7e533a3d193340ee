"""The lines of JSONL, found while the bytes come: where each lies, never what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

BOM = b"\xef\xbb\xbf"
"""UTF-8's byte order mark: not a part of the first line."""


def spans_of(pieces: Iterable[bytes], start: int = 0) -> Iterator[tuple[int, int]]:
    r"""Offset and length of each line that is not blank, without its `\n` or `\r\n`.

    In constant memory, however long a line is, for only places are remembered.

    Args:
        pieces: the bytes from `start` on, cut anywhere.
        start: where a line begins; offsets are counted from the beginning of the whole.
    """
    lines = Lines(start)
    for piece in pieces:
        yield from lines.feed(piece)
    yield from lines.close()


class Lines:
    """The same for bytes that are pushed: each call tells the lines that have ended."""

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

    def feed(self, piece: bytes) -> Iterator[tuple[int, int]]:
        """Take the next piece."""
        if self._head is not None:
            piece = self._headed(self._head + piece)
        begun, base = 0, self._place
        end = piece.find(b"\n")
        while end >= 0:
            yield from self._line(piece[begun:end], base + end)
            begun = end + 1
            self.number += 1
            self._begin(base + begun)
            end = piece.find(b"\n", begun)
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
