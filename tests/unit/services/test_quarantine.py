from __future__ import annotations

from dataclasses import dataclass

import pytest

from octavo.domain.errors import PageQuarantined
from octavo.services import quarantine
from octavo.services.quarantine import Quarantine


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_page_that_cost_two_workers_is_left_alone_for_an_hour() -> None:
    clock = Clock()
    ward = Quarantine(clock=clock)
    for _ in range(2):
        ward.admit("a page", "Page 3")
        ward.note_loss("a page")
    ward.admit("another page", "Page 4")
    clock.now += 600
    with pytest.raises(PageQuarantined, match=r"Page 3 .* 2 worker processes.* in 50 minutes"):
        ward.admit("a page", "Page 3")
    clock.now += 3001
    ward.admit("a page", "Page 3")


def test_losses_far_apart_do_not_add_up() -> None:
    clock = Clock()
    ward = Quarantine(clock=clock)
    for _ in range(5):
        ward.note_loss("a page")
        clock.now += 3601
    ward.note_loss("a page")
    ward.admit("a page", "Page 0")


def test_it_remembers_a_bounded_number_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST", 3)
    ward = Quarantine(patience=1)
    for number in range(5):
        ward.note_loss(str(number))
    ward.admit("0", "Page 0")
    with pytest.raises(PageQuarantined):
        ward.admit("4", "Page 4")
