"""What the name of a font says: which glyph table it follows, and how its letters are set in LaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Table(StrEnum):
    """How the characters of a font are to be read: as Unicode, or by the codes of a TeX encoding."""

    UNICODE = "unicode"
    LETTERS = "OML"
    SYMBOLS = "OMS"
    EXTENSION = "OMX"
    AMS_A = "MSA"
    AMS_B = "MSB"
    MATHABX = "mathabx"
    MATHABX_LARGE = "mathabx-large"


@dataclass(frozen=True, slots=True)
class FontRole:
    """What a font is for.

    Attributes:
        table: how its characters are read.
        math: it sets formulas and nothing else.
        alphabet: LaTeX command around its letters, such as `mathbf`; empty for plain italic letters.
        upright: its letters are roman, so several in a row are a name or a text.
        wide: it is a font of large symbols, whatever its table.
    """

    table: Table = Table.UNICODE
    math: bool = False
    alphabet: str = ""
    upright: bool = True
    wide: bool = False


_BOLD = re.compile(r"bold|black|heavy|semibd|demi|^cmb|^sfb|-medi|^rtxb|lmroman\d+-bold", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|^cmti|^cmsl|^sfti|^sfsl|^cmu|-it\b", re.IGNORECASE)
_SANS = re.compile(r"^cmss|^lmsans|^sfss|helv|arial", re.IGNORECASE)
_MONO = re.compile(r"^cmtt|^lmmono|^sftt|cour|typewriter|mono", re.IGNORECASE)

_MATH_FONTS: tuple[tuple[re.Pattern[str], FontRole], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), role)
    for pattern, role in (
        (
            r"^(cmmib|lmmathitalic\d+-bold|rtxbmi|txbmi|ntxbmi|cmbmi)",
            FontRole(Table.LETTERS, math=True, alphabet="boldsymbol", upright=False),
        ),
        (
            r"^(cmmi|lmmathitalic|r?txmi|r?pxmi|ntxmi|newtxmi|eurm|pazomath-italic|fourier-math-letters|mtmi|texcmmathsitalic|zptmcm)",
            FontRole(Table.LETTERS, math=True, upright=False),
        ),
        (r"^(cmbsy|lmmathsymbols\d+-bold|txbsy)", FontRole(Table.SYMBOLS, math=True, alphabet="boldsymbol")),
        (
            r"^(cmsy|lmmathsymbols|txsys?$|pxsys?$|ntxsy|newtxsy|eusm|fourier-math-symbols|mtsy|texcmmathssymbols)",
            FontRole(Table.SYMBOLS, math=True, alphabet="mathcal"),
        ),
        (
            r"^(cmex|lmmathextension|txex|pxex|ntxex|newtxex|euex|fourier-math-extension|mtex|texcmmathsextension|esint)",
            FontRole(Table.EXTENSION, math=True),
        ),
        (r"^(msam|txsya|pxsya|ntxsya|amssym-?a)", FontRole(Table.AMS_A, math=True)),
        (r"^(msbm|txsyb|pxsyb|ntxsyb|amssym-?b)", FontRole(Table.AMS_B, math=True, alphabet="mathbb")),
        (
            r"^(bbm|bbold|dsrom|dsss|pazomathblackboard|boondox.*ds|doublestroke)",
            FontRole(math=True, alphabet="mathbb"),
        ),
        (r"^(eufm|eufb|yfrak|ygoth)", FontRole(math=True, alphabet="mathfrak")),
        (r"^(rsfs|boondox.*cal|dutchcal|eusb|script)", FontRole(math=True, alphabet="mathscr")),
        (r"^(symbol|standardsym)", FontRole(math=True)),
        (r"^pazomath-?(italic|bold|regular)?$", FontRole(Table.LETTERS, math=True)),
        (r"^urwchanc", FontRole(math=True, alphabet="mathcal")),
        (r"^tex-matha", FontRole(Table.MATHABX, math=True)),
        (r"^tex-mathx", FontRole(Table.MATHABX_LARGE, math=True)),
        (
            r"math|^(stix|xits|asana|libertinusm|stmary|wasy|lasy|mtextra|mt-extra|euclid.?(symbol|extra|math)|esstix|pazo|yhcmex|universalmath|mathjax|katex)",
            FontRole(math=True),
        ),
    )
)


@cache
def role_of(name: str) -> FontRole:
    """The role of the font of that name, subset tag or not."""
    name = name.split("+", 1)[-1]
    for pattern, role in _MATH_FONTS:
        if pattern.search(name):
            return role
    if _MONO.search(name):
        return FontRole(alphabet="mathtt")
    if _BOLD.search(name):
        return FontRole(alphabet="mathbf", upright=not _ITALIC.search(name))
    if _SANS.search(name):
        return FontRole(alphabet="mathsf")
    return FontRole(alphabet="mathit" if _ITALIC.search(name) else "mathrm", upright=not _ITALIC.search(name))
