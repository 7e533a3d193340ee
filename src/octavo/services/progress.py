"""What is told of a document while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from octavo.domain.result import RenderedPage
from octavo.domain.work import AnswerOptions
from octavo.pipeline.document import Outcome, rendered_alone


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    """A document is open.

    Attributes:
        indices: the pages asked for, in the order asked for, each once.
        page_count: pages of the whole document.
        size: its bytes.
    """

    indices: tuple[int, ...]
    page_count: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedPage:
    """A page is read, was found among those that are kept, or cannot be read.

    Attributes:
        done: pages finished so far, this one included.
        pages: pages asked for.
        outcome: what became of it; a page that is read can be loaded for as long as the document is being read.
    """

    done: int
    pages: int
    outcome: Outcome

    def rendered(self, answer: AnswerOptions) -> RenderedPage:
        """The page for itself alone; it blocks.

        Raises:
            EngineFailed: it got lost or damaged on disk.
        """
        return rendered_alone(self.outcome, answer)


class Progress(Protocol):
    """Is told how far the reading of one document came: in the event loop, so it must not block."""

    def opened(self, document: OpenedDocument) -> None:
        """First, once it is known what is to be read."""
        ...

    def finished(self, page: FinishedPage) -> None:
        """Each page once, in the order in which they are finished."""
        ...
