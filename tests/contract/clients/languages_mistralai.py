"""Languages to expect, with the `mistralai` client: in one request, in all of a program, and with one unknown."""

import json
import sys

try:
    import httpx
except ImportError:
    import httpx2 as httpx  # mistralai 3
try:
    from mistralai import Mistral
except ImportError:
    from mistralai.client import Mistral

at = json.loads(sys.argv[1])
RUSSIAN = {"type": "image_url", "image_url": f"{at['files']}/russian.png"}
PLACE = {"server_url": at["server"], "api_key": "any key"}


def header(*languages):
    return {"X-Octavo-Options": json.dumps({"languages": languages})}


def read(client, **options):
    return client.ocr.process(model="mistral-ocr-latest", document=RUSSIAN, **options).pages[0].markdown


def refused(*languages):
    try:
        read(Mistral(**PLACE), http_headers=header(*languages))
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        return [type(error).__name__, error.status_code, error.body]
    return None


with httpx.Client(headers=header("en"), timeout=60) as english:
    found = {
        "nothing said": read(Mistral(**PLACE)),
        "ru": read(Mistral(**PLACE), http_headers=header("ru")),
        "en": read(Mistral(**PLACE), http_headers=header("en")),
        "all of a program": read(Mistral(**PLACE, client=english)),
        "unknown": refused("ru", "klingon"),
    }
sys.stdout.write(json.dumps(found) + "\n")
