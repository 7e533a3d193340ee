"""The collections that reading is measured on, by the names that they are published under, and what is demanded."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Measure:
    """One score.

    Attributes:
        name: as tables show it.
        score: as `evaluate.py` calls it.
        bar: what is demanded; None where it is told for information.
        demand: `>=`, or `<=` where less is better.
    """

    name: str
    score: str
    bar: float | None = None
    demand: str = ">="


@dataclass(frozen=True)
class Collection:
    """Documents that are measured together.

    Attributes:
        name: as it is published.
        folders: of the evaluation, whose scores are pooled where there are several.
        measures: what is told of them.
    """

    name: str
    folders: tuple[str, ...]
    measures: tuple[Measure, ...]


WORD_F1, NED = Measure("word F1", "word_f1"), Measure("normalised edit distance", "ned", demand="<=")
KEYS = Measure("keys found", "keys_found")


def words(bar: float) -> Measure:
    """Word F1, with the least that is demanded."""
    return replace(WORD_F1, bar=bar)


def edits(bar: float) -> Measure:
    """The edit distance, with the most that is allowed."""
    return replace(NED, bar=bar)


COLLECTIONS = (
    Collection(
        "opendataloader-bench",
        ("05_odl_bench",),
        (
            Measure("overall", "overall", 0.93),
            Measure("reading order (NID)", "nid", 0.94),
            Measure("tables (TEDS)", "teds", 0.92),
            Measure("headings (MHS)", "mhs", 0.88),
        ),
    ),
    Collection("ICDAR 2013 tables", ("06_tables_icdar2013",), (Measure("tables (TEDS)", "teds", 0.90),)),
    Collection("PubTabNet (images)", ("06_tables_pubtabnet",), (Measure("tables (TEDS)", "teds", 0.85),)),
    Collection(
        "ORBIT unit tests, en, fr, ja, zh",
        ("03_orbit_en", "03_orbit_fr", "03_orbit_ja", "03_orbit_zh"),
        (
            Measure("verified tests passed", "unit_verified", 0.88),
            Measure("of these `present`", "unit_verified_present", 0.85),
            Measure("of these `table`", "unit_verified_table", 0.85),
        ),
    ),
    Collection("olmOCR-bench sample", ("03_olmocr_sample",), (Measure("tests passed", "unit_all", 0.65),)),
    Collection("ORBIT arXiv formulas", ("03_orbit_arxiv_math",), (Measure("tests passed", "unit_all", 0.65),)),
    Collection(
        "OmniDocBench sample",
        ("02_omnidocbench",),
        (edits(0.15), Measure("reading order", "order", 0.93)),
    ),
    Collection(
        "ocarr samples",
        ("01_source_docs",),
        (words(0.98), replace(KEYS, bar=1.0)),
    ),
    Collection("SROIE receipts", ("04_receipts_sroie",), (words(0.93), NED, replace(KEYS, bar=0.96))),
    Collection("FUNSD forms", ("04_forms_funsd",), (words(0.88), NED)),
    Collection("Scribe OCR scans", ("04_scans_scribe",), (words(0.975), edits(0.12))),
    Collection("ISRI scans", ("04_scans_isri",), (words(0.985), edits(0.012))),
    Collection("im2latex formulas (images)", ("06_formulas_im2latex",), (Measure("LaTeX similarity", "latex"),)),
    Collection("MultimodalOCR pages, digital", ("07_multilingual_digital",), (words(0.85), NED)),
    Collection("MultimodalOCR pages, photographed", ("07_multilingual_photo",), (words(0.75), NED)),
    Collection("TapusCorpus (French typescripts)", ("07_french_typescript",), (words(0.92), NED)),
    Collection("Testaments de Poilus (handwriting)", ("07_french_handwriting",), (WORD_F1, NED)),
    Collection("ISRI scans, turned and warped", ("07_derived_geometry",), (words(0.95), NED)),
)
