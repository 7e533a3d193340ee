"""Take the word lists of Tesseract's language data from Debian's packages and store what Octavo ships.

    apt-get install tesseract-ocr dpkg-dev && python scripts/word_lists.py [--packages DIR]

Each package holds one file of `tessdata_fast` (Apache-2.0), whose sha256 is verified; `combine_tessdata` and
`dawg2wordlist`, which come with Tesseract, take its list of words out. What is stored of a word is its CRC-32, which
is enough to tell whether a word is one. Names stand with a capital, all other words in small letters. Writes
`src/octavo/words/*.words`, `SOURCES.toml` and `LICENSES.md`; the same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TARGET = Path(__file__).resolve().parent.parent / "src" / "octavo" / "words"
VERSION = "1:4.1.0-2"
SHORTEST = 3
SHA256 = {
    "eng": "7d4322bd2a7749724879683fc3912cb542f19906c83bcc1a52132556427170b2",
    "fra": "ced037562e8c80c13122dece28dd477d399af80911a28791a66a63ac1e3445ca",
    "deu": "19d219bbb6672c869d20a9636c6816a81eb9a71796cb93ebe0cb1530e2cdb22d",
    "spa": "6f2e04d02774a18f01bed44b1111f2cd7f3ba7ac9dc4373cd3f898a40ea6b464",
    "ita": "b8f89e1e785118dac4d51ae042c029a64edb5c3ee42ef73027a6d412748d8827",
    "por": "c4932b937207a9514b7514d518b931a99938c02a28a5a5a553f8599ed58b7deb",
    "nld": "ced0e5e046a84c908a6aa7accbef9a232c4a5d9a8276691b81c6ee64d02963f6",
}
"""Of each file of language data."""
TAGS = {"eng": "en", "fra": "fr", "deu": "de", "spa": "es", "ita": "it", "por": "pt", "nld": "nl"}
"""BCP 47."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, help="folder with packages that are already there")
    TARGET.mkdir(exist_ok=True)
    entries = ["# Written by scripts/word_lists.py: where each list of words comes from.\n"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = parser.parse_args().packages or Path(temporary)
        for name in SHA256:
            found = fingerprints(words(name, folder))
            data = packed(found)
            (TARGET / f"{TAGS[name]}.words").write_bytes(data)
            entries.append(entry(name, data))
            print(f"{TAGS[name]}: {len(found)} words, {len(data) / 1e6:.2f} MB")
    (TARGET / "SOURCES.toml").write_text("\n".join(entries), encoding="utf-8")
    (TARGET / "LICENSES.md").write_text(licences(), encoding="utf-8")


def words(name: str, folder: Path) -> set[str]:
    """What is written with letters alone, as `fingerprints` wants it."""
    package = f"tesseract-ocr-{name}"
    if not any(folder.glob(f"{package}_*.deb")):
        subprocess.run(["apt-get", "download", "-qq", f"{package}={VERSION}"], cwd=folder, check=True)
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(["dpkg-deb", "-x", str(next(folder.glob(f"{package}_*.deb"))), temporary], check=True)
        file = next(Path(temporary).rglob(f"{name}.traineddata"))
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != SHA256[name]:
            raise SystemExit(f"{file.name} has sha256 {found}: not the file known.")
        return {kept(word) for word in listed(file) if word.isalpha() and len(word) >= SHORTEST}


def listed(file: Path) -> list[str]:
    part, out = file.with_suffix(""), file.with_suffix(".txt")
    subprocess.run(["combine_tessdata", "-u", str(file), f"{part}."], check=True, capture_output=True)
    parts = [f"{part}.lstm-unicharset", f"{part}.lstm-word-dawg"]
    subprocess.run(["dawg2wordlist", *parts, str(out)], check=True, capture_output=True)
    return out.read_text(encoding="utf-8").split()


def kept(word: str) -> str:
    return word if word.islower() else word.capitalize()


def fingerprints(found: set[str]) -> NDArray[np.uint32]:
    """In rising order; of a word that is listed as a name as well, the name is left out."""
    whole = {word for word in found if word.islower() or word.lower() not in found}
    return np.unique(np.array([zlib.crc32(word.encode()) for word in whole], dtype=np.uint32))


def packed(found: NDArray[np.uint32]) -> bytes:
    """Differences (uint32, little-endian), which are small and compress well."""
    return zlib.compress(np.diff(found, prepend=np.uint32(0)).astype("<u4").tobytes(), 9)


def entry(name: str, data: bytes) -> str:
    facts = {
        "file": f"{TAGS[name]}.words",
        "role": f"tells which words there are ({TAGS[name]})",
        "package": f"tesseract-ocr-{name}",
        "version": VERSION,
        "source_file": f"{name}.traineddata",
        "source_sha256": SHA256[name],
        "licence": "Apache-2.0",
        "origin": "Hewlett Packard Company, Google Inc.; packaged by Debian",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return "[[words]]\n" + "".join(f'{key} = "{value}"\n' for key, value in facts.items())


def licences() -> str:
    rows = "".join(
        f"| `{TAGS[name]}.words` | tesseract-ocr-{name} {VERSION} | `{digest}` |\n" for name, digest in SHA256.items()
    )
    return f"""# Licence of the word lists

The files beside this one are made of the lists of words in the language data of Tesseract (`tessdata_fast`), copyright
1988-1995 Hewlett Packard Company, 2006-2022 Google Inc., licensed under Apache-2.0, as Octavo's own code is (see
`LICENSE`).

**Changes:** words of letters alone, three or more, were kept, in small letters or with one capital, and of each its
CRC-32. `scripts/word_lists.py` of the source repository does it.

| file | package of Debian | sha256 of its `.traineddata` |
|---|---|---|
{rows}
Neither company endorses Octavo. The lists are provided as they are, without warranties or conditions of any kind.
"""


if __name__ == "__main__":
    main()
