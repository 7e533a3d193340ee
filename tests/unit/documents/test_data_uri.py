"""Documents inside the request."""

import base64
import hashlib
import os
import tracemalloc
from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.documents.fetching.data_uri import PIECE, spool_data_uri
from octavo.domain.document import DataUriRef, SpooledText
from octavo.domain.errors import FileTooLarge, InvalidDocumentReference

LIMIT = 50_000_000
SAMPLE = bytes(range(256)) * 3 + b"?>~"
ENCODED = base64.b64encode(SAMPLE).decode()
MISTRALS_WORDS = (
    "Document content must be a URL (starting with 'https') or base64 encoded document "
    "(starting with 'data:application/<format>;base64,"
)


def spooled(uri, folder, max_bytes=LIMIT, name=None):
    return spool_data_uri(DataUriRef(uri=uri, name=name), folder, max_bytes)


def from_disk(uri, folder, max_bytes=LIMIT):
    """The same from a text that lies on disk, as the long ones of requests do."""
    text = folder / "text"
    text.write_bytes(uri.encode("utf-8", "surrogatepass"))
    try:
        return spool_data_uri(SpooledText(path=text), folder, max_bytes)
    finally:
        text.unlink()


def decoded(uri, folder, max_bytes=LIMIT):
    return spooled(uri, folder, max_bytes).path.read_bytes()


@pytest.mark.parametrize(
    "uri",
    [
        f"data:application/pdf;base64,{ENCODED}",
        f"data:image/jpeg;base64,{ENCODED}",
        f"data:;base64,{ENCODED}",
        f"DATA:Application/PDF;BASE64,{ENCODED}",
        f"data:application/pdf;name=report.pdf;base64,{ENCODED}",
        f"data:application/pdf; base64 ,{ENCODED}",
        f"  \n data:application/pdf;base64,\n{ENCODED}\n",
        f"data:application/pdf;base64,{quote(ENCODED, safe='')}",
        f"data:application/pdf;base64,{ENCODED.rstrip('=')}",
        f"data:application/pdf;base64,{base64.urlsafe_b64encode(SAMPLE).decode()}",
        f"data:application/pdf;base64,{base64.encodebytes(SAMPLE).decode()}",
        f"data:application/pdf;base64,{quote(base64.encodebytes(SAMPLE).decode())}",
        f"data:application/pdf,{quote(SAMPLE)}",
        ENCODED,
        ENCODED.rstrip("="),
        base64.encodebytes(SAMPLE).decode().replace("\n", "\r\n"),
    ],
)
def test_every_spelling_gives_the_same_bytes(tmp_path, uri):
    for document in (spooled(uri, tmp_path), from_disk(uri, tmp_path)):
        assert document.path.read_bytes() == SAMPLE
        assert (document.size, document.sha256) == (len(SAMPLE), hashlib.sha256(SAMPLE).hexdigest())


def test_names_are_kept_for_messages(tmp_path):
    assert spooled(ENCODED, tmp_path, name="receipt.jpg").name == "receipt.jpg"
    assert spooled(ENCODED, tmp_path).name == "document"


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("data:application/pdf;base64,", "empty"),
        ("data:application/pdf;base64, \n ", "empty"),
        ("data:application/pdf;base64,====", "empty"),
        ("data:application/pdf,", "empty"),
        ("data:application/pdf;base64", "no comma"),
        ("data:" + "x" * 5000 + ",", "no comma"),
        (ENCODED[:-4] + "A", "breaks off"),
        ("data:;base64,A", "breaks off"),
        ("data:;base64,QUJD*UVG", "does not know"),
        ("data:;base64,QUJDü", "does not know"),
        ("data:;base64,\ud800AAA", "does not know"),
        ("data:;base64,QQ==QQ==", "goes on after"),
        ("data:;base64,Q=QQ", "goes on after"),
        ("data:;base64,QUI%zzD=", "does not know"),
        ("file:///etc/passwd", "does not know"),
    ],
)
def test_wrong_base64_speaks_as_mistral_does(tmp_path, uri, said):
    for bring in (spooled, from_disk):
        with pytest.raises(InvalidDocumentReference) as caught:
            bring(uri, tmp_path)
        assert str(caught.value).startswith(MISTRALS_WORDS)
        assert said in str(caught.value)
        assert list(tmp_path.iterdir()) == []


def test_padding_far_from_the_end_is_found_across_pieces(tmp_path):
    uri = "A" * (PIECE - 2) + "==" + "A" * 8
    with pytest.raises(InvalidDocumentReference, match="goes on after"):
        spooled(uri, tmp_path)


def test_messages_never_repeat_the_document(tmp_path):
    with pytest.raises(InvalidDocumentReference) as caught:
        spooled("data:;base64,SECRETSECRET*", tmp_path)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 999, 1000])
@pytest.mark.parametrize("form", ["plain", "wrapped", "percent", "raw"])
def test_the_limit_is_exact_to_the_byte(tmp_path, size, form):
    data = os.urandom(size) + b"x"
    text = base64.b64encode(data).decode()
    uri = {
        "plain": text,
        "wrapped": base64.encodebytes(data).decode(),
        "percent": "data:;base64," + quote(text, safe=""),
        "raw": "data:," + quote(data),
    }[form]
    for bring in (spooled, from_disk):
        assert bring(uri, tmp_path, len(data)).path.read_bytes() == data
        with pytest.raises(FileTooLarge, match="OCTAVO_LIMITS__MAX_FILE_BYTES"):
            bring(uri, tmp_path, len(data) - 1)


def test_a_long_string_is_refused_before_it_is_decoded(tmp_path):
    uri = "data:application/pdf;base64," + "A" * 40_000_000
    tracemalloc.start()
    with pytest.raises(FileTooLarge):
        spooled(uri, tmp_path, 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_decoding_never_holds_the_whole_document(tmp_path):
    uri = "A" * 40_000_000
    tracemalloc.start()
    spooled(uri, tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * PIECE


@given(st.binary(min_size=1, max_size=400), st.randoms(use_true_random=False))
def test_blanks_anywhere_change_nothing(tmp_path_factory, data, random):
    letters = list(base64.b64encode(data).decode())
    for _ in range(10):
        letters.insert(random.randrange(len(letters) + 1), random.choice(" \t\r\n"))
    assert decoded("".join(letters), tmp_path_factory.mktemp("blanks")) == data


def test_pieces_join_wherever_they_are_cut(tmp_path, monkeypatch):
    monkeypatch.setattr("octavo.documents.fetching.data_uri.PIECE", 5)
    wrapped = base64.encodebytes(SAMPLE).decode()
    assert decoded(wrapped, tmp_path) == SAMPLE
    assert decoded("data:;base64," + quote(wrapped, safe=""), tmp_path) == SAMPLE
    assert decoded("data:," + quote(SAMPLE), tmp_path) == SAMPLE


@given(st.text(max_size=80))
def test_any_text_is_a_document_or_a_typed_error(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    with suppress(InvalidDocumentReference):
        assert spooled(text, folder).size > 0


@given(st.text("data:;base64,QUJDRA= %4\n\té", max_size=60))
def test_memory_and_disk_agree(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("both")

    def outcome(bring):
        try:
            return bring(text.strip(), folder).path.read_bytes()
        except InvalidDocumentReference as error:
            return str(error)

    assert outcome(from_disk) == outcome(spooled)


def test_blanks_around_a_text_on_disk_do_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr("octavo.documents.fetching.data_uri.PIECE", 3)
    assert from_disk("  \n   data:,a b  \n  \t   ", tmp_path).path.read_bytes() == b"a b"
