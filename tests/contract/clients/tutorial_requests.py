"""The calls of OpenGateLLM's tutorial with `requests`, on documents of our own."""

import base64
import json
import sys
from urllib.parse import urljoin

import jpeg
import requests

at = json.loads(sys.argv[1])
server_url = at["server"]
api_key = "any key"

response = requests.get(url=urljoin(server_url, "/v1/models"), timeout=60)
assert response.status_code == 200
models = response.json()["data"]
model = [model for model in models if model["type"] == "image-to-text"][0]["id"]  # noqa: RUF015  as in the tutorial


def downloaded(name):
    answer = requests.get(f"{at['files']}/{name}", timeout=60)
    answer.raise_for_status()
    return base64.b64encode(answer.content).decode("utf-8")


def read(kind, url):
    response = requests.post(
        url=f"{server_url}/v1/ocr",
        headers={"Authorization": f"Bearer {api_key}"},
        json={"model": model, "document": {"type": kind, kind: url}, "include_image_base64": True},
        timeout=200,
    )
    assert response.status_code == 200, response.text
    response = response.json()
    page = response["pages"][0]
    boxes = [jpeg.check(image) for image in page["images"]]
    return {"markdown": page["markdown"][:200], "boxes": boxes, "model": response["model"]}


found = {
    "pdf by url": read("document_url", f"{at['files']}/report.pdf"),
    "pdf inside": read("document_url", f"data:application/pdf;base64,{downloaded('report.pdf')}"),
    "jpeg by url": read("image_url", f"{at['files']}/receipt.jpg"),
    "webp by url": read("image_url", f"{at['files']}/receipt.webp"),
    "jpeg inside": read("image_url", f"data:image/jpeg;base64,{downloaded('receipt.jpg')}"),
    "webp inside": read("image_url", f"data:image/webp;base64,{downloaded('receipt.webp')}"),
}
sys.stdout.write(json.dumps({"model": model, "read": found}) + "\n")
