"""Pages as they are read, with `requests`: the example of the documentation, and the same with all options."""

import json
import re
import subprocess
import sys
from pathlib import Path

import requests

at = json.loads(sys.argv[1])
address = f"{at['files']}/report.pdf"
docs = (Path(at["docs"]) / "api-compatibility.md").read_text(encoding="utf-8")
example = re.search(r"```python\n(import json\nimport requests\n.*?)```", docs, re.DOTALL)[1]
example = example.replace("http://127.0.0.1:8000", at["server"]).replace("https://example.org/report.pdf", address)
printed = subprocess.run(
    [sys.executable, "-c", example], capture_output=True, text=True, timeout=200, check=True
).stdout

body = {"document": {"document_url": address}, "pages": [1, 0], "include_image_base64": True}
url = f"{at['server']}/v1/ocr"
with requests.post(url, json=body, headers={"Accept": "text/event-stream"}, stream=True, timeout=200) as answer:
    lines = list(answer.iter_lines())
data = [line[6:] for line in lines if line.startswith(b"data: ")]
found = {
    "printed": printed,
    "names": [line.decode() for line in lines if line.startswith(b"event: ")],
    "indices": json.loads(data[0])["indices"],
    "the same": data[-1] == requests.post(url, json=body, timeout=200).content,
}
sys.stdout.write(json.dumps(found) + "\n")
