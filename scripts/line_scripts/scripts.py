"""The scripts that lines are told apart by, and the letters of each."""

from __future__ import annotations

NONE = "none"
"""Digits, punctuation, rules, specks, pieces of pictures, writing that stands on its head."""

RANGES: dict[str, str] = {
    "Latin": "0041-005A 0061-007A 00C0-024F 1E00-1EFF",
    "Cyrillic": "0400-052F",
    "Greek": "0370-03FF 1F00-1FFF",
    "Arabic": "0600-06FF 0750-077F",
    "Hebrew": "0590-05FF",
    "Han": "3040-30FF 3400-9FFF",
    "Hangul": "AC00-D7A3",
    "Thai": "0E01-0E5B",
    "Devanagari": "0900-097F",
    "Bengali": "0980-09FF",
    "Gurmukhi": "0A00-0A7F",
    "Gujarati": "0A80-0AFF",
    "Oriya": "0B00-0B7F",
    "Tamil": "0B80-0BFF",
    "Telugu": "0C00-0C7F",
    "Kannada": "0C80-0CFF",
    "Malayalam": "0D00-0D7F",
    "Sinhala": "0D80-0DFF",
    "Lao": "0E81-0EDF",
    "Burmese": "1000-109F",
    "Georgian": "10D0-10FF",
    "Armenian": "0531-058F",
    "Ethiopic": "1200-137F",
    "Khmer": "1780-17FF",
}
CLASSES = (*RANGES, NONE)

_SPANS = {
    script: [range(int(start, 16), int(end, 16) + 1) for start, end in (span.split("-") for span in spans.split())]
    for script, spans in RANGES.items()
}


def script_of(text: str) -> str | None:
    """The script that all letters of `text` belong to; None where they are of several, or of none that is known."""
    found = {_script_of_letter(ord(letter)) for letter in text if letter.isalpha()}
    return found.pop() if len(found) == 1 else None


def _script_of_letter(code: int) -> str | None:
    return next((script for script, spans in _SPANS.items() if any(code in span for span in spans)), None)
