"""Batches in the browser while they run, with an engine that waits until it is let go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from batch_client import Caller
from browser_watch import Watch
from octavo_server import eventually
from playwright.sync_api import Browser, Dialog, Page, expect
from scripted_batch import SETTINGS, held_up, lines
from watched_server import WatchedServer, watched

SLOW = 60_000


@dataclass(frozen=True)
class Desk:
    """A browser at a server whose engine is scripted."""

    page: Page
    caller: Caller
    server: WatchedServer

    def look(self, address: str = "") -> None:
        self.page.goto(f"{self.caller.url}/batches{address}")

    def let_go(self, gate: str = "gate") -> None:
        """Pages that wait for this may go on."""
        (self.server.folder / gate).touch()

    def expect_state(self, name: str) -> None:
        expect(self.page.get_by_role("status").get_by_text(name, exact=True)).to_be_visible(timeout=SLOW)


@pytest.fixture
def desk(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    settings = SETTINGS | getattr(request, "param", {})
    with watched(tmp_path, settings=settings) as server, chromium.new_context(locale="en-GB") as context:
        caller = server.start()
        watch = Watch(context.new_page(), caller.url)
        yield Desk(watch.page, caller, server)
        (tmp_path / "gate").touch()
        watch.check()


def test_progress_is_live_and_survives_a_reload(desk: Desk) -> None:
    job = held_up(desk.caller, desk.server.folder)
    done = desk.caller.job(job["id"])["completed_requests"]
    desk.look()
    bar = desk.page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", str(done))
    expect(desk.page.locator(".job-row")).to_contain_text(
        re.compile(r"of 40 requests · .* pages · .* pages/min · about .* left")
    )
    desk.page.locator(".job-name a").click()
    desk.expect_state("Running")
    desk.page.reload()
    desk.expect_state("Running")
    expect(desk.page.locator(".numbers")).to_contain_text(f"{done} of 40")
    desk.let_go()
    desk.expect_state("Done")
    expect(bar).to_have_attribute("aria-valuenow", "40")
    expect(desk.page.locator(".numbers")).to_contain_text("40 of 40")


def test_the_list_follows_what_runs(desk: Desk) -> None:
    held_up(desk.caller, desk.server.folder)
    waiting = desk.caller.submit(lines("note more", range(3)), metadata={"octavo-from": "another"})
    desk.look()
    row = desk.page.locator(".job-row").filter(has_text="another")
    expect(row).to_contain_text(re.compile("Waiting|Running"))
    desk.let_go()
    expect(row).to_contain_text("Done", timeout=SLOW)
    expect(row).to_contain_text("3 requests · 3 pages")
    assert desk.caller.over(waiting["id"])["status"] == "SUCCESS"


HIDE = """(hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_the_server_is_asked_only_while_somebody_looks(desk: Desk) -> None:
    job = held_up(desk.caller, desk.server.folder)
    page = desk.page
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/v1/batch/jobs" in request.url else None)
    for address in ("", f"?job={job['id']}"):
        desk.look(address)
        expect(page.get_by_role("progressbar")).to_be_visible()
        before = len(asked)
        with page.expect_response("**/v1/batch/jobs*/**" if address else "**/v1/batch/jobs?*"):
            page.clock.run_for(2_100)
        assert len(asked) == before + 1
        page.evaluate(HIDE, arg=True)
        page.clock.run_for(60_000)
        assert len(asked) == before + 1
        with page.expect_response("**/v1/batch/jobs*/**" if address else "**/v1/batch/jobs?*"):
            page.evaluate(HIDE, arg=False)
        page.get_by_role("link", name="Read", exact=True).click()
        before = len(asked)
        page.clock.run_for(60_000)
        assert len(asked) == before


def test_a_batch_is_cancelled_after_a_question(desk: Desk) -> None:
    job = held_up(desk.caller, desk.server.folder)
    desk.look(f"?job={job['id']}")
    page = desk.page
    page.get_by_role("button", name="Cancel the batch").click()
    expect(page.get_by_role("dialog", name="Cancel this batch?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert desk.caller.job(job["id"])["status"] == "RUNNING"
    page.get_by_role("button", name="Cancel the batch").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the batch").click()
    desk.expect_state("Cancelled")
    left = 40 - desk.caller.job(job["id"])["completed_requests"]
    expect(page.get_by_text(f"It was cancelled: {left} requests are left undone.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download results").click()
    assert len(download.value.path().read_text().splitlines()) == 40 - left


@pytest.mark.parametrize("desk", [{"EXECUTOR__PAGE_TIMEOUT": "3"}], indirect=True)
def test_what_failed_can_be_retried(desk: Desk) -> None:
    job = desk.caller.submit([*lines("note free", range(3)), *lines("wait later", [3])])
    desk.look(f"?job={job['id']}")
    desk.expect_state("Done, with failures")
    expect(desk.page.locator(".job-failures tbody tr")).to_have_count(1)
    desk.let_go("later")
    desk.page.get_by_role("button", name="Retry 1 failed").click()
    desk.expect_state("Done")
    expect(desk.page.locator(".numbers")).to_contain_text("1 of 1")
    assert desk.page.url.partition("job=")[2] != job["id"]
    desk.page.get_by_text("Documents of this batch").click()
    expect(desk.page.get_by_text("This batch repeats some requests of another one")).to_be_visible()


@pytest.mark.parametrize("desk", [{"EXECUTOR__PAGE_TIMEOUT": "3"}], indirect=True)
def test_requests_that_came_with_the_job_are_retried_as_well(desk: Desk) -> None:
    requests = lines("wait later", [1])
    body = {"requests": requests, "endpoint": "/v1/ocr"}
    job = desk.caller.told("POST", "/v1/batch/jobs", content=json.dumps(body))
    desk.look(f"?job={job['id']}")
    desk.expect_state("Failed")
    desk.let_go("later")
    desk.page.get_by_role("button", name="Retry 1 failed").click()
    desk.expect_state("Done")


def test_a_job_that_lost_its_input_says_so(desk: Desk) -> None:
    job = held_up(desk.caller, desk.server.folder)
    told = {**desk.caller.job(job["id"]), "status": "FAILED"}
    desk.page.route(f"**/v1/batch/jobs/{job['id']}", lambda route: route.fulfill(json=told))
    desk.look(f"?job={job['id']}")
    expect(desk.page.get_by_text("its input was lost on the server")).to_be_visible()


def test_leaving_while_files_are_sent_is_asked_about(desk: Desk) -> None:
    page = desk.page
    page.route("**/v1/files", lambda _: None)  # never answered
    desk.look("?new=1")
    document = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"}
    page.locator("input[name=files]").set_input_files(document)  # type: ignore[arg-type]
    page.get_by_role("button", name="Start a batch of 1 document").click()
    expect(page.get_by_text("0 of 1 files sent")).to_be_visible()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("setTimeout(() => location.reload(), 0)")
    assert eventually(lambda: page.evaluate("1") == 1 and asked == ["beforeunload"])
    page.get_by_role("link", name="All batches").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Start a batch of 1 document")).to_be_visible()
    assert desk.caller.told("GET", "/v1/batch/jobs")["total"] == 0
