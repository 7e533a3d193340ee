"""Scans in scripts that the models do not know: read in confined workers by Tesseract, or left out with a warning."""

from __future__ import annotations

import base64
import io
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from octavo_server import PATIENCE, Server, serving
from PIL import Image, ImageDraw, ImageFont

from octavo.engines.tesseract_data import tesseract_languages

TEXT = ("Все люди рождаются свободными и", "равными в своем достоинстве и правах.", "Они наделены разумом и совестью.")
needs_russian = pytest.mark.skipif(
    "rus" not in tesseract_languages(), reason="Tesseract with its Russian data is not installed"
)


def scan() -> str:
    """A page of Russian as a data URL."""
    image = Image.new("RGB", (1000, 400), "white")
    font = ImageFont.truetype(str(files("octavo") / "fonts" / "wqy-microhei.ttf"), 36)
    for place, line in enumerate(TEXT):
        ImageDraw.Draw(image).text((60, 60 + 80 * place), line, fill="black", font=font)
    image.save(packed := io.BytesIO(), "PNG")
    return "data:image/png;base64," + base64.b64encode(packed.getvalue()).decode()


def read(server: Server, **options: object) -> dict:
    body = {"document": {"type": "image_url", "image_url": scan()}, "octavo": options}
    answer = httpx.post(f"{server.url}/v1/ocr", json=body, trust_env=False, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    return answer.json()["pages"][0]


@needs_russian
@pytest.mark.parametrize("model", ["octavo-1", "tesseract"])
def test_a_confined_worker_reads_with_tesseract(tmp_path: Path, model: str) -> None:
    with serving(tmp_path, ENGINES__MODEL=model) as server:
        assert " ".join(read(server)["markdown"].split()) == " ".join(TEXT)
        assert " ".join(read(server, languages=["ru"])["markdown"].split()) == " ".join(TEXT)


@needs_russian
def test_languages_of_the_request_overrule_the_setting_and_this_the_looks(tmp_path: Path) -> None:
    with serving(tmp_path, ENGINES__MODEL="octavo-1", ENGINES__LANGUAGES="en") as server:
        assert " ".join(TEXT) not in " ".join(read(server)["markdown"].split())
        assert " ".join(read(server, languages=["ru", "en"])["markdown"].split()) == " ".join(TEXT)
        assert " ".join(read(server, languages=[])["markdown"].split()) == " ".join(TEXT)


def test_a_language_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    body = {"document": {"type": "image_url", "image_url": scan()}}
    with serving(tmp_path) as server:
        for sent in (
            {"json": {**body, "octavo": {"languages": ["klingon"]}}},
            {"json": body, "headers": {"X-Octavo-Options": '{"languages": ["klingon"]}'}},
        ):
            answer = httpx.post(f"{server.url}/v1/ocr", trust_env=False, timeout=PATIENCE, **sent)
            assert answer.status_code == 422
            assert "klingon is no language that is known" in answer.text


def test_without_tesseract_a_warning_names_script_and_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with serving(tmp_path, ENGINES__MODEL="octavo-1") as server:
        page = read(server)
        assert page["markdown"].strip() == ""
        (warning,) = page["warnings"]
        assert "3 lines of this page in Cyrillic script" in warning
        assert "tesseract-ocr-rus" in warning
