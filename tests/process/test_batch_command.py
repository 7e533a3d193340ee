"""`octavo batch` with and without a server, stopped in every way, and begun again."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from batch_client import Caller
from batch_desk import Desk
from octavo_server import PATIENCE, command

from papers import protected_pdf, text_pdf

pytestmark = pytest.mark.slow
ALL = [f"id-{number}" for number in range(12)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is ended after the test."""
    with ExitStack() as stack:
        yield stack


@contextmanager
def serving(desk: Desk, *arguments: str) -> Iterator[Caller]:
    """A server on the same data folder; the first of its keys is the caller's."""
    with (desk.folder / "server.log").open("a") as log:
        process = subprocess.Popen(
            command("serve", "--port", "0", *arguments),
            env=desk.variables(),
            cwd=desk.folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[-1]
        key = desk.settings.get("API_KEYS", "").partition(",")[0].partition("=")[2]
        yield Caller(url, key or None)
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def files_of(caller: Caller) -> list[str]:
    """Names of the files on a server."""
    return [file["filename"] for file in caller.told("GET", "/v1/files")["data"]]


def test_a_file_is_answered_without_a_server_and_only_once(desk: Desk) -> None:
    desk.requests(12, 0)
    first = desk.run("run", "in.jsonl", "-o", "out.jsonl")
    assert first.code == 0, first.err
    assert desk.ids("out.jsonl") == ALL
    assert "page 7" in desk.results("out.jsonl")[7]["response"]["body"]["pages"][0]["markdown"]
    assert "Reading: 12 of 12 requests" in first.err
    assert not (desk.folder / "out.errors.jsonl").exists()

    again = desk.run("run", "in.jsonl", "-o", "again.jsonl")
    assert again.code == 0, again.err
    assert "has done it already" in again.err
    assert (desk.folder / "again.jsonl").read_bytes() == (desk.folder / "out.jsonl").read_bytes()
    assert [desk.reads(number) for number in range(12)] == [1] * 12
    with serving(desk) as caller:
        (left,) = caller.told("GET", "/v1/files")["data"]
        assert left["filename"].endswith("-output.jsonl")
        caller.told("DELETE", f"/v1/files/{left['id']}")
        anew = desk.run("run", "in.jsonl", "-o", "again.jsonl")
    assert anew.code == 0, anew.err
    assert "its results are deleted; a new one begins" in anew.err
    assert desk.ids("again.jsonl") == ALL


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_what_was_stopped_goes_on_with_the_same_command(desk: Desk, how: signal.Signals, code: int) -> None:
    desk.requests(6, 6)
    with desk.begun("run", "in.jsonl", "-o", "out.jsonl") as process:
        assert desk.stands()
        ended = desk.stopped(process, how)
    assert ended.code == code
    assert ("Run the same command again to go on." in ended.err) == (how is signal.SIGINT)
    assert not list(desk.folder.glob("*out.jsonl*"))

    ((job, *_),) = desk.jobs()
    done = json.loads(desk.run("show", job, "--json").out)["succeeded_requests"]
    desk.gate.touch()
    again = desk.run("run", "in.jsonl", "-o", "out.jsonl")
    assert again.code == 0, again.err
    assert desk.ids("out.jsonl") == ALL
    assert len(desk.jobs()) == 1
    assert sum(desk.reads(number) == 1 for number in range(12)) >= done  # what was recorded is not read again


def test_it_talks_to_the_server_of_the_data_folder(desk: Desk) -> None:
    desk.requests(12, 0)
    desk.settings["API_KEYS"] = "alice=one,bob=two"
    with serving(desk) as caller:
        ended = desk.run("run", "in.jsonl", "-o", "out.jsonl")
        assert ended.code == 0, ended.err
        assert desk.ids("out.jsonl") == ALL
        (job,) = caller.told("GET", "/v1/batch/jobs")["data"]
        assert job["status"] == "SUCCESS"
        assert job["metadata"]["octavo-from"] == "in.jsonl"

        # Another's key sees nothing of it, and a wrong one is told what to do.
        assert desk.run("list", OCTAVO_API_KEY="two").out.splitlines()[1:] == []
        assert job["id"] in desk.run("list", "--base-url", caller.url, "--api-key", "one").out
        refused = desk.run("list", "--api-key", "wrong")
        assert refused.code == 2
        assert "--api-key or OCTAVO_API_KEY" in refused.err


def test_a_server_goes_on_though_the_command_is_stopped(desk: Desk) -> None:
    desk.requests(6, 6)
    with serving(desk) as caller:
        with desk.begun("run", "in.jsonl", "-o", "out.jsonl") as process:
            assert desk.stands()
            process.send_signal(signal.SIGINT)
            err = process.communicate(timeout=PATIENCE)[1]
        assert process.returncode == 130
        (job,) = caller.told("GET", "/v1/batch/jobs")["data"]
        assert f"Job {job['id']} goes on at {caller.url}." in err
        desk.gate.touch()
        assert caller.over(job["id"])["status"] == "SUCCESS"
        ended = desk.run("run", "in.jsonl", "-o", "out.jsonl")
    assert ended.code == 0, ended.err
    assert desk.ids("out.jsonl") == ALL


def test_a_server_goes_on_with_what_a_command_began(desk: Desk) -> None:
    desk.requests(6, 6)
    with desk.begun("run", "in.jsonl", "-o", "out.jsonl") as process:
        assert desk.stands()
        desk.stopped(process, signal.SIGKILL)
    desk.gate.touch()
    with serving(desk) as caller:
        (job,) = caller.told("GET", "/v1/batch/jobs")["data"]
        assert caller.over(job["id"])["status"] == "SUCCESS"
        there = desk.run("run", "in.jsonl", "-o", "out.jsonl")
    assert there.code == 0, there.err
    assert desk.ids("out.jsonl") == ALL
    here = desk.run("run", job["id"][:8], "-o", "-")
    assert here.code == 0, here.err
    assert here.out == (desk.folder / "out.jsonl").read_text()


def test_a_folder_becomes_requests_and_nothing_of_it_stays(desk: Desk) -> None:
    papers = desk.folder / "papers"
    (papers / "sub").mkdir(parents=True)
    text_pdf(papers / "b.pdf", [["one"], ["two"]])
    text_pdf(papers / "sub" / "a \u00e9.pdf", [["three"]])
    protected_pdf(papers / "locked.pdf", "secret")
    (papers / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (papers / "empty.png").write_bytes(b"")
    (papers / "notes.txt").write_text("no document")

    ended = desk.run("run", "papers", "-o", "out.jsonl", "--pages", "0")
    assert ended.code in {3, 4}, ended.err
    assert desk.ids("out.jsonl") == ["b.pdf", "sub/a \u00e9.pdf"]
    assert [len(found["response"]["body"]["pages"]) for found in desk.results("out.jsonl")] == [1, 1]
    assert desk.ids("out.errors.jsonl") == ["broken.pdf", "locked.pdf", "empty.png"]
    assert "octavo: empty.png: The file is empty." in ended.err
    assert "3 failed: out.errors.jsonl" in ended.err
    again = desk.run("run", "papers", "-o", "out.jsonl", "--pages", "0")
    assert again.code == ended.code
    assert desk.ids("out.errors.jsonl") == ["broken.pdf", "locked.pdf", "empty.png"]

    with serving(desk) as caller:
        kinds = sorted(name.rpartition("-")[2] for name in files_of(caller))
        assert kinds == ["broken.pdf", "errors.jsonl", "locked.pdf", "output.jsonl"]  # these may be tried again

        # Results without failures take the place of those of an earlier run.
        for name in ("broken.pdf", "locked.pdf", "empty.png"):
            (papers / name).unlink()
        clean = desk.run("run", "papers", "-o", "out.jsonl")
        assert clean.code == 0, clean.err
    assert desk.ids("out.jsonl") == ["b.pdf", "sub/a \u00e9.pdf"]
    assert not (desk.folder / "out.errors.jsonl").exists()


def test_a_document_that_the_server_does_not_take_is_a_failed_one(desk: Desk) -> None:
    papers = desk.folder / "papers"
    papers.mkdir()
    text_pdf(papers / "a.pdf", [["one"]])
    (papers / "large.pdf").write_bytes(b"%PDF-1.4" + bytes(100_000))
    desk.settings["LIMITS__MAX_UPLOAD_BYTES"] = "50000"
    for _ in range(2):
        ended = desk.run("run", "papers", "-o", "out.jsonl")
        assert ended.code == 5, ended.err
        assert desk.ids("out.jsonl") == ["a.pdf"]
        assert desk.ids("out.errors.jsonl") == ["large.pdf"]


def test_jobs_are_listed_shown_cancelled_and_tried_again_without_a_server(desk: Desk) -> None:
    desk.requests(6, 6)
    with desk.begun("run", "in.jsonl", "-o", "out.jsonl") as process:
        assert desk.stands()
        desk.stopped(process, signal.SIGINT)
    ((job, status, *_),) = desk.jobs()
    assert status == "RUNNING"
    shown = json.loads(desk.run("show", job[:8], "--json").out)
    assert (shown["id"], shown["total_requests"]) == (job, 12)

    cancelled = desk.run("cancel", job)
    assert cancelled.code == 0, cancelled.err
    ((_, status, *_),) = desk.jobs()
    assert status == "CANCELLED"
    assert "output file:" in desk.run("show", job).out
    part = desk.run("run", job, "-o", "part.jsonl")
    assert part.code == 130
    assert "ended as CANCELLED" in part.err
    part_ids = desk.ids("part.jsonl")
    assert part_ids == [name for name in ALL if name in part_ids]
    assert len(part_ids) == shown["succeeded_requests"]

    refused = desk.run("retry", job)
    assert refused.code == 2
    assert "No line failed" in refused.err

    desk.gate.touch()
    anew = desk.run("run", "in.jsonl", "-o", "out.jsonl")
    assert anew.code == 0, anew.err
    assert f"Job {job} did the same before and ended as CANCELLED; a new one begins." in anew.err
    assert desk.ids("out.jsonl") == ALL


def test_failed_requests_are_tried_again_in_a_job_of_their_own(desk: Desk) -> None:
    papers = desk.folder / "papers"
    papers.mkdir()
    text_pdf(papers / "a.pdf", [["one"]])
    text_pdf(papers / "dies.pdf", [[f"wait {desk.gate}", "die"]])
    (papers / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    desk.gate.touch()
    assert desk.run("run", "papers", "-o", "out.jsonl").code != 0
    ((job, *_),) = desk.jobs()
    retried = desk.run("retry", job)
    assert retried.code == 0, retried.err
    (told,) = [row for row in desk.jobs() if row[0] != job]
    assert told[1:4] == ["QUEUED", "0/2", "0"]
    ended = desk.run("run", told[0], "-o", "more.jsonl")
    assert ended.code != 0
    assert desk.ids("more.errors.jsonl") == ["broken.pdf", "dies.pdf"]
    # The first job is still the one that did it all.
    assert desk.run("run", "papers", "-o", "out.jsonl").code != 0
    assert desk.ids("out.jsonl") == ["a.pdf"]


def test_jobs_of_a_server_are_cancelled_through_it(desk: Desk) -> None:
    desk.requests(6, 6)
    with serving(desk) as caller, desk.begun("run", "in.jsonl", "-o", "out.jsonl") as process:
        assert desk.stands()
        (job,) = caller.told("GET", "/v1/batch/jobs")["data"]
        assert desk.run("cancel", job["id"]).out == f"Job {job['id']} stops.\n"
        desk.gate.touch()
        err = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 130
    assert "ended as CANCELLED" in err
    ids = desk.ids("out.jsonl")
    assert ids == [name for name in ALL if name in ids]


def test_a_second_command_is_told_who_works_there(desk: Desk) -> None:
    desk.requests(6, 6)
    with desk.begun("run", "in.jsonl", "-o", "out.jsonl") as process:
        assert desk.stands()
        second = desk.run("list")
    assert second.code == 2
    assert f"Process {process.pid} works on the data folder" in second.err


def test_a_server_that_is_started_again_is_waited_for(desk: Desk, stack: ExitStack) -> None:
    desk.requests(6, 6)
    with desk.begun("run", "in.jsonl", "-o", "out.jsonl", "--base-url", "http://127.0.0.1:1") as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (6, "")
    assert "The server at http://127.0.0.1:1 does not answer" in err
    with serving(desk) as caller:
        port = httpx.URL(caller.url).port
        process = stack.enter_context(desk.begun("run", "in.jsonl", "-o", "out.jsonl"))
        assert desk.stands()
    desk.gate.touch()
    assert process.poll() is None
    with serving(desk, "--port", str(port)):
        err = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 0, err
    assert desk.ids("out.jsonl") == ALL


def test_what_can_be_nothing_is_told_before_anything_is_done(desk: Desk) -> None:
    desk.requests(2, 0)
    (desk.folder / "none").mkdir()
    text_pdf(desk.folder / "a.pdf", [["one"]])
    for arguments, code, said in [
        (("in.jsonl", "-o", "missing/out.jsonl"), 2, "missing/out.jsonl cannot be written"),
        (("in.jsonl", "-o", "out.jsonl", "--pages", "1"), 2, "--pages: only requests that are made of a folder"),
        (("none", "-o", "out.jsonl"), 3, "none holds no PDF and no image."),
        (("none", "-o", "out.jsonl", "--pages", "x"), 2, "--pages: "),
        (("a.pdf", "-o", "out.jsonl"), 2, "a.pdf is a document."),
        (("gone.jsonl", "-o", "out.jsonl"), 3, "There is no folder, no file and no job gone.jsonl."),
        (("abcdef", "-o", "out.jsonl"), 3, "No batch jobs have ids that begin with abcdef"),
        (("in.jsonl", "-o", "out.jsonl", "--model", "other"), 2, "Invalid model: other"),
    ]:
        ended = desk.run("run", *arguments)
        assert (ended.code, said in ended.err) == (code, True), ended
    assert desk.jobs() == []
