"""What is written when a job is over."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from test_cli_batch_progress import JOB

from octavo.cli.batch_api import BatchApi, Job
from octavo.cli.batch_inputs import Document
from octavo.cli.batch_results import MOST_TOLD, Target, fetch
from octavo.cli.batch_upload import LeftOut
from octavo.domain.errors import FileTooLarge, InvalidRequest, InvalidSettings, NotFound

pytestmark = pytest.mark.anyio
OVER = replace(
    JOB, output_file="good", error_file="bad", errors=(("HTTP Error, status code: 400 (corrupt_document)", 2),)
)
GOOD = b'{"custom_id": "a"}\n{"custom_id": "b"}\n'


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def bad(*names: str | None) -> bytes:
    body = json.dumps({"message": "It is damaged."})
    lines = [{"id": "x-1", "custom_id": name, "response": {"status_code": 400, "body": body}} for name in names]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def server(**files: bytes) -> BatchApi:
    """One that has these files; it answers from a stub behind the client's own door."""

    def answer(request: httpx.Request) -> httpx.Response:
        data = files.get(request.url.path.split("/")[3])
        return httpx.Response(404, json={"message": "no file"}) if data is None else httpx.Response(200, content=data)

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://127.0.0.1")
    return BatchApi(http=http, name="A stub")


def left_in(folder: Path) -> list[str]:
    """Names of files."""
    return sorted(path.name for path in folder.iterdir())


def large(name: str) -> LeftOut:
    document = Document(number=0, name=name, path=Path(name), size=9, sha256="0")
    return LeftOut(document, FileTooLarge("Too large."))


async def test_what_failed_stands_beside_what_succeeded(bare: Path) -> None:
    target = Target(bare / "out.jsonl")
    failures = await fetch(server(good=GOOD, bad=bad("c", None)), OVER, target, [large("d")])
    assert (bare / "out.jsonl").read_bytes() == GOOD
    failed = [json.loads(line) for line in (bare / "out.errors.jsonl").read_text().splitlines()]
    assert [line["custom_id"] for line in failed] == ["c", None, "d"]
    assert failed[2]["error"] == {"code": "file_too_large", "message": "Too large."}
    assert failures.count == 3
    assert failures.first == [("c", "It is damaged."), ("x-1", "It is damaged."), ("d", "Too large.")]
    assert failures.exit_code == 3
    assert left_in(bare) == ["out.errors.jsonl", "out.jsonl"]


async def test_failures_of_an_earlier_run_do_not_stay(bare: Path) -> None:
    (bare / "out.errors.jsonl").write_text("old")
    done = replace(OVER, error_file=None, errors=())
    failures = await fetch(server(good=GOOD), done, Target(bare / "out.jsonl"), [])
    assert (failures.count, failures.exit_code) == (0, 0)
    assert left_in(bare) == ["out.jsonl"]


async def test_to_standard_output_goes_all(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    failures = await fetch(server(good=GOOD, bad=bad("c")), OVER, Target(None), [])
    assert capfdbinary.readouterr().out == GOOD + bad("c")
    assert failures.count == 1


async def test_only_some_failures_are_told_one_by_one(bare: Path) -> None:
    names = [f"n{number}" for number in range(100)]
    failures = await fetch(server(good=GOOD, bad=bad(*names)), OVER, Target(bare / "out.jsonl"), [])
    assert (failures.count, len(failures.first)) == (100, MOST_TOLD)
    assert failures.names == set(names)


async def test_nothing_is_written_when_the_results_are_gone(bare: Path) -> None:
    (bare / "out.jsonl").write_text("old")
    for job, error in [(OVER, NotFound), (replace(OVER, output_file=None), InvalidRequest)]:
        with pytest.raises(error):
            await fetch(server(), job, Target(bare / "out.jsonl"), [])
    assert left_in(bare) == ["out.jsonl"]
    assert (bare / "out.jsonl").read_text() == "old"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("HTTP Error, status code: 400 (encrypted_document)", 4),
        ("HTTP Error, status code: 422 (invalid_body)", 2),
        ("HTTP Error, status code: 500 (octavo_error)", 1),
        ("something else", 7),
    ],
)
async def test_the_exit_code_is_that_of_the_most_frequent_failure(bare: Path, message: str, code: int) -> None:
    job: Job = replace(OVER, errors=((message, 3), ("HTTP Error, status code: 400 (corrupt_document)", 1)))
    assert (await fetch(server(good=GOOD, bad=bad("c")), job, Target(bare / "out.jsonl"), [])).exit_code == code


async def test_a_place_where_nothing_can_be_written_is_told_before(bare: Path) -> None:
    (bare / "folder").mkdir()
    for path in (bare / "folder", bare / "missing" / "out.jsonl"):
        with pytest.raises(InvalidSettings, match="cannot be written"):
            Target(path).check("in.jsonl")
    for name in ("out.jsonl", "out.errors.jsonl"):
        with pytest.raises(InvalidSettings, match=f"{name} would be overwritten"):
            Target(bare / "out.jsonl").check(name)
    Target(bare / "out.jsonl").check("in.jsonl")
    Target(None).check("in.jsonl")
    assert Target(bare / "a.b.json").failed == bare / "a.b.errors.json"
    assert Target(bare / "plain").failed == bare / "plain.errors.jsonl"
