"""Reads tables: SLANet-plus names rows, cells and spans, and the words given are put into the cells.

After `ppstructure/table` of PaddleOCR (Apache-2.0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import BlockKind, Table, Word
from octavo.domain.document import Image
from octavo.domain.geometry import BBox
from octavo.domain.result import Recognition
from octavo.engines.pixels import IMAGENET_DEVIATION, IMAGENET_MEAN, Floats, as_input, resized
from octavo.engines.sessions import open_session
from octavo.engines.table_cells import Slot, filled, slots_of

_SIDE = 488
_START, _END = "sos", "eos"
_PLAIN = "<td></td>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token of the structure; the box, in pixels of the image, means something for cells alone."""

    text: str
    box: BBox
    confidence: float


class TableStructure:
    """Table recogniser (`RegionRecognizer`)."""

    def __init__(self) -> None:
        """Opens the weights; the tokens are listed in them."""
        self._session = open_session("table_structure.onnx")
        self._input = self._session.get_inputs()[0].name
        listed = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        # The network was trained with the two tags of a plain cell merged into one token at the end of the list.
        self._tokens = [_START, *(text for text in listed if text not in ("<td>", _PLAIN)), _PLAIN, _END]

    @property
    def kinds(self) -> frozenset[BlockKind]:
        """Tables alone."""
        return frozenset({BlockKind.TABLE})

    def recognize(
        self,
        image: Image,
        words: Sequence[Word] = (),
        languages: Sequence[str] = (),  # noqa: ARG002 - a grid has none
    ) -> Recognition:
        """The table on `image` (RGB, cut close around it), every word of `words` in exactly one of its cells.

        Its confidence is the mean probability of the structure's tokens; `table` is None when no cell was seen.
        """
        tokens = self._read(image)
        slots = slots_of([(token.text, token.box) for token in tokens])
        confidence = sum(token.confidence for token in tokens) / len(tokens) if tokens else 0.0
        table = _table(slots, words)
        return Recognition(words=tuple(words), table=table, confidence=confidence)

    def _read(self, image: Image) -> list[Token]:
        height, width = image.shape[:2]
        longest = max(height, width)
        seen = resized(image, max(1, width * _SIDE // longest), max(1, height * _SIDE // longest))
        square = np.zeros((1, 3, _SIDE, _SIDE), dtype=np.float32)
        square[:, :, : seen.shape[0], : seen.shape[1]] = as_input(seen, IMAGENET_MEAN, IMAGENET_DEVIATION, bgr=True)
        corners, scores = (output[0] for output in self._session.run(None, {self._input: square}))
        return self._decode(corners, scores, longest)

    def _decode(self, corners: Floats, scores: Floats, longest: int) -> list[Token]:
        best: NDArray[np.intp] = scores.argmax(axis=1)
        tokens: list[Token] = []
        for step, number in enumerate(best.tolist()):
            text = self._tokens[number]
            if text == _END and step > 0:
                break
            if text not in (_START, _END):
                xs, ys = corners[step, 0::2] * longest, corners[step, 1::2] * longest
                box = BBox(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
                tokens.append(Token(text=text, box=box, confidence=float(scores[step, number])))
        return tokens


def _table(slots: Sequence[Slot], words: Sequence[Word]) -> Table | None:
    if not slots:
        return None
    return Table(
        rows=max(slot.row + slot.row_span for slot in slots),
        columns=max(slot.column + slot.column_span for slot in slots),
        cells=filled(slots, words),
    )
