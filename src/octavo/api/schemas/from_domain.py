"""From rendered pages to the wire's objects."""

from __future__ import annotations

import base64

from octavo.api.schemas.ocr_response import (
    OCRBlock,
    OCRBlockConfidenceScores,
    OCRConfidenceScore,
    OCRImageBlock,
    OCRImageObject,
    OCRPageConfidenceScores,
    OCRPageDimensions,
    OCRPageObject,
    OCRPlacedConfidenceScore,
    OCRTableBlock,
    OCRTableObject,
    OCRTextBlock,
    OCRWordConfidenceScores,
    OctavoPage,
    WordScores,
)
from octavo.domain.block import BlockKind
from octavo.domain.geometry import BBox, Size
from octavo.domain.result import Confidence, RenderedBlock, RenderedImage, RenderedPage, RenderedTable, WordScore
from octavo.domain.work import AnswerOptions, Granularity, TableFormat


def page_object(page: RenderedPage, options: AnswerOptions) -> OCRPageObject:
    """One page without its pictures, which are added as they are read from disk."""
    return OCRPageObject(
        index=page.index,
        markdown=page.markdown,
        dimensions=_dimensions(page),
        tables=[_table(table, page.size, options) for table in page.tables],
        hyperlinks=list(page.hyperlinks),
        header=page.header,
        footer=page.footer,
        confidence_scores=_page_scores(page, options),
        blocks=[_block(block, page.size, options.granularity) for block in page.blocks]
        if options.include_blocks
        else None,
        warnings=list(page.warnings),
        octavo=OctavoPage(
            text_source=page.source, turned=page.turned, error_code=page.failure.code if page.failure else None
        ),
    )


def image_object(image: RenderedImage, size: Size, options: AnswerOptions) -> OCRImageObject:
    """One picture of a page of `size`; its file is read from the spool where it is asked for."""
    data = _data_url(image) if options.include_image_base64 else None
    return OCRImageObject(id=image.id, **_corners(image.box, size), image_base64=data)


def _data_url(image: RenderedImage) -> str | None:
    """None for a picture that was not cut."""
    if image.path is None:
        return None
    return "data:image/jpeg;base64," + base64.b64encode(image.path.read_bytes()).decode("ascii")


def _dimensions(page: RenderedPage) -> OCRPageDimensions | None:
    """None for a page that could not even be opened."""
    if page.size.area <= 0:
        return None
    return OCRPageDimensions(dpi=page.dpi, height=round(page.size.height), width=round(page.size.width))


def _corners(box: BBox, size: Size) -> dict[str, int]:
    """Whole pixels on the page: clients refuse fractions and negative numbers."""
    inside = box.clipped(size)
    return {
        "top_left_x": round(inside.x0),
        "top_left_y": round(inside.y0),
        "bottom_right_x": round(inside.x1),
        "bottom_right_y": round(inside.y1),
    }


def _share(confidence: float) -> float:
    """A confidence as it travels: four digits, within 0 and 1."""
    return round(min(max(confidence, 0.0), 1.0), 4)


def _scores(words: tuple[WordScore, ...], size: Size, *, boxes: bool) -> WordScores:
    told = [
        (word, {"text": word.text, "confidence": _share(word.confidence), "start_index": word.start}) for word in words
    ]
    if boxes:
        return [OCRPlacedConfidenceScore(**score, **_corners(word.box, size)) for word, score in told]
    return [OCRConfidenceScore(**score) for _, score in told]


def _page_scores(page: RenderedPage, options: AnswerOptions) -> OCRPageConfidenceScores | None:
    """Aggregates whatever the granularity, the words with them when asked for; nothing for a page that was not read."""
    if options.granularity is None or page.failure:
        return None
    aggregates = {
        "average_page_confidence_score": _share(page.confidence.average),
        "minimum_page_confidence_score": _share(page.confidence.minimum),
    }
    if options.granularity is Granularity.WORD:
        words = _scores(page.words, page.size, boxes=options.word_boxes)
        return OCRWordConfidenceScores(**aggregates, word_confidence_scores=words)
    return OCRPageConfidenceScores(**aggregates)


def _table(table: RenderedTable, size: Size, options: AnswerOptions) -> OCRTableObject:
    words = options.granularity is Granularity.WORD
    return OCRTableObject(
        id=table.id,
        content=table.content,
        format=TableFormat(table.format),
        word_confidence_scores=_scores(table.words, size, boxes=options.word_boxes) if words else None,
    )


def _block_scores(confidence: Confidence, kind: float) -> OCRBlockConfidenceScores:
    return OCRBlockConfidenceScores(
        average_content_confidence_score=_share(confidence.average),
        minimum_content_confidence_score=_share(confidence.minimum),
        block_type_confidence_score=_share(kind),
    )


def _block(block: RenderedBlock, size: Size, granularity: Granularity | None) -> OCRBlock:
    corners = _corners(block.box, size)
    scores = _block_scores(block.confidence, block.kind_confidence) if granularity is Granularity.BLOCK else None
    if block.kind is BlockKind.IMAGE:
        # Without an id clients take the whole block for an unknown one.
        return OCRImageBlock(**corners, content=block.content, confidence_scores=scores, image_id=block.image_id or "")
    if block.kind is BlockKind.TABLE:
        return OCRTableBlock(**corners, content=block.content, confidence_scores=scores, table_id=block.table_id)
    return OCRTextBlock(**corners, type=block.kind.value, content=block.content, confidence_scores=scores)
