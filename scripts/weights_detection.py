"""The network that finds lines, rewritten so that ONNX Runtime needs less time for the same; used by `weights.py`.

ONNX Runtime computes convolutions on blocks of 16 channels. What it cannot compute in that layout (transposed
convolutions, 24 channels side by side with 24 others) takes tensors out of it and puts them back, which costs as much
as a convolution does. Here all of that is said by convolutions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from weights_graph import constant, in_order, makers, users_of, without_unused

BLOCK = 16
IMAGE = 3
"""Channels of an image, which ONNX Runtime takes as they are."""
ENLARGED = 4
"""How many times as large the network's answer is as what its last convolution sees."""
Weights = NDArray[np.float32]


def in_blocks(model: onnx.ModelProto) -> onnx.ModelProto:
    """The network with fewer changes of layout; what it says differs by rounding alone."""
    model = _with_biases(_without_aliases(model))
    for rewritten in (_means_as_pools, _gated_once, _gated_in_blocks, _first_in_blocks, _enlarged_at_last):
        rewritten(model.graph)
        model = without_unused(in_order(model))
    return model


def _without_aliases(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model without nodes that only hand a value on."""
    graph = model.graph
    handed = {node.output[0]: node.input[0] for node in graph.node if node.op_type in {"Identity", "Cast"}}
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = _origin(name, handed)
    made = makers(graph)
    for value in graph.output:
        made[_origin(value.name, handed)].output[0] = value.name
    return without_unused(model)


def _origin(name: str, handed: dict[str, str]) -> str:
    while name in handed:
        name = handed[name]
    return name


def _with_biases(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with what is added to each channel after a convolution as its bias."""
    graph = model.graph
    known, users = {tensor.name for tensor in graph.initializer}, users_of(graph)
    for node in [each for each in graph.node if each.op_type in {"Conv", "ConvTranspose"} and len(each.input) == 2]:
        after = users[node.output[0]][0]
        if after.op_type == "Add" and after.input[1] in known:
            bias = constant(graph, after.input[1]).reshape(-1)
            node.input.append(_stored(graph, f"{after.input[1]}.bias", bias))
            _taken_over(after, node)
    return without_unused(model)


def _means_as_pools(graph: onnx.GraphProto) -> None:
    """Means of all pixels as pools, which there are for blocks."""
    for node in graph.node:
        if node.op_type == "ReduceMean":
            node.op_type = "GlobalAveragePool"
            del node.attribute[:]


def _gated_once(graph: onnx.GraphProto) -> None:
    """`x + x * gate` as `x * (gate + 1)`, for a gate is one number a channel."""
    made = makers(graph)
    one = _stored(graph, "one", np.ones((), np.float32))
    for node in list(graph.node):
        product = made.get(node.input[1]) if node.op_type == "Add" else None
        if product is None or product.op_type != "Mul" or product.input[0] != node.input[0]:
            continue
        gate = product.input[1]
        graph.node.append(helper.make_node("Add", [gate, one], [f"{gate}.more"]))
        node.op_type, node.input[1] = "Mul", f"{gate}.more"


def _gated_in_blocks(graph: onnx.GraphProto) -> None:
    """What passes a gate, and is summed later, through a convolution that changes nothing: in blocks for both."""
    made, users = makers(graph), users_of(graph)
    for node in list(graph.node):
        gate = made.get(node.input[1]) if node.op_type == "Mul" else None
        if gate is None or gate.op_type != "HardSigmoid" or len(users[node.output[0]]) == 1:
            continue
        channels = len(constant(graph, made[gate.input[0]].input[1]))
        ones = _stored(graph, f"ones.{channels}", np.ones((channels, 1, 1, 1), np.float32))
        passed, node.output[0] = node.output[0], f"{node.output[0]}.plain"
        same = helper.make_node("Conv", [node.output[0], ones], [passed], group=channels, kernel_shape=[1, 1])
        graph.node.append(same)


def _first_in_blocks(graph: onnx.GraphProto) -> None:
    """The first layers with whole blocks, and two convolutions in place of one of two things side by side."""
    made, users = makers(graph), users_of(graph)
    pool = next(node for node in graph.node if node.op_type == "MaxPool")
    joined = users[pool.output[0]][0]
    after = users[joined.output[0]][0]
    inner = _convolution_before(made, joined.input[1])
    middle = _convolution_before(made, inner.input[0])
    first = _convolution_before(made, middle.input[0])
    weights, pooled = constant(graph, after.input[1]), len(constant(graph, first.input[1]))
    sides = {"pooled": (pool.output[0], weights[:, :pooled]), "seen": (joined.input[1], weights[:, pooled:])}
    for node in (first, middle, inner):
        _fill(graph, node)
    for side, (value, part) in sides.items():
        graph.node.append(_like(after, [value, _stored(graph, f"{side}.w", _filled(part, 1))], side))
    graph.node[-1].input.append(after.input[2])
    both = helper.make_node("Add", list(sides), ["both"])
    _taken_over(after, both)
    graph.node.append(both)


def _convolution_before(made: dict[str, onnx.NodeProto], value: str) -> onnx.NodeProto:
    node = made[value]
    return node if node.op_type == "Conv" else _convolution_before(made, node.input[0])


def _enlarged_at_last(graph: onnx.GraphProto) -> None:
    """Two transposed convolutions, each twice as large, as products of each pixel; 16 channels become pixels then."""
    made = makers(graph)
    end = made[graph.output[0].name]
    second = made[end.input[0]]
    first = made[made[second.input[0]].input[0]]
    channels, _ = constant(graph, first.input[1]).shape[:2]
    quarters = constant(graph, first.input[1]).transpose(2, 3, 1, 0).reshape(-1, channels)
    pixels = np.zeros((2, 2, 2, 2, 2, 2, channels), np.float32)
    for y, x in np.ndindex(2, 2):  # rows and columns first as `first` enlarges, then as `second` does
        pixels[y, :, x, :, y, x] = constant(graph, second.input[1])[:, 0].transpose(1, 2, 0)
    bias = [np.tile(constant(graph, node.input[2]), times) for node, times in ((first, 4), (second, 16))]
    parts = {"quarters": (quarters, bias[0], "Relu"), "pixels": (pixels.reshape(16, -1), bias[1], "Sigmoid")}
    value = first.input[0]
    for name, (weights, added, then) in parts.items():
        stored = [_stored(graph, f"{name}.w", weights[:, :, None, None]), _stored(graph, f"{name}.b", added)]
        graph.node.append(helper.make_node("Conv", [value, *stored], [f"{name}.sums"], kernel_shape=[1, 1]))
        graph.node.append(helper.make_node(then, [f"{name}.sums"], [name]))
        value = name
    spread = helper.make_node("DepthToSpace", [value], ["spread"], blocksize=ENLARGED)
    _taken_over(end, spread)
    graph.node.append(spread)


def _taken_over(old: onnx.NodeProto, new: onnx.NodeProto) -> None:
    """`new` makes what `old` made."""
    new.output[0], old.output[0] = old.output[0], f"{old.output[0]}.unused"


def _like(node: onnx.NodeProto, inputs: Sequence[str], output: str) -> onnx.NodeProto:
    alike = onnx.NodeProto()
    alike.CopyFrom(node)
    alike.name, alike.input[:], alike.output[:] = "", inputs, [output]
    return alike


def _fill(graph: onnx.GraphProto, node: onnx.NodeProto) -> None:
    """Whole blocks of channels for a convolution: what is new takes nothing and says nothing."""
    weights, bias = constant(graph, node.input[1]), constant(graph, node.input[2])
    whole = _filled(weights, 0) if weights.shape[1] == IMAGE else _filled(_filled(weights, 0), 1)
    node.input[1] = _stored(graph, f"{node.input[1]}.filled", whole)
    node.input[2] = _stored(graph, f"{node.input[2]}.filled", _filled(bias, 0))


def _filled(values: Weights, axis: int) -> Weights:
    missing = -values.shape[axis] % BLOCK
    return np.pad(values, [(0, missing if number == axis else 0) for number in range(values.ndim)])


def _stored(graph: onnx.GraphProto, name: str, values: Weights) -> str:
    if all(tensor.name != name for tensor in graph.initializer):
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
    return name
