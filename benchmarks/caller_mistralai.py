"""A hundred callers with the stock client, one thread for each file of a folder. Runs in the client's environment.

    .venvs/mistralai-3/bin/python benchmarks/caller_mistralai.py '{"url": "", "key": "", "folder": "", "until_done": 1}'

Prints a JSON list: for each file its `statuses` and `seconds`, a number for each call, and the `text` of its first
page. With `until_done` a call that is answered 504 is made again.
"""

import base64
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    from mistralai import Mistral
except ImportError:
    from mistralai.client import Mistral

at = json.loads(sys.argv[1])
files = sorted(Path(at["folder"]).iterdir())
together = threading.Barrier(len(files))


def called(client, file):
    """One call: status, seconds, text."""
    uri = "data:application/octet-stream;base64," + base64.b64encode(file.read_bytes()).decode()
    begun = time.monotonic()
    try:
        answer = client.ocr.process(
            model="mistral-ocr-latest", document={"type": "document_url", "document_url": uri}, timeout_ms=300_000
        )
        status, text = 200, answer.pages[0].markdown
    except Exception as error:  # noqa: BLE001 - whatever the client makes of an answer is counted
        status, text = getattr(error, "status_code", 0), f"{type(error).__name__}: {error}"[:300]
    return status, time.monotonic() - begun, text


def caller(file):
    """All calls for one file."""
    client = Mistral(server_url=at["url"], api_key=at["key"])
    together.wait()
    calls = [called(client, file)]
    while at["until_done"] and calls[-1][0] == 504:
        calls.append(called(client, file))
    statuses, seconds, texts = zip(*calls, strict=True)
    return {"name": file.stem, "statuses": statuses, "seconds": seconds, "text": texts[-1]}


with ThreadPoolExecutor(len(files)) as threads:
    print(json.dumps(list(threads.map(caller, files))))
