"""Failing requests, as plain HTTP tells them; some that the `mistralai` client cannot send."""

import json
import sys

import cases
import requests

at = json.loads(sys.argv[1])


def failed(server, body, **headers):
    answer = requests.post(f"{server}/v1/ocr", json=body, headers=headers, timeout=100)
    return {"status": answer.status_code, "body": answer.text, "headers": dict(answer.headers)}


good = cases.url("data:application/pdf;base64,JVBERi0xLjcK")
key = {"Authorization": f"Bearer {at['key']}"}
found = {name: failed(at["server"], body) for name, body in cases.real(at["files"]).items()}
found |= {name: failed(at["scripted"], body, **key) for name, body in cases.by_script().items()}
found |= {
    "unknown key": failed(at["server"], good | {"surprise": 1}),
    "no body": failed(at["server"], None),
    "page range backwards": failed(at["server"], good | {"pages": "3-1"}),
    "wrong key": failed(at["scripted"], good, Authorization="Bearer wrong"),
    "no key": failed(at["scripted"], good),
    "foreign host": failed(at["server"], good, Host="example.org"),
    "foreign page": failed(at["server"], good, Origin="https://example.org"),
}
sys.stdout.write(json.dumps(found) + "\n")
