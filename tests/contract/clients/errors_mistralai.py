"""Failing requests, as the `mistralai` client tells them."""

import json
import sys

import cases

try:
    from mistralai import Mistral
except ImportError:
    from mistralai.client import Mistral

at = json.loads(sys.argv[1])


def failed(client, body):
    try:
        client.ocr.process(**{"model": "mistral-ocr-latest", **body})
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        return {
            "error": type(error).__name__,
            "status": getattr(error, "status_code", None),
            "body": getattr(error, "body", None),
            "message": str(error)[:300],
        }
    return {"error": None}


real = Mistral(server_url=at["server"], api_key="any key")
scripted = Mistral(server_url=at["scripted"], api_key=at["key"])
found = {name: failed(real, body) for name, body in cases.real(at["files"]).items()}
found |= {name: failed(scripted, body) for name, body in cases.by_script().items()}
good = cases.url("data:application/pdf;base64,JVBERi0xLjcK")
found["wrong key"] = failed(Mistral(server_url=at["scripted"], api_key="wrong"), good)
found["no key"] = failed(Mistral(server_url=at["scripted"]), good)
found["wrong base"] = failed(Mistral(server_url=at["server"] + "/nowhere", api_key="any"), good)
sys.stdout.write(json.dumps(found) + "\n")
