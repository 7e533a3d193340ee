"""One row of a formula to LaTeX: main line, scripts, names, texts, delimiters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from octavo.structure.equations.atoms import Atom
from octavo.structure.equations.symbols import ACCENTS, NAMES, PARTNERS, Kind, in_greek

SHIFT = 0.1
"""A baseline that is off by more than this (in ems) is a script's."""
SMALLER = 0.87
"""Scripts are set at most this large, against their base."""
SMALLEST = 0.62
"""What is set smaller than this against the main line is a script of a script, wherever it stands."""
TALL = 1.35
"""Delimiters taller than this (in ems) grow with what they hold."""

_FUNCTIONS = NAMES | frozenset(
    re.findall(
        r"\w+",
        "sgn sign tr Tr rank diag span supp dom ran vol div curl grad argmax argmin softmax ess cov Cov Var var Hom End"
        " Aut Ext Tor Spec Im Re Ker coker id Id mod conv erf cl int Gal Res ord proj dist diam GL SL SO SU Sp Lip osc"
        " Pic Ad ad",
    )
)
"""Names that formulas have, besides those of LaTeX."""


def latex_of(atoms: Sequence[Atom]) -> str:
    """The LaTeX of atoms that stand on one main line, with whatever is raised or lowered beside it."""
    if not atoms:
        return ""
    if len(atoms) == 1 and atoms[0].kind is Kind.ORD:
        return _letter(atoms[0])
    ordered = _in_order(atoms)
    baseline, size = main_line(ordered)
    parts: list[tuple[Atom, list[Atom]]] = []
    leading: list[Atom] = []
    for atom in ordered:
        if not is_script(atom, baseline, size):
            parts.append((atom, []))
        elif parts:
            parts[-1][1].append(atom)
        else:
            leading.append(atom)
    if not parts:
        # A lone tall sign far off its own line, or the like: everything is the main line.
        parts, leading = [(atom, []) for atom in ordered], []
    written = _MODULUS.sub(r" \\pmod{\1}", _written(parts, baseline))
    return _scripts("{ }", leading, baseline) + " " + written if leading else written


_MODULUS = re.compile(r" ?\( ?\\(?:operatorname|mathrm|text)\{ ?mod ?\} ?([^()]*(?:\([^()]*\)[^()]*)?)\)")


def main_line(atoms: Sequence[Atom]) -> tuple[float, float]:
    """Baseline and em of the main line: of the largest letters, the first of them where they differ."""
    letters = [atom for atom in atoms if atom.kind not in (Kind.ACCENT, Kind.PART)] or list(atoms)
    size = max(atom.size for atom in letters)
    large = [atom for atom in letters if atom.size > 0.9 * size]
    weight: dict[int, float] = {}
    for atom in large:
        line = round(atom.baseline / (SHIFT * size))
        weight[line] = weight.get(line, 0.0) + (0.3 if atom.kind is Kind.BIG or _is_tall(atom) else 1.0)

    best = max(weight, key=lambda line: weight[line] + 0.9 * (weight.get(line - 1, 0.0) + weight.get(line + 1, 0.0)))
    return next(atom.baseline for atom in large if round(atom.baseline / (SHIFT * size)) == best), size


def is_script(atom: Atom, baseline: float, size: float) -> bool:
    """Whether an atom beside a main line is raised or lowered."""
    if (_is_tall(atom) or atom.kind is Kind.BIG) and atom.size >= SMALLER * size:
        axis = baseline - 0.25 * size
        return not atom.box.y0 < axis < atom.box.y1
    if atom.size < SMALLEST * size:
        return True
    shift = abs(atom.baseline - baseline)
    return shift > (SHIFT if atom.size < SMALLER * size else 2.2 * SHIFT) * size


def _is_tall(atom: Atom) -> bool:
    return atom.box.y1 - atom.box.y0 > TALL * atom.size and atom.kind in _CAN_GROW


_CAN_GROW = frozenset({Kind.OPEN, Kind.CLOSE, Kind.ORD, Kind.RADICAL})


def _in_order(atoms: Sequence[Atom]) -> list[Atom]:
    return sorted(atoms, key=lambda atom: atom.box.x0 + 0.1 * min(atom.box.width, atom.size))


def _written(parts: Sequence[tuple[Atom, list[Atom]]], baseline: float) -> str:
    """Main atoms with their scripts, one after the other."""
    sides = _grown([atom for atom, _ in parts])
    out: list[str] = []
    place = 0
    while place < len(parts):
        atom, scripts = parts[place]
        last = _end_of_word(parts, place)
        if last > place or atom.is_text or atom.kind is Kind.NAME:
            token = _word([each for each, _ in parts[place : last + 1]], parts, place, last)
            if token.startswith(r"\text{") and _stops(parts, last):
                last += 1
                token = f"{token[:-1]}{parts[last][0].latex}}}"
            scripts = parts[last][1]
            place = last
        else:
            token = _spaced_sign(parts, place) or sides.get(place, "") + _letter(atom)
            if atom.alphabet == "mathfrak" and not scripts:
                last = _end_of_alphabet(parts, place)
                token = rf"\mathfrak{{{''.join(each.latex for each, _ in parts[place : last + 1])}}}"
                scripts, place = parts[last][1], last
        out.append(_scripts(token, scripts, baseline))
        place += 1
    return joined(out)


def _end_of_word(parts: Sequence[tuple[Atom, list[Atom]]], place: int) -> int:
    """The last part of the word or text that begins at `place`; `place` itself when none does."""
    atom = parts[place][0]
    last = place
    while last + 1 < len(parts) and not parts[last][1]:
        follower = parts[last + 1][0]
        both_text = _is_lettered(atom) and _is_lettered(follower)
        if atom.kind is Kind.NAME and not (follower.latex in ("sup", "inf") and atom.latex == "lim"):
            break
        if atom.is_product or follower.is_product:
            break
        if not both_text or (follower.kind is Kind.NAME and atom.kind is not Kind.NAME):
            break
        if follower.alphabet != atom.alphabet:
            break
        last += 1
    return last


def _end_of_alphabet(parts: Sequence[tuple[Atom, list[Atom]]], place: int) -> int:
    """The last of the small letters of one alphabet that begin at `place`, such as the name of an algebra."""
    last = place
    while last + 1 < len(parts) and not parts[last][1]:
        follower = parts[last + 1][0]
        if follower.alphabet != parts[place][0].alphabet or not (parts[last][0].latex + follower.latex).islower():
            break
        last += 1
    return last


def _spaced_sign(parts: Sequence[tuple[Atom, list[Atom]]], place: int) -> str:
    """A sign that the space around it tells more of; empty for all others."""
    atom = parts[place][0]
    if atom.latex in ("|", r"\|"):
        return _spaced_bar(parts, place)
    if atom.latex == "d" and _is_differential(parts, place):
        return rf"\,{_letter(atom)}"
    return r"\colon" if atom.latex == ":" and _is_leaning(parts, place) else ""


def _spaced_bar(parts: Sequence[tuple[Atom, list[Atom]]], place: int) -> str:
    """A bar with the space of a relation on both sides is one; otherwise it is a delimiter."""
    atom = parts[place][0]
    relation = {"|": r"\mid", r"\|": r"\parallel"}.get(atom.latex)
    if relation is None or not 0 < place < len(parts) - 1 or _is_tall(atom):
        return ""
    return relation if min(_gap(parts[place - 1], atom), _gap(parts[place], parts[place + 1][0])) > _RELATION else ""


def _is_differential(parts: Sequence[tuple[Atom, list[Atom]]], place: int) -> bool:
    """Whether a `d` stands a thin space away from what it follows, with its variable right behind it."""
    letter, scripts = parts[place]
    if letter.alphabet not in ("", "mathit") or scripts or not 0 < place < len(parts) - 1:
        return False
    before, after = parts[place - 1][0], parts[place + 1][0]
    if before.kind not in (Kind.ORD, Kind.CLOSE) or after.kind is not Kind.ORD:
        return False
    # TeX itself puts a thin space behind fractions and large brackets.
    own = _THIN if before.latex.startswith(r"\frac") or _is_tall(before) else 0.0
    return own + _THIN - 0.05 < _gap(parts[place - 1], parts[place][0]) < own + 2 * _THIN


_THIN = 1 / 6


def _is_leaning(parts: Sequence[tuple[Atom, list[Atom]]], place: int) -> bool:
    """Whether a colon stands closer to what is before it than to what comes after, as a relation never does."""
    if not 0 < place < len(parts) - 1 or parts[place][1]:
        return False
    if Kind.REL in (parts[place - 1][0].kind, parts[place + 1][0].kind):
        return False
    before, after = _gap(parts[place - 1], parts[place][0]), _gap(parts[place], parts[place + 1][0])
    return before < 0.25 and after - before > 0.1


def _stops(parts: Sequence[tuple[Atom, list[Atom]]], last: int) -> bool:
    """Whether a stop of the text's own font ends a text; those of formulas come from the font of letters."""
    if parts[last][1] or last + 1 == len(parts):
        return False
    stop = parts[last + 1][0]
    return stop.latex in {".", ",", ";"} and not stop.sure and _gap(parts[last], stop) < _LOOSE


def _is_lettered(atom: Atom) -> bool:
    return atom.is_text or atom.kind is Kind.NAME


def _word(atoms: Sequence[Atom], parts: Sequence[tuple[Atom, list[Atom]]], first: int, last: int) -> str:
    """Words inside a formula: a function's name, or text."""
    text = "".join((" " if place and atom.spaced else "") + atom.latex for place, atom in enumerate(atoms))
    packed = text.replace(" ", "")
    if packed in NAMES:
        return "\\" + packed
    if len(atoms) == 1:
        single = _single_word(atoms[0], parts, first, last)
        if single is not None:
            return single
    before = " " if first and _gap(parts[first - 1], atoms[0]) > _LOOSE else ""
    after = " " if last + 1 < len(parts) and _gap(parts[last], parts[last + 1][0]) > _LOOSE else ""
    return rf"\text{{{before}{text}{after}}}"


def _single_word(atom: Atom, parts: Sequence[tuple[Atom, list[Atom]]], first: int, last: int) -> str | None:
    """One word that is a symbol of the formula: a short product of letters, a name, a mark; None when it is text."""
    text = _accented(atom.latex)
    loose = first and _gap(parts[first - 1], atom) > _LOOSE
    if atom.alphabet == "mathit":
        product = len(atom.latex) <= 3 and atom.latex.lower() not in _PROSE
        return text if product else None if loose else rf"\mathit{{{text}}}"
    if atom.alphabet == "mathbf" and (len(text) == 2 or text.isupper()) and text.isascii():
        # Matrices and vectors next to one another, hardly ever a word.
        return "".join(_alphabet("mathbf", letter) for letter in text)
    if atom.alphabet not in ("mathrm", "") or len(atom.latex) == 1:
        return _alphabet(atom.alphabet or "mathrm", text)
    applied = (
        last + 1 < len(parts)
        and parts[last + 1][0].kind is Kind.OPEN
        and _gap(parts[last], parts[last + 1][0]) < _LOOSE
    )
    if atom.latex in _FUNCTIONS or parts[last][1] or applied:
        return rf"\operatorname{{{text}}}"
    tight = not loose and (last + 1 == len(parts) or _gap(parts[last], parts[last + 1][0]) < _LOOSE)
    return rf"\mathrm{{{text}}}" if tight and atom.latex.lower() not in _PROSE else None


_RELATION = 0.3
"""Bars that are relations keep this distance (in ems), their own bearing included, on both sides."""
_LOOSE = 0.2
"""Words of text keep at least this distance (in ems) from symbols."""
_PROSE = frozenset(
    {"and", "or", "if", "for", "otherwise", "else", "where", "with", "on", "in", "a.e", "a.s", "of", "the"}
)


def _gap(before: tuple[Atom, list[Atom]], after: Atom) -> float:
    end = max(atom.box.x1 for atom in (before[0], *before[1]))
    return (after.box.x0 - end) / after.size


def _letter(atom: Atom) -> str:
    if atom.kind is Kind.ACCENT:
        return rf"\{atom.latex}{{}}"
    if atom.latex == r"\sqrt":
        return r"\sqrt{}"
    if atom.kind is Kind.PART:
        return ""
    if not atom.alphabet or (atom.alphabet == "mathit" and len(atom.latex) == 1):
        return _accented(atom.latex)
    return _alphabet(atom.alphabet, _accented(atom.latex))


def _alphabet(alphabet: str, latex: str) -> str:
    if (
        alphabet in ("mathbf", "mathit")
        and "\\" in latex
        and not latex.startswith(tuple(rf"\{name}{{" for name in ACCENTS.values()))
    ):
        return rf"\boldsymbol{{{latex}}}" if alphabet == "mathbf" else latex
    return rf"\{alphabet}{{{latex}}}"


def _accented(text: str) -> str:
    if len(text) == 1 and ord(text) > 0x7F:
        base = unicodedata.normalize("NFD", text)
        if len(base) == 2 and base[1] in ACCENTS:
            return rf"\{ACCENTS[base[1]]}{{{base[0]}}}"
    return text if text.isascii() else in_greek(text)


def _grown(atoms: Sequence[Atom]) -> dict[int, str]:
    r"""`\left`, `\right` for tall delimiters that pair up, `\big` for tall ones that do not."""
    sides: dict[int, str] = {}
    open_: list[int] = []
    for place, atom in enumerate(atoms):
        if not _is_tall(atom) or (atom.latex not in PARTNERS and atom.kind is not Kind.CLOSE):
            continue
        mate = open_[-1] if open_ else None
        if mate is not None and (atom.kind is Kind.CLOSE or atoms[mate].latex == atom.latex):
            sides[open_.pop()], sides[place] = r"\left", r"\right"
        elif atom.kind is not Kind.CLOSE:
            open_.append(place)
            sides[place] = r"\big"
        else:
            sides[place] = r"\big"
    return sides


def _scripts(token: str, scripts: Sequence[Atom], baseline: float) -> str:
    if not scripts:
        return token
    high, low = split_scripts(scripts, baseline)
    primes = ""
    while high and high[0].latex in ("'", "''", "'''"):
        primes += high[0].latex
        high = high[1:]
    out = token + primes
    if low:
        out += "_" + _braced(latex_of(low))
    if high:
        out += "^" + _braced(latex_of(high))
    return out


def _braced(script: str) -> str:
    return script if script in ("+", "-", "*") else f"{{{script}}}"


def split_scripts(scripts: Sequence[Atom], baseline: float) -> tuple[list[Atom], list[Atom]]:
    """Superscripts and subscripts of one base; scripts of scripts go where their base goes."""
    high: list[Atom] = []
    low: list[Atom] = []
    for atom in scripts:
        larger = [each for each in (*high, *low) if each.size > atom.size / SMALLER and each.box.x0 < atom.box.x0]
        nearest = min(larger, key=lambda each: _distance(each, atom), default=None)
        if nearest is not None:
            (high if any(each is nearest for each in high) else low).append(atom)
        elif (atom.box.center_y + 0.25 * atom.size if _is_tall(atom) else atom.baseline) < baseline:
            high.append(atom)
        else:
            low.append(atom)
    return high, low


def _distance(base: Atom, script: Atom) -> float:
    """How far a script of a script is from one that it may belong to."""
    return max(0.0, script.box.x0 - base.box.x1) + abs(script.baseline - base.baseline)


_COMMAND_END = re.compile(r"\\[A-Za-z]+$")


def joined(written: Sequence[str]) -> str:
    """Pieces of LaTeX in a row, with blanks around relations, after commas, and where a command would go on."""
    out = ""
    for piece in written:
        glued = not out or not piece or (out[-1] == ":" and piece == "=")
        if glued or not (
            _COMMAND_END.search(out) or piece.startswith("\\") or piece[0] in "=<>+-" or out[-1] in "=<>+-,;"
        ):
            out += piece
        else:
            out += " " + piece
    return out
