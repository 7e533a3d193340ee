"""Typesets the sample of the workbench.

python scripts/sample.py        # writes src/octavo/web/static/sample.pdf
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from typeset import Sheets  # noqa: E402 - stands with the tests, which typeset all their documents

SAMPLE = ROOT / "src" / "octavo" / "web" / "static" / "sample.pdf"
SERIF, BOLD, ITALIC = "Times-Roman", "Times-Bold", "Times-Italic"
LEFT, RIGHT, WIDTH = 56, 308, 231


def left_column(sheet: Sheets) -> None:
    sheet.text(LEFT, 176, "1. What the river carries", font=BOLD, size=13)
    y = sheet.paragraph(
        LEFT,
        194,
        WIDTH,
        "Every spring the melt water of the upper valley brings sand and gravel down to the plain. How much of it "
        "settles depends on the speed of the water, on the width of the bed and on what grows along the banks. We "
        "measured all three at four stations over twelve months.",
        font=SERIF,
        size=10,
        leading=13,
        justified=True,
    )
    sheet.text(LEFT, y + 14, "1.1 Stations", font=BOLD, size=11)
    y = sheet.lines(
        LEFT + 10,
        y + 31,
        ["• the weir below the old mill,", "• the bridge at kilometre nine,", "• the mouth of the side arm."],
        font=SERIF,
        size=10,
        leading=14,
    )
    y = sheet.paragraph(
        LEFT,
        y + 8,
        WIDTH,
        "At each of them a float was let go once a day, and its time over a hundred metres taken down. The results "
        "stand in Table 1; the deepest point was sounded in the same hour.",
        font=SERIF,
        size=10,
        leading=13,
        justified=True,
    )
    sheet.text(LEFT, y + 16, "Table 1: Speed and depth by season.", font=ITALIC, size=9)
    rows = [
        ["Season", "Speed (m/s)", "Depth (m)"],
        ["Spring", "1.84", "2.6"],
        ["Summer", "0.92", "1.4"],
        ["Autumn", "1.10", "1.7"],
        ["Winter", "0.71", "1.2"],
    ]
    sheet.table(LEFT, y + 24, [77, 77, 77], rows, size=9, height=17)


def right_column(sheet: Sheets) -> None:
    sheet.rule(RIGHT, 165, RIGHT, 300)
    sheet.rule(RIGHT, 300, RIGHT + WIDTH, 300)
    points = [(RIGHT + step * WIDTH / 60, 235 - 52 * math.sin(step / 9.5) + 8 * math.cos(step)) for step in range(61)]
    sheet.curve(*points)
    for place, name in enumerate(("Jan", "Apr", "Jul", "Oct")):
        sheet.text(RIGHT + 8 + place * 58, 310, name, font=SERIF, size=7)
    sheet.text(RIGHT, 330, "Figure 1: Speed of the water over one year.", font=ITALIC, size=9)
    sheet.text(RIGHT, 362, "2. What stays behind", font=BOLD, size=13)
    y = sheet.paragraph(
        RIGHT,
        380,
        WIDTH,
        "Where the water slows down, the coarse grains fall first. Behind the weir a bank of gravel grew by eleven "
        "centimetres; below the bridge, where willows hold the shore, fine sand covered it before the summer was "
        "over. Nothing was left of either after the flood of November.",
        font=SERIF,
        size=10,
        leading=13,
        justified=True,
    )
    sheet.paragraph(
        RIGHT,
        y + 6,
        WIDTH,
        "The side arm tells another story. It carries water for five months only, and what it brings in spring it "
        "keeps: a quarter of a metre since the first survey.",
        font=SERIF,
        size=10,
        leading=13,
        justified=True,
    )


def typeset(path: Path) -> None:
    sheet = Sheets()
    sheet.text(LEFT, 40, "Notes on the river, volume 3", font=ITALIC, size=8)
    sheet.text(LEFT, 92, "A Year on the Gravel Banks", font=BOLD, size=26)
    sheet.text(LEFT, 116, "Observations between two floods", font=ITALIC, size=13)
    left_column(sheet)
    right_column(sheet)
    sheet.text(294, 806, "12", font=SERIF, size=8)
    sheet.save(path)


if __name__ == "__main__":
    typeset(SAMPLE)
