"""`Idempotency-Key` on the requests that make batch jobs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from batch_caller import UNFIT, BatchCaller, entry, jsonl, refusal

SMALL = [entry("0")]


@pytest.fixture(scope="module")
def caller(batch_server: str, key_of: Callable[[str], str]) -> Iterator[BatchCaller]:
    """The owner of all that follows."""
    caller = BatchCaller(batch_server, key_of("plain"))
    yield caller
    caller.http.close()


@pytest.fixture(scope="module")
def stranger(batch_server: str, key_of: Callable[[str], str]) -> Iterator[BatchCaller]:
    """Somebody else."""
    caller = BatchCaller(batch_server, key_of("somebody"))
    yield caller
    caller.http.close()


def test_it_makes_one_job(caller: BatchCaller) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = caller.try_to_create(key, requests=SMALL, metadata={"a": "b"})
    caller.waited(first.json())
    again = caller.try_to_create(key, requests=SMALL, metadata={"a": "b"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["status"] == "SUCCESS"


def test_another_body_is_a_conflict(caller: BatchCaller) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    caller.waited(caller.try_to_create(key, requests=SMALL).json())
    assert refusal(caller.try_to_create(key, requests=[entry("1")])) == (409, "conflict")
    assert refusal(caller.try_to_create(key, requests=SMALL, timeout_hours=23)) == (409, "conflict")


def test_a_request_that_failed_does_not_count(caller: BatchCaller) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert refusal(caller.try_to_create(key, requests=SMALL, model="gpt-9")) == UNFIT
    assert caller.try_to_create(key, requests=SMALL).status_code == 200


def test_it_is_the_owners_own(caller: BatchCaller, stranger: BatchCaller) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    one = caller.try_to_create(key, requests=SMALL).json()["id"]
    other = stranger.try_to_create(key, requests=[entry("other")]).json()["id"]
    assert one != other


def test_a_key_of_files_is_none_of_jobs(caller: BatchCaller) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    files = {"file": ("a.jsonl", jsonl(*SMALL))}
    assert caller.http.post("/v1/files", files=files, data={"purpose": "batch"}, headers=key).status_code == 200
    assert caller.try_to_create(key, requests=SMALL).json()["object"] == "batch"


@pytest.mark.parametrize("key", ["", "x" * 256, "\x7f"])
def test_a_key_that_is_none_is_refused(caller: BatchCaller, key: str) -> None:
    assert refusal(caller.try_to_create({"Idempotency-Key": key}, requests=SMALL)) == UNFIT
