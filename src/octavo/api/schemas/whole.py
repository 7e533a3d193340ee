"""The whole answer as one object: what `POST /v1/ocr` streams, for callers in the same process."""

from __future__ import annotations

from octavo.api.schemas.from_domain import image_object, page_object
from octavo.api.schemas.ocr_response import OCRPageObject, OCRResponse, OCRUsageInfo
from octavo.domain.result import OcrResult, RenderedPage
from octavo.domain.work import AnswerOptions


def response_of(result: OcrResult, options: AnswerOptions, model: str) -> OCRResponse:
    """The answer that names `model`; pictures are read from the spool where they are asked for."""
    return OCRResponse(
        pages=[_page(page, options) for page in result.pages],
        model=model,
        usage_info=OCRUsageInfo(pages_processed=result.pages_processed, doc_size_bytes=result.doc_size_bytes),
    )


def _page(page: RenderedPage, options: AnswerOptions) -> OCRPageObject:
    images = [image_object(image, page.size, options) for image in page.images]
    return page_object(page, options).model_copy(update={"images": images})
