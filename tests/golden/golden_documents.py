"""Documents with known content, in all kinds of blocks and several languages; small, so that pixels are read fast."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from typeset import Sheets

A5 = (420, 595)
SLIP = (300, 400)


@dataclass(frozen=True)
class Document:
    """One document.

    Attributes:
        typeset: makes it.
        pixels: whether it is read from its pixels too.
    """

    typeset: Callable[[], Sheets]
    pixels: bool


DOCUMENTS: dict[str, Document] = {}


def document(*, pixels: bool) -> Callable[[Callable[[], Sheets]], Callable[[], Sheets]]:
    """Adds a document under its function's name."""

    def add(typeset: Callable[[], Sheets]) -> Callable[[], Sheets]:
        DOCUMENTS[typeset.__name__] = Document(typeset, pixels)
        return typeset

    return add


def harbour() -> Image.Image:
    """A picture that nobody takes for text."""
    image = Image.new("RGB", (360, 200), (190, 215, 235))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 130, 360, 200), fill=(40, 90, 140))
    draw.polygon([(70, 130), (250, 130), (220, 165), (100, 165)], fill=(120, 50, 30))
    draw.polygon([(160, 30), (160, 120), (235, 120)], fill=(245, 240, 225))
    draw.ellipse((290, 20, 340, 70), fill=(250, 210, 80))
    return image


@document(pixels=False)
def article() -> Sheets:
    """English: two pages in two columns, with everything that a journal has."""
    sheets = Sheets(A5)

    def furniture(number: int) -> None:
        sheets.text(40, 30, "Journal of Small Harbours", font="Times-Italic", size=8)
        sheets.text(360, 30, "vol. 12", font="Times-Italic", size=8)
        sheets.text(205, 575, str(number), font="Times-Roman", size=8)

    def column(x: float, y: float, text: str, *, indent: float = 10) -> float:
        return sheets.paragraph(x, y, 162, text, font="Times-Roman", size=9, indent=indent, justified=True)

    furniture(41)
    sheets.text(80, 70, "Ferries and their Timetables", font="Times-Bold", size=18)
    sheets.text(150, 90, "Ada Quay and Ben Wharf", font="Times-Roman", size=10)
    sheets.paragraph(
        70,
        115,
        280,
        "Abstract. We ask how late a ferry may be before its passengers swim, and find that it depends on the water.",
        font="Times-Roman",
        size=8,
    )
    y = sheets.lines(40, 160, ["1. Introduction"], font="Times-Bold", size=11)
    y = column(
        40,
        y + 3,
        "Ferries have been late for as long as there have been timetables. The oldest complaint that we know of was "
        "written on a tablet of clay, and the harbour master of that time did not answer it either.",
        indent=0,
    )
    y = column(
        40,
        y,
        "Since then three schools have formed. The first holds that a ferry is late by nature; the second, that "
        "timetables are early. The third school sells coffee on the quay and does not take part in the discussion.",
    )
    y = sheets.lines(40, y + 8, ["1.1 Methods"], font="Times-BoldItalic", size=10)
    column(
        40,
        y + 3,
        "We stood on the quay with a watch. Every arrival was noted, together with the weather, the tide and the mood "
        "of the crew. Swimmers were counted by a second observer who could not see the watch.",
        indent=0,
    )
    sheets.rule(40, 535, 100, 535)
    sheets.text(40, 547, "* Corresponding author, quay@example.org", font="Times-Roman", size=7)
    y = column(
        225,
        160,
        "Of two hundred arrivals, eleven were on time. In what follows we leave them out, for we believe that they "
        "were measured wrongly or that the ferry had been meant for the day before.",
        indent=0,
    )
    sheets.picture(235, y + 2, 379, y + 82, harbour())
    y = sheets.paragraph(
        225, y + 98, 162, "Figure 1: The quay at noon, seen from the north.", font="Times-Roman", size=8
    )
    y = sheets.lines(225, y + 14, ["2. Results"], font="Times-Bold", size=11)
    y = column(
        225,
        y + 3,
        "Passengers wait longer in rain than in sunshine, which surprised us. Nobody swam in winter but one man who "
        "swam in every season and who asked us not to mention the experi-",
        indent=0,
    )
    sheets.next_page()
    furniture(42)
    y = column(
        40,
        60,
        "ment. His times are given below without his name. They are better than those of the ferry in all months "
        "except in May, when the ferry was under repair and therefore did not leave at all.",
        indent=0,
    )
    sheets.text(40, y + 12, "Table 1: Minutes from quay to quay", font="Times-Roman", size=8)
    y = sheets.table(
        40, y + 18, [62, 50, 50], [("Month", "Ferry", "Man"), ("April", "31", "24"), ("June", "28", "22")], size=8
    )
    y = sheets.lines(225, 60, ["References"], font="Times-Bold", size=11)
    for entry in (
        "[1] A. Quay. Late ferries. Harbour Press, 1998.",
        "[2] B. Wharf and C. Mole. Early timetables. Journal of Small Harbours 3, 2004.",
    ):
        y = sheets.paragraph(225, y + 2, 162, entry, font="Times-Roman", size=8)
    return sheets


@document(pixels=True)
def rapport() -> Sheets:
    """French: a title, text, a bulleted list, a caption and a ruled table."""
    sheets = Sheets(SLIP)
    sheets.text(30, 45, "Le port en été", font="Helvetica-Bold", size=18)
    y = sheets.paragraph(
        30,
        75,
        240,
        "L’année dernière, le port a reçu plus de visiteurs que jamais. Les élèves de l’école voisine ont compté les "
        "bateaux où ils étaient amarrés, du côté de la forêt.",
        font="Helvetica",
        size=9,
    )
    y = sheets.lines(30, y + 8, ["Ce qui reste à faire", ""], font="Helvetica-Bold", size=12)
    y = sheets.lines(
        36,
        y - 8,
        ["• réparer la façade du café", "• acheter cinq bouées", "• prévenir les pêcheurs"],
        size=9,
        leading=13,
    )
    sheets.text(30, y + 12, "Tableau 1 : Visiteurs par mois", size=8)
    sheets.table(
        30,
        y + 22,
        [90, 70, 70],
        [
            ("Mois", "Visiteurs", "Bateaux"),
            ("Juin", "1 250", "84"),
            ("Juillet", "2 310", "122"),
            ("Août", "2 875", "140"),
        ],
        size=9,
    )
    return sheets


@document(pixels=True)
def rechnung() -> Sheets:
    """German: an address, a table without rules, and a signature."""
    sheets = Sheets(SLIP)
    sheets.lines(30, 40, ["Café Größe GmbH", "Süßwasserstraße 12", "20457 Hamburg"], size=9, leading=12)
    sheets.text(30, 105, "Rechnung Nr. 2041", font="Helvetica-Bold", size=16)
    sheets.paragraph(
        30, 130, 240, "Für die Bewirtung der Gäste am 14. März erlauben wir uns, wie folgt zu berechnen:", size=9
    )
    y = sheets.table(
        26,
        160,
        [120, 60, 60],
        [
            ("Leistung", "Menge", "Betrag"),
            ("Frühstück", "12", "138,00"),
            ("Getränke", "30", "96,50"),
            ("Summe", "", "234,50"),
        ],
        ruled=False,
        size=9,
        height=16,
    )
    y = sheets.paragraph(
        30, y + 24, 240, "Bitte überweisen Sie den Betrag innerhalb von vierzehn Tagen ohne Abzug.", size=9
    )
    sheets.text(30, y + 30, "/s/ Jörg Müßig", font="Times-Italic", size=11)
    return sheets


@document(pixels=True)
def contrato() -> Sheets:
    """Spanish: two columns below a title, and a numbered list."""
    sheets = Sheets(A5)
    sheets.text(95, 60, "El café del muelle pequeño", font="Times-Bold", size=17)
    one = (
        "El señor Muñoz abrió el café en la primavera de aquel año, cuando todavía nadie creía que los barcos "
        "volverían. Cada mañana sacaba las mesas al muelle y esperaba. Los niños del barrio le ayudaban después de la "
        "escuela, y él les pagaba con naranjas y con historias del mar. Así pasaron tres años."
    )
    two = (
        "Un día llegó un capitán que pidió agua y se quedó una semana. Contó que en el sur había puertos sin café, y "
        "que los marineros hablaban del muelle pequeño como de un sueño. Entonces el señor Muñoz compró más sillas, "
        "pintó la puerta de azul y escribió su nombre con letras grandes."
    )
    sheets.paragraph(40, 95, 160, one, font="Times-Roman", size=10, justified=True)
    y = sheets.paragraph(220, 95, 160, two, font="Times-Roman", size=10, justified=True)
    sheets.text(40, y + 60, "Reglas de la casa para quien vuelve del mar", font="Times-Bold", size=13)
    sheets.lines(
        46,
        y + 84,
        [
            "1. No se sirve a quien grita desde el muelle, ni a quien trae peces en el abrigo.",
            "2. Las gaviotas no pagan, pero tampoco se sientan a la mesa sin ser invitadas.",
            "3. El último que sale cierra la puerta y deja la llave debajo de la piedra azul.",
        ],
        font="Times-Roman",
        size=10,
        leading=15,
    )
    return sheets


@document(pixels=True)
def figure() -> Sheets:
    """English: a picture with its caption between two paragraphs."""
    sheets = Sheets(SLIP)
    y = sheets.paragraph(
        30,
        40,
        240,
        "The harbour lies to the west of the town, where two rivers meet. Boats of all sizes are moored there.",
        size=9,
    )
    sheets.picture(60, y + 4, 240, y + 104, harbour())
    sheets.text(80, y + 122, "Figure 2. A boat below the sun.", size=8)
    sheets.paragraph(
        30,
        y + 150,
        240,
        "In the evening the boats come back, and the cranes that have slept all day begin to turn.",
        size=9,
    )
    return sheets


@document(pixels=True)
def manual() -> Sheets:
    """English: code, and words that look like marks of Markdown or HTML."""
    sheets = Sheets(SLIP)
    sheets.text(30, 45, "How to call a ferry", font="Helvetica-Bold", size=16)
    y = sheets.paragraph(
        30,
        72,
        240,
        "Write the function below into a file. It needs version 3 or later, and nothing else at all.",
        size=9,
    )
    y = sheets.lines(
        40,
        y + 10,
        [
            "def call(ferry, times=3):",
            "    for turn in range(times):",
            "        ferry.wave(turn)",
            "    return ferry.here",
        ],
        font="Courier",
        size=9,
        leading=11,
    )
    sheets.paragraph(
        30, y + 16, 240, "Then wait. The ferry answers with # or with a bell, and costs about $5 a trip.", size=9
    )
    return sheets


@document(pixels=False)
def formulas() -> Sheets:
    """English: a displayed equation, a small one in its line, and a note at the edge."""
    sheets = Sheets(SLIP)
    sheets.paragraph(
        40, 50, 230, "The way follows from the speed and the time, as every skipper knows by heart:", size=9
    )
    y = 100.0
    x = sheets.text(90, y, "s", font="Times-Italic", size=11)
    x = sheets.text(x + 4, y, "=", font="Symbol", size=11) + 4
    sheets.text(x + 1, y - 7, "a", font="Times-Italic", size=11)
    sheets.rule(x, y - 3, x + 8, y - 3)
    sheets.text(x + 1, y + 8, "2", font="Times-Roman", size=11)
    x = sheets.text(x + 10, y, "t", font="Times-Italic", size=11)
    x = sheets.text(x, y - 4, "2", font="Times-Roman", size=7)
    x = sheets.text(x + 4, y, "+", font="Symbol", size=11)
    x = sheets.text(x + 4, y, "v", font="Times-Italic", size=11)
    x = sheets.text(x, y + 2, "0", font="Times-Roman", size=7)
    sheets.text(x + 1, y, "t", font="Times-Italic", size=11)
    sheets.text(250, y, "(1)", font="Times-Roman", size=10)
    sheets.paragraph(
        40, 130, 230, "This holds while the wind keeps its strength and nobody leans out to look at fish.", size=9
    )
    sheets.text(16, 300, "Draft of 21 November", font="Times-Roman", size=8, angle=90)
    return sheets


@document(pixels=False)
def drawing() -> Sheets:
    """English: a chart made of paths is a figure, with its labels."""
    sheets = Sheets(SLIP)
    sheets.text(30, 45, "Fish by month", font="Helvetica-Bold", size=16)
    y = sheets.paragraph(
        30, 72, 240, "The catch grows until June and falls from then on, as the chart below shows.", size=9
    )
    for place, height in enumerate((30, 55, 80, 60, 35)):
        sheets.box(80 + 30 * place, y + 110 - height, 100 + 30 * place, y + 110, fill="#336699")
        sheets.text(83 + 30 * place, y + 122, "AMJJA"[place], size=8)
    sheets.rule(70, y + 20, 70, y + 112)
    sheets.rule(70, y + 112, 230, y + 112)
    sheets.paragraph(
        30, y + 150, 240, "In winter nobody counts, for the boats stay in the harbour until the ice is gone.", size=9
    )
    return sheets


@document(pixels=False)
def scripts() -> Sheets:
    """Russian, Greek, Polish, Turkish and Vietnamese, in a font that comes with the file."""
    fonts = importlib.resources.files("font_source_sans_pro") / "files"
    for name in ("Regular", "Bold"):
        registerFont(TTFont(f"Source-{name}", str(fonts / f"SourceSansPro-{name}.ttf")))
    sheets = Sheets(SLIP)
    sheets.text(30, 45, "Паром и расписание", font="Source-Bold", size=17)
    y = 75.0
    for text in (
        "Каждое утро паром опаздывает на полчаса, и никто в гавани этому больше не удивляется.",
        "Κάθε πρωί το πλοίο αργεί μισή ώρα, και κανείς στο λιμάνι δεν παραξενεύεται πια.",
        "Każdego ranka prom spóźnia się pół godziny, a nikt w porcie już się temu nie dziwi.",
        "Her sabah vapur yarım saat gecikiyor ve limanda artık kimse buna şaşırmıyor.",
        "Mỗi buổi sáng phà đến muộn nửa giờ, và không ai ở bến cảng còn ngạc nhiên nữa.",
    ):
        y = sheets.paragraph(30, y, 240, text, font="Source-Regular", size=10) + 8
    return sheets


@document(pixels=False)
def gangkou() -> Sheets:
    """Chinese, in a font that does not come with the file: a title, two columns, a numbered list and a table."""
    registerFont(UnicodeCIDFont("STSong-Light"))
    sheets = Sheets(SLIP)

    def lines(x: float, y: float, texts: list[str], size: float = 9) -> float:
        return sheets.lines(x, y, texts, font="STSong-Light", size=size, leading=1.6 * size)

    lines(30, 45, ["港口的渡船"], 18)
    left = ["每天早上渡船都会晚到半个", "小时，港口里的人早已不再", "感到奇怪。他们坐在岸边喝", "茶，等待远方来的信。"]
    right = ["孩子们跑过石桥，看海鸥在", "风里转圈。船长说，今天的", "风比昨天大，所以大家都要", "再等一会儿。"]
    lines(30, 80, left)
    y = lines(165, 80, right)
    y = lines(30, y + 14, ["一、乘坐渡船之前每个人必须知道的"], 13)
    y = lines(
        36,
        y + 2,
        [
            "1. 上船之前请在码头边的小屋买好船票。",
            "2. 请不要在船上喂海鸥，也不要大声喊叫。",
            "3. 下船时请带好您的东西，并把门关上。",
        ],
    )
    y = lines(30, y + 10, ["表1：每月乘客"], 8)
    rows = [("月份", "乘客", "船只"), ("四月", "1250", "84"), ("五月", "2310", "122")]
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            sheets.text(34 + 80 * column, y + 18 * place + 12, text, font="STSong-Light", size=9)
    for place in range(4):
        sheets.rule(30, y + 18 * place, 270, y + 18 * place)
        sheets.rule(30 + 80 * place, y, 30 + 80 * place, y + 54)
    return sheets


@document(pixels=False)
def minato() -> Sheets:
    """Japanese, in a font that does not come with the file: a title, text, a picture with its caption, a list."""
    registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    sheets = Sheets(SLIP)

    def lines(x: float, y: float, texts: list[str], size: float = 9) -> float:
        return sheets.lines(x, y, texts, font="HeiseiMin-W3", size=size, leading=1.6 * size)

    lines(30, 45, ["港のフェリー"], 18)
    y = lines(
        30,
        80,
        [
            "毎朝フェリーは三十分遅れるが、港ではもう誰も驚かない。",
            "風が強い日には、人々は岸でお茶を飲みながら手紙を待つ。",
        ],
    )
    sheets.picture(90, y + 2, 210, y + 70, harbour())
    y = lines(110, y + 86, ["図1：北から見た港"], 8)
    y = lines(30, y + 14, ["乗る前に"], 12)
    lines(
        36, y + 2, ["・切符を買ってください。", "・かもめに餌をやらないでください。", "・忘れ物に気をつけてください。"]
    )
    return sheets


@document(pixels=False)
def mina() -> Sheets:
    """Arabic, in a font that does not come with the file, from right to left: two columns, a list and a table."""
    face = "STSong-Light"
    registerFont(UnicodeCIDFont(face))
    sheets = Sheets(A5)

    def line(right: float, y: float, text: str, size: float = 9) -> None:
        sheets.text(right - stringWidth(text, face, size), y, text[::-1], font=face, size=size)

    def lines(right: float, y: float, texts: list[str], size: float = 9) -> float:
        for text in texts:
            line(right, y, text, size)
            y += 1.6 * size
        return y

    lines(380, 55, ["العبارة في الميناء الصغير"], 15)
    right = ["في كل صباح تتأخر", "العبارة نصف ساعة", "ولا أحد في الميناء", "يعجب من ذلك اليوم"]
    left = ["يجلس الناس قرب", "البحر مع القهوة", "وينتظرون رسالة", "من مدينة بعيدة"]
    lines(380, 95, right)
    y = lines(190, 95, left)
    y = lines(380, y + 16, ["ما يجب أن يعرفه المسافر"], 13)
    for text in (
        "اشتروا التذاكر قبل الصعود إلى العبارة",
        "لا تطعموا الطيور من نوافذ العبارة",
        "لا تنسوا حقائبكم عند الوصول",
    ):
        line(380, y, "•")
        line(366, y, text)
        y += 16
    y += 10
    rows = [("الشهر", "الركاب", "السفن"), ("نيسان", "1250", "84"), ("أيار", "2310", "122"), ("حزيران", "2875", "140")]
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            shown = text if text.isascii() else text[::-1]
            end = 376 - 100 * column
            sheets.text(end - stringWidth(text, face, 9), y + 18 * place + 12, shown, font=face, size=9)
    for place in range(5):
        sheets.rule(80, y + 18 * place, 380, y + 18 * place)
    for place in range(4):
        sheets.rule(80 + 100 * place, y, 80 + 100 * place, y + 72)
    return sheets


@document(pixels=False)
def magazine() -> Sheets:
    """English: a drop cap, a footnote, and a title that is underlined."""
    sheets = Sheets(A5)
    sheets.text(40, 60, "The Man Who Counted Waves", font="Times-Bold", size=20)
    sheets.text(40, 121, "N", font="Times-Bold", size=42)
    y = sheets.lines(
        74,
        98,
        [
            "obody had asked him to count the waves, and nobody asked him how",
            "many there were. He began on the first of May and wrote the numbers",
        ],
        font="Times-Roman",
        size=10,
        leading=13,
    )
    y = sheets.lines(
        40,
        y,
        [
            "into a book that had been meant for the accounts of the café on the quay, where",
            "he sat from seven in the morning until the last ferry had left the harbour.",
        ],
        font="Times-Roman",
        size=10,
        leading=13,
    )
    y += 8
    x = sheets.text(40, y, "Near the mole they were higher than elsewhere,", font="Times-Roman", size=10)
    x = sheets.text(x, y - 4, "1", font="Times-Roman", size=6.5)
    sheets.text(x, y, " and he was right.", font="Times-Roman", size=10)
    end = sheets.text(40, y + 24, "What the book says", font="Times-Bold", size=12)
    sheets.rule(40, y + 26, end, y + 26)
    sheets.paragraph(
        40,
        y + 42,
        340,
        "On quiet days there were nine thousand, on days of storm fewer but larger ones. The last page is empty but "
        "for a sketch of a gull.",
        font="Times-Roman",
        size=10,
        leading=13,
    )
    sheets.rule(40, 520, 140, 520)
    sheets.text(40, 530, "1", font="Times-Roman", size=5.5)
    sheets.text(44, 533, "Measured with a broom, at half past ten.", font="Times-Roman", size=8)
    return sheets


@document(pixels=False)
def register() -> Sheets:
    """English: a table with cells over several columns, and one that goes on over the page."""
    sheets = Sheets(SLIP)
    sheets.text(30, 40, "Register of arrivals", font="Helvetica-Bold", size=16)
    sheets.paragraph(30, 62, 240, "Two quays are watched, in the morning and in the evening of each day.", size=9)
    for level in (100, 118, 136, 154, 172):
        sheets.rule(30, level, 270, level)
    for edge in (30, 90, 180, 270):
        sheets.rule(edge, 100, edge, 172)
    for edge in (135, 225):
        sheets.rule(edge, 118, edge, 172)
    for x, y, text, font in (
        (34, 130, "Day", "Helvetica-Bold"),
        (110, 112, "North quay", "Helvetica-Bold"),
        (200, 112, "South quay", "Helvetica-Bold"),
        (94, 130, "early", "Helvetica-Bold"),
        (139, 130, "late", "Helvetica-Bold"),
        (184, 130, "early", "Helvetica-Bold"),
        (229, 130, "late", "Helvetica-Bold"),
    ):
        sheets.text(x, y, text, font=font, size=8)
    for row, cells in enumerate((("Monday", "4", "7", "2", "9"), ("Friday", "6", "5", "3", "8"))):
        for x, text in zip((34, 94, 139, 184, 229), cells, strict=True):
            sheets.text(x, 148 + 18 * row, text, size=8)
    sheets.text(30, 200, "The boats of the week follow, by name:", size=9)
    widths = [100, 70, 70]
    header, *rows = [("Boat", "Flag", "Tons")] + [
        (name, flag, str(120 + 35 * place))
        for place, (name, flag) in enumerate(
            (("Albatross", "NO"), ("Bluebell", "GB"), ("Cormorant", "FR"), ("Dolphin", "ES"), ("Eider", "DE"))
        )
    ]
    sheets.table(30, 215, widths, [header, *rows[:3]], size=8)
    sheets.next_page()
    sheets.table(30, 40, widths, [header, *rows[3:]], size=8)
    sheets.paragraph(30, 120, 240, "Boats without a name are not listed, whatever their crew may say.", size=9)
    return sheets


@document(pixels=False)
def sideways() -> Sheets:
    """English: a page that is turned and cropped in the file."""
    sheets = Sheets((400, 300))
    sheets.turn(90)
    sheets.crop(0, 0, 400, 280)
    sheets.text(60, 250, "Turned", font="Helvetica-Bold", size=14, angle=90)
    for place, line in enumerate(("Whoever opens this page", "sees it upright, and what", "lies outside is not seen.")):
        sheets.text(90 + 12 * place, 250, line, size=9, angle=90)
    sheets.text(100, 295, "cropped", size=6)
    return sheets
