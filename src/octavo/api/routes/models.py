"""`GET /v1/models` and `GET /v1/models/{id}`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.convertors import PathConvertor, register_url_convertor

from octavo.api.auth import Caller
from octavo.api.errors import NOT_FOUND, Envelope, Refused
from octavo.api.schemas.models import Card, CardList, CardType, cards_of
from octavo.api.wiring import Wired, Wiring

router = APIRouter(
    prefix="/v1/models", tags=["models"], responses={status: {"model": Envelope} for status in (401, 403, 422)}
)

UserAgent = Annotated[str, Header(include_in_schema=False)]
MISTRAL_CLIENTS = ("mistral-client-python/", "mistral-client-typescript/")
"""How the clients of Mistral begin their `User-Agent`: those of generation 1 know no type but `base`."""


class NameConvertor(PathConvertor):
    """Any text: a name with a line break is as unknown as others are, and answered like them."""

    regex = "(?s:.*)"


register_url_convertor("name", NameConvertor())


@router.get("")
async def list_models(
    wired: Wired,
    _: Caller,
    user_agent: UserAgent = "",
    provider: str | None = None,  # noqa: ARG001  accepted as upstream does; there is one provider
    model: str | None = None,
) -> CardList:
    """Every model and alias; `model` keeps the one of that name."""
    cards = _cards(wired, user_agent)
    return CardList(data=[card for card in cards if not model or card.id == model])


@router.get("/{name:name}", responses={404: {"model": Envelope}})
async def retrieve_model(name: str, wired: Wired, _: Caller, user_agent: UserAgent = "") -> Card:
    """One model, by its id or an alias."""
    for card in _cards(wired, user_agent):
        if card.id == name:
            return card
    raise Refused(NOT_FOUND, f"Model {name[:100]} not found.")


def _cards(wired: Wiring, user_agent: str) -> list[Card]:
    kind = _card_type(wired, user_agent)
    return [card for model in wired.models.cards for card in cards_of(model, kind)]


def _card_type(wired: Wiring, user_agent: str) -> CardType:
    if wired.options.model_type != "auto":
        return wired.options.model_type
    return "base" if user_agent.startswith(MISTRAL_CLIENTS) else "image-to-text"
