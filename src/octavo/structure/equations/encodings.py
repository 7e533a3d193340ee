"""Glyph tables of TeX's mathematical fonts (The TeXbook, appendix F; AMSFonts user's guide).

PDFs made by TeX often say nothing about the meaning of these glyphs: a reader then gets the bare code. Each table is
LaTeX by code; None stands where the glyph is no symbol of its own.
"""

from __future__ import annotations


def _table(first: int, names: str) -> dict[int, str]:
    return {first + place: name for place, name in enumerate(names.split()) if name != "-"}


OML = _table(
    0x00,
    r"\Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega \alpha \beta \gamma \delta \epsilon"
    r" \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho \sigma \tau \upsilon \phi \chi"
    r" \psi \omega \varepsilon \vartheta \varpi \varrho \varsigma \varphi \leftharpoonup \leftharpoondown"
    r" \rightharpoonup \rightharpoondown - - \triangleright \triangleleft",
)
"""Codes of the italic letters' font (CMMI) that are no characters of their own."""

OMS = _table(
    0x00,
    r"- \cdot \times * \div \diamond \pm \mp \oplus \ominus \otimes \oslash \odot \bigcirc \circ \bullet"
    r" \asymp \equiv \subseteq \supseteq \leq \geq \preceq \succeq \sim \approx \subset \supset \ll \gg \prec \succ"
    r" \leftarrow \to \uparrow \downarrow \leftrightarrow \nearrow \searrow \simeq \Leftarrow \Rightarrow"
    r" \Uparrow \Downarrow \Leftrightarrow \nwarrow \swarrow \propto"
    r" ' \infty \in \ni \triangle \bigtriangledown \not \mapsto \forall \exists \neg \emptyset \Re \Im \top \perp"
    r" \aleph",
) | _table(
    0x5B,
    r"\cup \cap \uplus \wedge \vee \vdash \dashv \lfloor \rfloor \lceil \rceil \{ \} \langle \rangle | \|"
    r" \updownarrow \Updownarrow \setminus \wr \sqrt \amalg \nabla \int \sqcup \sqcap \sqsubseteq \sqsupseteq"
    r" \S \dagger \ddagger \P \clubsuit \diamondsuit \heartsuit \spadesuit",
)
"""The symbol font (CMSY)."""
OMS[0x00] = "-"

_DELIMITERS = r"( ) [ ] \lfloor \rfloor \lceil \rceil \{ \} \langle \rangle "
_DISPLAY = r"\sum \prod \int \bigcup \bigcap \biguplus \bigwedge \bigvee "
OMX = (
    _table(0x00, _DELIMITERS + r"- - / \backslash ( )")
    | _table(0x12, _DELIMITERS + r"/ \backslash")
    | _table(0x20, _DELIMITERS + r"/ \backslash / \backslash")
    | _table(0x44, r"\langle \rangle \bigsqcup \bigsqcup \oint \oint \bigodot \bigodot \bigoplus \bigoplus")
    | _table(0x4E, r"\bigotimes \bigotimes " + _DISPLAY + _DISPLAY + r"\coprod \coprod")
    | _table(0x62, r"\widehat \widehat \widehat \widetilde \widetilde \widetilde [ ]")
    | _table(0x6A, r"\lfloor \rfloor \lceil \rceil \{ \} \sqrt \sqrt \sqrt \sqrt")
)
"""Large glyphs (CMEX): delimiters, operators, wide accents, radicals."""

OMX_PARTS = (
    _table(0x0C, r"|m \|m")
    | _table(0x30, r"(t )t [t ]t [b ]b [m ]m {t }t {b }b {k }k {m |m (b )b (m )m")
    | _table(0x74, r"\sqrtb \sqrtm \sqrtt \|m")
    | _table(0x7A, r"brace< brace> brace( brace)")
)
"""Parts that large glyphs are built from: the delimiter, then where the part stands (top, middle, bottom, kink)."""

MSA = _table(
    0x00,
    r"\boxdot \boxplus \boxtimes \square \blacksquare \centerdot \lozenge \blacklozenge \circlearrowright"
    r" \circlearrowleft \rightleftharpoons \leftrightharpoons \boxminus \Vdash \Vvdash \vDash"
    r" \twoheadrightarrow \twoheadleftarrow \leftleftarrows \rightrightarrows \upuparrows \downdownarrows"
    r" \upharpoonright \downharpoonright \upharpoonleft \downharpoonleft \rightarrowtail \leftarrowtail"
    r" \leftrightarrows \rightleftarrows \Lsh \Rsh \rightsquigarrow \leftrightsquigarrow \looparrowleft"
    r" \looparrowright \circeq \succsim \gtrsim \gtrapprox \multimap \therefore \because \doteqdot \triangleq"
    r" \precsim \lesssim \lessapprox \eqslantless \eqslantgtr \curlyeqprec \curlyeqsucc \preccurlyeq \leqq \leqslant"
    r" \lessgtr \backprime - \risingdotseq \fallingdotseq \succcurlyeq \geqq \geqslant \gtrless \sqsubset \sqsupset"
    r" \vartriangleright \vartriangleleft \trianglerighteq \trianglelefteq \bigstar \between \blacktriangledown"
    r" \blacktriangleright \blacktriangleleft - - \vartriangle \blacktriangle \triangledown \eqcirc \lesseqgtr"
    r" \gtreqless \lesseqqgtr \gtreqqless - \Rrightarrow \Lleftarrow - \veebar \barwedge \doublebarwedge \angle"
    r" \measuredangle \sphericalangle \varpropto \smallsmile \smallfrown \Subset \Supset \Cup \Cap \curlywedge"
    r" \curlyvee \leftthreetimes \rightthreetimes \subseteqq \supseteqq \bumpeq \Bumpeq \lll \ggg - \ulcorner"
    r" \urcorner - \circledS \pitchfork \dotplus \backsim \backsimeq \llcorner \lrcorner \maltese \complement"
    r" \intercal \circledcirc \circledast \circleddash",
)
"""AMS symbols, first font (MSAM)."""

MSB = _table(
    0x00,
    r"\lvertneqq \gvertneqq \nleq \ngeq \nless \ngtr \nprec \nsucc \lneqq \gneqq \nleqslant \ngeqslant \lneq \gneq"
    r" \npreceq \nsucceq \precnsim \succnsim \lnsim \gnsim \nleqq \ngeqq \precneqq \succneqq \precnapprox"
    r" \succnapprox \lnapprox \gnapprox \nsim \ncong \diagup \diagdown \varsubsetneq \varsupsetneq \nsubseteqq"
    r" \nsupseteqq \subsetneqq \supsetneqq \varsubsetneqq \varsupsetneqq \subsetneq \supsetneq \nsubseteq"
    r" \nsupseteq \nparallel \nmid \nshortmid \nshortparallel \nvdash \nVdash \nvDash \nVDash \ntrianglerighteq"
    r" \ntrianglelefteq \ntriangleleft \ntriangleright \nleftarrow \nrightarrow \nLeftarrow \nRightarrow"
    r" \nLeftrightarrow \nleftrightarrow \divideontimes \varnothing \nexists",
) | _table(
    0x66,
    r"\mho \eth \eqsim \beth \gimel \daleth \lessdot \gtrdot \ltimes \rtimes \shortmid \shortparallel"
    r" \smallsetminus \thicksim \thickapprox \approxeq \succapprox \precapprox \curvearrowleft \curvearrowright"
    r" \digamma \varkappa \Bbbk \hslash \hbar \backepsilon",
)
"""AMS symbols, second font (MSBM); its capital letters are the blackboard alphabet."""

PARTS = {
    0xF8E5: r"\sqrtm", 0xF8E6: "|m", 0xF8EB: "(t", 0xF8EC: "(m", 0xF8ED: "(b", 0xF8EE: "[t", 0xF8EF: "[m",
    0xF8F0: "[b", 0xF8F1: "{t", 0xF8F2: "{k", 0xF8F3: "{b", 0xF8F4: "{m", 0xF8F6: ")t", 0xF8F7: ")m", 0xF8F8: ")b",
    0xF8F9: "]t", 0xF8FA: "]m", 0xF8FB: "]b", 0xF8FC: "}t", 0xF8FD: "}k", 0xF8FE: "}b",
    0x239B: "(t", 0x239C: "(m", 0x239D: "(b", 0x239E: ")t", 0x239F: ")m", 0x23A0: ")b", 0x23A1: "[t", 0x23A2: "[m",
    0x23A3: "[b", 0x23A4: "]t", 0x23A5: "]m", 0x23A6: "]b", 0x23A7: "{t", 0x23A8: "{k", 0x23A9: "{b", 0x23AA: "{m",
    0x23AB: "}t", 0x23AC: "}k", 0x23AD: "}b", 0x23B7: r"\sqrtb", 0x23D0: "|m",
}  # fmt: skip
"""Parts of tall delimiters as Unicode and Adobe's private characters name them."""


def _by_glyph(pairs: str) -> dict[str, str]:
    """Each glyph's character and its LaTeX, in turn."""
    listed = pairs.split()
    return dict(zip(listed[::2], listed[1::2], strict=True))


MATHABX = _by_glyph(
    r"` + ´ - ˆ \times ˜ \div ¨ \cdot ˚ * “ = ” \equiv „ \sim « \approx » \simeq – \cong ‰ \neq p ( q ) r [ s ]"
    r" z \setminus { / | | P \in Q \ni X \cap Y \cup ^ \wedge _ \vee @ \forall B \partial D \exists H \emptyset"
    r" 8 \infty ă < ą > ď \leq ě \geq"
)
MATHABX_LARGE = _by_glyph(
    r"` ( ´ ( ˆ ( ˜ ( ¨ ( ˝ ( ˚ ( ˇ ( ˘ ) ¯ ) ˙ ) ¸ ) ˛ ) ‚ ) ‹ ) › ) ř \sum ś \prod ÿ \sum ź \prod"
)
"""Symbols of the mathabx package, whose glyphs bear the names of letters of the Cork encoding."""

MISNAMED = {"¼": "=", "þ": "+", "ð": "(", "Þ": ")", "½": "[", "\ufffd": ""}
"""Symbol fonts of some publishers name glyphs after Latin-1 letters; an empty string cannot be told."""
