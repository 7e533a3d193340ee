"""Batches in the browser: from many files, or a file of requests, to results; with the real engine."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from batch_client import Caller, data_uri, jsonl, line
from browser_watch import Watch
from octavo_server import serving
from pages_to_read import letter
from playwright.sync_api import Browser, Page, Route, expect

if TYPE_CHECKING:
    from octavo_server import Server

SLOW = 60_000
"""Milliseconds for what a model has to read."""
DAMAGED = b"%PDF-1.7\nthis is no page"


def files(**named: bytes) -> list[dict[str, object]]:
    """As an input of the browser takes them; `a_pdf` is `a.pdf`."""
    return [
        {"name": name.replace("_", "."), "mimeType": "application/octet-stream", "buffer": data}
        for name, data in named.items()
    ]


def choose(page: Page, chosen: list[dict[str, object]]) -> None:
    page.locator("input[name=files]").set_input_files(chosen)  # type: ignore[arg-type]


def new_batch(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/batches?new=1")
    expect(page.get_by_role("heading", name="New batch")).to_be_visible()


def state(page: Page, name: str) -> None:
    expect(page.get_by_role("status").get_by_text(name, exact=True)).to_be_visible(timeout=SLOW)


def number(page: Page, name: str, value: str) -> None:
    """What stands below this word."""
    expect(page.locator(".numbers div").filter(has_text=name).locator("dd")).to_have_text(value)


def job_of(page: Page) -> str:
    page.wait_for_url(re.compile("job="))
    return page.url.partition("job=")[2]


def saved(page: Page, what: str) -> Path:
    if what != "Download results":
        page.get_by_role("button", name="Other files").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=what).click()
    return download.value.path()


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(each) for each in path.read_text(encoding="utf-8").splitlines()]


def test_documents_become_results(page: Page, server: Server) -> None:
    new_batch(page, server)
    choose(page, files(a_pdf=letter(2), b_pdf=DAMAGED, c_pdf=letter()))
    page.locator("summary").click()
    page.get_by_label("Tables").select_option("html")
    page.get_by_label("Time for the batch").select_option("8")
    page.get_by_role("button", name="Start a batch of 3 documents").click()
    state(page, "Done, with failures")
    number(page, "Done", "3 of 3")
    number(page, "Failed", "1")
    number(page, "Pages", "3")
    failed = page.get_by_role("row", name="2 b.pdf")
    expect(failed).to_contain_text("not a valid PDF")
    expect(failed.get_by_role("link")).to_have_attribute("href", re.compile(r"^\./\?file=.*table_format"))
    expect(page.locator(".facts")).to_contain_text("table_format: html")
    results = lines(saved(page, "Download results"))
    assert [result["custom_id"] for result in results] == ["a.pdf", "c.pdf"]
    assert "Report number 2" in json.dumps(results[0])
    assert [failed["custom_id"] for failed in lines(saved(page, "Failures"))] == ["b.pdf"]
    requests = lines(saved(page, "Requests"))
    assert [request["custom_id"] for request in requests] == ["a.pdf", "b.pdf", "c.pdf"]
    with zipfile.ZipFile(saved(page, "Results as Markdown")) as archive:
        assert archive.namelist() == ["a.md", "c.md"]
        assert archive.read("a.md").decode().count("# Report number") == 2
    page.get_by_text("Documents of this batch").click()
    page.get_by_role("link", name="c.pdf").click()
    expect(page.get_by_role("heading", name="Report number 1")).to_be_visible(timeout=SLOW)


def test_options_that_cannot_be_are_told_before(page: Page, server: Server) -> None:
    new_batch(page, server)
    choose(page, files(a_pdf=letter()))
    page.locator("summary").click()
    page.locator("input[name=pages]").fill("the first")
    page.locator("summary").click()
    page.get_by_role("button", name="Start a batch of 1 document").click()
    expect(page.locator("input[name=pages]")).to_be_focused()
    page.locator("input[name=pages]").fill("1-2, 4")
    page.locator("input[name=dpi]").fill("9")
    page.get_by_role("button", name="Start a batch of 1 document").click()
    expect(page.locator("input[name=dpi]")).to_be_focused()
    expect(page.locator(".draft-files li[data-state=waiting]")).to_have_count(1)
    page.locator("input[name=pages]").fill("1")
    page.locator("input[name=dpi]").fill("100")
    page.get_by_role("button", name="Start a batch of 1 document").click()
    state(page, "Done")
    expect(page.locator(".facts")).to_contain_text("pages: 0, dpi: 100")


def test_documents_stay_longer_than_the_job(page: Page, server: Server) -> None:
    new_batch(page, server)
    choose(page, files(a_pdf=letter()))
    page.get_by_role("button", name="Start a batch of 1 document").click()
    caller = Caller(server.url)
    job = caller.job(job_of(page))
    (requests,) = job["input_files"]
    document = json.loads(caller.ask("GET", f"/v1/files/{requests}/content").text)["body"]["document"]["file_id"]
    ends = [caller.told("GET", f"/v1/files/{file}")["expires_at"] for file in (requests, document)]
    assert min(ends) >= job["created_at"] + 24 * 3600 + 6 * 86_400


def test_a_file_of_requests_may_have_bad_lines(page: Page, server: Server) -> None:
    new_batch(page, server)
    requests = jsonl([line("good", data_uri(letter())), b"no request", {"custom_id": "bare", "body": {}}])
    choose(page, files(work_jsonl=requests))
    page.get_by_role("button", name="Start the batch").click()
    state(page, "Done, with failures")
    expect(page.get_by_role("heading", name="work.jsonl")).to_be_visible()
    rows = page.locator(".job-failures tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Invalid JSON")
    expect(rows.nth(1)).to_contain_text(re.compile("3.*bare.*Field required"))
    before = job_of(page)
    page.get_by_role("button", name="Retry 2 failed").click()
    state(page, "Failed")
    expect(page.get_by_text("No request of this batch succeeded")).to_be_visible()
    assert job_of(page) != before
    number(page, "Done", "2 of 2")


def test_what_is_no_file_of_requests_is_told_line_by_line(watch: Watch, server: Server) -> None:
    page = watch.page
    before = Caller(server.url).told("GET", "/v1/batch/jobs")["total"]
    new_batch(page, server)
    choose(page, files(work_jsonl=b"hello\n[1]\n"))
    page.get_by_role("button", name="Start the batch").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing was started")
    expect(page.locator(".complaints li")).to_have_text([re.compile("Line 1.*JSON"), re.compile("Line 2.*JSON")])
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Drop documents or folders here")).to_be_visible()
    assert Caller(server.url).told("GET", "/v1/batch/jobs")["total"] == before
    watch.forgive("422")


class Broken:
    """Uploads whose file has one of these names are refused, or find no server."""

    def __init__(self, page: Page, *names: str, status: int) -> None:
        self.names, self.status = names, status
        page.route("**/v1/files", self._handle)

    def _handle(self, route: Route) -> None:
        body = route.request.post_data_buffer or b""
        if not any(f'filename="{name}"'.encode() in body for name in self.names):
            route.continue_()
        elif self.status:
            route.fulfill(status=self.status, json={"message": "There is no room for this file."})
        else:
            route.abort()


def test_an_upload_that_fails_is_told_and_repeated(watch: Watch, server: Server) -> None:
    page = watch.page
    before = Caller(server.url).told("GET", "/v1/batch/jobs")["total"]
    new_batch(page, server)
    broken = Broken(page, "b.pdf", status=413)
    choose(page, files(**{f"{name}_pdf": letter() for name in "abcdef"}))
    page.get_by_role("button", name="Start a batch of 6 documents").click()
    expect(page.get_by_role("alert")).to_contain_text("1 of 6 files is not on the server yet, so nothing was started.")
    failed = page.locator(".draft-files li[data-state=failed]")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("There is no room for this file.")
    expect(page.locator(".draft-files li[data-state=sent]")).to_have_count(5)
    assert Caller(server.url).told("GET", "/v1/batch/jobs")["total"] == before
    broken.names = ()
    page.get_by_role("button", name="Try again").click()
    state(page, "Done")
    number(page, "Succeeded", "6")
    watch.forgive("413")


@pytest.mark.parametrize("clicks", [["Start with the other 2"], ["Remove: b.pdf", "Start a batch of 2 documents"]])
def test_a_batch_can_start_without_what_cannot_be_sent(watch: Watch, server: Server, clicks: list[str]) -> None:
    page = watch.page
    new_batch(page, server)
    Broken(page, "b.pdf", status=413)
    choose(page, files(a_pdf=letter(), b_pdf=letter(), c_pdf=letter()))
    page.get_by_role("button", name="Start a batch of 3 documents").click()
    for name in clicks:
        page.get_by_role("button", name=name).click()
    state(page, "Done")
    assert [result["custom_id"] for result in lines(saved(page, "Download results"))] == ["a.pdf", "c.pdf"]
    watch.forgive("413")


def test_an_answer_that_is_lost_makes_no_second_job(watch: Watch, server: Server) -> None:
    page = watch.page
    before = Caller(server.url).told("GET", "/v1/batch/jobs")["total"]
    new_batch(page, server)

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/v1/batch/jobs", lose)
    choose(page, files(a_pdf=letter()))
    page.get_by_role("button", name="Start a batch of 1 document").click()
    expect(page.get_by_role("alert")).to_contain_text("The batch could not be started")
    page.unroute("**/v1/batch/jobs")
    page.get_by_role("button", name="Try again").click()
    state(page, "Done")
    assert Caller(server.url).told("GET", "/v1/batch/jobs")["total"] == before + 1
    watch.forgive("ERR_FAILED")


def test_without_a_server_the_others_wait(watch: Watch, server: Server) -> None:
    page = watch.page
    new_batch(page, server)
    broken = Broken(page, *(f"{name}.pdf" for name in "abcdef"), status=0)
    choose(page, files(**{f"{name}_pdf": letter() for name in "abcdef"}))
    page.get_by_role("button", name="Start a batch of 6 documents").click()
    expect(page.get_by_role("alert")).to_contain_text("6 of 6 files are not on the server yet")
    expect(page.locator(".draft-files li[data-state=waiting]")).to_have_count(3)
    broken.names = ()
    page.get_by_role("button", name="Try again").click()
    state(page, "Done")
    watch.forgive("ERR_FAILED")


def test_documents_and_requests_do_not_mix(page: Page, server: Server) -> None:
    new_batch(page, server)
    choose(page, files(a_pdf=letter(), work_jsonl=b"{}\n"))
    expect(page.get_by_text("1 file left out")).to_be_visible()
    expect(page.get_by_role("heading", name="1 document")).to_be_visible()
    page.get_by_role("button", name="Remove: a.pdf").click()
    expect(page.get_by_text("Drop documents or folders here")).to_be_visible()


def test_many_documents_are_sent_a_few_at_a_time(page: Page, server: Server) -> None:
    new_batch(page, server)
    choose(page, files(**{f"n{place:02}_pdf": letter() for place in range(20)}))
    held: list[Route] = []

    def hold(route: Route) -> None:
        if len(held) < 4:
            held.append(route)
        else:
            route.continue_()

    page.route("**/v1/files", hold)
    page.get_by_role("button", name="Start a batch of 20 documents").click()
    sending = page.locator(".draft-files li[data-state=sending]")
    expect(sending).to_have_count(3)
    assert len(held) == 3
    with page.expect_request("**/v1/files"):
        held[0].continue_()
    expect(page.get_by_text("1 of 20 files sent")).to_be_visible()
    expect(sending).to_have_count(3)
    for route in held[1:]:
        route.continue_()
    state(page, "Done")
    names = [result["custom_id"] for result in lines(saved(page, "Download results"))]
    assert names == [f"n{place:02}.pdf" for place in range(20)]


def test_names_are_text_whatever_they_say(page: Page, server: Server) -> None:
    new_batch(page, server)
    name = "<img src=x onerror=window.caught=1>.pdf"
    choose(page, [{"name": name, "mimeType": "", "buffer": DAMAGED}])
    expect(page.locator(".file-name")).to_have_text(name)
    page.get_by_role("button", name="Start a batch of 1 document").click()
    state(page, "Failed")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator(".job-failures td.name")).to_have_text(name)
    page.get_by_role("link", name="All batches").click()
    expect(page.locator(".job-name a").first).to_have_text(name)
    assert page.evaluate("window.caught") is None


def test_a_folder_brings_its_documents(page: Page, server: Server, tmp_path: Path) -> None:
    for name in ("a.pdf", "deep/a.pdf", "deep/notes.txt"):
        path = tmp_path / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(letter())
    new_batch(page, server)
    page.locator("input[name=folder]").set_input_files(tmp_path / "papers")
    expect(page.get_by_text("1 file in a folder left out")).to_be_visible()
    expect(page.locator(".draft-files .file-name")).to_have_text(["papers/a.pdf", "papers/deep/a.pdf"])
    page.get_by_role("button", name="Start a batch of 2 documents").click()
    expect(page.get_by_role("heading", name="papers", exact=True)).to_be_visible()
    state(page, "Done")
    with zipfile.ZipFile(saved(page, "Results as Markdown")) as archive:
        assert archive.namelist() == ["papers/a.md", "papers/deep/a.md"]


def test_files_are_dropped_anywhere(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/batches")
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["%PDF-"], "dropped.pdf"));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator(".draft-files")).to_contain_text("dropped.pdf")


def test_a_batch_is_deleted_with_what_it_left(page: Page, server: Server) -> None:
    caller = Caller(server.url)
    job = caller.over(caller.submit([line("a", data_uri(letter()))], metadata={"octavo-from": "short-lived"})["id"])
    page.goto(f"{server.url}/batches")
    page.get_by_role("link", name="short-lived").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("Delete its results and failures as well").check()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The batch is deleted")).to_be_visible()
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    expect(page.get_by_role("link", name="short-lived")).to_have_count(0)
    assert caller.ask("GET", f"/v1/batch/jobs/{job['id']}").status_code == 404
    assert caller.ask("GET", f"/v1/files/{job['output_file']}").status_code == 404


def test_many_batches_are_shown_in_parts(page: Page, server: Server) -> None:
    caller = Caller(server.url)
    for place in range(21):
        caller.over(caller.submit([{"body": {}}], metadata={"octavo-from": f"bad {place}"})["id"])
    page.goto(f"{server.url}/batches")
    names = page.locator(".job-name a")
    expect(names).to_have_count(20)
    expect(names.first).to_have_text("bad 20")
    page.get_by_role("link", name="Older").click()
    expect(names.first).to_have_text("bad 0")
    page.reload()
    expect(names.first).to_have_text("bad 0")
    page.go_back()
    expect(names.first).to_have_text("bad 20")


def test_nobody_is_asked_when_nothing_runs(page: Page, server: Server) -> None:
    caller = Caller(server.url)
    job = caller.over(caller.submit([{"body": {}}])["id"])
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/v1/batch/jobs" in request.url else None)
    page.goto(f"{server.url}/batches")
    expect(page.locator(".job-row").first).to_be_visible()
    page.clock.run_for(30_000)
    assert len(asked) == 1
    page.goto(f"{server.url}/batches?job={job['id']}")
    state(page, "Failed")
    page.clock.run_for(30_000)
    assert len(asked) == 2


RUN = """
async ({ requests, each, from }) => {
    const { Pace } = await import("/static/batches/pace.js");
    const pace = new Pace();
    const told = [];
    for (let now = from; now <= requests * each; now += 2) {
        const done = Math.floor(now / each);
        const job = { total_requests: requests, completed_requests: done, started_at: 0, octavo: { pages: 3 * done } };
        pace.note(job, now);
        if (done === 0 || done === requests) continue;
        told.push([pace.left(job) / (requests * each - now), pace.pagesPerMinute * each / 180]);
    }
    return told;
}
"""
"""How much too long the time left is, and how much too fast the speed, each time that an even job is asked for."""


@pytest.mark.parametrize(("each", "start"), [(0.1, 2), (1, 2), (25, 2), (25, 250), (100, 2)])
def test_speed_and_time_left_do_not_jump(page: Page, each: float, start: float) -> None:
    told = page.evaluate(RUN, {"requests": max(20, int(200 / each)), "each": each, "from": start})
    assert len(told) > 50
    # The last minute is told in steps of five seconds.
    assert all(0.6 < left < 1.6 for left, _ in told[: len(told) * 2 // 3])
    assert all(0.7 < speed < 1.4 for _, speed in told)


def test_failures_are_told_as_far_as_one_reads(watch: Watch, server: Server) -> None:
    page = watch.page
    caller = Caller(server.url)
    job = caller.over(caller.submit([{"custom_id": f"n{place}", "body": {}} for place in range(130)])["id"])
    page.goto(f"{server.url}/batches?job={job['id']}")
    expect(page.locator(".job-failures tbody tr")).to_have_count(100)
    expect(page.get_by_text("30 more are in the file of failures.")).to_be_visible()
    caller.told("DELETE", f"/v1/files/{job['error_file']}")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("The reasons cannot be shown")
    watch.forgive("404")


def test_a_server_without_batches_says_so(watch: Watch, server: Server) -> None:
    page = watch.page
    page.route("**/v1/batch/jobs?*", lambda route: route.fulfill(status=404, json={"detail": "Not Found"}))
    page.goto(f"{server.url}/batches")
    expect(page.get_by_role("heading", name="No batches here")).to_be_visible()
    page.get_by_role("link", name="Read a document").click()
    expect(page.get_by_role("button", name="Try a sample")).to_be_visible()
    watch.forgive("404")


def test_a_batch_that_is_not_there(watch: Watch, server: Server) -> None:
    page = watch.page
    page.goto(f"{server.url}/batches?job=00000000-0000-4000-8000-000000000000")
    expect(page.get_by_role("heading", name="There is no such batch")).to_be_visible()
    page.get_by_role("link", name="All batches").click()
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    watch.forgive("404")


def test_a_server_that_goes_away_is_waited_for(watch: Watch, server: Server) -> None:
    page = watch.page
    page.route("**/v1/batch/jobs?*", lambda route: route.abort())
    page.goto(f"{server.url}/batches")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    page.unroute("**/v1/batch/jobs?*")
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    watch.forgive("ERR_FAILED")


def test_everybody_has_batches_of_their_own(chromium: Browser, tmp_path: Path) -> None:
    with (
        serving(tmp_path, API_KEYS="anna=anna-key,berta=berta-key") as server,
        chromium.new_context(locale="en-GB") as context,
    ):
        page = context.new_page()
        page.goto(f"{server.url}/batches")
        page.get_by_label("Key").fill("anna-key")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Read many documents at once")).to_be_visible()
        choose(page, files(a_pdf=letter()))
        page.get_by_role("button", name="Start a batch of 1 document").click()
        state(page, "Done")
        assert lines(saved(page, "Download results"))[0]["custom_id"] == "a.pdf"
        page.goto(f"{server.url}/batches?new=1")
        choose(page, files(b_pdf=letter()))
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Key").fill("berta-key")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Drop documents or folders here")).to_be_visible()
        expect(page).to_have_url(f"{server.url}/batches")
        expect(page.get_by_role("heading", name="Read many documents at once")).to_be_visible()


def test_the_keyboard_goes_on_from_where_it_was(page: Page, server: Server) -> None:
    caller = Caller(server.url)
    caller.over(caller.submit([{"body": {}}], metadata={"octavo-from": "typed"})["id"])
    page.goto(f"{server.url}/batches")
    page.get_by_role("link", name="typed").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="typed")).to_be_focused()
    expect(page).to_have_title("typed · Octavo")
    delete = page.get_by_role("button", name="Delete")
    delete.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Close").press("Enter")
    expect(delete).to_be_focused()
    page.get_by_role("link", name="All batches").press("Enter")
    expect(page.get_by_role("heading", name="Batches")).to_be_focused()
    expect(page).to_have_title("Batches · Octavo")
    page.get_by_role("link", name="New batch").press("Enter")
    choose(page, files(a_pdf=letter(), b_pdf=letter()))
    page.get_by_role("button", name="Remove: a.pdf").press("Enter")
    expect(page.get_by_role("list", name="1 document")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_a_screen_reader(page: Page, server: Server, scheme: str) -> None:
    caller = Caller(server.url)
    job = caller.over(caller.submit([{"body": {}}, line("a", data_uri(letter()))])["id"])
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address, ready in (("", ".job-row"), (f"?job={job['id']}", ".job-failures td"), ("?new=1", ".drop")):
        page.goto(f"{server.url}/batches{address}")
        expect(page.locator(ready).first).to_be_visible()
        if ready == ".drop":
            choose(page, files(a_pdf=letter()))
            page.locator("summary").click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_it_speaks_french_and_fits_a_phone(page: Page, server: Server) -> None:
    caller = Caller(server.url)
    job = caller.over(caller.submit([{"body": {}}])["id"])
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(f"{server.url}/batches?job={job['id']}")
    page.get_by_label("Language").select_option("fr")
    for address in (f"?job={job['id']}", "", "?new=1"):
        page.goto(f"{server.url}/batches{address}")
        expect(page.get_by_role("heading").first).to_be_visible()
        assert page.evaluate("document.querySelector('main').scrollWidth") <= 380
    expect(page.get_by_role("heading", name="Nouveau lot")).to_be_visible()
