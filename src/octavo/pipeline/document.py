"""All pages together: headings ranked, furniture found, images and tables numbered, limits applied. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeAlias, overload

from octavo.domain.block import Block, BlockKind, Font
from octavo.domain.columns import confidences_of
from octavo.domain.geometry import Size, union_of
from octavo.domain.result import (
    Confidence,
    OcrResult,
    PageFailure,
    RecognizedPage,
    RenderedBlock,
    RenderedImage,
    RenderedPage,
    RenderedTable,
    WordScore,
)
from octavo.domain.work import AnswerOptions, Granularity
from octavo.rendering.links import without_harmful
from octavo.rendering.markdown import Piece, joined, scores_of, table_of, text_of
from octavo.structure.blocks.breaks import joined_over_break
from octavo.structure.blocks.headings import levels_of
from octavo.structure.order.furniture import Mark, furniture_marked, marks_of, repeated_keys

_EXTENSIONS = {"markdown": "md", "html": "html"}


Outcome: TypeAlias = Callable[[], RecognizedPage] | PageFailure
"""What became of a page: something that loads it (and may do so several times), or why there is none."""


def assemble(outcomes: Sequence[Outcome], answer: AnswerOptions, model: str, doc_size_bytes: int) -> OcrResult:
    """The answer for the pages read, in their order; pages that failed stay in it as failures.

    Pages are looked through once now. They are loaded again one after the other, and rendered, each time that the
    pages of the answer are gone through: a thousand of them need no more memory than two.
    """
    processed = sum(not isinstance(outcome, PageFailure) for outcome in outcomes)
    pages = _Pages(outcomes, _look_through(outcomes), answer)
    return OcrResult(model=model, pages=pages, pages_processed=processed, doc_size_bytes=doc_size_bytes)


def rendered_alone(outcome: Outcome, answer: AnswerOptions) -> RenderedPage:
    """One page as if it were the whole answer: what can only be told from all pages may be another in the end.

    The page is loaded once.
    """
    page = outcome if isinstance(outcome, PageFailure) else outcome()
    alone: list[Outcome] = [page if isinstance(page, PageFailure) else lambda: page]
    (rendered,) = _Pages(alone, _look_through(alone), answer)
    return rendered


@dataclass(frozen=True, slots=True)
class _Overview:
    """What must be known of all pages to render one.

    Attributes:
        repeated: keys of furniture that stand on several pages.
        levels: of the headings, in their order.
    """

    repeated: frozenset[str]
    levels: tuple[int, ...]


def _look_through(outcomes: Sequence[Outcome]) -> _Overview:
    pages: list[list[Mark | None]] = []
    titles: list[tuple[Mark | None, Font, str]] = []
    for outcome in outcomes:
        if isinstance(outcome, PageFailure):
            continue
        page = outcome()
        marks = marks_of(page.size, page.blocks)
        pages.append([mark for mark in marks if mark is not None])
        titles += [
            (mark, block.font, block.text)
            for mark, block in zip(marks, page.blocks, strict=True)
            if block.kind is BlockKind.TITLE and block.font is not None
        ]
    repeated = repeated_keys(pages)
    fonts = [(font, text) for mark, font, text in titles if mark is None or not mark.counts(repeated)]
    return _Overview(repeated, tuple(levels_of(fonts)))


@dataclass(frozen=True, slots=True)
class _Pages(Sequence[RenderedPage]):
    """The pages of an answer, rendered one after the other whenever they are gone through."""

    outcomes: Sequence[Outcome]
    overview: _Overview
    answer: AnswerOptions

    def __len__(self) -> int:
        return len(self.outcomes)

    @overload
    def __getitem__(self, place: int) -> RenderedPage: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[RenderedPage, ...]: ...

    def __getitem__(self, place: int | slice) -> RenderedPage | tuple[RenderedPage, ...]:
        return tuple(self)[place]

    def __iter__(self) -> Iterator[RenderedPage]:
        numbers, levels = _Numbers(), iter(self.overview.levels)
        for page, blocks in _joined(self._marked()):
            if isinstance(page, PageFailure):
                yield _failed(page)
            else:
                ranked = tuple(_ranked(block, levels) for block in blocks)
                yield _PageRenderer(page, self.answer, numbers).render(ranked)

    def _marked(self) -> Iterator[_Loaded]:
        """Every page with its furniture marked."""
        for outcome in self.outcomes:
            if isinstance(outcome, PageFailure):
                yield outcome, ()
            else:
                page = outcome()
                yield page, furniture_marked(page.size, page.blocks, self.overview.repeated)


_Loaded: TypeAlias = tuple[RecognizedPage | PageFailure, tuple[Block, ...]]


def _joined(pages: Iterator[_Loaded]) -> Iterator[_Loaded]:
    """The same pages, mended where one goes on on the next; each page waits for the one after it."""
    held = next(pages, None)
    while held is not None:
        following = next(pages, None)
        if following is not None and _goes_on(held[0], following[0]):
            first, second = joined_over_break(held[1], following[1])
            held, following = (held[0], first), (following[0], second)
        yield held
        held = following


def _goes_on(page: RecognizedPage | PageFailure, following: RecognizedPage | PageFailure) -> bool:
    both_read = isinstance(page, RecognizedPage) and isinstance(following, RecognizedPage)
    return both_read and following.index == page.index + 1


def _ranked(block: Block, levels: Iterator[int]) -> Block:
    if block.kind is not BlockKind.TITLE or block.font is None:
        return block
    return replace(block, level=next(levels))


def _failed(failure: PageFailure) -> RenderedPage:
    """A page that could not be read: its reason as a comment, for clients that drop fields they do not know."""
    reason = failure.reason.replace("--", "- -")
    return RenderedPage(
        index=failure.index,
        markdown=f"<!-- Page {failure.index} could not be read: {reason} -->",
        size=Size(0, 0),
        dpi=0,
        warnings=(failure.reason,),
        failure=failure,
    )


@dataclass(slots=True)
class _Numbers:
    """Counters that run through the whole answer."""

    images: Iterator[int] = field(default_factory=count)
    tables: Iterator[int] = field(default_factory=count)
    images_given: int = 0


@dataclass(slots=True)
class _PageRenderer:
    """Renders one page; collects its images and tables on the way."""

    page: RecognizedPage
    answer: AnswerOptions
    numbers: _Numbers
    images: list[RenderedImage] = field(default_factory=list)
    tables: list[RenderedTable] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    blocks: list[RenderedBlock] = field(default_factory=list)
    edges: dict[BlockKind, list[str]] = field(default_factory=dict)

    def render(self, blocks: Sequence[Block]) -> RenderedPage:
        """The page as the answer shows it."""
        for block in blocks:
            self._add(block)
        pieces = [piece for piece in self.pieces if piece.content]
        markdown, starts = joined(pieces)
        links, harmful = without_harmful(link.uri for link in self.page.links)
        return RenderedPage(
            index=self.page.index,
            markdown=markdown,
            size=self.page.size,
            dpi=self.page.dpi,
            images=tuple(self.images),
            tables=tuple(self.tables),
            hyperlinks=links,
            header=self._edge(BlockKind.HEADER),
            footer=self._edge(BlockKind.FOOTER),
            blocks=tuple(self.blocks),
            confidence=_confidence([each for block in blocks for each in confidences_of(block.words)]),
            words=self._scores(pieces, starts),
            source=self.page.source,
            turned=self.page.turned,
            warnings=(*self.page.warnings, *(block.note for block in blocks if block.note), *_said_of_links(harmful)),
        )

    def _scores(self, pieces: Sequence[Piece], starts: Sequence[int]) -> tuple[WordScore, ...]:
        """Of all words of the pieces, when somebody asked for them: to find each in the text takes a while."""
        if self.answer.granularity is not Granularity.WORD:
            return ()
        return tuple(score for piece, start in zip(pieces, starts, strict=True) for score in scores_of(piece, start))

    def _add(self, block: Block) -> None:
        if block.kind is BlockKind.IMAGE:
            self._add_image(block)
        elif block.kind is BlockKind.TABLE:
            self._add_table(block)
        else:
            piece = text_of(block)
            self._list(block, piece.content)
            if self._is_extracted(block.kind):
                self.edges.setdefault(block.kind, []).append(piece.content)
            else:
                self.pieces.append(piece)

    def _add_image(self, block: Block) -> None:
        """The placeholder, and after it the text that stands in the picture; a dropped picture keeps its text."""
        if self._is_wanted(block):
            self.numbers.images_given += 1
            name = f"img-{next(self.numbers.images)}.jpeg"
            path = block.figure.path if block.figure else None
            self.images.append(RenderedImage(id=name, box=block.box, path=path))
            placeholder = f"![{name}]({name})"
            self.pieces.append(Piece(placeholder))
            self._list(block, placeholder, image_id=name)
        if block.text:
            box = union_of(word.box for word in block.words) if block.words else block.box
            text = replace(block, kind=BlockKind.TEXT, box=box)
            self.pieces.append(text_of(text))
            self._list(text, text_of(text).content)

    def _is_wanted(self, block: Block) -> bool:
        limit, least = self.answer.image_limit, self.answer.image_min_size
        if block.figure is None or (limit is not None and self.numbers.images_given >= limit):
            return False
        return least is None or min(block.figure.width, block.figure.height) >= least

    def _add_table(self, block: Block) -> None:
        wish = self.answer.table_format
        piece = table_of(block, wish)
        if wish is None or block.table is None:
            self.pieces.append(piece)
            self._list(block, piece.content)
            return
        name = f"tbl-{next(self.numbers.tables)}.{_EXTENSIONS[wish]}"
        self.tables.append(RenderedTable(id=name, content=piece.content, format=wish, words=self._scores([piece], [0])))
        self.pieces.append(Piece(f"[{name}]({name})"))
        self._list(block, piece.content, table_id=name)

    def _list(self, block: Block, content: str, image_id: str | None = None, table_id: str | None = None) -> None:
        self.blocks.append(
            RenderedBlock(
                kind=block.kind,
                box=block.box.clipped(self.page.size),
                content=content,
                confidence=_confidence(confidences_of(block.words) or [block.confidence]),
                kind_confidence=block.kind_confidence,
                image_id=image_id,
                table_id=table_id,
            )
        )

    def _is_extracted(self, kind: BlockKind) -> bool:
        return (kind is BlockKind.HEADER and self.answer.extract_header) or (
            kind is BlockKind.FOOTER and self.answer.extract_footer
        )

    def _edge(self, kind: BlockKind) -> str | None:
        lines = self.edges.get(kind)
        return "\n".join(lines) if lines else None


def _said_of_links(harmful: int) -> tuple[str, ...]:
    return (f"Links left out: {harmful}. They lead to a script or a file, not to an address.",) if harmful else ()


def _confidence(values: Sequence[float]) -> Confidence:
    if not values:
        return Confidence(average=1.0, minimum=1.0)
    return Confidence(average=sum(values) / len(values), minimum=min(values))
