"""Take the font that Octavo ships from Debian's package fonts-wqy-microhei.

    apt-get download fonts-wqy-microhei
    python -m pip install fonttools && python scripts/font.py fonts-wqy-microhei*.deb

The package holds a collection of two faces; the first is stored alone. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from fontTools.ttLib import TTCollection

TARGET = Path(__file__).resolve().parent.parent / "src" / "octavo" / "fonts" / "wqy-microhei.ttf"
FILE = "usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
SHA256 = "2420e8078af796b19a3f6ef13de527a1a91c1e7171eea115926c614ced1009b3"


def main(package: Path) -> None:
    """Write the font."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", str(package), folder], check=True)
        file = Path(folder) / FILE
        if hashlib.sha256(file.read_bytes()).hexdigest() != SHA256:
            raise SystemExit(f"{file.name} of {package.name} is not the file known.")
        face = TTCollection(str(file), recalcTimestamp=False).fonts[0]
        face.recalcTimestamp = False
        face.save(TARGET)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
