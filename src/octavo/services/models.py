"""Which models there are, and what a name means."""

from __future__ import annotations

from dataclasses import dataclass

from octavo.domain.errors import UnknownModel
from octavo.domain.model import ModelCard


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
