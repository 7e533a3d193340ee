"""The calls of Mistral's cookbook for OCR in batches, on scans of our own: each by itself, then all as one job.

`lost` sends what the cookbook's printed form has left of the data URL: nothing.
"""

import base64
import io
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

try:
    from mistralai import Mistral
except ImportError:
    from mistralai.client import Mistral

at = json.loads(sys.argv[1])
client = Mistral(server_url=at["server"], api_key=at["key"])
ocr_model = "mistral-ocr-latest"

GUESTS = ("Anna", "Bruno", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ida", "Jonas")
DISHES = ("apple cake", "bean soup", "cherry pie", "dumplings", "egg salad", "fish and chips", "green tea", "hot milk")


def scan(number):
    """A small page with its own text."""
    image = Image.new("RGB", (560, 220), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=30)
    guest, dish = GUESTS[number % len(GUESTS)], DISHES[number * 3 % len(DISHES)]
    for line, text in enumerate(
        (f"Receipt {1000 + 37 * number}", f"{guest} had {dish}", f"Total {number + 4}.50 Euro")
    ):
        draw.text((30, 24 + 62 * line), text, fill="black", font=font)
    return image


def encode_image_data(image):
    buffered = io.BytesIO()
    image.save(buffered, format="JPEG")
    return base64.b64encode(buffered.getvalue()).decode("utf-8")


def url_of(sample):
    return "" if at.get("lost") else f"data:image/jpeg;base64,{encode_image_data(sample['image'])}"


def tqdm(things):
    yield from things


def refusal(error):
    return [type(error).__name__, error.status_code, json.loads(error.body)["type"]]


subset = [{"image": scan(number)} for number in range(at["scans"])]

# Without batch.
ocr_dataset, refused = [], []
for sample in tqdm(subset):
    try:
        response = client.ocr.process(model=ocr_model, document={"type": "image_url", "image_url": url_of(sample)})
    except Exception as error:
        if not at.get("lost"):
            raise
        refused.append(refusal(error))
    else:
        ocr_dataset.append(response.pages[0].markdown)

# With batch.
batch_file = Path(tempfile.mkdtemp()) / "batch_file.jsonl"
with batch_file.open("w") as file:
    for index, sample in enumerate(subset):
        body = {"document": {"type": "image_url", "image_url": url_of(sample)}, "include_image_base64": True}
        file.write(json.dumps({"custom_id": str(index), "body": body}) + "\n")

with batch_file.open("rb") as content:
    batch_data = client.files.upload(file={"file_name": batch_file.name, "content": content}, purpose="batch")

created_job = client.batch.jobs.create(
    input_files=[batch_data.id], model=ocr_model, endpoint="/v1/ocr", metadata={"job_type": "testing"}
)


def percent_of(job):
    return round((job.succeeded_requests + job.failed_requests) / job.total_requests * 100, 2)


percents = [percent_of(created_job)]
retrieved_job = client.batch.jobs.get(job_id=created_job.id)
percents.append(percent_of(retrieved_job))

# Somebody else looks at the job more often than every two seconds.
seen, over = [], threading.Event()


def watch():
    watcher = Mistral(server_url=at["server"], api_key=at["key"])
    while not over.wait(0.05):
        job = watcher.batch.jobs.get(job_id=created_job.id)
        seen.append([job.status, job.completed_requests, job.succeeded_requests + job.failed_requests])


watching = threading.Thread(target=watch)
watching.start()
while retrieved_job.status in ["QUEUED", "RUNNING"]:
    retrieved_job = client.batch.jobs.get(job_id=created_job.id)
    percents.append(percent_of(retrieved_job))
    time.sleep(2)
over.set()
watching.join()


def lines_of(file_id):
    return [json.loads(line) for line in client.files.download(file_id=file_id).read().splitlines()] if file_id else []


found = {
    "loop": ocr_dataset,
    "refused": refused,
    "uploaded": [batch_data.num_lines, batch_data.purpose, batch_data.size_bytes == batch_file.stat().st_size],
    "created": json.loads(created_job.model_dump_json()),
    "over": json.loads(retrieved_job.model_dump_json()),
    "percents": percents,
    "seen": seen,
    "output": lines_of(retrieved_job.output_file),
    "errors": lines_of(retrieved_job.error_file),
}
sys.stdout.write(json.dumps(found) + "\n")
