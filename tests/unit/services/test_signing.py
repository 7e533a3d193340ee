"""Signatures: for one file, for a while, by one installation."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from octavo.services.signing import Seal, Signer

SECRET = bytes(range(32))
FILE_ID = "6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1"
SIGNER = Signer(SECRET)


def test_a_signature_is_good_until_its_time_is_up() -> None:
    signature = SIGNER.sign(FILE_ID, 2000)
    found = [SIGNER.check(FILE_ID, 2000, signature, now=now) for now in (0, 1999.9, 2000, 3000)]
    assert found == [Seal.GOOD, Seal.GOOD, Seal.EXPIRED, Seal.EXPIRED]


def test_it_is_an_hmac_over_id_and_time() -> None:
    told = f"octavo: content of a file\n{FILE_ID}\n2000".encode()
    assert SIGNER.sign(FILE_ID, 2000) == hmac.new(SECRET, told, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("file_id", "expires", "signature"),
    [
        (FILE_ID, 2001, SIGNER.sign(FILE_ID, 2000)),
        (FILE_ID[:-1] + "2", 2000, SIGNER.sign(FILE_ID, 2000)),
        (FILE_ID, 2000, Signer(bytes(32)).sign(FILE_ID, 2000)),
        (FILE_ID, 2000, SIGNER.sign(FILE_ID, 2000)[:-1]),
        (FILE_ID, 2000, SIGNER.sign(FILE_ID, 2000).upper()),
        (FILE_ID, 2000, ""),
        (FILE_ID, 2000, "ä\udcff"),
    ],
    ids=["other time", "other file", "other secret", "cut", "upper case", "nothing", "no hex"],
)
def test_every_other_signature_is_foreign_even_when_its_time_is_up(file_id: str, expires: int, signature: str) -> None:
    assert SIGNER.check(file_id, expires, signature, now=0) is Seal.FOREIGN
    assert SIGNER.check(file_id, expires, signature, now=10**9) is Seal.FOREIGN


def test_the_secret_is_not_told() -> None:
    assert repr(SIGNER) == "Signer()"
