"""Every option of the request, and whole answers looked through, with the `mistralai` client."""

import asyncio
import inspect
import itertools
import json
import sys

import requests
import walk

try:
    from mistralai import Mistral
except ImportError:
    from mistralai.client import Mistral

at = json.loads(sys.argv[1])
scripted = Mistral(server_url=at["scripted"], api_key=at["key"])
real = Mistral(server_url=at["server"], api_key="any key")
knows = inspect.signature(scripted.ocr.process).parameters
PDF = {"type": "document_url", "document_url": "data:application/pdf;base64,JVBERi0xLjcK"}

strange = []
asked = []


def look(answer, place):
    asked.append(place)
    strange.extend(f"{place}{problem}" for problem in walk.problems(answer))
    return answer


# Every combination of what changes the form of an answer.
forms = {
    "table_format": [None, "markdown", "html"],
    "confidence_scores_granularity": [None, "page", "block", "word"],
    "include_blocks": [True, False],
    "include_image_base64": [True, False],
    "extract_header": [True],
    "extract_footer": [True],
}
forms = {name: values for name, values in forms.items() if name in knows}
for values in itertools.product(*forms.values()):
    options = dict(zip(forms, values, strict=True))
    look(scripted.ocr.process(model="mistral-ocr-latest", document=PDF, **options), f"{options} ")

# What the client made of an answer is what was sent.
body = {"model": None, "document": PDF, "confidence_scores_granularity": "word", "table_format": "html"}
sent = requests.post(
    f"{at['scripted']}/v1/ocr", json=body, headers={"Authorization": f"Bearer {at['key']}"}, timeout=60
)
parsed_type = type(scripted.ocr.process(model=None, document=PDF))
differences = list(walk.lost(sent.json(), parsed_type.model_validate(sent.json())))

# Each option reaches the server.
page = look(scripted.ocr.process(model=None, document=PDF, pages=[1]), "pages ").pages
effects = {"pages": [one.index for one in page]}
limited = scripted.ocr.process(model=None, document=PDF, image_limit=1)
effects["image_limit"] = sum(len(one.images) for one in limited.pages)
large = scripted.ocr.process(model=None, document=PDF, image_min_size=200)
effects["image_min_size"] = sum(len(one.images) for one in large.pages)
nothing = dict.fromkeys(("pages", "image_limit", "image_min_size", "bbox_annotation_format", "table_format"))
effects["nulls"] = len(look(scripted.ocr.process(model=None, document=PDF, **nothing), "nulls ").pages)
header = {"X-Octavo-Options": json.dumps({"dpi": 96})}
effects["dpi"] = scripted.ocr.process(model=None, document=PDF, http_headers=header).pages[0].dimensions.dpi
effects["model"] = scripted.ocr.process(model="mistral-ocr-latest", document=PDF).model
image = {"type": "image_url", "image_url": {"url": PDF["document_url"], "detail": "high"}}
effects["image_url object"] = len(look(scripted.ocr.process(model=None, document=image), "image ").pages)
if "id" in knows:
    effects["id"] = len(scripted.ocr.process(model=None, document=PDF, id="mine").pages)
if "confidence_scores_granularity" in knows:
    effects["page ranges"] = [p.index for p in scripted.ocr.process(model=None, document=PDF, pages="1,0").pages]
    blocks = (
        scripted.ocr.process(model=None, document=PDF, pages=[0], confidence_scores_granularity="block").pages[0].blocks
    )
    effects["kinds"] = sorted(block.type for block in blocks)
later = asyncio.run(scripted.ocr.process_async(model=None, document=PDF))
effects["async"] = len(look(later, "async ").pages)

# The same looking through on what the engine itself reads.
for name, kind in (("report.pdf", "document_url"), ("receipt.webp", "image_url")):
    for options in ({}, {"confidence_scores_granularity": "word", "table_format": "html"}):
        chosen = {name: value for name, value in options.items() if name in knows}
        document = {"type": kind, kind: f"{at['files']}/{name}"}
        look(real.ocr.process(model="mistral-ocr-latest", document=document, include_image_base64=True, **chosen), name)

sys.stdout.write(json.dumps({"asked": len(asked), "strange": strange, "lost": differences, "effects": effects}) + "\n")
