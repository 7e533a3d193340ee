"""Haystack's converter, with all kinds of sources that it takes."""

import json
import os
import sys
import tempfile
import urllib.request
from pathlib import Path

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack.dataclasses import ByteStream
from haystack.utils import Secret
from haystack_integrations.components.converters.mistral import MistralOCRDocumentConverter
from mistralai.client import Mistral
from mistralai.client.models import DocumentURLChunk, FileChunk, ImageURLChunk

at = json.loads(sys.argv[1])
pdf = urllib.request.urlopen(f"{at['files']}/report.pdf").read()
with tempfile.TemporaryDirectory() as folder, Mistral(api_key="any", server_url=at["server"]) as client:
    path = Path(folder) / "report.pdf"
    path.write_bytes(pdf)
    cut = Path(folder) / "cut.pdf"
    cut.write_bytes(pdf[:100])
    kept = client.files.upload(file={"file_name": "kept.pdf", "content": pdf}, purpose="ocr").id
    converter = MistralOCRDocumentConverter(api_key=Secret.from_token("any"))
    converter.client = client  # it takes no address
    sources = {
        "path": path,
        "text": str(path),
        "stream": ByteStream(data=pdf),
        "address": DocumentURLChunk(document_url=f"{at['files']}/report.pdf"),
        "file": FileChunk(file_id=kept),
        "image": ImageURLChunk(image_url=f"{at['files']}/receipt.jpg"),
    }
    whole = converter.run(sources=list(sources.values()), meta={"of": "tests"})
    told = [
        [one.content.splitlines()[0], *(one.meta[f"source_{name}"] for name in ("page_count", "total_images"))]
        for one in whole["documents"]
    ]
    chosen = MistralOCRDocumentConverter(
        api_key=Secret.from_token("any"), pages=[1], include_image_base64=True, image_limit=1, image_min_size=1
    )
    chosen.client = client
    one = chosen.run(sources=[path, cut])
    found = {
        "read": dict(zip(sources, told, strict=True)),
        "chosen": [len(one["documents"]), [page["index"] for page in one["raw_mistral_response"][0]["pages"]]],
        "left": [
            file.filename for file in client.files.list().data if file.filename in {"kept.pdf", str(path), str(cut)}
        ],
    }
    client.files.delete(file_id=kept)
sys.stdout.write(json.dumps(found) + "\n")
