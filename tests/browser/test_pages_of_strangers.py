"""Pages of strangers, in a real browser in which somebody is signed in: nothing that they try is taken for hers.

One stranger is another program on the same host, with whose requests the browser sends the cookie, for they are of the
same site; the other one is of another site. Both are origins that the server lets in, if they have a key.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from octavo_server import Server, eventually, serving
from playwright.sync_api import Browser, BrowserContext, Page

KEY, OTHER_KEY = "key-of-alice-3f9c", "key-of-mallory-77aa"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
FORM_PATHS = ("/session", "/v1/files", "/v1/ocr", "/v1/batch/jobs")
FETCHES = """async ({own, key}) => {
  const form = new FormData();
  form.append("file", new Blob(["stolen"]), "a.pdf");
  const json = {"Content-Type": "application/json"};
  const ways = [
    ["/v1/files", {}],
    ["/v1/files", {method: "POST", body: form}],
    ["/v1/ocr", {method: "POST", body: '{"document": {"document_url": "data:,a"}}'}],
    ["/v1/ocr", {method: "POST", body: '{"document": {"document_url": "data:,a"}}', headers: json}],
    ["/v1/batch/jobs", {method: "POST", body: '{"endpoint": "/v1/ocr", "requests": []}'}],
    ["/v1/status", {}],
    ["/session", {}],
    ["/session", {method: "POST", body: JSON.stringify({key})}],
    ["/session", {method: "POST", body: JSON.stringify({key}), headers: json}],
    ["/session", {method: "DELETE"}],
  ];
  const read = [];
  for (const [path, how] of ways)
    for (const mode of ["cors", "no-cors"]) {
      const asked = fetch(own + path, {credentials: "include", mode, ...how});
      const answer = await asked.then((got) => got.text(), () => "");
      if (answer) read.push(path);
    }
  return read;
}"""
SUBMIT = """({action, kind, key}) => {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action, enctype: kind});
  const field = document.createElement("input");
  // As text/plain this is JSON.
  Object.assign(field, {name: `{"key": "${key}", "a": "`, value: '"}'});
  form.append(field);
  document.body.append(form);
  form.submit();
}"""


class Stranger(BaseHTTPRequestHandler):
    """Gives out an empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A stranger</title><body>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Of the stranger."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Server]:
    """A server with keys."""
    settings = {
        "API_KEYS": f"alice={KEY} mallory={OTHER_KEY}",
        "CORS_ORIGINS": f"http://127.0.0.1:{port} http://localhost:{port}",
    }
    with serving(tmp_path_factory.mktemp("guarded"), **settings) as running:
        yield running


@pytest.fixture
def signed_in(chromium: Browser, guarded: Server) -> Iterator[BrowserContext]:
    """A browser in which Alice signed in."""
    with chromium.new_context() as context:
        own = context.new_page()
        own.goto(guarded.url)
        own.evaluate(
            """(key) => fetch("session", {
                method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({key})})""",
            KEY,
        )
        assert owner(own) == "alice"
        assert own.evaluate("document.cookie") == ""
        own.close()
        yield context


def owner(page: Page) -> str:
    """Who is signed in, as a page of the server learns it."""
    return str(page.evaluate('fetch("session").then((answer) => answer.json()).then((told) => told.owner)'))


def log(server: Server) -> list[dict[str, Any]]:
    """Every request that was answered."""
    lines = map(json.loads, server.errors.read_text().splitlines())
    return [line for line in lines if "status" in line]


def stays_out(server: Server, before: int, least: int) -> None:
    """Nothing since then was done for anybody."""
    assert eventually(lambda: len(log(server)) >= before + least)
    for line in log(server)[before:]:
        assert line["owner"] == "", line
        is_question = line["method"] == "OPTIONS" or (line["method"], line["path"]) == ("GET", "/session")
        assert is_question or line["status"] in (401, 403), line


@pytest.fixture(params=["127.0.0.1", "localhost"], ids=["same site", "another site"])
def stranger(request: pytest.FixtureRequest, signed_in: BrowserContext, port: int) -> Page:
    """The page of a stranger, in the same browser."""
    page = signed_in.new_page()
    page.goto(f"http://{request.param}:{port}/")
    return page


def test_scripts_of_strangers_are_nobody(stranger: Page, guarded: Server) -> None:
    before = len(log(guarded))
    assert stranger.evaluate(FETCHES, {"own": guarded.url, "key": OTHER_KEY}) == []
    stays_out(guarded, before, 15)
    stranger.goto(guarded.url)
    assert owner(stranger) == "alice"


@pytest.mark.parametrize("kind", FORMS)
def test_forms_of_strangers_do_nothing(stranger: Page, guarded: Server, kind: str) -> None:
    before, address = len(log(guarded)), stranger.url
    for path in FORM_PATHS:
        stranger.goto(address)
        with stranger.expect_navigation():
            stranger.evaluate(SUBMIT, {"action": guarded.url + path, "kind": kind, "key": OTHER_KEY})
    stays_out(guarded, before, len(FORM_PATHS))
    stranger.goto(guarded.url)
    assert owner(stranger) == "alice"


def test_links_and_pictures_of_strangers_show_nothing(stranger: Page, guarded: Server) -> None:
    before = len(log(guarded))
    shown = stranger.evaluate(
        """(own) => new Promise((done) => {
            const image = new Image();
            image.onload = () => done(true);
            image.onerror = () => done(false);
            image.src = own + "/v1/models";
        })""",
        guarded.url,
    )
    assert not shown
    with stranger.expect_navigation():
        stranger.evaluate("(address) => { location.href = address }", f"{guarded.url}/v1/models")
    stays_out(guarded, before, 2)


def test_a_person_who_types_an_address_is_let_in(signed_in: BrowserContext, guarded: Server) -> None:
    page = signed_in.new_page()
    answer = page.goto(f"{guarded.url}/v1/models")
    assert answer is not None
    assert answer.status == 200


def test_signing_out_ends_it(signed_in: BrowserContext, guarded: Server) -> None:
    page = signed_in.new_page()
    page.goto(guarded.url)
    page.evaluate('fetch("session", {method: "DELETE"})')
    assert owner(page) == ""
    assert signed_in.cookies() == []
