"""What Open WebUI, LibreChat and n8n put on the wire for their files, in their own order and form."""

import json
import sys

import requests

at = json.loads(sys.argv[1])
PDF = requests.get(f"{at['files']}/report.pdf", timeout=60).content
KEY = {"Authorization": "Bearer any"}


def open_webui():
    """Its loader: the base URL has `/v1`, and the address lives for an hour."""
    base, headers = f"{at['server']}/v1", {**KEY, "User-Agent": "OpenWebUI-MistralLoader/2.0"}
    uploaded = requests.post(
        f"{base}/files",
        headers=headers,
        files={"file": ("report.pdf", PDF, "application/pdf")},
        data={"purpose": "ocr"},
        timeout=60,
    ).json()
    url = requests.get(
        f"{base}/files/{uploaded['id']}/url",
        headers={**headers, "Accept": "application/json"},
        params={"expiry": 1},
        timeout=60,
    ).json()["url"]
    body = {
        "model": "mistral-ocr-latest",
        "document": {"type": "document_url", "document_url": url},
        "include_image_base64": False,
    }
    read = requests.post(f"{base}/ocr", headers=headers, json=body, timeout=60).json()
    deleted = requests.delete(f"{base}/files/{uploaded['id']}", headers=headers, timeout=60)
    gone = requests.get(url, timeout=60)
    return [[page["index"] for page in read["pages"]], deleted.status_code, deleted.json()["deleted"], gone.status_code]


def libre_chat():
    """axios with form-data: no line break after the last boundary, and a picture as `image_url`."""
    base, edge = f"{at['server']}/v1", "--------------------------012345678901234567890123"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nocr\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="receipt.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode() + requests.get(f"{at['files']}/receipt.jpg", timeout=60).content
    uploaded = requests.post(
        f"{base}/files",
        data=body + f"\r\n--{edge}--".encode(),
        headers={**KEY, "Content-Type": f"multipart/form-data; boundary={edge}"},
        timeout=60,
    ).json()
    url = requests.get(f"{base}/files/{uploaded['id']}/url", params={"expiry": 24}, headers=KEY, timeout=60).json()[
        "url"
    ]
    read = requests.post(
        f"{base}/ocr",
        json={
            "model": "mistral-ocr-latest",
            "image_limit": 0,
            "include_image_base64": False,
            "document": {"type": "image_url", "image_url": url},
        },
        headers=KEY,
        timeout=60,
    ).json()
    gone = requests.delete(f"{base}/files/{uploaded['id']}", headers=KEY, timeout=60).json()
    return [uploaded["mimetype"], read["pages"][0]["markdown"].lstrip("# ")[:10], gone]


def n8n():
    """Its input of batches is labelled as JSON."""
    lines = b'{"custom_id": "0", "body": {}}'
    uploaded = requests.post(
        f"{at['server']}/v1/files",
        files={"file": ("batch_file.jsonl", lines, "application/json")},
        data={"purpose": "batch"},
        headers=KEY,
        timeout=60,
    ).json()
    content = requests.get(f"{at['server']}/v1/files/{uploaded['id']}/content", headers=KEY, timeout=60)
    requests.delete(f"{at['server']}/v1/files/{uploaded['id']}", headers=KEY, timeout=60)
    return [uploaded["num_lines"], uploaded["mimetype"], content.content == lines]


libre = libre_chat()
found = {
    "Open WebUI": open_webui(),
    "LibreChat": [*libre[:2], libre[2]["deleted"], libre[2]["object"]],
    "n8n": n8n(),
}
sys.stdout.write(json.dumps(found) + "\n")
