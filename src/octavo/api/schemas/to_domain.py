"""From the wire's request to the nouns of the domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from octavo.api.schemas.ocr_request import (
    DocumentURLChunk,
    FileChunk,
    OCROptions,
    OCRRequest,
    OctavoOptions,
    address_of,
)
from octavo.documents.page_ranges import parse_pages
from octavo.domain.document import DataUriRef, DocumentRef, FileRef, SpooledText, UrlRef
from octavo.domain.errors import UnsupportedOption
from octavo.domain.work import AnswerOptions, ReadOptions, ReadRequest, TextLayer

_ANNOTATIONS = ("bbox_annotation_format", "document_annotation_format", "document_annotation_prompt")


NO_TEXTS: Mapping[str, Path] = {}


def document_ref(request: OCRRequest, texts: Mapping[str, Path] = NO_TEXTS, *, owner: str) -> DocumentRef:
    """Where the document is. What is neither an address nor a file is base64, with or without its `data:` label.

    Args:
        request: as it was sent, but for its long strings.
        texts: files of the long strings, by what stands in their place.
        owner: who asks; only their own files can be named.
    """
    document = request.document
    address = address_of(document).strip()
    if isinstance(document, FileChunk):
        return FileRef(file_id=address, owner=owner)
    name = document.document_name if isinstance(document, DocumentURLChunk) else None
    if address in texts:
        return SpooledText(path=texts[address], name=name)
    if address[:8].lower().startswith(("http://", "https://")):
        return UrlRef(url=address, name=name)
    return DataUriRef(uri=address, name=name)


def read_request(  # noqa: PLR0913  each is named where it is called
    options: OCROptions,
    document: DocumentRef,
    *,
    extra: OctavoOptions,
    model: str,
    dpi: int,
    languages: Sequence[str] = (),
    owner: str,
    deadline: float | None = None,
    job: str | None = None,
) -> ReadRequest:
    """The request as the service takes it.

    Args:
        options: what the caller asked for.
        document: where the document is.
        extra: Octavo's own options, of the header and of the body together.
        model: id of the model, resolved.
        dpi: pixels per inch where the caller named none,
        languages: and languages to expect.
        owner: whose request it is.
        deadline: when it must be answered, on the clock of `time.monotonic`; None is whenever it is done.
        job: id of the batch job that it belongs to.

    Raises:
        UnsupportedOption: annotations are asked for.
    """
    _refuse_annotations(options)
    read = ReadOptions(
        model=model,
        text_layer=extra.text_layer or TextLayer.AUTO,
        languages=tuple(languages if extra.languages is None else extra.languages),
        dpi=extra.dpi or dpi,
    )
    return ReadRequest(
        document=document,
        pages=parse_pages(options.pages),
        read=read,
        answer=_answer_options(options, extra),
        password=extra.password.get_secret_value() if extra.password else None,
        owner=owner,
        deadline=deadline,
        job=job,
    )


def _answer_options(options: OCROptions, extra: OctavoOptions) -> AnswerOptions:
    """What changes the form of the answer."""
    return AnswerOptions(
        include_image_base64=bool(options.include_image_base64),
        image_limit=options.image_limit,
        image_min_size=options.image_min_size,
        table_format=options.table_format,
        extract_header=options.extract_header,
        extract_footer=options.extract_footer,
        include_blocks=options.include_blocks,
        granularity=options.confidence_scores_granularity,
        word_boxes=extra.word_boxes,
    )


def _refuse_annotations(options: OCROptions) -> None:
    asked = [name for name in _ANNOTATIONS if getattr(options, name) is not None]
    if asked:
        raise UnsupportedOption(
            f"`{asked[0]}` is not supported: this installation has no model that annotates. Leave it out or send null."
        )
