from __future__ import annotations

from factories import BODY, make_line, make_lines, prose
from octavo.domain.block import Font
from octavo.structure.blocks.paragraphs import has_marker, paragraphs_of
from octavo.structure.text.lines import lines_of, segments_of

LEADING = 1.25 * BODY.size


def grouped(words) -> list[list[str]]:
    """The lines of each paragraph."""
    found = paragraphs_of(lines_of(segments_of(words)))
    return [[line.text for line in paragraph.lines] for paragraph in found]


def test_lines_at_even_steps_are_one_paragraph():
    lines = prose(5)
    assert grouped(make_lines(lines)) == [lines]


def test_a_wider_gap_begins_a_paragraph():
    one, two = prose(4), prose(4, start=15)
    assert grouped(make_lines(one) + make_lines(two, y=100 + 4 * LEADING + 15)) == [one, two]


def test_small_type_in_the_column_changes_nothing_in_the_steps_of_the_text():
    notes, lines = prose(6, 60), prose(4)
    words = make_lines(notes, font=Font(size=15)) + make_lines(lines, y=300, leading=1.4)
    assert grouped(words) == [notes, lines]


def test_an_indented_line_begins_a_paragraph():
    one, two = prose(4), prose(4, 38, start=15)
    one[-1] += "."
    words = make_lines(one) + make_line(two[0], x=125, y=100 + 4 * LEADING)
    words += make_lines(two[1:], y=100 + 5 * LEADING)
    assert grouped(words) == [one, two]


def test_the_last_line_of_a_centered_heading_is_no_indent():
    large = Font(size=40)
    lines = make_line("We shall not close", x=100, font=large) + make_line("the ferry", x=190, y=150, font=large)
    assert len(grouped(lines)) == 1


def test_a_short_line_at_the_end_of_a_sentence_ends_a_paragraph():
    lines = prose(8)
    lines[3] = "and so it ended."
    assert grouped(make_lines(lines)) == [lines[:4], lines[4:]]


def test_a_change_of_size_begins_a_paragraph():
    heading = make_line("A heading", font=Font(size=30))
    text = prose(3)
    assert grouped(heading + make_lines(text, y=145)) == [["A heading"], text]


def test_bold_then_regular_begins_a_paragraph():
    heading = make_line("A bold heading", font=Font(size=BODY.size, bold=True))
    text = prose(3)
    assert grouped(heading + make_lines(text, y=100 + LEADING)) == [["A bold heading"], text]


def test_a_bold_word_inside_a_line_does_not():
    bold = Font(size=BODY.size, bold=True)
    first = make_line("Note", font=bold) + make_line("that it was a bright cold day in April", x=150)
    rest = prose(3)
    assert len(grouped(first + make_lines(rest, y=100 + LEADING))) == 1


def test_every_item_of_a_list_is_a_paragraph():
    items = ["• one thing that", "• another thing", "• the last"]
    assert grouped(make_lines(items)) == [[item] for item in items]


def test_the_lines_of_an_item_stay_together():
    words = make_line("1. the first item which is so long that it", y=100)
    words += make_line("goes on below", x=130, y=100 + LEADING)
    words += make_line("2. the second", y=100 + 2 * LEADING)
    assert grouped(words) == [["1. the first item which is so long that it", "goes on below"], ["2. the second"]]


def test_lines_that_the_writer_broke_keep_their_breaks():
    address = ["Octavo Press", "12 Harbour Street", "Rotterdam"]
    wide = prose(3, 60)
    found = paragraphs_of(lines_of(segments_of(make_lines(address) + make_lines(wide, y=250))))
    assert found[0].breaks == (True, True, False)
    assert found[1].breaks == (False, False, False)


def test_entries_of_contents_keep_their_lines():
    entries = [
        "1 Introduction ................ 11",
        "1.1 Research question ......... 12",
        "2 Background .................. 14",
    ]
    (found,) = paragraphs_of(lines_of(segments_of(make_lines(entries))))
    assert found.breaks == (True, True, False)


def note(number: str, text: str, y: float):
    """A note with its number raised and small."""
    return make_line(number, y=y - 3, font=Font(size=11)) + make_line(text, x=108, y=y)


def test_notes_with_raised_numbers_are_paragraphs_of_their_own():
    lines = ["2021 estimate of the council", "2020 estimate of the council", "A third one"]
    words = [word for n, text in enumerate(lines) for word in note(str(n + 1), text, 100 + n * LEADING)]
    assert [len(lines) for lines in grouped(words)] == [1, 1, 1]


def test_a_raised_number_at_the_beginning_of_a_line_of_text_ends_nothing():
    first = make_line("It was shown by the others that rain falls on the", y=100)
    second = make_line("2", y=97 + LEADING, font=Font(size=11)) + make_line(
        "quay when it rains at all", x=108, y=100 + LEADING
    )
    assert len(grouped(first + second)) == 1


def test_a_value_at_the_beginning_of_a_full_line_is_no_item():
    lines = ["Domestic logs 19.4 kilojoules, pellets and chips:", "15.5 kilojoules; shells: 18 kilojoules; and others:"]
    assert grouped(make_lines(lines)) == [lines]


def test_no_lines_no_paragraphs():
    assert paragraphs_of(()) == ()


def test_markers():
    def marked(text: str) -> bool:
        (line,) = lines_of(segments_of(make_line(text)))
        return has_marker(line)

    assert all(map(marked, ["• a", "– a", "1. a", "12) a", "(a) a", "iv. a", "[7] a", "2.1 a"]))
    assert not any(map(marked, ["a", "1815", "word and", "1815 was", "A dog"]))


FULL = "the harbour where the ferry was waiting for the crates of"


def test_what_hangs_below_a_full_line_in_mid_sentence_goes_on_with_it():
    words = [*make_line(f"2 The crew went to {FULL}"), *make_line("oranges.", x=140, y=125)]
    words += [*make_line(f"3 The town went to {FULL}", y=150), *make_line("tea.", x=140, y=175)]
    assert [lines[0][:1] for lines in grouped(words)] == ["2", "3"]


def test_an_indented_line_below_the_end_of_a_sentence_begins_a_paragraph():
    for end in (".", ".\u2074", "!”"):
        words = [
            *make_lines([f"The crew went to {FULL} oranges", f"that stood around {FULL} tea, which were full{end}"])
        ]
        words += [*make_line(f"People watched it at {FULL} tea", x=140, y=150), *make_line("with care.", y=175)]
        assert [lines[0][:6] for lines in grouped(words)] == ["The cr", "People"]


def test_a_short_line_in_a_script_without_spaces_ends_a_paragraph():
    words = [
        *make_lines(["港では" * 15, "船が出る。"]),
        *make_line("乗客は" * 15, x=120, y=150),
        *make_line("七人。", y=175),
    ]
    assert [lines[0][:3] for lines in grouped(words)] == ["港では", "乗客は"]


def test_what_stands_at_the_right_does_not_tell_how_far_text_runs():
    words = [*make_line("有価証券報告書", x=480), *make_lines(["船は港を出て" * 7, "沖へ行く。"], y=140)]
    found = paragraphs_of(lines_of(segments_of(words)))
    assert found[-1].breaks == (False, False)


def test_type_of_another_size_begins_a_paragraph_behind_a_line_that_ends_early():
    caption, lines = "Table 3: what was said", prose(4)
    words = make_line(caption, font=Font(size=18.6, name="Helvetica")) + make_lines(lines, y=100 + LEADING)
    assert grouped(words) == [[caption], lines]
