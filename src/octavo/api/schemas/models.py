"""What `GET /v1/models` answers: cards that every generation of Mistral's clients takes.

Clients refuse null for most fields, and leave the others unset when they are missing: so each is there, and null only
where that is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel

from octavo.domain.model import ModelCard

CardType = Literal["base", "image-to-text"]


class Capabilities(BaseModel):
    """What the model can do: read documents, and nothing else."""

    completion_chat: bool = False
    function_calling: bool = False
    reasoning: bool = False
    completion_fim: bool = False
    fine_tuning: bool = False
    vision: bool = True
    ocr: bool = True
    classification: bool = False
    moderation: bool = False
    audio: bool = False
    audio_transcription: bool = False
    audio_transcription_realtime: bool = False
    audio_speech: bool = False
    unified_resources: bool = False


class Card(BaseModel):
    """One name that can be asked for."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "octavo"
    capabilities: Capabilities = Capabilities()
    name: str
    description: str
    max_context_length: int = 32768
    aliases: list[str]
    deprecation: str | None = None
    deprecation_replacement_model: str | None = None
    default_model_temperature: float = 0.0
    type: CardType
    internal: bool = False
    billing_model_name: str | None = None
    audio_transcription_capabilities: None = None
    audio_speech_capabilities: None = None


class CardList(BaseModel):
    """Every name, aliases included."""

    object: Literal["list"] = "list"
    data: list[Card]


def cards_of(model: ModelCard, kind: CardType) -> Iterator[Card]:
    """A card for the model and one for each alias, as upstream lists them; each names the others as aliases."""
    names = (model.id, *model.aliases)
    for name in names:
        yield Card(
            id=name,
            created=model.created,
            name=model.id,
            description=model.description,
            aliases=[other for other in names if other != name],
            type=kind,
        )
