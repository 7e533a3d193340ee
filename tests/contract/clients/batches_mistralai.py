"""Batch jobs with the `mistralai` client: made, listed, looked at, stopped, deleted; and what it makes of answers."""

import asyncio
import base64
import io
import json
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

import requests
import walk
from PIL import Image

try:
    from mistralai import Mistral
except ImportError:
    from mistralai.client import Mistral

at = json.loads(sys.argv[1])
client = Mistral(server_url=at["server"], api_key=at["key"])
stranger = Mistral(server_url=at["server"], api_key=at["stranger"])
jobs = client.batch.jobs
model = "mistral-ocr-latest"
own = {"Authorization": f"Bearer {at['key']}"}
found = {"strange": [], "lost": [], "unlike": []}


def png(width):
    file = io.BytesIO()
    Image.new("RGB", (width, 40), "white").save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def entry(name, url, **more):
    return {"custom_id": name, "body": {"document": {"type": "image_url", "image_url": url}, **more}}


def jsonl(*entries):
    return "\n".join(map(json.dumps, entries)).encode()


def upload(*entries):
    return client.files.upload(file={"file_name": "a.jsonl", "content": jsonl(*entries)}, purpose="batch").id


def create(**more):
    return jobs.create(endpoint="/v1/ocr", **more)


def waited(job):
    while job.status in ("QUEUED", "RUNNING", "CANCELLATION_REQUESTED"):
        time.sleep(0.1)
        job = jobs.get(job_id=job.id)
    return job


def compared(parsed, path):
    """What the client made of the answer that plain HTTP gets, too."""
    sent = requests.get(at["server"] + path, headers=own, timeout=60).json()
    found["strange"] += [f"{path}{problem}" for problem in walk.problems(parsed)]
    found["lost"] += list(walk.lost(sent, parsed, path))
    for job in sent.get("data", [sent]):
        job.pop("octavo", None)  # our own, beside what the client knows
    if json.loads(parsed.model_dump_json(by_alias=True)) != sent:
        found["unlike"].append(path)
    return parsed


def failed(call, **options):
    try:
        call(**options)
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        return [type(error).__name__, getattr(error, "status_code", None), json.loads(error.body)["type"]]
    return None


def refused_line(name):
    return entry(name, "data:image/png;base64,AAAA")


# A job from a file, with a line that fails.
pairs = {"job_type": "testing", "k": "v"}
begun = datetime.now(UTC)
file_id = upload(entry("a", png(50), include_image_base64=True), refused_line("b"), entry("c", png(60)))
first = create(input_files=[file_id], model=model, metadata=pairs)
found["created"] = [first.status, first.total_requests, first.completed_requests, first.object, first.endpoint]
over = waited(first)
compared(over, f"/v1/batch/jobs/{first.id}")
found["over"] = {
    "status": over.status,
    "counts": [over.total_requests, over.completed_requests, over.succeeded_requests, over.failed_requests],
    "errors": [[error.message, error.count] for error in over.errors],
    "inputs": over.input_files == [file_id],
    "times": over.created_at <= over.started_at <= over.completed_at,
    "told back": [over.model, over.metadata, over.agent_id],
}

# Its results: as files, and inside the job.
output = client.files.download(file_id=over.output_file).read().splitlines()
errors = client.files.download(file_id=over.error_file).read().splitlines()
inside = compared(jobs.get(job_id=first.id, inline=True), f"/v1/batch/jobs/{first.id}?inline=true").outputs
found["results"] = {
    "output": [json.loads(line)["custom_id"] for line in output],
    "errors": [json.loads(line)["custom_id"] for line in errors],
    "inside is the same": inside == [json.loads(line) for line in output + errors],
    "not asked for": jobs.get(job_id=first.id).outputs,
}
one = client.files.retrieve(file_id=over.output_file)
other = client.files.retrieve(file_id=over.error_file)
found["files"] = [[file.purpose, file.source, file.sample_type, file.num_lines, file.mimetype] for file in (one, other)]

# A job without a file, and without a model.
inline = waited(create(requests=[entry("x", png(70), model=model), {"body": entry(None, png(80))["body"]}]))
compared(inline, f"/v1/batch/jobs/{inline.id}")
names = [
    json.loads(line)["custom_id"] for line in client.files.download(file_id=inline.output_file).read().splitlines()
]
found["inline"] = [inline.status, inline.total_requests, inline.input_files, inline.model, inline.error_file, names]

# Lists.
compared(jobs.list(), "/v1/batch/jobs?page=0&page_size=100&created_by_me=false&order_by=-created")


def listed(**options):
    answer = jobs.list(**options)
    return [[{first.id: "first", inline.id: "inline"}.get(job.id, "?") for job in answer.data], answer.total]


later, earlier = begun + timedelta(minutes=5), begun - timedelta(minutes=5)
found["listed"] = {
    "all": listed(),
    "model": listed(model=model),
    "metadata": listed(metadata=pairs),
    "part of the metadata": listed(metadata={"k": "v"}),
    "other metadata": listed(metadata={"k": "v", "job_type": "other"}),
    "after, with a zone": listed(created_after=earlier.astimezone(UTC)),
    "after, elsewhere": listed(created_after=later.astimezone(datetime.now().astimezone().tzinfo)),
    "after, without a zone": listed(created_after=earlier.replace(tzinfo=None)),
    "mine": listed(created_by_me=True),
    "status": listed(status=["SUCCESS", "FAILED"]),
    "other status": listed(status=["QUEUED", "RUNNING"]),
    "first page": listed(page_size=1),
    "second page": listed(page=1, page_size=1),
    "agent": listed(agent_id="nobody"),
    "nothing": listed(model=None, metadata=None, created_after=None, status=None),
    "later": [job.id == inline.id for job in asyncio.run(jobs.list_async()).data],
}
if "order_by" in jobs.list.__kwdefaults__:
    found["listed"]["oldest first"] = listed(order_by="created")
found["stranger sees"] = sum(job.id in (first.id, inline.id) for job in stranger.batch.jobs.list().data)

# Stopping: one that runs, and one that waits behind it.
gate, slow = f"{at['gate']}/{uuid.uuid4()}", 100
running = create(requests=[entry(str(n), f"{gate}/{n}") for n in range(slow)], model=model)
waiting = create(requests=[entry("0", png(90))], model=model)
while (running := jobs.get(job_id=running.id)).status == "QUEUED":
    time.sleep(0.05)
found["stopped"] = {"before": [running.status, jobs.get(job_id=waiting.id).status]}
found["stopped"]["deleted while it runs"] = (
    failed(jobs.delete, job_id=running.id) if hasattr(jobs, "delete") else ["SDKError", 409, "conflict"]
)
at_once = jobs.cancel(job_id=waiting.id)
found["stopped"]["waiting"] = [at_once.status, at_once.completed_requests, at_once.output_file, at_once.error_file]
asked = jobs.cancel(job_id=running.id)
found["stopped"]["asked"] = asked.status
ended = compared(waited(asked), f"/v1/batch/jobs/{running.id}")
found["stopped"]["running"] = [ended.status, ended.succeeded_requests, ended.failed_requests, ended.output_file]
found["stopped"]["again"] = jobs.cancel(job_id=ended.id).status
requests.post(gate, timeout=60)

# Deleting.
if hasattr(jobs, "delete"):
    gone = jobs.delete(job_id=inline.id)
    found["deleted"] = [gone.id == inline.id, gone.object, gone.deleted, failed(jobs.get, job_id=inline.id)]
    found["strange"] += list(walk.problems(gone))

# What is refused.
nobody = str(uuid.uuid4())
good = [entry("0", png(50))]
found["refused"] = {
    "unknown job": failed(jobs.get, job_id=nobody),
    "unknown job cancelled": failed(jobs.cancel, job_id=nobody),
    "another's job": failed(stranger.batch.jobs.get, job_id=first.id),
    "another's job cancelled": failed(stranger.batch.jobs.cancel, job_id=first.id),
    "another's file": failed(stranger.batch.jobs.create, endpoint="/v1/ocr", input_files=[file_id]),
    "unknown file": failed(create, input_files=[nobody], model=model),
    "unknown model": failed(create, requests=good, model="gpt-9"),
    "no input": failed(create, model=model),
    "both inputs": failed(create, model=model, requests=good, input_files=[file_id]),
    "no time": failed(create, model=model, requests=good, timeout_hours=0),
    "too much time": failed(create, model=model, requests=good, timeout_hours=169),
    "other endpoint": failed(jobs.create, endpoint="/v1/chat/completions", model=model, requests=good),
    "wrong key": failed(Mistral(server_url=at["server"], api_key="wrong").batch.jobs.list),
}
sys.stdout.write(json.dumps(found) + "\n")
