"""`BatchClient` of `mistralai.extra.batch`: whole batches in one call, inline and from a file, some lines failing."""

import asyncio
import base64
import io
import json
import sys

from mistralai.client import Mistral
from mistralai.client.models import OCRRequest, OCRResponse
from mistralai.extra.batch import BatchClient, BatchError, BatchInput
from PIL import Image

at = json.loads(sys.argv[1])
client = Mistral(server_url=at["server"], api_key=at["key"])
batches = BatchClient(client, endpoint="/v1/ocr", response_body_type=OCRResponse)
model = "mistral-ocr-latest"
STRANGE_ID = "line\u2028separator, n\u00e4xt\u0085line"


def png(width):
    file = io.BytesIO()
    Image.new("RGB", (width, 40), "white").save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def request(url):
    return OCRRequest(model=model, document={"type": "image_url", "image_url": url})


def payload(count, broken):
    """So many requests, every one of another width; those in `broken` have no picture."""
    pictures = [png(width) for width in range(40, 60)]
    return {
        f"r{number}": request("data:image/png;base64,AAAA" if number in broken else pictures[number % 20])
        for number in range(count)
    }


def summary(result, count, broken):
    good = [f"r{number}" for number in range(count) if number not in broken]
    try:
        result.ordered([f"r{number}" for number in range(count)])
        missing = []
    except BatchError as error:
        missing = sorted(error.failures)
    return {
        "status": result.status,
        "counts": [result.succeeded, result.failed],
        "names": list(result.by_id()) == good,
        "widths": [answer.pages[0].dimensions.width for answer in result.ordered(good)]
        == [40 + number % 20 for number in range(count) if number not in broken],
        "failed": sorted(error.custom_id for error in result.errors()),
        "codes": sorted({error.status_code for error in result.errors()}),
        "not understood": len(result.response_errors()),
        "missing": missing,
    }


async def run(count, broken, **options):
    result = await batches.run(payload(count, broken), model=model, poll_interval_seconds=0.2, **options)
    left = await client.files.list_async()
    job = await client.batch.jobs.get_async(job_id=result.job.id)
    return {
        **summary(result, count, broken),
        "files left": left.total,
        "job": [job.status, job.total_requests, len(job.input_files)],
        "inside": (await client.batch.jobs.get_async(job_id=result.job.id, inline=True)).outputs,
    }


async def streamed():
    """Results one by one, of a job whose lines have names that some readers take for several lines."""
    names = ["a", STRANGE_ID, "c"]
    lines = BatchInput.from_payload({name: request(png(70)) for name in names})
    handle = await batches.create(await batches.upload(lines), model=model)
    handle = await batches.wait(handle, poll_interval_seconds=0.1)
    seen = [[name, type(outcome).__name__] async for name, outcome in batches.stream_results(handle)]
    signed = await batches.signed_url(handle.job.output_file)
    found = {"seen": seen, "asked": names, "signed": signed.startswith(at["server"])}
    for file_id in [*handle.job.input_files, handle.job.output_file]:
        await batches.delete(file_id)
    return found


async def main():
    return {
        "inline": await run(5, {1, 3}),
        "a thousand": await run(1000, {999}),
        "from a file": await run(1203, {0, 700, 1202}),
        "all fail": await run(3, {0, 1, 2}),
        "again": await run(2, {1}, max_failed_job_retries=1),
        "streamed": await streamed(),
    }


sys.stdout.write(json.dumps(asyncio.run(main())) + "\n")
