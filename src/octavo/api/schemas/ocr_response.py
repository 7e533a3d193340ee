"""What `POST /v1/ocr` answers. Names and nullability are Mistral's; `octavo` and `warnings` of a page are our own.

Lists that clients refuse as null are always lists; keys that clients expect are there even when they are null.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, NonNegativeInt

from octavo.domain.result import TextSource
from octavo.domain.work import TableFormat

Share = Annotated[float, Field(ge=0, le=1)]


class OCRImageObject(BaseModel):
    """A picture: its box in pixels of `dimensions`, and its JPEG as a data URL when asked for."""

    id: str
    top_left_x: NonNegativeInt
    top_left_y: NonNegativeInt
    bottom_right_x: NonNegativeInt
    bottom_right_y: NonNegativeInt
    image_base64: str | None = None
    image_annotation: str | None = None


class OCRPageDimensions(BaseModel):
    """The raster that all boxes of the page are in."""

    dpi: NonNegativeInt
    height: NonNegativeInt
    width: NonNegativeInt


class OCRConfidenceScore(BaseModel):
    """One word; `text` stands at `start_index` of the Markdown, to the letter."""

    text: str
    confidence: Share
    start_index: NonNegativeInt


class OCRPlacedConfidenceScore(OCRConfidenceScore):
    """One word with its box, where boxes of words were asked for."""

    top_left_x: NonNegativeInt
    top_left_y: NonNegativeInt
    bottom_right_x: NonNegativeInt
    bottom_right_y: NonNegativeInt


WordScores = list[OCRPlacedConfidenceScore] | list[OCRConfidenceScore]


class OCRTableObject(BaseModel):
    """A table that left the Markdown."""

    id: str
    content: str
    format: TableFormat
    word_confidence_scores: WordScores | None = None


class OCRPageConfidenceScores(BaseModel):
    """Confidence of a page."""

    average_page_confidence_score: Share
    minimum_page_confidence_score: Share


class OCRWordConfidenceScores(OCRPageConfidenceScores):
    """Confidence of a page and of its words."""

    word_confidence_scores: WordScores


class OCRBlockConfidenceScores(BaseModel):
    """Confidence of a block: of what it says, and of what it is."""

    average_content_confidence_score: Share | None = None
    minimum_content_confidence_score: Share | None = None
    block_type_confidence_score: Share | None = None


class _Block(BaseModel):
    top_left_x: NonNegativeInt
    top_left_y: NonNegativeInt
    bottom_right_x: NonNegativeInt
    bottom_right_y: NonNegativeInt
    content: str
    confidence_scores: OCRBlockConfidenceScores | None = None


class OCRTextBlock(_Block):
    """A block that is neither a picture nor a table."""

    type: Literal[
        "text",
        "title",
        "list",
        "equation",
        "caption",
        "code",
        "references",
        "aside_text",
        "header",
        "footer",
        "signature",
    ]


class OCRImageBlock(_Block):
    """A picture in the reading order."""

    type: Literal["image"] = "image"
    image_id: str


class OCRTableBlock(_Block):
    """A table in the reading order; without `table_id` it stands inline."""

    type: Literal["table"] = "table"
    table_id: str | None = None


OCRBlock = Annotated[OCRTextBlock | OCRImageBlock | OCRTableBlock, Field(discriminator="type")]


class OctavoPage(BaseModel):
    """What only Octavo tells of a page."""

    text_source: TextSource = Field(
        description="Where the words came from: the text layer, the pixels, both, or nothing."
    )
    turned: int = Field(
        0,
        ge=0,
        le=270,
        multiple_of=90,
        description="Degrees counter-clockwise by which the page was turned to stand upright, as all its boxes see it.",
    )
    error_code: str | None = Field(None, description="Why the page could not be read; the reason is in `warnings`.")


class OCRPageObject(BaseModel):
    """One page."""

    index: NonNegativeInt
    markdown: str
    images: list[OCRImageObject] = []
    dimensions: OCRPageDimensions | None
    tables: list[OCRTableObject] = []
    hyperlinks: list[str] = []
    header: str | None = None
    footer: str | None = None
    confidence_scores: OCRWordConfidenceScores | OCRPageConfidenceScores | None = None
    blocks: list[OCRBlock] | None = None
    warnings: list[str] = []
    octavo: OctavoPage


class OCRUsageInfo(BaseModel):
    """What was read."""

    pages_processed: NonNegativeInt
    doc_size_bytes: NonNegativeInt | None = None


class OCRResponse(BaseModel):
    """The answer for one document."""

    pages: list[OCRPageObject]
    model: str
    document_annotation: str | None = None
    usage_info: OCRUsageInfo
