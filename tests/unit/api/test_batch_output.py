"""Lines of output and error files."""

from __future__ import annotations

import json

from octavo.api.batch_output import line_of
from octavo.api.sending import in_one_line
from octavo.domain.batch import Lease, Span

LEASE = Lease(
    job_id="0a1b2c3d-0000-0000-0000-000000000000",
    owner="",
    model=None,
    endpoint="/v1/ocr",
    number=7,
    line=Span(blob="b", offset=0, length=1),
    attempt=1,
)


def test_a_line_is_one_line_for_every_reader() -> None:
    text = "one\u2028two\u2029three\x85four\x0bfive\x0csix\x1cseven\r\neight"
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    line = b"".join(line_of(LEASE, "next\u2028line", 200, [in_one_line(body)]))
    assert len(line.decode().splitlines()) == 1
    told = json.loads(line)
    assert told["response"]["body"] == {"text": text}
    assert told["custom_id"] == "next\u2028line"
