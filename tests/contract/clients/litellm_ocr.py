"""`ocr()` and `aocr()` of LiteLLM."""

import asyncio
import json
import sys

import litellm

litellm.suppress_debug_info = True
at = json.loads(sys.argv[1])
DOCUMENT = {"type": "document_url", "document_url": f"{at['files']}/report.pdf"}
IMAGE = {"type": "image_url", "image_url": f"{at['files']}/receipt.jpg"}


def asked(base=at["server"], document=DOCUMENT, **options):
    return {"model": "mistral/mistral-ocr-latest", "document": document, "api_base": base, "api_key": "any", **options}


def told(answer):
    return [answer.model, [page.index for page in answer.pages], answer.pages[0].markdown.lstrip("# ")[:10]]


def failed(**options):
    try:
        litellm.ocr(**asked(**options))
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        return [type(error).__name__, getattr(error, "status_code", None)]
    return None


found = {
    "read": {
        "without v1": told(litellm.ocr(**asked())),
        "with v1": told(litellm.ocr(**asked(at["server"] + "/v1"))),
        "with a slash": told(litellm.ocr(**asked(at["server"] + "/v1/"))),
        "later": told(asyncio.run(litellm.aocr(**asked()))),
        "image": told(litellm.ocr(**asked(document=IMAGE))),
        "options": told(litellm.ocr(**asked(pages=[1], table_format="html", include_blocks=True, image_limit=0))),
    },
    "picture": litellm.ocr(**asked(include_image_base64=True)).pages[0].images[0].image_base64[:23],
    "failed": {
        "unknown key": failed(base=at["scripted"]),
        "wrong document": failed(document={"type": "document_url", "document_url": f"{at['files']}/cut.pdf"}),
        "empty address": failed(document={"type": "document_url", "document_url": ""}),
    },
}
sys.stdout.write(json.dumps(found) + "\n")
