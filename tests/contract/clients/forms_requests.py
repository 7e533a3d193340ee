"""Documents as files of a form, with `requests`."""

import json
import sys

import requests

at = json.loads(sys.argv[1])
content = requests.get(f"{at['files']}/report.pdf", timeout=60).content


def sent(path="/v1/ocr", name="report.pdf", **fields):
    answer = requests.post(f"{at['server']}{path}", files={"file": (name, content)}, data=fields, timeout=200)
    return answer.status_code, answer.json()


status, body = sent(model="mistral-ocr-latest", pages="[1]", include_image_base64="true", table_format="null")
assert status == 200, body
(page,) = body["pages"]
found = {
    "index": page["index"],
    "markdown": page["markdown"][:40],
    "picture": page["images"][0]["image_base64"][:23],
    "size": body["usage_info"]["doc_size_bytes"] == len(content),
    "without v1": sent("/ocr", pages="0")[0],
    "twice v1": sent("/v1/v1/ocr", pages="0")[0],
    "wrong field": sent(surprise="1")[0],
}
sys.stdout.write(json.dumps(found) + "\n")
