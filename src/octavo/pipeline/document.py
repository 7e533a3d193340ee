"""All pages together: headings ranked, furniture found, images and tables numbered, limits applied. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from octavo.domain.block import Block, BlockKind
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
)
from octavo.domain.work import AnswerOptions
from octavo.rendering.markdown import Piece, joined, scores_of, table_of, text_of
from octavo.structure.breaks import joined_over_break
from octavo.structure.furniture import furniture_marked
from octavo.structure.headings import levels_of

_EXTENSIONS = {"markdown": "md", "html": "html"}


def assemble(
    outcomes: Sequence[RecognizedPage | PageFailure], answer: AnswerOptions, model: str, doc_size_bytes: int
) -> OcrResult:
    """The answer for the pages read, in their order; pages that failed stay in it as failures."""
    read = [outcome for outcome in outcomes if isinstance(outcome, RecognizedPage)]
    prepared = dict(zip((page.index for page in read), _prepared(read), strict=True))
    numbers = _Numbers()
    pages = tuple(
        _failed(outcome)
        if isinstance(outcome, PageFailure)
        else _PageRenderer(outcome, answer, numbers).render(prepared[outcome.index])
        for outcome in outcomes
    )
    return OcrResult(model=model, pages=pages, pages_processed=len(read), doc_size_bytes=doc_size_bytes)


def _prepared(pages: Sequence[RecognizedPage]) -> list[tuple[Block, ...]]:
    """Blocks of all pages: furniture marked, page breaks mended, headings ranked over the whole document."""
    marked = furniture_marked([(page.size, page.blocks) for page in pages])
    for place, (page, following) in enumerate(pairwise(pages)):
        if following.index == page.index + 1:
            marked[place], marked[place + 1] = joined_over_break(marked[place], marked[place + 1])
    titles = [block for blocks in marked for block in blocks if block.kind is BlockKind.TITLE]
    levels = iter(levels_of([(block.font, block.text) for block in titles if block.font is not None]))
    return [tuple(_ranked(block, levels) for block in blocks) for blocks in marked]


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
        words = [score for piece, start in zip(pieces, starts, strict=True) for score in scores_of(piece, start)]
        return RenderedPage(
            index=self.page.index,
            markdown=markdown,
            size=self.page.size,
            dpi=self.page.dpi,
            images=tuple(self.images),
            tables=tuple(self.tables),
            hyperlinks=tuple(link.uri for link in self.page.links),
            header=self._edge(BlockKind.HEADER),
            footer=self._edge(BlockKind.FOOTER),
            blocks=tuple(self.blocks),
            confidence=_confidence([word.confidence for block in blocks for word in block.words]),
            words=tuple(words),
            source=self.page.source,
            turned=self.page.turned,
            warnings=(*self.page.warnings, *(block.note for block in blocks if block.note)),
        )

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
        self.tables.append(RenderedTable(id=name, content=piece.content, format=wish, words=tuple(scores_of(piece))))
        self.pieces.append(Piece(f"[{name}]({name})"))
        self._list(block, piece.content, table_id=name)

    def _list(self, block: Block, content: str, image_id: str | None = None, table_id: str | None = None) -> None:
        self.blocks.append(
            RenderedBlock(
                kind=block.kind,
                box=block.box.clipped(self.page.size),
                content=content,
                confidence=_confidence([word.confidence for word in block.words] or [block.confidence]),
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


def _confidence(values: Sequence[float]) -> Confidence:
    if not values:
        return Confidence(average=1.0, minimum=1.0)
    return Confidence(average=sum(values) / len(values), minimum=min(values))
