from __future__ import annotations

from dataclasses import replace

import pytest

from factories import BODY, make_block, make_line, make_lines, make_page, prose
from octavo.domain.block import Block, BlockKind, Font
from octavo.domain.geometry import BBox
from octavo.structure.blocks.headings import Body
from octavo.structure.blocks.kinds import block_of, code_joined, gaps_above, lists_joined, references_marked
from octavo.structure.blocks.paragraphs import paragraphs_of
from octavo.structure.page import understand
from octavo.structure.text.lines import lines_of, segments_of

MONO = Font(size=BODY.size, name="Courier", mono=True)
NOWHERE = BBox(0, 0, 1, 1)


def block(*texts: str, font: Font = BODY, picture: BBox = NOWHERE, gap: float = 0.2) -> Block:
    (paragraph,) = paragraphs_of(lines_of(segments_of(make_lines(texts, font=font))))
    return block_of(paragraph, Body(BODY), gap, [picture])


def kinds(blocks) -> list[BlockKind]:
    return [each.kind for each in blocks]


def test_running_text():
    made = block(*prose(4))
    assert made.kind is BlockKind.TEXT
    assert made.text == " ".join(prose(4))
    assert " ".join(word.text for word in made.words) == made.text


def test_a_title():
    made = block("Origins of", "the harbour", font=Font(size=40))
    assert (made.kind, made.text, made.level) == (BlockKind.TITLE, "Origins of the harbour", 0)


@pytest.mark.parametrize("mark", ["•", "▪", "–", "*", "\uf0b7"])
def test_an_item_gets_the_bullet_of_markdown(mark):
    made = block(f"{mark} tea and cake")
    assert (made.kind, made.text) == (BlockKind.LIST, "- tea and cake")


def test_a_numbered_item_keeps_its_number():
    made = block("3. tea and cake")
    assert (made.kind, made.text) == (BlockKind.LIST, "3. tea and cake")


def test_code_keeps_its_lines_and_its_marks():
    made = block("for cup in cups:", "pour(cup, *rest)", font=MONO)
    assert (made.kind, made.text) == (BlockKind.CODE, "for cup in cups:\npour(cup, *rest)")


@pytest.mark.parametrize(
    "text",
    ["Figure 2: The quay", "Table 1. Prices of tea", "Abbildung 3: Der Hafen", "Tableau 4. Prix", "Fig. 7 The wall"],
)
def test_captions_beside_pictures(text):
    assert block(text, picture=BBox(100, 130, 600, 500)).kind is BlockKind.CAPTION


@pytest.mark.parametrize("text", ["Figures show that tea is popular.", "Maps are free.", "Chart a new course."])
def test_a_sentence_that_begins_like_a_caption_is_text(text):
    assert block(text).kind is BlockKind.TEXT


def test_items_in_a_row_are_one_list():
    items = [make_block(BlockKind.LIST, f"- item {n}", y=100 + 30 * n) for n in range(3)]
    (made,) = lists_joined(items)
    assert made.text == "- item 0\n- item 1\n- item 2"
    assert len(made.words) == 9
    assert made.box == items[0].box.union(items[2].box)


def test_a_lone_line_behind_an_asterisk_is_a_note():
    note = block("* Corresponding author")
    (alone,) = lists_joined([note])
    assert (alone.kind, alone.text) == (BlockKind.TEXT, "* Corresponding author")
    below = [make_block(BlockKind.LIST, f"- {n}", y=100 + 30 * n, words=note.words) for n in range(2)]
    assert kinds(lists_joined(below)) == [BlockKind.LIST]


def test_items_far_apart_are_two_lists():
    assert len(lists_joined([make_block(BlockKind.LIST, "- a", y=100), make_block(BlockKind.LIST, "- b", y=400)])) == 2


def test_text_between_items_parts_lists():
    items = [make_block(kind, "- a", y=100 + 30 * n) for n, kind in enumerate(("list", "text", "list"))]
    items = [make_block(BlockKind(each.kind), each.text, box=each.box) for each in items]
    assert kinds(lists_joined(items)) == [BlockKind.LIST, BlockKind.TEXT, BlockKind.LIST]


def test_a_numbered_line_that_the_next_goes_on_counting_is_no_title():
    blocks = [make_block(BlockKind.TITLE, "1. Tea", y=100), make_block(BlockKind.LIST, "2. Cake", y=130)]
    (made,) = lists_joined(blocks)
    assert (made.kind, made.text) == (BlockKind.LIST, "1. Tea\n2. Cake")


def test_code_in_pieces_is_one_block():
    (made,) = code_joined([make_block(BlockKind.CODE, text, y=y) for text, y in (("a = 1", 100), ("b = 2", 125))])
    assert made.text == "a = 1\nb = 2"


def test_code_keeps_its_blank_lines_and_indents():
    places = [("b = 2", 120, 100), ("a = 1", 100, 150), ("return a", 140, 175)]
    (made,) = code_joined([make_block(BlockKind.CODE, text, x=x, y=y) for text, x, y in places])
    assert made.text == "  b = 2\n\na = 1\n    return a"


@pytest.mark.parametrize("name", ["References", "Bibliography", "Literaturverzeichnis", "Références", "Bibliografía"])
def test_what_follows_the_heading_of_references(name):
    blocks = [
        make_block(BlockKind.TEXT, "Before."),
        make_block(BlockKind.TITLE, name),
        make_block(BlockKind.LIST, "[1] A. Author, Tea, 1815."),
        make_block(BlockKind.TEXT, "B. Author, Cake, 1816."),
        make_block(BlockKind.TITLE, "Appendix"),
        make_block(BlockKind.TEXT, "After."),
    ]
    assert kinds(references_marked(blocks)) == ["text", "title", "references", "references", "title", "text"]


def test_gaps_are_told_in_ems():
    boxes = [BBox(0, 0, 10, 20), BBox(0, 40, 10, 60), BBox(0, 65, 10, 85)]
    first, *others = gaps_above(boxes, 20)
    assert first > 2
    assert others == [1.0, 0.25]
    assert gaps_above([], 20) == []


def test_marks_without_a_space_after_them_make_lists_in_japanese():
    (block,) = understand(make_page(make_lines(["・切符を買ってください", "・餌をやらないで", "・忘れ物だ"])))
    assert (block.kind, block.text) == (
        BlockKind.LIST,
        "- 切符を買ってください\n- 餌をやらないで\n- 忘れ物だ",
    )


def test_a_line_of_one_width_beside_code_is_code():
    mono = Font(size=20, name="Courier", mono=True)
    command = make_block(text="curl \\\\", y=100, font=mono)
    command = replace(command, words=make_line("curl \\", y=100, font=mono))
    code = make_block(BlockKind.CODE, "-H (x)", x=120, y=125, font=mono)
    (made,) = code_joined([command, code])
    assert (made.kind, made.text) == (BlockKind.CODE, "curl \\\n  -H (x)")
    assert len(code_joined([make_block(text="Then call it:", y=100), code])) == 2
