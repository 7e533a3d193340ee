import io
import os
import pickle
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.domain.block import Block, BlockKind, Cell, Figure, Font, Link, Table, Word
from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.geometry import BBox, Size
from octavo.domain.result import RecognizedPage, TextSource
from octavo.domain.work import PageTask, ReadOptions, TextLayer
from octavo.executors import messages
from octavo.executors.messages import (
    Answer,
    Babble,
    Call,
    Failure,
    Grant,
    Setup,
    Stop,
    pack,
    receive_answer,
    receive_command,
)

BOX = BBox(1, 2, 3, 4)
WORD = Word(text="é", box=BOX, font=Font(size=9.5, bold=True), confidence=0.5, line=3, baseline=3.5)
PAGE = RecognizedPage(
    index=3,
    size=Size(1654, 2339),
    dpi=200,
    blocks=(
        Block(kind=BlockKind.TEXT, box=BOX, text="é", font=Font(size=9.5), words=(WORD,)),
        Block(kind=BlockKind.IMAGE, box=BOX, figure=Figure(path=Path("p") / "f.jpeg", width=2, height=2)),
        Block(
            kind=BlockKind.TABLE,
            box=BOX,
            table=Table(rows=1, columns=1, cells=(Cell(row=0, column=0, text="a", words=(WORD,)),)),
        ),
    ),
    links=(Link(box=BOX, uri="https://example.org"),),
    source=TextSource.TEXT_LAYER,
    warnings=("One word was doubtful.",),
)
TASK = PageTask(
    path=Path("spool") / "a.pdf",
    index=3,
    options=ReadOptions(model="m", text_layer=TextLayer.NEVER, languages=("fr",)),
    figures_dir=Path("spool"),
    password="p",
)


@pytest.mark.parametrize(
    "value", [None, PAGE, DocumentFacts(media_type="application/pdf", page_count=2)], ids=["nothing", "page", "facts"]
)
def test_answers_cross_unchanged(value: object) -> None:
    answer = Answer(value=value)
    assert receive_answer(io.BytesIO(pack(answer))) == answer


def test_failures_cross_unchanged() -> None:
    answer = Answer(failure=Failure(kind="CorruptDocument", message="It ends early.", detail="here"))
    assert receive_answer(io.BytesIO(pack(answer))) == answer


@pytest.mark.parametrize(
    "command",
    [
        Setup(builder="a.b:c", arguments={"dpi": 200, "folder": Path("x")}),
        Call(method="recognize", arguments=(TASK,)),
        Call(method="inspect", arguments=(SpooledDocument(path=Path("a"), name="a", size=1, sha256="0"), None)),
        Grant(threads=3),
        Stop(),
    ],
)
def test_commands_cross_unchanged(command: messages.Command) -> None:
    assert receive_command(io.BytesIO(pack(command))) == command


def test_messages_follow_one_another() -> None:
    stream = io.BytesIO(pack(Grant(threads=1)) + pack(Grant(threads=2)) + pack(Stop()))
    assert [receive_command(stream) for _ in range(3)] == [Grant(threads=1), Grant(threads=2), Stop()]
    with pytest.raises(EOFError):
        receive_command(stream)


@pytest.mark.parametrize("kept", [0, 3, 8, 20, -1])
def test_a_message_that_breaks_off_is_an_end(kept: int) -> None:
    with pytest.raises(EOFError):
        receive_answer(io.BytesIO(pack(Answer(value=PAGE))[:kept]))


class Evil:
    """Runs a command where it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.marker),)


class NameOfModule:
    """Asks for what a module of ours has imported, not for what it defines."""

    def __reduce__(self) -> str:
        return "dataclass"


def test_an_answer_runs_nothing_in_the_server(tmp_path: Path) -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"may not hold (posix|nt)\.mkdir"):
        receive_answer(io.BytesIO(pack(Answer(value=Evil(tmp_path / "marker")))))
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("octavo.domain.document", "np"),
        ("octavo.domain.document", "np.load"),
        ("octavo.domain.document", "Callable"),
        ("octavo.domain.result", "dataclass"),
        ("octavo.domain.document", "Path"),
        ("octavo.domain.document", "Path.unlink"),
        ("octavo.executors.messages", "pickle"),
        ("octavo.executors.messages", "Setup"),
        ("octavo.executors.system", "kill"),
        ("octavo.executors.process", "WorkerProcess"),
        ("builtins", "eval"),
        ("os", "system"),
        ("pathlib", "Path.unlink"),
        ("subprocess", "Popen"),
    ],
)
def test_an_answer_may_name_nouns_only(module: str, name: str) -> None:
    body = b"\x80\x04" + pickle.SHORT_BINUNICODE + bytes([len(module)]) + module.encode()
    body += pickle.SHORT_BINUNICODE + bytes([len(name)]) + name.encode() + pickle.STACK_GLOBAL + b"."
    with pytest.raises(pickle.UnpicklingError, match="may not hold"):
        receive_answer(io.BytesIO(struct.pack(">Q", len(body)) + body))


def test_numbers_of_numpy_are_refused_by_name() -> None:
    page = replace(PAGE, dpi=np.int64(200))
    with pytest.raises(pickle.UnpicklingError, match="numpy"):
        receive_answer(io.BytesIO(pack(Answer(value=page))))


def test_something_else_than_an_answer_is_refused() -> None:
    body = pickle.dumps("hello")
    with pytest.raises(pickle.UnpicklingError, match="str"):
        receive_answer(io.BytesIO(struct.pack(">Q", len(body)) + body))


def test_an_answer_that_is_too_large_is_not_even_read() -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, count: int = -1) -> bytes:
            self.asked += count
            return struct.pack(">Q", 1 << 40)[:count]

    stream = Endless()
    with pytest.raises(Babble, match="more than a page can hold"):
        receive_answer(stream)
    assert stream.asked == 8


@given(st.binary(max_size=200))
def test_babble_is_an_end_or_a_refusal(body: bytes) -> None:
    with pytest.raises((EOFError, pickle.UnpicklingError)):
        receive_answer(io.BytesIO(struct.pack(">Q", len(body)) + body))
