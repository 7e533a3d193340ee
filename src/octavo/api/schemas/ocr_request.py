"""What `POST /v1/ocr` takes: Mistral's specification of August 2026 field by field, and Octavo's own options."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    NonNegativeInt,
    SecretStr,
    Tag,
    model_validator,
)

from octavo.documents.page_ranges import parse_pages
from octavo.domain.errors import InvalidPageRange, UnknownLanguage
from octavo.domain.scripts import checked_language
from octavo.domain.work import Granularity, TableFormat, TextLayer

NO_CONTENT = (
    "Document content must be a URL (starting with 'https') or base64 encoded document "
    "(starting with 'data:application/<format>;base64,' or 'data:image/<format>;base64,')"
)
"""Mistral's sentence for a document that is no document; clients know how it begins."""


class Wire(BaseModel):
    """A shape of the request: unknown keys are refused, and no message repeats what was sent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class DocumentURLChunk(Wire):
    """A document behind an address, or inside the request as `data:...;base64,...`."""

    type: Literal["document_url"] | None = "document_url"
    document_url: str
    document_name: Annotated[str, Field(max_length=1024)] | None = None


class ImageURL(Wire):
    """An image's address with a level of detail, which changes nothing here."""

    url: str
    detail: Literal["low", "auto", "high"] | None = None


class ImageURLChunk(Wire):
    """An image behind an address, or inside the request as `data:...;base64,...`."""

    type: Literal["image_url"] | None = "image_url"
    image_url: str | ImageURL


class FileChunk(Wire):
    """A file that was uploaded before."""

    type: Literal["file"] | None = "file"
    file_id: Annotated[str, Field(max_length=256)]


_KINDS = {"document_url": "document_url", "image_url": "image_url", "file_id": "file"}


def _kind_of(chunk: Any) -> str | None:
    """The kind that a chunk names, or the one whose key it has: `type` is optional on the wire."""
    if not isinstance(chunk, dict):
        return getattr(chunk, "type", None)
    named = chunk.get("type")
    if named is not None:
        return named if named in _KINDS.values() else None
    return next((kind for key, kind in _KINDS.items() if key in chunk), None)


Document: TypeAlias = Annotated[
    Annotated[DocumentURLChunk, Tag("document_url")]
    | Annotated[ImageURLChunk, Tag("image_url")]
    | Annotated[FileChunk, Tag("file")],
    Discriminator(
        _kind_of,
        custom_error_type="document_type",
        custom_error_message="Input should be an object with document_url, image_url or file_id, and a type that fits",
    ),
]


def _readable(pages: list[int] | str | None) -> list[int] | str | None:
    """Pages that the grammar of ranges takes; which of them exist is seen when the document is open."""
    try:
        parse_pages(pages)
    except InvalidPageRange as error:
        raise ValueError(str(error)) from None
    return pages


class JsonSchema(Wire):
    """A JSON schema with a name."""

    model_config = ConfigDict(serialize_by_alias=True)

    name: str
    description: str | None = None
    schema_definition: Annotated[dict[str, Any], Field(alias="schema")]
    strict: bool = False


class ResponseFormat(Wire):
    """The form of an annotation."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    json_schema: JsonSchema | None = None


def _known(language: str) -> str:
    """A language that is known."""
    try:
        return checked_language(language)
    except UnknownLanguage as error:
        raise ValueError(str(error)) from None


Language: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$"), AfterValidator(_known)]


class OctavoOptions(Wire):
    """What only Octavo knows: inside the body as `octavo`, or as JSON in the header `X-Octavo-Options`."""

    text_layer: TextLayer | None = Field(
        None, description="Whether a PDF's own text is used: when it is sound (auto), always, or never (pixels only)."
    )
    languages: Annotated[list[Language], Field(max_length=16)] | None = Field(
        None,
        description="BCP 47 codes of the languages to expect; scans are then looked through for their scripts alone. "
        "Without them the setting `engines.languages` says, and where that is empty, the looks of the lines; an empty "
        "list asks for the latter.",
    )
    dpi: Annotated[int, Field(ge=72, le=400)] | None = Field(
        None, description="Pixels per inch at which PDF pages are measured and rendered."
    )
    password: Annotated[SecretStr, Field(max_length=1024)] | None = Field(
        None, description="Opens a protected PDF; never logged, never stored."
    )
    word_boxes: bool = Field(
        False, description="With `confidence_scores_granularity` `word`, each word comes with its box."
    )


class OCROptions(Wire):
    """Everything but the document."""

    model: Annotated[str, Field(max_length=256)] | None = Field(
        None, description="A model or one of its aliases; none means the default."
    )
    id: str | None = Field(None, description="Accepted for older clients, and ignored.")
    pages: Annotated[list[int] | str | None, AfterValidator(_readable)] = Field(
        None, description="0-based pages as a list or as a string such as `0,2-4`; none means all."
    )
    include_image_base64: bool | None = Field(None, description="Pictures travel in the answer, as JPEG data URLs.")
    image_limit: NonNegativeInt | None = Field(None, description="At most so many pictures in the answer.")
    image_min_size: NonNegativeInt | None = Field(None, description="Pictures narrower or lower are left out.")
    bbox_annotation_format: ResponseFormat | None = Field(None, description="Not served yet: answers 400.")
    document_annotation_format: ResponseFormat | None = Field(None, description="Not served yet: answers 400.")
    document_annotation_prompt: str | None = Field(None, description="Not served yet: answers 400.")
    table_format: TableFormat | None = Field(
        None, description="Tables leave the Markdown and stand in `tables`; none keeps them inline."
    )
    extract_header: bool = Field(False, description="The running header leaves the Markdown for `header`.")
    extract_footer: bool = Field(False, description="The running footer leaves the Markdown for `footer`.")
    include_blocks: bool = Field(True, description="List the blocks of each page in reading order.")
    confidence_scores_granularity: Granularity | None = Field(None, description="How finely confidences are told.")
    octavo: OctavoOptions | None = Field(None, description="Octavo's own options.")


class OCRRequest(OCROptions):
    """The JSON body of `POST /v1/ocr`."""

    document: Document

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not address_of(self.document).strip():
            raise ValueError(NO_CONTENT)
        return self


class OCRForm(OCROptions):
    """The fields of a `multipart/form-data` request, whose document is its `file` part."""

    document_name: Annotated[str, Field(max_length=1024)] | None = None


def address_of(document: DocumentURLChunk | ImageURLChunk | FileChunk) -> str:
    """Where the document is: an address, a data URI, bare base64 or a file's id."""
    if isinstance(document, DocumentURLChunk):
        return document.document_url
    if isinstance(document, FileChunk):
        return document.file_id
    return document.image_url if isinstance(document.image_url, str) else document.image_url.url
