"""Batch jobs beside each other: what is wrong with one holds up no other, and one has bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from test_batch_work import Script, house, line

from octavo.api.schemas.batch import BatchJobIn
from octavo.domain.batch import JobFilter
from octavo.domain.errors import LimitExceeded
from octavo.domain.file import Listing
from octavo.services import batches, loops, outcomes
from octavo.services.batches import Order

pytestmark = pytest.mark.anyio
ALL = JobFilter()
SOMEBODY = "00000000-0000-4000-8000-{:012}"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "GATHER", 0.01)


async def test_a_job_has_so_many_lines_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_LINES", 5, raising=False)
    async with house(tmp_path, Script()) as here:
        ids = [await here.upload("\n".join(map(line, range(number)))) for number in (2, 3, 1)]
        with pytest.raises(LimitExceeded, match=r"6 requests .* several jobs"):
            await here.batches.create(Order(owner="alice", endpoint="/v1/ocr", file_ids=tuple(ids)))
        assert await here.batches.list("alice", ALL, Listing()) == ((), 0)
        job = await here.batches.create(Order(owner="alice", endpoint="/v1/ocr", file_ids=tuple(ids[:2])))
        assert job.total == 5


@pytest.mark.parametrize(
    "ids", [[SOMEBODY.format(number) for number in range(101)], [SOMEBODY.format(1)] * 2], ids=["many", "twice"]
)
def test_input_files_are_few_and_each_is_named_once(ids: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        BatchJobIn.model_validate({"endpoint": "/v1/ocr", "input_files": ids})
    assert [error["loc"] for error in refused.value.errors()] == [("input_files",)]


def test_a_hundred_input_files_are_taken() -> None:
    ids = [SOMEBODY.format(number) for number in range(100)]
    assert len(BatchJobIn.model_validate({"endpoint": "/v1/ocr", "input_files": ids}).input_files or ()) == 100
