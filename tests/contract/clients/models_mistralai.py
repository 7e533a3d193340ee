"""`models.list` and `models.retrieve` with the `mistralai` client."""

import json
import sys

import walk

try:
    from mistralai import Mistral
except ImportError:
    from mistralai.client import Mistral

at = json.loads(sys.argv[1])
client = Mistral(server_url=at["server"], api_key="any key")
listed = client.models.list()
twice = Mistral(server_url=at["server"] + "/v1", api_key="any key").models.list()
assert [card.id for card in twice.data] == [card.id for card in listed.data]
cards = [client.models.retrieve(model_id=name) for name in ("octavo-1", "mistral-ocr-latest")]
try:
    client.models.retrieve(model_id="gpt-9")
    unknown = None
except Exception as error:  # noqa: BLE001  whatever it is, it is told
    unknown = [type(error).__name__, error.status_code]

found = {
    "strange": [*walk.problems(listed), *walk.problems(cards)],
    "ids": [card.id for card in listed.data],
    "kinds": sorted({type(card).__name__ for card in listed.data}),
    "reads": [card.id for card in (*listed.data, *cards) if not card.capabilities.ocr],
    "retrieved": [card.id for card in cards],
    "unknown": unknown,
}
sys.stdout.write(json.dumps(found) + "\n")
