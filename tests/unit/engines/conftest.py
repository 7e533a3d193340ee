from __future__ import annotations

import pytest
from drawn_pages import Share

from octavo.engines.text_lines import TextLines


@pytest.fixture(scope="session")
def text_lines():
    with_one_thread = TextLines(Share(1))
    yield with_one_thread
    with_one_thread.close()
