from __future__ import annotations

import pytest

from factories import A_PAGE, make_line, make_lines, prose
from octavo.domain.block import Drawing, Font, PlacedImage, Rule
from octavo.domain.geometry import BBox
from octavo.structure.figures.find import find_figures

PLACE = BBox(200, 300, 700, 600)


def figures(images=(), drawings=(), rules=(), words=()):
    return find_figures(
        [PlacedImage(box=box) for box in images], list(drawings), [Rule(box=box) for box in rules], words, A_PAGE
    )


def bars(box: BBox, count: int = 6) -> list[Drawing]:
    """A bar chart that fills a box."""
    step = box.width / count
    return [
        Drawing(box=BBox(box.x0 + n * step, box.y0 + 20 * (n % 3), box.x0 + (n + 1) * step, box.y1), filled=True)
        for n in range(count)
    ]


def test_a_raster_image_is_a_figure():
    (figure,) = figures([PLACE])
    assert figure.box == PLACE


def test_an_ornament_is_none():
    assert figures([BBox(10, 10, 20, 20)]) == ()


def test_a_background_is_none():
    assert figures([BBox(0, 0, A_PAGE.width, A_PAGE.height)]) == ()


def test_tiles_are_one_figure():
    tiles = [BBox(200, 300 + 100 * n, 700, 400 + 100 * n) for n in range(3)]
    (figure,) = figures(tiles)
    assert figure.box == PLACE


def test_images_apart_are_two():
    assert len(figures([BBox(100, 100, 300, 300), BBox(600, 100, 800, 300)])) == 2


def test_paths_that_touch_are_one_figure():
    (figure,) = figures(drawings=bars(PLACE))
    assert figure.box.iou(PLACE) > 0.95


def test_a_curve_alone_can_be_a_figure():
    (figure,) = figures(drawings=[Drawing(box=PLACE, stroked=True, curved=True)])
    assert figure.box == PLACE


@pytest.mark.parametrize(
    "drawing",
    [
        Drawing(box=PLACE, filled=True),
        Drawing(box=BBox(10, 10, 30, 30), curved=True, stroked=True),
        Drawing(box=BBox(0, 0, A_PAGE.width, A_PAGE.height), filled=True),
    ],
)
def test_tinted_boxes_ornaments_and_grounds_are_no_figures(drawing):
    words = make_lines(prose(12), x=210, y=310)
    assert figures(drawings=[drawing], words=words) == ()


def test_rules_alone_are_no_figure():
    assert figures(rules=[BBox(100, 100, 800, 101), BBox(100, 200, 800, 201)]) == ()


def test_labels_belong_to_the_drawing():
    labels = make_line("North", x=250, y=320) + make_line("South", x=600, y=560)
    outside = make_line("Running text below", x=200, y=700)
    (figure,) = figures(drawings=bars(PLACE), words=labels + outside)
    assert [word.text for word in figure.words] == ["North", "South"]
    assert all(figure.box.intersection(word.box) == word.box.area for word in labels)


def test_words_over_a_raster_image_stay_text():
    (figure,) = figures([PLACE], words=make_line("Printed over", x=300, y=400))
    assert figure.words == ()


def test_words_on_a_picture_of_the_layout_belong_to_it():
    (figure,) = find_figures([PlacedImage(box=PLACE, holds_text=True)], [], [], make_line("Exit", x=300, y=400), A_PAGE)
    assert [word.text for word in figure.words] == ["Exit"]


def test_a_box_of_text_is_no_drawing():
    frame = [Drawing(box=BBox(190, 290, 710, 610), stroked=True, curved=True), *bars(PLACE, 4)]
    assert figures(drawings=frame, words=make_lines(prose(14, 48), x=205, y=302, leading=1.05)) == ()


def test_an_image_inside_a_drawing_is_one_figure():
    (figure,) = figures([BBox(300, 400, 500, 500)], bars(PLACE))
    assert figure.box.iou(PLACE) > 0.95


def axis(x: float = 160, *, size: float = 20):
    """Numbers along the left edge of a chart, one to each line."""
    return [word for n in range(4) for word in make_line(f"{n}00", x, 310 + 70 * n, font=Font(size=size))]


def texts_in(words) -> list[str]:
    """What stands in the one chart of a page."""
    (figure,) = figures(drawings=bars(PLACE), words=[*words, *make_lines(prose(6, 80), y=900)])
    return sorted(word.text for word in figure.words)


def test_numbers_and_names_along_the_axes_belong_to_the_chart():
    names = [word for n, name in enumerate(("Tea", "Cake", "Soup")) for word in make_line(name, 220 + 150 * n, 612)]
    assert texts_in([*axis(), *names]) == ["000", "100", "200", "300", "Cake", "Soup", "Tea"]


def test_the_number_at_the_end_of_an_axis_stands_beside_its_neighbours():
    end = make_line("400", 160, 268)
    assert "400" in texts_in([*axis(), *end])


def test_names_without_numbers_are_no_axis():
    assert texts_in(make_line("Tea", 220, 612)) == []


@pytest.mark.parametrize("text", ["Source: OECD", "Figure 2", "and cake.", "The ferry left the harbour"])
def test_text_below_a_chart_stays_text(text):
    assert texts_in([*axis(), *make_line(text, 220, 612)]) == ["000", "100", "200", "300"]


def test_larger_type_below_a_chart_stays_text():
    assert "Results" not in texts_in([*axis(), *make_line("Results", 220, 612, font=Font(size=26))])


@pytest.mark.parametrize(
    ("inner", "color", "found"),
    [
        (BBox(320, 340, 480, 460), "ffffcc00", 1),
        (BBox(320, 340, 480, 460), "ffff0000", 0),  # of one colour: nothing is seen
        (BBox(305, 305, 495, 495), "ffffffff", 0),  # a frame
        (BBox(320, 340, 330, 350), "ffffcc00", 0),
    ],
)
def test_a_shape_on_another_of_its_own_colour_is_a_figure(inner, color, found):
    ground = Drawing(box=BBox(300, 300, 500, 500), filled=True, color="ffff0000")
    assert len(figures(drawings=[ground, Drawing(box=inner, filled=True, color=color)])) == found


def test_a_box_on_a_box_with_a_word_on_it_is_no_figure():
    boxes = [
        Drawing(box=BBox(300, 300, 500, 500), filled=True, color="ffff0000"),
        Drawing(box=BBox(320, 340, 480, 460), filled=True, color="ffffcc00"),
    ]
    assert figures(drawings=boxes, words=make_line("Sale", 340, 380)) == ()


def shapes(x: float, y: float, count: int = 6, *, height: float = 30) -> list[Drawing]:
    """Letters that are drawn: as many small filled shapes in a row."""
    return [
        Drawing(box=BBox(x + 28 * n, y, x + 28 * n + 20, y + height), filled=True, curved=True, color="ff000000")
        for n in range(count)
    ]


def test_a_line_that_is_drawn_as_shapes_is_a_figure():
    around = [*make_lines(prose(3), y=300), *make_lines(prose(3), y=500)]
    (figure,) = figures(drawings=shapes(300, 420), words=around)
    assert (figure.box, figure.words) == (BBox(300, 420, 460, 450), ())


def test_shapes_within_a_line_of_text_part_no_paragraph():
    assert figures(drawings=shapes(300, 420), words=make_line("as in", 180, 425)) == ()


@pytest.mark.parametrize("row", [shapes(300, 420, 3), shapes(300, 420, 30, height=8)])
def test_a_few_shapes_and_a_dotted_rule_are_no_figure(row):
    assert figures(drawings=row) == ()


def test_names_drawn_along_an_axis_belong_to_the_chart():
    (figure,) = figures(drawings=[*bars(PLACE), *shapes(300, 615)])
    assert figure.box == BBox(200, 300, 700, 645)


def test_ornaments_do_not_take_lines_from_a_paragraph():
    banner = Drawing(box=BBox(0, 0, 1000, 160), filled=True, curved=True, color="ffffdd70")
    animal = [Drawing(box=BBox(860, 40 + 5 * n, 990, 250), filled=True, curved=True) for n in range(50)]
    lines = make_lines(prose(5, 60), x=150, y=205)
    (figure,) = figures(drawings=[banner, *animal], words=lines)
    assert figure.words == ()
    assert figure.box == BBox(860, 40, 990, 250)


@pytest.mark.parametrize("area", [BBox(0, 0, 320, 1400), BBox(0, 0, 1000, 260)])
def test_a_coloured_side_and_a_banner_are_no_figures(area):
    parts = [Drawing(box=area, filled=True, color="ff24405c")]
    parts += [Drawing(box=BBox(60, 100 + 60 * n, 280, 112 + 60 * n), filled=True, curved=True) for n in range(3)]
    words = [word for n in range(3) for word in make_line("Statistics", 60, 70 + 60 * n)]
    assert figures(drawings=parts, words=words) == ()


def test_rounded_cards_around_text_are_no_figures():
    cards = [Drawing(box=BBox(100, y, 900, y + 180), stroked=True, curved=True) for y in (100, 290, 480)]
    words = [word for y in (120, 310, 500) for word in make_lines(prose(3, 60), x=120, y=y)]
    assert figures(drawings=cards, words=words) == ()


def test_boxes_of_a_diagram_with_an_arrow_between_them_are_one():
    boxes = [Drawing(box=BBox(x, 300, x + 250, 480), stroked=True, curved=True) for x in (100, 450)]
    arrow = Drawing(box=BBox(348, 380, 452, 400), stroked=True, curved=True)
    words = [word for x in (120, 470) for word in make_lines(["bring tea", "to the quay"], x=x, y=340)]
    (figure,) = figures(drawings=[*boxes, arrow], words=words)
    assert len(figure.words) == len(words)
