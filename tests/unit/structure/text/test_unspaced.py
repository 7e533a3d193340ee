"""Lines of scripts without spaces between words go on without one."""

from __future__ import annotations

import pytest

from octavo.structure.text.unspaced import runs_on


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("本日は晴天", "なり。"),
        ("第三章", "（続き）"),
        ("ภาษา", "ไทย"),
        ("ພາສາ", "ລາວ"),
        ("မြန်မာ", "ဘာသာ"),
        ("ភាសា", "ខ្មែរ"),
    ],
)
def test_lines_without_spaces_run_on(before: str, after: str) -> None:
    assert runs_on(before, after)


@pytest.mark.parametrize(("before", "after"), [("end", "of it"), ("한국", "어"), ("使用", "Octavo"), ("", "本日")])
def test_others_are_parted_by_a_space(before: str, after: str) -> None:
    assert not runs_on(before, after)
