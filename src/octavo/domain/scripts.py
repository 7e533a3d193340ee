"""Scripts that the model of lines cannot read, the languages written in them, and what Tesseract calls those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from octavo.domain.errors import UnknownLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One script.

    Attributes:
        name: in English, as Unicode has it.
        pack: what Tesseract calls its data for all languages of the script, after `script/`.
        tag: ISO 15924 code in lower case, as Debian's packages of such data have it.
        languages: BCP 47 code to Tesseract's code, the most spread language first.
    """

    name: str
    pack: str
    tag: str
    languages: Mapping[str, str]

    def models(self, wanted: Iterable[str] = ()) -> list[str]:
        """Tesseract's data that read this script, best first; languages that are `wanted` (BCP 47) come first."""
        codes = [self.languages[code] for code in map(primary, wanted) if code in self.languages]
        return list(dict.fromkeys([*codes, f"script/{self.pack}", *self.languages.values()]))

    def package(self, wanted: Iterable[str] = ()) -> str:
        """The Debian package that brings data for this script."""
        codes = [self.languages[code] for code in map(primary, wanted) if code in self.languages]
        return f"tesseract-ocr-{(codes or list(self.languages.values()))[0]}"


def primary(language: str) -> str:
    """The language alone of a BCP 47 code: `sr` of `sr-Cyrl-RS`."""
    return language.lower().replace("_", "-").split("-")[0]


def _script(name: str, pack: str, tag: str, languages: str) -> Script:
    codes = dict(pair.split(":") for pair in languages.split())
    return Script(name=name, pack=pack, tag=tag, languages=MappingProxyType(codes))


SCRIPTS: Mapping[str, Script] = {
    script.name: script
    for script in (
        _script(
            "Cyrillic",
            "Cyrillic",
            "cyrl",
            "ru:rus uk:ukr bg:bul be:bel sr:srp mk:mkd kk:kaz ky:kir mn:mon tg:tgk tt:tat",
        ),
        _script("Greek", "Greek", "grek", "el:ell grc:grc"),
        _script("Arabic", "Arabic", "arab", "ar:ara fa:fas ur:urd ps:pus ug:uig sd:snd"),
        _script("Hebrew", "Hebrew", "hebr", "he:heb yi:yid"),
        _script("Hangul", "Hangul", "hang", "ko:kor"),
        _script("Thai", "Thai", "thai", "th:tha"),
        _script("Devanagari", "Devanagari", "deva", "hi:hin mr:mar ne:nep sa:san"),
        _script("Bengali", "Bengali", "beng", "bn:ben as:asm"),
        _script("Gurmukhi", "Gurmukhi", "guru", "pa:pan"),
        _script("Gujarati", "Gujarati", "gujr", "gu:guj"),
        _script("Oriya", "Oriya", "orya", "or:ori"),
        _script("Tamil", "Tamil", "taml", "ta:tam"),
        _script("Telugu", "Telugu", "telu", "te:tel"),
        _script("Kannada", "Kannada", "knda", "kn:kan"),
        _script("Malayalam", "Malayalam", "mlym", "ml:mal"),
        _script("Sinhala", "Sinhala", "sinh", "si:sin"),
        _script("Lao", "Lao", "laoo", "lo:lao"),
        _script("Burmese", "Myanmar", "mymr", "my:mya"),
        _script("Georgian", "Georgian", "geor", "ka:kat"),
        _script("Armenian", "Armenian", "armn", "hy:hye"),
        _script("Ethiopic", "Ethiopic", "ethi", "am:amh ti:tir"),
        _script("Khmer", "Khmer", "khmr", "km:khm"),
    )
}
"""By name."""


_READABLE_TOLD = """
af ak an ay az bi bm br bs ca ch co cs cy da de ee en eo es et eu ff fi fil fj fo fr fy ga gd gl gn gv ha ho hr ht hu hz
ia id ie ig io is it ja jv kg ki kj kl ku kw la lb lg li ln lt lu lv mg mh mi ms mt na nb nd ng nl nn no nr nv ny oc om
pl pt qu rm rn ro rw sc se sg sk sl sm sn so sq ss st su sv sw tk tl tn to tr ts tw uz ve vi vo wa wo xh yo za zh zu
"""
_READABLE = frozenset(_READABLE_TOLD.split())
"""Languages in Latin, Chinese and Japanese script, which the model of lines reads."""
_READABLE_TAGS = frozenset({"latn", "hans", "hant", "hani", "jpan", "hira", "kana"})
_TAG = 4
"""Letters of the code of a script."""


def script_of_language(language: str) -> Script | None:
    """The script of a language (BCP 47); None for one that the models read, or that nobody knows.

    A code that names its script, such as `sr-Latn` and `az-Cyrl`, is taken at its word.
    """
    tag = _tag(language)
    if tag:
        return next((script for script in SCRIPTS.values() if script.tag == tag), None)
    return next((script for script in SCRIPTS.values() if primary(language) in script.languages), None)


def checked_language(language: str) -> str:
    """The same code, if it is that of a language or a script that can be read.

    Raises:
        UnknownLanguage: it is not.
    """
    known = _tag(language) in _READABLE_TAGS if _tag(language) else primary(language) in _READABLE
    if known or script_of_language(language) is not None:
        return language
    foreign = {code for script in SCRIPTS.values() for code in script.languages}
    raise UnknownLanguage(
        f"{language} is no language that is known. Leave it out, or name one of these (BCP 47): "
        f"{', '.join(sorted(_READABLE | foreign))}."
    )


def _tag(language: str) -> str:
    """The code of the script (ISO 15924) that a language's code names, in lower case; empty where it names none."""
    parts = language.lower().replace("_", "-").split("-")
    return next((part for part in parts[1:] if len(part) == _TAG and part.isalpha()), "")
