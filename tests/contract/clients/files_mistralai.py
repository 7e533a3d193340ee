"""Files with the `mistralai` client: upload, list, look at, sign, read, download, delete."""

import asyncio
import inspect
import io
import json
import sys

import requests
import walk

try:
    from mistralai import Mistral
except ImportError:
    from mistralai.client import Mistral

at = json.loads(sys.argv[1])
client = Mistral(server_url=at["server"], api_key="any key")
PDF = requests.get(f"{at['files']}/report.pdf", timeout=60).content
LINES = b'{"custom_id": "0", "body": {"document": {"document_url": "x"}}}\nnot JSON\n'
UNKNOWN = "6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1"
knows = inspect.signature(client.files.upload).parameters
strange = []


def look(answer):
    # `ocr_input` is Mistral's own value for documents, and its clients have an open list without it.
    strange.extend(
        problem for problem in walk.problems(answer) if not problem.endswith(".sample_type: UnrecognizedStr")
    )
    return answer


def told(file):
    return {
        name: getattr(file, name)
        for name in ("size_bytes", "filename", "purpose", "sample_type", "source", "num_lines")
    }


def failure(call, **arguments):
    try:
        call(**arguments)
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        status = getattr(error, "status_code", None) or error.raw_response.status_code
        return [type(error).__name__, status, json.loads(error.body)["detail"]]
    return None


def markdown(document):
    answer = look(client.ocr.process(model="mistral-ocr-latest", document=document))
    return [len(answer.pages), answer.pages[0].markdown[:19]]


document = look(client.files.upload(file={"file_name": "report.pdf", "content": PDF}, purpose="ocr"))
stem = look(
    client.files.upload(file={"file_name": "report", "content": io.BufferedReader(io.BytesIO(PDF))}, purpose="ocr")
)
path = look(client.files.upload(file={"file_name": "/some/dir/hay.pdf", "content": PDF}, purpose="ocr"))
lines = look(client.files.upload(file={"file_name": "batch_file.jsonl", "content": LINES}, purpose="batch"))
plain = look(client.files.upload(file={"file_name": "a.txt", "content": b"text"}))
more = {}
if "expiry" in knows:
    more["expiry"] = look(
        client.files.upload(file={"file_name": "a", "content": b"x"}, purpose="ocr", expiry=2, visibility="user")
    )
files = [document, stem, path, lines, plain, *more.values()]
same_id = {file.id for file in files}

listed = look(client.files.list(page=0, page_size=100))
mine = [file for file in listed.data if file.id in same_id]
chosen = look(client.files.list(purpose="batch", sample_type=["batch_request", "ocr_input"], source=["upload"]))
signed = look(client.files.get_signed_url(file_id=document.id))
downloaded = client.files.download(file_id=lines.id).read()
retrieved = look(client.files.retrieve(file_id=stem.id))


async def later():
    async_file = look(await client.files.upload_async(file={"file_name": "b.pdf", "content": PDF}, purpose="ocr"))
    signed_later = look(await client.files.get_signed_url_async(file_id=async_file.id, expiry=1))
    content = await (await client.files.download_async(file_id=async_file.id)).aread()
    answer = await client.ocr.process_async(
        model=None, document={"type": "document_url", "document_url": signed_later.url}
    )
    return [content == PDF, len(answer.pages), (await client.files.delete_async(file_id=async_file.id)).deleted]


found = {
    "uploaded": [told(file) for file in (document, stem, path, lines, plain)],
    "kept": [file.expires_at - file.created_at for file in more.values()],
    "listed": sorted(file.filename for file in mine) == sorted(file.filename for file in files),
    "total": listed.total >= len(files),
    "chosen": [lines.id in {file.id for file in chosen.data}, {file.purpose for file in chosen.data} == {"batch"}],
    "retrieved": [retrieved.id == stem.id, retrieved.deleted, retrieved.size_bytes == len(PDF)],
    "downloaded": downloaded == LINES,
    "signed": [signed.url.startswith(at["server"]), requests.get(signed.url, timeout=60).content == PDF],
    "read": {
        "by id": markdown({"type": "file", "file_id": document.id}),
        "without extension": markdown({"type": "file", "file_id": stem.id}),
        "by address": markdown({"type": "document_url", "document_url": signed.url}),
    },
    "async": asyncio.run(later()),
    "deleted": [look(client.files.delete(file_id=file.id)).deleted for file in files],
    "failed": {
        "gone": failure(client.files.retrieve, file_id=document.id),
        "unknown": failure(client.files.download, file_id=UNKNOWN),
        "no uuid": failure(client.files.delete, file_id="x"),
        "no batch": failure(
            client.files.upload, file={"file_name": "b.jsonl", "content": b"no\nJSON"}, purpose="batch"
        ),
    },
    "strange": strange,
}
sys.stdout.write(json.dumps(found) + "\n")
