from __future__ import annotations

import pytest

from octavo.rendering.links import without_harmful


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:x",
        "java\nscript:x",
        "\x01vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
    ],
)
def test_what_a_browser_would_run_is_left_out(address: str) -> None:
    assert without_harmful([address, "https://example.org"]) == (("https://example.org",), 1)


@pytest.mark.parametrize(
    "address",
    ["https://example.org/javascript:x", "mailto:a@example.org", "www.example.org", "doi:10.1000/182", "#page=2", ""],
)
def test_other_addresses_stay_as_they_are(address: str) -> None:
    assert without_harmful([address]) == ((address,), 0)
