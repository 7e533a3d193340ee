"""Files to readers, by what their bytes are."""

import hashlib

import pytest
from PIL import Image

from octavo.documents.reader import open_document
from octavo.domain.errors import CorruptDocument, EncryptedDocument, FileTooLarge, UnsupportedDocument


def pdf(path, pages=2):
    sheets = [Image.new("RGB", (40, 30), "white") for _ in range(pages)]
    sheets[0].save(path, "PDF", save_all=True, append_images=sheets[1:])
    return path


PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key, data):
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def protected(path, password):
    """A blank page behind a password (PDF 1.7, 7.6.3.3 and 7.6.3.4, revision 2)."""
    padded = (password + PADDING)[:32]
    owner = rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + b"\xfc\xff\xff\xff" + b"0123456789abcdef").digest()[:5]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>",
        f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{rc4(key, PADDING).hex()}> /P -4 >>",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    identity = b"0123456789abcdef".hex()
    trailer = f"trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<{identity}> <{identity}>] >>\n"
    path.write_text(f"{body}xref\n0 5\n0000000000 65535 f \n{table}{trailer}startxref\n{len(body)}\n%%EOF")
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
    path = protected(tmp_path / "secret.pdf", b"sesame")
    with pytest.raises(EncryptedDocument):
        open_document(path)
    with pytest.raises(EncryptedDocument):
        open_document(path, "wrong")
    reader = open_document(path, "sesame")
    assert reader.facts.encrypted
    reader.close()
