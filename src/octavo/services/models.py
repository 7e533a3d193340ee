"""Which models there are, and what a name means."""

from __future__ import annotations

from dataclasses import dataclass

from octavo.domain.errors import UnknownModel
from octavo.domain.model import ModelCard

DESCRIPTIONS = {
    "octavo-1": "Reads printed documents: the text inside a PDF where it is sound, else the pixels; on the CPU.",
    "tesseract": "Reads like octavo-1, but lines of pixels by Tesseract, which must be installed; over 100 languages.",
    "octavo-fake": "Reads nothing and answers at once, always the same; for trying out and for tests.",
}
RELEASED = 1795219200
"""2026-11-21, in Unix seconds."""


@dataclass(frozen=True, slots=True)
class ModelCatalog:
    """The models of this installation; the first one is the default."""

    cards: tuple[ModelCard, ...]

    @property
    def default(self) -> ModelCard:
        """What a request without a model gets."""
        return self.cards[0]

    def resolve(self, name: str | None) -> ModelCard:
        """The model that `name` (an id or an alias) stands for; None and the empty string mean the default.

        Raises:
            UnknownModel: no model has that name.
        """
        if not name:
            return self.default
        for card in self.cards:
            if name == card.id or name in card.aliases:
                return card
        raise UnknownModel(f"Invalid model: {name}")


def catalog_of(model: str, aliases: tuple[str, ...]) -> ModelCatalog:
    """One model, with all its names."""
    description = DESCRIPTIONS.get(model, "Comes with another package.")
    return ModelCatalog((ModelCard(id=model, aliases=aliases, description=description, created=RELEASED),))
