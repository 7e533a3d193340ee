"""The list of batch jobs over plain HTTP: every filter, as clients spell it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from batch_caller import MODEL, UNFIT, BatchCaller, entry, refusal

Jobs = tuple[BatchCaller, list[str], str]


@pytest.fixture(scope="module")
def caller(batch_server: str, key_of: Callable[[str], str]) -> Iterator[BatchCaller]:
    """The owner of all that follows."""
    caller = BatchCaller(batch_server, key_of("plain"))
    yield caller
    caller.http.close()


@pytest.fixture(scope="module")
def jobs(caller: BatchCaller) -> Jobs:
    """Three jobs, the oldest first, and a name that they alone have."""
    mark = str(uuid.uuid4())
    ids = []
    for number, model in enumerate((MODEL, "mistral-ocr-2505", None)):
        job = caller.create(
            requests=[entry("0", model=MODEL)],
            model=model,
            agent_id=f"agent-{number}",
            metadata={"mark": mark, "number": str(number)},
        )
        ids.append(caller.waited(job)["id"])
    return caller, ids, mark


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("", [2, 1, 0]),
        ("&order_by=created", [0, 1, 2]),
        ("&order_by=-created", [2, 1, 0]),
        (f"&model={MODEL}", [0]),
        ("&model=mistral-ocr-2505", [1]),
        ("&agent_id=agent-2", [2]),
        ("&number=1", [1]),
        ("&number=1&number=1", [1]),
        ("&number=7", []),
        ("&unheard=of", []),
        ("&status=SUCCESS", [2, 1, 0]),
        ("&status=QUEUED&status=SUCCESS", [2, 1, 0]),
        ("&status=QUEUED&status=RUNNING", []),
        ("&created_by_me=true", [2, 1, 0]),
        ("&created_by_me=false", [2, 1, 0]),
        ("&created_after=2025-01-02T03:04:05Z", [2, 1, 0]),
        ("&created_after=2025-01-02T03:04:05", [2, 1, 0]),
        ("&created_after=2025-01-02T03:04:05.000Z", [2, 1, 0]),
        ("&created_after=2025-01-02T03:04:05%2B02:00", [2, 1, 0]),
        ("&created_after=2125-01-02T03:04:05Z", []),
        ("&created_after=2025-01-02", [2, 1, 0]),
        ("&page_size=2", [2, 1]),
        ("&page_size=2&page=1", [0]),
        ("&page_size=2&page=2", []),
        (f"&page=0&page_size=100&model={MODEL}&created_by_me=false&status=SUCCESS&order_by=created&number=0", [0]),
    ],
)
def test_it_selects(jobs: Jobs, query: str, chosen: list[int]) -> None:
    caller, ids, mark = jobs
    answer = caller.http.get(f"/v1/batch/jobs?mark={mark}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["object"] == "list"
    assert [ids.index(job["id"]) for job in answer.json()["data"]] == chosen
    if "page" not in query:
        assert answer.json()["total"] == len(chosen)


def test_the_total_is_of_all_pages(jobs: Jobs) -> None:
    caller, _, mark = jobs
    assert caller.http.get(f"/v1/batch/jobs?mark={mark}&page_size=1&page=7").json()["total"] == 3


def test_it_is_the_same_as_single_answers(jobs: Jobs) -> None:
    caller, ids, mark = jobs
    data = caller.http.get(f"/v1/batch/jobs?mark={mark}&order_by=created").json()["data"]
    assert data == [caller.get(one) for one in ids]


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page_size=0",
        "page_size=many",
        "status=DONE",
        "order_by=model",
        "created_after=yesterday",
        "created_by_me=perhaps",
    ],
)
def test_it_refuses_what_makes_no_sense(caller: BatchCaller, query: str) -> None:
    answer = caller.http.get(f"/v1/batch/jobs?{query}")
    assert refusal(answer) == UNFIT
    assert query.partition("=")[0] in answer.json()["message"]


@pytest.mark.parametrize("query", ["page=99999999999999999999", "page=1000000&page_size=1000", "x%00=y", "x=%00"])
def test_it_survives_the_absurd(caller: BatchCaller, query: str) -> None:
    answer = caller.http.get(f"/v1/batch/jobs?{query}")
    assert answer.status_code == 422 or answer.json()["data"] == []


def test_a_job_that_was_created_just_now_is_listed_after_a_moment_ago(caller: BatchCaller) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    job = caller.waited(caller.create(requests=[entry("0")]))
    ids = [
        one["id"]
        for one in caller.http.get("/v1/batch/jobs", params={"created_after": before.isoformat()}).json()["data"]
    ]
    assert job["id"] in ids
