"""Batch jobs with LiteLLM, which speaks of them as OpenAI does."""

import asyncio
import base64
import io
import json
import sys
import time

import litellm
from PIL import Image

litellm.suppress_debug_info = True
at = json.loads(sys.argv[1])
model = "mistral-ocr-latest"


def png(width):
    file = io.BytesIO()
    Image.new("RGB", (width, 40), "white").save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def line(name, url):
    return {"custom_id": name, "body": {"document": {"type": "image_url", "image_url": url}}}


def failed(call, **options):
    try:
        call(**options)
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        return [type(error).__name__, getattr(error, "status_code", None)]
    return None


def asked(base):
    return {"custom_llm_provider": "mistral", "api_base": base, "api_key": at["key"]}


def batch_at(base):
    """One batch, from the upload to the deletion of all files."""
    where = asked(base)
    lines = [line("a", png(50)), line("b", "data:image/png;base64,AAAA"), line("c", png(60))]
    content = "\n".join(map(json.dumps, lines)).encode()
    file = litellm.create_file(file=("lines.jsonl", content), purpose="batch", **where)
    batch = litellm.create_batch(
        completion_window="24h",
        endpoint="/v1/ocr",
        input_file_id=file.id,
        metadata={"job_type": "testing"},
        model=model,
        **where,
    )
    created = [batch.status, batch.endpoint, batch.request_counts.total, batch.input_file_id == file.id]
    while batch.status in ("validating", "in_progress", "finalizing"):
        time.sleep(0.1)
        batch = litellm.retrieve_batch(batch_id=batch.id, model=model, **where)
    counts = batch.request_counts
    output, errors = (
        [json.loads(one) for one in litellm.file_content(file_id=file_id, **where).text.splitlines()]
        for file_id in (batch.output_file_id, batch.error_file_id)
    )
    later = asyncio.run(litellm.aretrieve_batch(batch_id=batch.id, model=model, **where))
    return {
        "created": created,
        "over": [batch.status, counts.total, counts.completed, counts.failed, batch.metadata],
        "times": batch.created_at <= batch.in_progress_at <= batch.completed_at,
        "errors": [error.message for error in batch.errors.data],
        "output": [one["custom_id"] for one in output],
        "failed": [one["custom_id"] for one in errors],
        "later": later.status,
        "deleted": [
            litellm.file_delete(file_id=file_id, **where).deleted
            for file_id in (file.id, batch.output_file_id, batch.error_file_id)
        ],
    }


found = {
    "without v1": batch_at(at["server"]),
    "with v1": batch_at(at["server"] + "/v1"),
    "unknown job": failed(
        litellm.retrieve_batch, batch_id="6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1", model=model, **asked(at["server"])
    ),
    "unknown file": failed(
        litellm.create_batch,
        completion_window="24h",
        endpoint="/v1/ocr",
        input_file_id="6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1",
        model=model,
        **asked(at["server"]),
    ),
}
sys.stdout.write(json.dumps(found) + "\n")
