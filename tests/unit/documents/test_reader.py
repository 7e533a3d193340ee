"""Files to readers, by what their bytes are."""

import pytest
from PIL import Image

from octavo.documents.reader import open_document
from octavo.domain.errors import CorruptDocument, EncryptedDocument, FileTooLarge, UnsupportedDocument
from papers import protected_pdf


def pdf(path, pages=2):
    sheets = [Image.new("RGB", (40, 30), "white") for _ in range(pages)]
    sheets[0].save(path, "PDF", save_all=True, append_images=sheets[1:])
    return path


def test_a_pdf_is_opened_under_any_name(tmp_path):
    reader = open_document(pdf(tmp_path / "picture.png"))
    assert (reader.facts.media_type, reader.facts.page_count) == ("application/pdf", 2)
    reader.close()


def test_an_image_is_opened_under_any_name(tmp_path):
    path = tmp_path / "report.pdf"
    Image.new("RGB", (40, 30)).save(path, "WEBP")
    reader = open_document(path, password="ignored for images")
    assert (reader.facts.media_type, reader.facts.page_count) == ("image/webp", 1)
    reader.close()


def test_the_limit_of_pixels_is_passed_on(tmp_path):
    path = tmp_path / "image"
    Image.new("RGB", (40, 30)).save(path, "PNG")
    open_document(path, max_pixels=1200).close()
    with pytest.raises(FileTooLarge):
        open_document(path, max_pixels=1199)


def test_strangers_and_damage_are_typed_errors(tmp_path):
    path = tmp_path / "document"
    path.write_bytes(b"")
    with pytest.raises(UnsupportedDocument, match="empty"):
        open_document(path)
    path.write_bytes(b"%PDF-1.7\nnothing else")
    with pytest.raises(CorruptDocument):
        open_document(path)


def test_the_password_is_passed_on(tmp_path):
    path = protected_pdf(tmp_path / "secret.pdf", "sesame")
    with pytest.raises(EncryptedDocument):
        open_document(path)
    with pytest.raises(EncryptedDocument):
        open_document(path, "wrong")
    reader = open_document(path, "sesame")
    assert reader.facts.encrypted
    reader.close()
