import sys

import pytest

from octavo.executors import landlock


@pytest.mark.parametrize(("version", "bits"), [(1, 13), (2, 14), (3, 15), (4, 15), (5, 16), (7, 16), (99, 16)])
def test_every_right_on_files_that_a_version_knows_is_handled(version: int, bits: int) -> None:
    assert landlock._all_rights(version) == (1 << bits) - 1


def test_a_system_without_it_confines_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.confine(None) is None
    assert landlock.confine(landlock.Folders()) is None


def test_a_kernel_that_refuses_confines_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "_landlock", lambda *_: -1)
    assert landlock.confine(landlock.Folders()) is None
