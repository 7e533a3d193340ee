"""What `POST /v1/ocr` answers."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from exchange import Exchange, body_of, left_in
from fake_reading import PDF, FakeExecutor, rich_page, text_block
from fastapi import FastAPI
from PIL import Image

from octavo.api.schemas.ocr_response import OCRResponse
from octavo.domain.block import BlockKind
from octavo.domain.errors import CorruptDocument, EngineFailed
from octavo.domain.geometry import Size
from octavo.domain.result import RecognizedPage
from octavo.domain.work import TextLayer

pytestmark = pytest.mark.anyio

PAGE_KEYS = {
    "index",
    "markdown",
    "images",
    "dimensions",
    "tables",
    "hyperlinks",
    "header",
    "footer",
    "confidence_scores",
    "blocks",
    "warnings",
    "octavo",
}


async def read(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post("/v1/ocr", json={"document": {"document_url": PDF}, **body})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


async def test_the_answer_has_every_field(client: httpx.AsyncClient) -> None:
    answer = await read(client)
    assert set(answer) == {"pages", "model", "document_annotation", "usage_info"}
    assert answer["document_annotation"] is None
    assert answer["usage_info"] == {"pages_processed": 3, "doc_size_bytes": 30}
    assert [page["index"] for page in answer["pages"]] == [0, 1, 2]
    for page in answer["pages"]:
        assert set(page) == PAGE_KEYS
        assert page["dimensions"] == {"dpi": 200, "height": 1400, "width": 1000}
        assert page["hyperlinks"] == ["https://example.org/a"]
        assert page["warnings"] == ["A corner was torn."]
        assert page["octavo"] == {"text_source": "text_layer", "turned": 0, "error_code": None}
        assert page["confidence_scores"] is None
        assert page["tables"] == []


async def test_the_answer_is_the_one_that_the_description_promises(client: httpx.AsyncClient) -> None:
    answer = await read(client, confidence_scores_granularity="word", table_format="html", include_image_base64=True)
    assert json.loads(OCRResponse.model_validate(answer).model_dump_json()) == answer


async def test_boxes_are_whole_pixels_on_the_page(client: httpx.AsyncClient) -> None:
    answer = await read(client)
    for page in answer["pages"]:
        for box in (*page["images"], *page["blocks"]):
            corners = [box[name] for name in ("top_left_x", "top_left_y", "bottom_right_x", "bottom_right_y")]
            assert all(isinstance(corner, int) for corner in corners)
            assert 0 <= corners[0] <= corners[2] <= 1000
            assert 0 <= corners[1] <= corners[3] <= 1400


async def test_every_kind_of_block_is_listed_in_order(client: httpx.AsyncClient) -> None:
    page = (await read(client))["pages"][0]
    kinds = [block["type"] for block in page["blocks"]]
    assert set(kinds) == set(BlockKind)
    assert kinds[:4] == ["header", "title", "image", "table"]
    assert kinds[-1] == "footer"
    assert page["blocks"][2]["image_id"] == page["images"][0]["id"]
    assert page["blocks"][3]["table_id"] is None
    assert all(isinstance(block["content"], str) for block in page["blocks"])
    assert all(block["confidence_scores"] is None for block in page["blocks"])


async def test_blocks_are_null_when_not_asked_for(client: httpx.AsyncClient) -> None:
    assert [page["blocks"] for page in (await read(client, include_blocks=False))["pages"]] == [None] * 3


async def test_pictures_travel_as_data_urls_of_the_size_of_their_box(client: httpx.AsyncClient) -> None:
    for page in (await read(client, include_image_base64=True))["pages"]:
        (picture,) = page["images"]
        label, data = picture["image_base64"].split(",")
        image = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
        assert (label, image.format) == ("data:image/jpeg;base64", "JPEG")
        width = picture["bottom_right_x"] - picture["top_left_x"]
        height = picture["bottom_right_y"] - picture["top_left_y"]
        assert image.size == (width, height)
        assert picture["image_annotation"] is None
        assert f"![{picture['id']}]({picture['id']})" in page["markdown"]


async def test_pictures_stay_out_unless_asked_for(client: httpx.AsyncClient) -> None:
    pages = (await read(client))["pages"]
    assert [image["image_base64"] for page in pages for image in page["images"]] == [None] * 3


@pytest.mark.parametrize(("table_format", "name"), [("html", "tbl-0.html"), ("markdown", "tbl-0.md")])
async def test_tables_leave_the_markdown(client: httpx.AsyncClient, table_format: str, name: str) -> None:
    page = (await read(client, table_format=table_format))["pages"][0]
    (table,) = page["tables"]
    assert (table["id"], table["format"], table["word_confidence_scores"]) == (name, table_format, None)
    assert f"[{name}]({name})" in page["markdown"]
    assert page["blocks"][3]["table_id"] == name


async def test_page_confidence_is_aggregates_alone(client: httpx.AsyncClient) -> None:
    page = (await read(client, confidence_scores_granularity="page"))["pages"][0]
    assert page["confidence_scores"] == {"average_page_confidence_score": 0.9, "minimum_page_confidence_score": 0.9}


async def test_word_confidence_points_into_the_markdown(client: httpx.AsyncClient) -> None:
    page = (await read(client, confidence_scores_granularity="word", table_format="markdown"))["pages"][0]
    assert set(page["confidence_scores"]) == {
        "average_page_confidence_score",
        "minimum_page_confidence_score",
        "word_confidence_scores",
    }
    scores = page["confidence_scores"]["word_confidence_scores"]
    assert scores
    for score in scores:
        assert page["markdown"][score["start_index"] :].startswith(score["text"])
    assert isinstance(page["tables"][0]["word_confidence_scores"], list)
    assert all(block["confidence_scores"] is None for block in page["blocks"])


async def test_words_come_with_their_boxes_where_asked(client: httpx.AsyncClient) -> None:
    asked = {"confidence_scores_granularity": "word", "table_format": "markdown"}
    plain = (await read(client, **asked))["pages"][0]
    page = (await read(client, **asked, octavo={"word_boxes": True}))["pages"][0]
    scores = [page["confidence_scores"]["word_confidence_scores"], page["tables"][0]["word_confidence_scores"]]
    assert scores[0]
    for score in (each for listed in scores for each in listed):
        assert 0 <= score["top_left_x"] < score["bottom_right_x"] <= page["dimensions"]["width"]
        assert 0 <= score["top_left_y"] < score["bottom_right_y"] <= page["dimensions"]["height"]
    bare = [{key: score[key] for key in ("text", "confidence", "start_index")} for score in scores[0]]
    assert bare == plain["confidence_scores"]["word_confidence_scores"]


async def test_block_confidence_has_all_three_numbers(client: httpx.AsyncClient) -> None:
    page = (await read(client, confidence_scores_granularity="block"))["pages"][0]
    assert set(page["confidence_scores"]) == {"average_page_confidence_score", "minimum_page_confidence_score"}
    for block in page["blocks"]:
        assert set(block["confidence_scores"]) == {
            "average_content_confidence_score",
            "minimum_content_confidence_score",
            "block_type_confidence_score",
        }
        assert all(isinstance(score, float) for score in block["confidence_scores"].values())


async def test_only_the_pages_asked_for_are_read(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.page_count = 90
    answer = await read(client, pages=[7])
    assert [task.index for task in executor.tasks] == [7]
    assert [page["index"] for page in answer["pages"]] == [7]
    assert answer["usage_info"]["pages_processed"] == 1


async def test_pages_come_in_the_order_asked_for(client: httpx.AsyncClient) -> None:
    assert [page["index"] for page in (await read(client, pages="2,0-1"))["pages"]] == [2, 0, 1]


@pytest.mark.parametrize(
    ("asked", "told"),
    [({}, "octavo-test"), ({"model": None}, "octavo-test"), ({"model": "mistral-ocr-latest"}, "mistral-ocr-latest")],
)
async def test_the_model_is_named_as_it_was_asked_for(
    client: httpx.AsyncClient, executor: FakeExecutor, asked: dict[str, Any], told: str
) -> None:
    assert (await read(client, **asked))["model"] == told
    assert {task.options.model for task in executor.tasks} == {"octavo-test"}


async def test_a_page_that_fails_leaves_the_others(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.failing = {1: CorruptDocument("Page 1 breaks off.")}
    answer = await read(client, confidence_scores_granularity="word", include_image_base64=True)
    good, failed, _ = answer["pages"]
    assert answer["usage_info"]["pages_processed"] == 2
    assert good["images"]
    assert (failed["images"], failed["tables"], failed["dimensions"]) == ([], [], None)
    assert failed["confidence_scores"] is None, "nobody was sure of anything"
    assert failed["warnings"] == ["Page 1 breaks off."]
    assert failed["octavo"] == {"text_source": "nothing", "turned": 0, "error_code": "corrupt_document"}
    assert failed["markdown"].startswith("<!--")
    assert failed["markdown"].endswith("-->")
    assert set(failed) == PAGE_KEYS


async def test_a_page_without_content_is_a_page(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.page = lambda task: RecognizedPage(index=task.index, size=Size(100, 100), dpi=72)
    page = (await read(client, pages="0", confidence_scores_granularity="word"))["pages"][0]
    assert (page["markdown"], page["images"], page["blocks"], page["tables"]) == ("", [], [], [])
    assert page["confidence_scores"]["word_confidence_scores"] == []
    assert page["octavo"]["text_source"] == "nothing"


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
async def test_it_is_told_how_a_page_was_turned(client: httpx.AsyncClient, executor: FakeExecutor, turned: int) -> None:
    executor.page = lambda task: replace(rich_page(task), turned=turned)
    assert [page["octavo"]["turned"] for page in (await read(client))["pages"]] == [turned] * 3


async def test_the_answer_is_one_line_for_every_reader(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    text = "one\u2028two\u2029three\x85four"
    executor.page = lambda task: replace(rich_page(task), blocks=(text_block(BlockKind.CODE, text, 100),))
    answer = await client.post("/v1/ocr", json={"document": {"document_url": PDF}})
    assert len(answer.text.splitlines()) == 1
    assert [page["blocks"][0]["content"] for page in answer.json()["pages"]] == [f"```\n{text}\n```"] * 3


async def test_options_of_the_header_and_of_the_body_add_up(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    header = {"x-octavo-options": json.dumps({"dpi": 100, "text_layer": "never", "password": "geheim"})}
    body = {"document": {"document_url": PDF}, "octavo": {"dpi": 150}, "pages": "0"}
    answer = await client.post("/v1/ocr", json=body, headers=header)
    assert answer.status_code == 200
    (task,) = executor.tasks
    assert (task.options.dpi, task.options.text_layer, task.password) == (150, TextLayer.NEVER, "geheim")
    assert "geheim" not in answer.text


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers come in more than one piece, though the pictures of tests are small."""
    monkeypatch.setattr("octavo.api.sending.PIECE", 1)


@pytest.mark.usefixtures("small_pieces")
async def test_the_answer_is_written_page_by_page(make_app: Callable[..., FastAPI], spool: Path) -> None:
    exchange = Exchange(make_app(), body_of(include_image_base64=True))
    pictures_on_disk: list[int] = []
    exchange.on_piece = lambda _: pictures_on_disk.append(len(list(spool.rglob("*.jpeg"))))
    await exchange.run()
    pages = json.loads(b"".join(exchange.pieces))["pages"]
    assert len(pages) == 3
    assert sum(piece.count(b"data:image/jpeg") for piece in exchange.pieces) == 3
    assert max(piece.count(b"data:image/jpeg") for piece in exchange.pieces) == 1
    assert set(pictures_on_disk) == {3}, "pictures stay until the last byte"
    assert left_in(spool) == []


async def test_a_client_that_leaves_stops_the_reading_after_the_pages_at_hand(
    make_app: Callable[..., FastAPI], executor: FakeExecutor, spool: Path
) -> None:
    executor.gate.clear()
    executor.page_count = 9
    app = make_app()
    exchange = Exchange(app, body_of())
    running = asyncio.create_task(exchange.run())
    await executor.asked.wait()
    exchange.leave.set()
    await running
    at_hand = len(executor.tasks)
    assert 0 < at_hand <= executor.capacity
    assert exchange.pieces == []
    executor.gate.set()
    await app.state.wiring.ocr.reader.finished()
    assert left_in(spool) == []
    assert (len(executor.tasks), executor.cancelled) == (at_hand, 0)


async def test_a_client_that_leaves_amid_the_answer_leaves_nothing_behind(
    make_app: Callable[..., FastAPI], spool: Path
) -> None:
    exchange = Exchange(make_app(), body_of(include_image_base64=True))
    stalled = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            exchange.leave.set()
            await stalled.wait()

    exchange._send = send
    await exchange.run()
    assert left_in(spool) == []


@pytest.mark.usefixtures("small_pieces")
async def test_an_answer_that_breaks_off_is_not_ended(make_app: Callable[..., FastAPI], spool: Path) -> None:
    exchange = Exchange(make_app(), body_of(include_image_base64=True))
    exchange.on_piece = lambda _: [path.unlink() for path in spool.rglob("*.jpeg")] and None
    await exchange.run()
    assert exchange.pieces
    assert exchange.pieces[-1] != b"", "the last piece would tell the client that all is well"
    assert left_in(spool) == []


async def test_when_no_page_can_be_read_the_request_fails(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.failing = dict.fromkeys(range(3), EngineFailed("The reader broke down. Try again."))
    answer = await client.post("/v1/ocr", json={"document": {"document_url": PDF}})
    assert answer.status_code == 500
    assert answer.json()["message"] == "The reader broke down. Try again."
