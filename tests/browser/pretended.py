"""Answers of a server that never read anything: what the workbench makes of pages that engines seldom write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest

from playwright.sync_api import Page, Route, expect


def answering(page: Page, blocks: list[str], name: str = "a.pdf", *, kinds: Sequence[str] = (), **more: object) -> None:
    """As if the server had read these blocks."""
    size = {"dpi": 72, "width": 600, "height": 800}
    corners = {"top_left_x": 10, "top_left_y": 10, "bottom_right_x": 90, "bottom_right_y": 30}
    told = [{"type": kind, "content": block, **corners} for kind, block in zip_longest(kinds, blocks, fillvalue="text")]
    rest = {"images": [], "tables": [], "hyperlinks": [], "header": None, "footer": None, "confidence_scores": None}
    one = {
        "index": 0,
        "markdown": "\n\n".join(blocks),
        "dimensions": size,
        "blocks": told,
        "warnings": list(blocks[:3]),
    }
    read = {**rest, **one, "octavo": {"text_source": "pixels", "error_code": None, "turned": 0}, **more}
    start = {"model": "octavo-1", "indices": [0], "page_count": 1, "doc_size_bytes": 1}
    usage = {"pages_processed": 1, "doc_size_bytes": 1}
    events = [("start", start), ("page", {"done": 1, "pages": 1, "page": read})]
    events.append(("result", {"model": "octavo-1", "pages": [read], "usage_info": usage}))
    body = "".join(f"event: {event}\ndata: {json.dumps(data)}\n\n" for event, data in events)
    file = {"id": "0", "filename": name, "bytes": 1, "expires_at": None}

    def answer(route: Route) -> None:
        if route.request.url.endswith("/v1/ocr"):
            route.fulfill(body=body, content_type="text/event-stream")
        else:
            route.fulfill(json=file)

    page.route("**/v1/ocr", answer)
    page.route("**/v1/files", answer)
    page.route("**/v1/files/0", answer)
    page.route("**/v1/files/0/pages/**", lambda route: route.fulfill(body=b"", content_type="image/jpeg"))


def opened(page: Page) -> None:
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".toolbar .state")).to_contain_text("1 page in")


def doubted(markdown: str, *words: str) -> dict[str, object]:
    """The scores of these words, each in doubt."""
    places = [(word, markdown.index(word)) for word in words]
    scores = [{"text": word, "confidence": 0.4, "start_index": place} for word, place in places]
    return {"average_page_confidence_score": 0.5, "word_confidence_scores": scores}
