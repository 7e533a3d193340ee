"""Characters to LaTeX, and what each symbol does in a formula."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache

from octavo.structure.equations.encodings import (
    MATHABX,
    MATHABX_LARGE,
    MISNAMED,
    MSA,
    MSB,
    OML,
    OMS,
    OMX,
    OMX_PARTS,
    PARTS,
)
from octavo.structure.equations.fonts import FontRole, Table


class Kind(StrEnum):
    """What a symbol does (The TeXbook, chapter 17), and the glyphs that are parts of others."""

    ORD = "ord"
    NAME = "name"
    BIG = "big"
    BIN = "bin"
    REL = "rel"
    OPEN = "open"
    CLOSE = "close"
    PUNCT = "punct"
    ACCENT = "accent"
    RADICAL = "radical"
    PART = "part"
    TEXT = "text"


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _pairs(left: str, right: str) -> dict[str, str]:
    return dict(zip(left.split() if " " in left else left, right.split(), strict=True))


_GREEK = _pairs(
    "αβγδϵζηθικλμνξοπρστυϕχψωεϑϖϱςφΓΔΘΛΞΠΣΥΦΨΩϰϝ",
    r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi o \pi \rho \sigma"
    r" \tau \upsilon \phi \chi \psi \omega \varepsilon \vartheta \varpi \varrho \varsigma \varphi \Gamma \Delta"
    r" \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega \varkappa \digamma",
)
_OML_GREEK = _GREEK | {"φ": r"\phi", "ϕ": r"\varphi"}
"""The glyphs of TeX's fonts are named phi for \\phi and phi1 for \\varphi, but epsilon for \\varepsilon."""

_SIGNS = {
    "−": "-", "∗": "*", "±": r"\pm", "∓": r"\mp", "×": r"\times", "÷": r"\div", "·": r"\cdot", "⋅": r"\cdot",
    "∙": r"\bullet", "•": r"\bullet", "∘": r"\circ", "◦": r"\circ", "⊕": r"\oplus", "⊖": r"\ominus",
    "⊗": r"\otimes", "⊘": r"\oslash", "⊙": r"\odot", "∪": r"\cup", "∩": r"\cap", "⊎": r"\uplus", "∧": r"\wedge",
    "∨": r"\vee", "⊔": r"\sqcup", "⊓": r"\sqcap", "∖": r"\setminus", "⋆": r"\star", "⋄": r"\diamond", "†": r"\dagger",
    "‡": r"\ddagger", "⋊": r"\rtimes", "⋉": r"\ltimes", "≀": r"\wr", "⨿": r"\amalg",
    "≤": r"\leq", "≥": r"\geq", "⩽": r"\leqslant", "⩾": r"\geqslant", "≦": r"\leqq", "≧": r"\geqq", "≠": r"\neq",
    "≡": r"\equiv", "≢": r"\not\equiv", "≈": r"\approx", "≉": r"\not\approx", "≃": r"\simeq", "≅": r"\cong",
    "∼": r"\sim", "≁": r"\nsim", "∝": r"\propto", "≪": r"\ll", "≫": r"\gg", "⋘": r"\lll", "⋙": r"\ggg",
    "≺": r"\prec", "≻": r"\succ", "⪯": r"\preceq", "⪰": r"\succeq", "≼": r"\preccurlyeq", "≽": r"\succcurlyeq",
    "⊂": r"\subset", "⊃": r"\supset", "⊆": r"\subseteq", "⊇": r"\supseteq", "⊊": r"\subsetneq", "⊋": r"\supsetneq",
    "⊄": r"\not\subset", "⊈": r"\nsubseteq", "⊑": r"\sqsubseteq", "⊒": r"\sqsupseteq", "∈": r"\in", "∉": r"\notin",
    "∋": r"\ni", "∣": "|", "∤": r"\nmid", "∥": r"\|", "∦": r"\nparallel", "⊥": r"\perp", "⊢": r"\vdash",
    "⊣": r"\dashv", "⊨": r"\models", "⊩": r"\Vdash", "≍": r"\asymp", "≐": r"\doteq", "≔": ":=", "≕": "=:",
    "≜": r"\triangleq", "≲": r"\lesssim", "≳": r"\gtrsim", "⊲": r"\vartriangleleft", "⊳": r"\vartriangleright",
    "⊴": r"\trianglelefteq", "⊵": r"\trianglerighteq", "⋐": r"\Subset", "≮": r"\nless", "≯": r"\ngtr",
    "≰": r"\nleq", "≱": r"\ngeq",
    "→": r"\to", "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow", "⇐": r"\Leftarrow",
    "⇔": r"\Leftrightarrow", "⟶": r"\longrightarrow", "⟵": r"\longleftarrow", "⟷": r"\longleftrightarrow",
    "⟹": r"\Longrightarrow", "⟸": r"\Longleftarrow", "⟺": r"\Longleftrightarrow", "↦": r"\mapsto",
    "⟼": r"\longmapsto", "↪": r"\hookrightarrow", "↩": r"\hookleftarrow", "↑": r"\uparrow", "↓": r"\downarrow",
    "↗": r"\nearrow", "↘": r"\searrow", "↖": r"\nwarrow", "↙": r"\swarrow", "⇀": r"\rightharpoonup",
    "⇌": r"\rightleftharpoons", "↠": r"\twoheadrightarrow", "↣": r"\rightarrowtail", "⇝": r"\rightsquigarrow",
    "⇉": r"\rightrightarrows", "↝": r"\leadsto", "⊸": r"\multimap", "⇑": r"\Uparrow", "⇓": r"\Downarrow",
    "∞": r"\infty", "∂": r"\partial", "∇": r"\nabla", "∀": r"\forall", "∃": r"\exists", "∄": r"\nexists",
    "¬": r"\neg", "∅": r"\emptyset", "⌀": r"\varnothing", "ℓ": r"\ell", "ℏ": r"\hbar", "ħ": r"\hbar", "ℜ": r"\Re",
    "ℑ": r"\Im", "℘": r"\wp", "ℵ": r"\aleph", "ℶ": r"\beth", "⊤": r"\top", "∠": r"\angle", "△": r"\triangle",
    "▽": r"\triangledown", "□": r"\square", "■": r"\blacksquare", "◇": r"\diamond", "♦": r"\diamondsuit",
    "♠": r"\spadesuit", "♣": r"\clubsuit", "♥": r"\heartsuit", "♯": r"\sharp", "♭": r"\flat", "♮": r"\natural",
    "′": "'", "″": "''", "‴": "'''", "…": r"\ldots", "⋯": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots", "°": r"^{\circ}",
    "ı": r"\imath", "ȷ": r"\jmath", "∵": r"\because", "∴": r"\therefore", "⋈": r"\bowtie", "⌣": r"\smile",
    "⌢": r"\frown", "∁": r"\complement", "✓": r"\checkmark",
    "⟨": r"\langle", "⟩": r"\rangle", "\u2329": r"\langle", "\u232a": r"\rangle",
    "\u3008": r"\langle", "\u3009": r"\rangle",
    "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "‖": r"\|", "{": r"\{", "}": r"\}",
    "⟦": r"\llbracket", "⟧": r"\rrbracket", "∑": r"\sum", "∏": r"\prod", "∐": r"\coprod", "∫": r"\int",
    "∬": r"\iint", "∭": r"\iiint", "∮": r"\oint", "⋃": r"\bigcup", "⋂": r"\bigcap", "⨆": r"\bigsqcup",
    "⋁": r"\bigvee", "⋀": r"\bigwedge", "⨁": r"\bigoplus", "⨂": r"\bigotimes", "⨀": r"\bigodot",
    "⨄": r"\biguplus", "√": r"\sqrt", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "_": r"\_", "\\": r"\setminus",
    "µ": r"\mu", "∆": r"\Delta",
    "\u2126": r"\Omega", "\u0338": r"\not",
    "Ω": r"\Omega", "§": r"\S", "¶": r"\P", "’": "'", "∕": "/", "⁄": "/", "∶": ":",
    "~": r"\sim",
}  # fmt: skip

ACCENTS = {
    "^": "hat", "ˆ": "hat", "\u0302": "hat", "˜": "tilde", "\u0303": "tilde", "¯": "bar", "ˉ": "bar", "\u0304": "bar",
    "\u0305": "overline", "˙": "dot", "\u0307": "dot", "¨": "ddot", "\u0308": "ddot", "´": "acute", "\u0301": "acute",
    "`": "grave", "\u0300": "grave", "˘": "breve", "\u0306": "breve", "ˇ": "check", "\u030c": "check",
    "˚": "mathring", "\u030a": "mathring", "\u20d7": "vec", "\u20d6": "overleftarrow",
}  # fmt: skip
"""Marks above letters to the LaTeX command."""

_BIN = _set(
    r"+ - * \pm \mp \times \div \cdot \bullet \circ \oplus \ominus \otimes \oslash \odot \cup \cap \uplus \wedge \vee"
    r" \sqcup \sqcap \setminus \star \diamond \dagger \ddagger \rtimes \ltimes \wr \amalg \boxtimes \boxplus"
    r" \smallsetminus \bigtriangledown"
)
_REL = _set(
    r"= < > : := =: \leq \geq \leqslant \geqslant \leqq \geqq \neq \equiv \approx \simeq \cong \sim \propto \ll \gg"
    r" \lll \ggg \prec \succ \preceq \succeq \preccurlyeq \succcurlyeq \subset \supset \subseteq \supseteq \subsetneq"
    r" \supsetneq \nsubseteq \sqsubseteq \sqsupseteq \in \notin \ni \mid \nmid \parallel \nparallel \perp \vdash \dashv"
    r" \models \Vdash \asymp \doteq \triangleq \lesssim \gtrsim \Subset \mapsto \multimap \rightarrow \leftarrow \to"
    r" \leftrightarrow \Rightarrow \Leftarrow \Leftrightarrow \longrightarrow \longleftarrow \longleftrightarrow"
    r" \Longrightarrow \Longleftarrow \Longleftrightarrow \longmapsto \hookrightarrow \hookleftarrow \not"
    r" \trianglelefteq \vartriangleleft \rightharpoonup \rightleftharpoons \rightsquigarrow \leadsto \not\equiv"
    r" \not\subset \nless \ngtr \nleq \ngeq \twoheadrightarrow \rightarrowtail"
)
_OPEN = _set(r"( [ \{ \langle \lfloor \lceil \llbracket")
_CLOSE = _set(r") ] \} \rangle \rfloor \rceil \rrbracket")
_BIG = _set(
    r"\sum \prod \coprod \int \iint \iiint \oint \bigcup \bigcap \bigsqcup \bigvee \bigwedge \bigoplus \bigotimes"
    r" \bigodot \biguplus"
)
PARTNERS = _pairs(r"( [ \{ \langle \lfloor \lceil | \|", r") ] \} \rangle \rfloor \rceil | \|")
"""Opening delimiters to their closing ones."""

NAMES = _set(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min"
    " Pr sec sin sinh sup tan tanh"
)
"""Names that LaTeX has a command for."""
STACKED = _set("lim liminf limsup max min sup inf det gcd Pr argmax argmin")
"""Names that take their subscript below, when displayed."""


@cache
def kind_of(latex: str) -> Kind:
    """What the symbol with this LaTeX does."""
    for members, kind in (
        (_BIN, Kind.BIN),
        (_REL, Kind.REL),
        (_OPEN, Kind.OPEN),
        (_CLOSE, Kind.CLOSE),
        (_BIG, Kind.BIG),
    ):
        if latex in members:
            return kind
    if latex == r"\sqrt":
        return Kind.RADICAL
    return Kind.PUNCT if latex in (",", ";") else Kind.ORD


@cache
def symbol(char: str, role: FontRole) -> tuple[str, Kind]:
    """LaTeX and kind of one character of a font of that role; parts of glyphs are named as in `PARTS`."""
    part = PARTS.get(ord(char)) or (OMX_PARTS.get(ord(char)) if role.table is Table.EXTENSION else None)
    if part is not None:
        return part, Kind.PART
    accent = _accent(char, role.table)
    if accent is not None:
        return accent, Kind.ACCENT
    known = _coded(char, role.table) or _GREEK.get(char) or _SIGNS.get(char) or (char if char < "\x80" else None)
    return (known, kind_of(known)) if known is not None else _styled(char)


def in_greek(text: str) -> str:
    """Text with its Greek letters as commands."""
    return "".join(rf"{_GREEK[char]} " if char in _GREEK else char for char in text).rstrip()


def is_mathematical(char: str) -> bool:
    """Whether a character outside of mathematical fonts can only belong to a formula."""
    if 0x1D400 <= ord(char) <= 0x1D7FF:
        return True
    return unicodedata.category(char) == "Sm" and char not in "+<>=|~¬±×÷−→←↔⁄"


def _accent(char: str, table: Table) -> str | None:
    if table in _BY_GLYPH:
        return None
    if table is Table.EXTENSION:
        coded = OMX.get(ord(char), "")
        return coded[1:] if coded.startswith(r"\wide") else None
    if table is Table.LETTERS and char == "~":
        return "vec"
    return ACCENTS.get(char) if table is Table.UNICODE or char not in OMS_OWN else None


def _coded(char: str, table: Table) -> str | None:
    """LaTeX of a bare code of a TeX font; None where the character means itself."""
    if table is Table.LETTERS:
        return _LETTERS.get(char)
    if table in _BY_GLYPH:
        return _BY_GLYPH[table].get(char)
    if table is Table.SYMBOLS and char in MISNAMED:
        return MISNAMED[char] or None
    if table is Table.SYMBOLS and (char in OMS_OWN or char.isupper()):
        return None
    return _CODES.get(table, {}).get(ord(char))


_BY_GLYPH = {Table.MATHABX: MATHABX, Table.MATHABX_LARGE: MATHABX_LARGE}
OMS_OWN = "{|}\\()[]<>=+*/.,"
"""Characters that mean themselves in a font of symbols."""
_LETTERS = {chr(code): latex for code, latex in OML.items() if chr(code) not in ",-./"} | _OML_GREEK
_LETTERS |= {"?": r"\star", "}": r"\wp", "\u033a": r"\varrho"}
_CODES = {
    Table.SYMBOLS: OMS,
    Table.EXTENSION: OMX,
    Table.AMS_A: MSA,
    Table.AMS_B: MSB | {ord("κ"): r"\varkappa", ord("∅"): r"\varnothing"},
}

_STYLES = (
    ("MATHEMATICAL BOLD ITALIC", "boldsymbol"),
    ("MATHEMATICAL BOLD SCRIPT", "boldsymbol"),
    ("MATHEMATICAL BOLD FRAKTUR", "mathfrak"),
    ("MATHEMATICAL BOLD", "mathbf"),
    ("MATHEMATICAL ITALIC", ""),
    ("MATHEMATICAL SCRIPT", "mathcal"),
    ("MATHEMATICAL FRAKTUR", "mathfrak"),
    ("MATHEMATICAL DOUBLE-STRUCK", "mathbb"),
    ("MATHEMATICAL SANS-SERIF", "mathsf"),
    ("MATHEMATICAL MONOSPACE", "mathtt"),
    ("DOUBLE-STRUCK", "mathbb"),
    ("SCRIPT", "mathcal"),
    ("BLACK-LETTER", "mathfrak"),
)


def _styled(char: str) -> tuple[str, Kind]:
    """Letters of Unicode's mathematical alphabets, letters with accents, and what is left as it stands."""
    name = unicodedata.name(char, "")
    base = unicodedata.normalize("NFKD", char)
    for prefix, alphabet in _STYLES:
        if name.startswith(prefix):
            plain = _GREEK.get(base, base)
            return (rf"\{alphabet}{{{plain}}}" if alphabet else plain), Kind.ORD
    if len(base) == 2 and base[1] in ACCENTS:
        return rf"\{ACCENTS[base[1]]}{{{base[0]}}}", Kind.ORD
    return (char, Kind.ORD if char.isalnum() else Kind.TEXT)
