"""Words of every script: the names that CLDR has for languages, countries, days and units, and made-up words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from babel import Locale, localedata
from scripts import RANGES, script_of

_PLAIN = "0123456789"
_MARKS = (".", ",", ":", ";", "!", "?", "-", "(", ")", "/", "%", "«", "»", "“", "”", "…", "*")
_KINDS = ("languages", "territories", "currency_names", "months", "days", "unit_patterns", "date_fields", "variants")


def vocabulary() -> dict[str, list[str]]:
    """Words by script, each as often as CLDR's locales have it, so that no language outweighs the others."""
    found: dict[str, Counter[str]] = {script: Counter() for script in RANGES}
    for name in localedata.locale_identifiers():
        if name.count("_") > 1 or (name.count("_") == 1 and not name.split("_")[1].istitle()):
            continue
        data = Locale.parse(name)._data  # noqa: SLF001 - there is no other way to all of its texts
        for text in (text for kind in _KINDS if kind in data for text in _texts(data[kind])):
            for word in text.replace("{0}", " ").split():
                if (script := script_of(word)) is not None:
                    found[script][word.strip("()[]{}'’")] += 1
    words = {script: [word for word in counted if word] for script, counted in found.items()}
    words["Han"] += _han()
    words["Hangul"] += ["".join(chr(random.randrange(0xAC00, 0xD7A4)) for _ in range(3)) for _ in range(1500)]
    return words


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif hasattr(value, "values"):
        for inner in value.values():
            yield from _texts(inner)


def _han() -> list[str]:
    """The common characters of the national standards of China, Japan and Taiwan, and kana."""
    codes = [("gb2312", 0xB0, 0xD7, 0xA1), ("euc_jp", 0xB0, 0xCF, 0xA1), ("big5", 0xA4, 0xC6, 0x40)]
    letters = []
    for codec, first, last, low in codes:
        for lead in range(first, last + 1):
            letters += [_decoded(bytes([lead, trail]), codec) for trail in range(low, 0xFF)]
    known = [letter for letter in letters if letter and script_of(letter) == "Han"]
    kana = [chr(code) for code in (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7))]
    words = ["".join(random.choices(known, k=random.randint(2, 6))) for _ in range(6000)]
    words += ["".join(random.choices(kana, k=random.randint(2, 6))) for _ in range(2000)]
    return words + ["".join(random.choices(known + 30 * kana, k=random.randint(3, 8))) for _ in range(3000)]


def _decoded(data: bytes, codec: str) -> str:
    return data.decode(codec, "ignore")


def made_up(words: list[str]) -> str:
    """A word of the letters of these, in an order of its own: no classifier is to learn words."""
    letters = "".join(random.choices(words, k=6))
    start = random.randrange(max(1, len(letters) - 8))
    return letters[start : start + random.randint(2, 10)]


def number() -> str:
    """Digits as they stand in prose, tables and receipts."""
    digits = "".join(random.choices(_PLAIN, k=random.randint(1, 5)))
    before, after = ["", "", "$", "€", "No. ", "+"], ["", "", ".00", ",5", "%", "/2", "-"]
    return random.choice(before) + digits + random.choice(after)


def marked(word: str) -> str:
    """The word, now and then with punctuation beside it."""
    return word + random.choice(_MARKS) if random.random() < 0.15 else word
