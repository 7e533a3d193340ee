"""Files with LiteLLM."""

import json
import sys

import litellm

litellm.suppress_debug_info = True
at = json.loads(sys.argv[1])
LINES = b'{"custom_id": "0", "body": {"document": {"document_url": "x"}}}\n'
where = {"custom_llm_provider": "mistral", "api_base": at["server"] + "/v1", "api_key": "any"}

file = litellm.create_file(file=("lines.jsonl", LINES), purpose="batch", **where)
listed = litellm.file_list(**where)
found = {
    "created": [file.filename, file.bytes, file.purpose],
    "listed": file.id in {each["id"] if isinstance(each, dict) else each.id for each in listed},
    "content": litellm.file_content(file_id=file.id, **where).content == LINES,
    "deleted": litellm.file_delete(file_id=file.id, **where).deleted,
}
sys.stdout.write(json.dumps(found) + "\n")
