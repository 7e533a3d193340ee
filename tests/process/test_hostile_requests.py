"""Whatever comes in, to one real server with the real engine: a typed answer that says what to do, and it goes on.

Addresses that must not be called have `test_refused_addresses.py`; servers that drip and lie have
`test_crowds_at_the_door.py`.
"""

from __future__ import annotations

import base64
import io
import json
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from octavo_server import PATIENCE, Server, eventually, serving
from PIL import Image
from test_hostile_pdfs import (
    a_million_annotations,
    arrays_in_arrays,
    fields_that_are_their_own_parents,
    form_that_draws_itself,
    forms_that_double,
    forms_that_nest,
    loop_of_pages,
    pattern_without_end,
    states_without_end,
)

from papers import protected_pdf, text_image, text_pdf
from raw_pdf import RawPdf, text_at

WITHIN = 60.0
KEY, PASSWORD = "key-of-alice-0123456789", "geheimes-passwort"
MEBIBYTE = 1024 * 1024
WORD = "Zwetschgendatschi"

Body = tuple[bytes, dict[str, str]]
CORRUPT = (400, "document_parser_invalid_file", "3740")
REFERENCE = (400, "invalid_request_file", "3310")
INVALID = (422, "invalid_request_error", None)
LARGE = (413, "request_too_large", None)
READ = (200, None, None)
TOO_LATE = (504, "timeout", None)


@dataclass(frozen=True)
class Hostile:
    """One request.

    Attributes:
        make: its body and headers.
        outcomes: status, type and code of the answers that are right.
        told: what stands in the message of an error, or in the warnings or the text of what was read.
    """

    make: Callable[[], Body]
    outcomes: tuple[tuple[int, str | None, str | None], ...]
    told: str = ""


def as_json(**body: object) -> Body:
    return json.dumps(body).encode(), {"content-type": "application/json"}


def sent(data: bytes, **more: object) -> Body:
    """A document in base64."""
    return at("data:application/octet-stream;base64," + base64.b64encode(data).decode(), **more)


def at(address: str, **more: object) -> Body:
    return as_json(document={"type": "document_url", "document_url": address}, **more)


def form(data: bytes) -> Body:
    request = httpx.Request("POST", "http://localhost", files={"file": ("a.pdf", data)})
    return request.read(), {"content-type": request.headers["content-type"]}


@cache
def made(kind: str) -> bytes:
    """A sound document."""
    with TemporaryDirectory() as name:
        if kind == "pdf":
            return text_pdf(Path(name) / "a.pdf", [[WORD, "some text"]] * 3).read_bytes()
        return text_image(Path(name) / f"a.{kind}", [WORD], size=(640, 300)).read_bytes()


def protected(password: str) -> bytes:
    with TemporaryDirectory() as name:
        return protected_pdf(Path(name) / "a.pdf", password).read_bytes()


def cut(kind: str, share: float) -> bytes:
    return made(kind)[: int(len(made(kind)) * share)]


def pdf(make: Callable[[RawPdf], str | None]) -> bytes:
    paper = RawPdf()
    tree = make(paper) or ""
    return paper.data(tree=tree)


def page(content: str | bytes = "", box: str = "0 0 595 842", **more: Any) -> Callable[[RawPdf], None]:
    def make(paper: RawPdf) -> None:
        paper.page(content, box=box, **more)

    return make


def large_page(width: int, height: int) -> bytes:
    return pdf(page(text_at(width / 4, height / 2, WORD, size=height / 40), box=f"0 0 {width} {height}"))


def circle_of_objects(paper: RawPdf) -> None:
    """The contents of the page are a stream whose length is itself, and its resources lead in a circle."""
    loop, content = paper.reserve(), paper.reserve()
    paper.add(f"[{loop} 0 R]", loop)
    paper.add(f"<< /Length {content} 0 R >>\nstream\n{text_at(20, 20, 'base')}\nendstream", content)
    paper.page(resources=f"/XObject {loop} 0 R", entries=f"/Contents [{content} 0 R {loop} 0 R]")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *chunks: bytes, rows: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def tiff(width: int, height: int, strip: bytes) -> bytes:
    """One deflated strip that is said to hold so many pixels."""
    entries = [(256, width), (257, height), (258, 8), (259, 8), (262, 1), (273, 134), (277, 1), (278, height)]
    entries.append((279, len(strip)))
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + bytes(12) + b"\0" * 4 + strip


def zeros(count: int) -> bytes:
    packer, parts = zlib.compressobj(9), []
    parts += [packer.compress(bytes(MEBIBYTE)) for _ in range(count // MEBIBYTE)]
    return b"".join(parts) + packer.flush()


def flate_bomb(paper: RawPdf) -> None:
    """A picture of one gigabyte of zeros."""
    entries = "/Type /XObject /Subtype /Image /Width 32768 /Height 32768 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    image = paper.stream(zeros(1 << 30), f"{entries} /Filter /FlateDecode")
    paper.page("500 0 0 500 0 0 cm /I Do", resources=f"/XObject << /I {image} 0 R >>")


def flate_bomb_twice(paper: RawPdf) -> None:
    """Contents of one gigabyte that are packed twice."""
    inner = zlib.compress(zeros(1 << 30), 9)
    content = paper.stream(inner, "/Filter [/FlateDecode /FlateDecode]")
    paper.page(entries=f"/Contents {content} 0 R")


def endless_contents(paper: RawPdf) -> None:
    """Strokes for much longer than a page may take."""
    content = paper.stream("0 0 m 595 842 l S\n" * 6_000_000, packed=True)
    paper.page(entries=f"/Contents [{f'{content} 0 R ' * 200}]")


def animation(frames: int) -> bytes:
    buffer = io.BytesIO()
    pictures = [Image.new("L", (8, 8), shade % 256) for shade in range(frames)]
    pictures[0].save(buffer, "TIFF", save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


CUT = {
    f"{kind} cut at {share:.0%}": Hostile(lambda kind=kind, share=share: sent(cut(kind, share)), (CORRUPT, READ))
    for kind in ("pdf", "png", "jpeg", "tiff", "gif", "webp", "bmp")
    for share in (0.02, 0.3, 0.6, 0.97)
}
TWISTED = {
    make.__name__.replace("_", " "): Hostile(lambda make=make: sent(pdf(make)), (READ, CORRUPT, TOO_LATE))
    for make in (
        a_million_annotations,
        arrays_in_arrays,
        circle_of_objects,
        fields_that_are_their_own_parents,
        form_that_draws_itself,
        forms_that_double,
        forms_that_nest,
        loop_of_pages,
        pattern_without_end,
        states_without_end,
    )
}
HOSTILE = {
    "an empty address": Hostile(lambda: at(""), (INVALID,), "starting with 'https'"),
    "blanks for an address": Hostile(lambda: at(" \n"), (INVALID,), "starting with 'https'"),
    "an empty address of an image": Hostile(
        lambda: as_json(document={"type": "image_url", "image_url": ""}), (INVALID,), "starting with 'https'"
    ),
    "a data URL without data": Hostile(lambda: at("data:application/pdf;base64,"), (REFERENCE,), "is empty"),
    "0 bytes in a form": Hostile(lambda: form(b""), (INVALID,), "base64 encoded document"),
    "no body": Hostile(lambda: (b"", {}), (INVALID,), "Invalid JSON"),
    "letters that base64 does not know": Hostile(
        lambda: at("data:application/pdf;base64,JVBERi0*"), (REFERENCE,), "not valid base64"
    ),
    "base64 that breaks off": Hostile(lambda: at("JVBERi0xL"), (REFERENCE,), "a part of the document is missing"),
    "base64 with padding inside": Hostile(lambda: at("JVBE=RAAA"), (REFERENCE,), "after its padding"),
    "long base64 that breaks off": Hostile(lambda: at("QUJD" * 100_000 + "Q"), (REFERENCE,), "is missing"),
    "base64 of base64": Hostile(lambda: sent(base64.b64encode(made("pdf"))), (CORRUPT,), "encode it once"),
    **CUT,
    "the right password": Hostile(lambda: sent(protected(PASSWORD), octavo={"password": PASSWORD}), (READ,)),
    "a wrong password": Hostile(
        lambda: sent(protected(PASSWORD), octavo={"password": "not-" + PASSWORD}), (CORRUPT,), "octavo.password"
    ),
    "no password": Hostile(lambda: sent(protected(PASSWORD)), (CORRUPT,), "octavo.password"),
    "an empty password": Hostile(
        lambda: sent(protected(PASSWORD), octavo={"password": ""}), (CORRUPT,), "octavo.password"
    ),
    "a file that opens with the empty password": Hostile(lambda: sent(protected("")), (READ,)),
    "a password that fits no field": Hostile(
        lambda: sent(protected(PASSWORD), octavo={"password": [PASSWORD]}), (INVALID,), "password"
    ),
    "a text": Hostile(lambda: sent(b"Dear Sir or Madam, this is a letter.\n" * 9), (CORRUPT,), "plain text"),
    "a web page": Hostile(lambda: sent(b"<!doctype html><p>Hello"), (CORRUPT,), "a web page"),
    "a drawing in SVG": Hostile(
        lambda: sent(b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"),
        (CORRUPT,),
        "an SVG drawing",
    ),
    "PostScript": Hostile(lambda: sent(b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run"), (CORRUPT,), "PostScript"),
    "an archive": Hostile(lambda: sent(b"PK\3\4" + bytes(200)), (CORRUPT,), "a ZIP archive"),
    "a Word document": Hostile(lambda: sent(b"PK\3\4" + bytes(26) + b"word/document.xml"), (CORRUPT,), "Word"),
    "packed data": Hostile(lambda: sent(b"\x1f\x8b\x08" + bytes(100)), (CORRUPT,), "gzip"),
    "noise": Hostile(lambda: sent(bytes(range(256)) * 64), (CORRUPT,), "Accepted are PDF"),
    "a header and nothing else": Hostile(lambda: sent(b"%PDF-1.7\n"), (CORRUPT,)),
    "a page out of range": Hostile(
        lambda: sent(made("pdf"), pages=[3]), ((400, "invalid_request_error", None),), "out of range"
    ),
    "a page before the first": Hostile(lambda: sent(made("pdf"), pages=[-1]), (INVALID,)),
    "a page of 20,000 points": Hostile(lambda: sent(large_page(20_000, 20_000)), (READ,), "instead of 200"),
    "a page of A0": Hostile(lambda: sent(large_page(2384, 3370)), (READ,), "instead of 200"),
    "a page of no real size": Hostile(lambda: sent(large_page(2**31 - 1, 2**31 - 1)), (CORRUPT,), "no real size"),
    "a header of 100,000 x 100,000": Hostile(
        lambda: sent(png(100_000, 100_000)), (LARGE,), "OCTAVO_LIMITS__MAX_PIXELS"
    ),
    "a TIFF of 100,000 x 100,000": Hostile(
        lambda: sent(tiff(100_000, 100_000, zeros(MEBIBYTE))), (LARGE,), "OCTAVO_LIMITS__MAX_PIXELS"
    ),
    "a bomb in the text of a PNG": Hostile(
        lambda: sent(png(8, 8, chunk(b"zTXt", b"a\0\0" + zeros(200 * MEBIBYTE)), rows=zlib.compress(bytes(72)))),
        (READ, CORRUPT, LARGE),
    ),
    "a bomb in the rows of a PNG": Hostile(lambda: sent(png(8, 8, rows=zeros(500 * MEBIBYTE))), (READ, CORRUPT)),
    "a bomb in a strip of a TIFF": Hostile(lambda: sent(tiff(8, 8, zeros(500 * MEBIBYTE))), (READ, CORRUPT)),
    "a bomb in a picture of a PDF": Hostile(lambda: sent(pdf(flate_bomb)), (READ, CORRUPT, TOO_LATE)),
    "a bomb in the contents of a PDF": Hostile(lambda: sent(pdf(flate_bomb_twice)), (READ, CORRUPT, TOO_LATE)),
    **TWISTED,
    "contents without end": Hostile(lambda: sent(pdf(endless_contents)), (TOO_LATE,), "within 3 s"),
    "2,000 pages": Hostile(
        lambda: sent(pdf(lambda paper: [paper.page() for _ in range(2000)] and None)),
        ((400, "document_parser_too_many_pages", "3730"),),
        "which is more than the maximum allowed of 1000",
    ),
    "1,001 frames": Hostile(
        lambda: sent(animation(1001)), ((400, "document_parser_too_many_pages", "3730"),), "1001 pages"
    ),
    "over 50 MB in base64": Hostile(
        lambda: sent(b"%PDF-1.7" + bytes(50 * MEBIBYTE)), (LARGE,), "OCTAVO_LIMITS__MAX_FILE_BYTES"
    ),
    "over 50 MB in a form": Hostile(
        lambda: form(b"%PDF-1.7" + bytes(50 * MEBIBYTE)), (LARGE,), "OCTAVO_LIMITS__MAX_FILE_BYTES"
    ),
    "a body over 70 MB": Hostile(lambda: (b" " * (70 * MEBIBYTE + 1), {}), (LARGE,), "OCTAVO_LIMITS__MAX_BODY_BYTES"),
    "JSON that is too deep": Hostile(lambda: (b'{"document":' + b"[" * 300_000, {}), (INVALID,), "Invalid JSON"),
    "JSON that is too large": Hostile(
        lambda: as_json(document={"document_url": "x"}, pages=["0" * 60_000] * 30),
        (LARGE,),
        "Send the document as one string",
    ),
    "very many long strings": Hostile(
        lambda: as_json(document={"document_url": "x"}, pages=["0" * 100_000] * 30), (INVALID,), "More than 8 strings"
    ),
    "JSON of very many values": Hostile(
        lambda: (b'{"pages": [' + b"0," * 150_000 + b"0]}", {}), (INVALID,), "More than 100000 values"
    ),
    "JSON of very many objects": Hostile(lambda: (b'{"document": [' + b"{}," * 90_000 + b"{}]}", {}), (INVALID,)),
    "a number of many digits": Hostile(lambda: (b'{"image_limit": ' + b"9" * 900_000 + b"}", {}), (INVALID,)),
    "a local file": Hostile(lambda: at("file:///etc/passwd"), (REFERENCE,), "must be a URL"),
    "a local path": Hostile(lambda: at("/var/lib/octavo/scan.pdf"), (REFERENCE,), "must be a URL"),
    "the file of somebody else": Hostile(
        lambda: as_json(document={"type": "file", "file_id": "../../etc/passwd"}),
        ((422, "invalid_file", "1901"),),
        "Could not get file",
    ),
    "an address inside": Hostile(lambda: at("http://127.0.0.1/"), (REFERENCE,), "--allow-fetch 127.0.0.1:80"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    limits = {"EXECUTOR__PAGE_TIMEOUT": "3", "EXECUTOR__INSPECT_TIMEOUT": "6", "RETENTION": "none"}
    place = tmp_path_factory.mktemp("hostile")
    with serving(place, ENGINES__MODEL="octavo-1", API_KEYS=f"alice={KEY}", **limits) as found:
        yield found
        log = found.errors.read_text()
        assert "Traceback" not in log
        for needle in (KEY, PASSWORD, WORD, "etc/passwd", "JVBERi0"):
            assert needle not in log
        assert eventually(lambda: not list((place / "data").glob("spool/*/*")))


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=PATIENCE) as found:
        yield found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_typed_answer_and_the_server_goes_on(server: Server, client: httpx.Client, name: str) -> None:
    hostile = HOSTILE[name]
    content, headers = hostile.make()
    answer = client.post("/v1/ocr", content=content, headers=headers, timeout=WITHIN)
    found = answer.json()
    told = found["pages"][0]["warnings"] if answer.status_code == 200 else [found["message"]]
    assert (answer.status_code, found.get("type"), found.get("code")) in hostile.outcomes, told
    assert hostile.told in " ".join(told)
    if answer.status_code != 200:
        check_envelope(answer)
    check_secrets(server, answer)
    check_alive(client)


def check_envelope(answer: httpx.Response) -> None:
    found = answer.json()
    assert set(found) == {"object", "message", "type", "param", "code", "raw_status_code", "detail"}
    assert (found["object"], found["raw_status_code"]) == ("error", answer.status_code)
    assert found["message"].strip()
    assert len(answer.content) < 10_000
    if answer.status_code == 422:
        assert all(set(item) == {"type", "loc", "msg"} for item in found["detail"])
    else:
        assert found["detail"] == found["message"]


def check_secrets(server: Server, answer: httpx.Response) -> None:
    """Nothing of the inside of the server, and nothing that was told in confidence."""
    inside = (str(server.errors.parent), sys.prefix, str(Path(__file__).parents[2]), "site-packages", "Traceback")
    for secret in (*inside, KEY, PASSWORD, "root:", "document-", ".py"):
        assert secret not in answer.text


def check_alive(client: httpx.Client) -> None:
    assert client.get("/health").status_code == 200
    content, headers = sent(made("pdf"))
    good = client.post("/v1/ocr", content=content, headers=headers)
    assert good.status_code == 200
    assert [WORD in page["markdown"] for page in good.json()["pages"]] == [True] * 3
