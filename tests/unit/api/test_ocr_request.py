"""What `POST /v1/ocr` takes, and how it complains."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from octavo.api.schemas.ocr_request import OCRRequest, OctavoOptions
from octavo.api.schemas.to_domain import document_ref, read_request
from octavo.domain.document import DataUriRef, DocumentRef, FileRef, PageSelection, UrlRef
from octavo.domain.errors import UnsupportedOption
from octavo.domain.work import AnswerOptions, Granularity, ReadRequest, TableFormat, TextLayer

URL = {"document_url": "https://example.org/a.pdf"}


def domain(**body: Any) -> ReadRequest:
    """The request as the service gets it."""
    request = OCRRequest.model_validate_json(json.dumps({"document": URL, **body}))
    extra = request.octavo or OctavoOptions()
    return read_request(request, document_ref(request, owner="alice"), extra=extra, model="m", dpi=200, owner="alice")


@pytest.mark.parametrize(
    ("document", "ref"),
    [
        ({"document_url": "https://h/a.pdf"}, UrlRef(url="https://h/a.pdf")),
        ({"document_url": "HTTP://h/a.pdf", "document_name": "a"}, UrlRef(url="HTTP://h/a.pdf", name="a")),
        (
            {"type": "document_url", "document_url": "data:x;base64,AA", "document_name": None},
            DataUriRef(uri="data:x;base64,AA"),
        ),
        ({"type": None, "document_url": " JVBERi0= "}, DataUriRef(uri="JVBERi0=")),
        ({"image_url": "https://h/a.png"}, UrlRef(url="https://h/a.png")),
        (
            {"type": "image_url", "image_url": {"url": "https://h/a.png", "detail": "high"}},
            UrlRef(url="https://h/a.png"),
        ),
        ({"image_url": {"url": "data:,", "detail": None}}, DataUriRef(uri="data:,")),
        ({"file_id": "6e8b"}, FileRef(file_id="6e8b", owner="alice")),
        ({"type": "file", "file_id": "6e8b"}, FileRef(file_id="6e8b", owner="alice")),
    ],
)
def test_a_document_is_told_by_its_key(document: dict[str, Any], ref: DocumentRef) -> None:
    assert domain(document=document).document == ref


def test_defaults_are_those_of_the_specification() -> None:
    request = domain()
    assert request.pages == PageSelection()
    assert request.answer == AnswerOptions()
    assert request.answer.include_blocks
    assert not request.answer.include_image_base64
    assert (request.read.text_layer, request.read.languages, request.read.dpi) == (TextLayer.AUTO, (), 200)
    assert (request.password, request.owner) == (None, "alice")


NULLABLE = (
    "model",
    "id",
    "pages",
    "include_image_base64",
    "image_limit",
    "image_min_size",
    "bbox_annotation_format",
    "document_annotation_format",
    "document_annotation_prompt",
    "table_format",
    "confidence_scores_granularity",
    "octavo",
)


def test_nulls_mean_the_default() -> None:
    assert domain(**dict.fromkeys(NULLABLE)) == domain()


@pytest.mark.parametrize("field", ["extract_header", "extract_footer", "include_blocks"])
def test_three_booleans_may_not_be_null(field: str) -> None:
    with pytest.raises(ValidationError):
        domain(**{field: None})


@pytest.mark.parametrize(("sent", "meant"), [("true", True), ("false", False), (1, True), (0, False), (True, True)])
def test_booleans_are_lax(sent: object, meant: bool) -> None:
    answer = domain(include_image_base64=sent, extract_header=sent, extract_footer=sent, include_blocks=sent).answer
    assert {answer.include_image_base64, answer.extract_header, answer.extract_footer, answer.include_blocks} == {meant}


def test_options_reach_the_service() -> None:
    request = domain(
        pages="0,2-4",
        image_limit=0,
        image_min_size="30",
        table_format="html",
        confidence_scores_granularity="word",
        id="anything",
        octavo={
            "text_layer": "never",
            "languages": ["fr", "zh-Hant"],
            "dpi": 144,
            "password": "geheim",
            "word_boxes": True,
        },
    )
    assert request.pages == PageSelection(((0, 0), (2, 4)))
    assert (request.answer.image_limit, request.answer.image_min_size) == (0, 30)
    assert (request.answer.table_format, request.answer.granularity) == (TableFormat.HTML, Granularity.WORD)
    assert (request.read.text_layer, request.read.languages) == (TextLayer.NEVER, ("fr", "zh-Hant"))
    assert (request.read.dpi, request.password, request.answer.word_boxes) == (144, "geheim", True)
    assert "geheim" not in repr(request)


@pytest.mark.parametrize("field", ["bbox_annotation_format", "document_annotation_format"])
def test_annotations_are_refused_by_name(field: str) -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}, "strict": True}}
    with pytest.raises(UnsupportedOption, match=field):
        domain(**{field: schema})


def test_an_annotation_prompt_is_refused() -> None:
    with pytest.raises(UnsupportedOption, match="document_annotation_prompt"):
        domain(document_annotation_prompt="Say more.")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"surprise": 1}, ("surprise",)),
        ({"document": {**URL, "surprise": 1}}, ("document", "document_url", "surprise")),
        ({"octavo": {"surprise": 1}}, ("octavo", "surprise")),
        ({"document_annotation_format": {"surprise": 1}}, ("document_annotation_format", "surprise")),
    ],
)
def test_unknown_keys_are_refused_everywhere(body: dict[str, Any], place: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        domain(**body)
    assert [(error["type"], error["loc"]) for error in caught.value.errors()] == [("extra_forbidden", place)]


@pytest.mark.parametrize(
    "body",
    [
        {"document": None},
        {"document": "https://example.org/a.pdf"},
        {"document": {}},
        {"document": {"type": "document_url"}},
        {"document": {"type": "audio", "document_url": "https://h/a"}},
        {"document": {"type": "image_url", "document_url": "https://h/a"}},
        {"document": {"document_url": ["https://h/a"]}},
        {"pages": []},
        {"pages": ""},
        {"pages": "3-1"},
        {"pages": "a"},
        {"pages": [-1]},
        {"pages": [0.5]},
        {"pages": 3},
        {"image_limit": -1},
        {"image_min_size": "many"},
        {"include_blocks": "perhaps"},
        {"table_format": "latex"},
        {"confidence_scores_granularity": "letter"},
        {"model": "m" * 257},
        {"octavo": {"dpi": 71}},
        {"octavo": {"dpi": 401}},
        {"octavo": {"text_layer": "maybe"}},
        {"octavo": {"languages": ["not a language"]}},
        {"octavo": {"languages": ["en", "xx"]}},
        {"octavo": []},
    ],
)
def test_what_does_not_fit_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        domain(**body)


@pytest.mark.parametrize(
    "document", [{"document_url": ""}, {"image_url": " "}, {"image_url": {"url": ""}}, {"file_id": ""}]
)
def test_an_empty_address_gets_the_sentence_that_clients_know(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        domain(document=document)
    (error,) = caught.value.errors()
    assert (error["type"], error["loc"]) == ("value_error", ())
    assert error["msg"].startswith(
        "Value error, Document content must be a URL (starting with 'https') or base64 encoded"
    )


def test_a_language_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValidationError) as caught:
        domain(octavo={"languages": ["ru", "klingon"]})
    (error,) = caught.value.errors()
    assert error["loc"] == ("octavo", "languages", 1)
    assert "klingon is no language that is known" in error["msg"]
    assert " ar, " in error["msg"]
    assert " th, " in error["msg"]


@pytest.mark.parametrize(
    ("asked", "languages"), [({}, ("ar",)), ({"languages": None}, ("ar",)), ({"languages": []}, ())]
)
def test_languages_that_nobody_named_are_those_of_the_settings(
    asked: dict[str, Any], languages: tuple[str, ...]
) -> None:
    request = OCRRequest.model_validate({"document": {"file_id": "f"}, "octavo": asked})
    extra = request.octavo or OctavoOptions()
    ref = document_ref(request, owner="alice")
    read = read_request(request, ref, extra=extra, model="m", dpi=200, languages=("ar",), owner="alice").read
    assert read.languages == languages


def test_a_failed_validation_never_quotes_the_password() -> None:
    with pytest.raises(ValidationError) as caught:
        domain(octavo={"password": "geheim" * 300})
    assert "geheim" not in str(caught.value)
