"""Networks rewritten so that ONNX Runtime computes the same in less time; used by `weights.py`."""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

OWN = "com.microsoft"
"""Where ONNX Runtime keeps its own operators."""


def hard_swish_gated(model: onnx.ModelProto) -> onnx.ModelProto:
    """Every `x * clip(x + 3, 0, 6) / 6` as `x * HardSigmoid(x)`, the same but for the last bit.

    ONNX Runtime takes tensors out of its blocked layout for each of the four, and puts them back. The gate becomes
    part of a convolution that changes nothing, and stays in that layout.
    """
    graph = model.graph
    made = makers(graph)
    channels = _channels(model)
    replaced: dict[str, list[onnx.NodeProto]] = {}
    dropped: set[str] = set()
    for node in graph.node:
        if (parts := _hard_swish(node, made)) is not None:
            value, inner = parts
            replaced[node.output[0]] = _gated(graph, value, node.output[0], channels[value])
            dropped |= inner
    kept = [node for node in graph.node if node.output[0] not in dropped]
    nodes = [new for node in kept for new in replaced.get(node.output[0], [node])]
    del graph.node[:]
    graph.node.extend(nodes)
    return without_unused(model)


def _hard_swish(node: onnx.NodeProto, made: dict[str, onnx.NodeProto]) -> tuple[str, set[str]] | None:
    """The value that `node` ends the hard swish of, and what the nodes before it make."""
    product = made.get(node.input[0]) if node.op_type == "Div" else None
    if product is None or product.op_type != "Mul":
        return None
    value, clipped = product.input
    clip = made.get(clipped)
    if clip is None or clip.op_type != "Clip":
        return None
    added = made[clip.input[0]]
    if added.op_type != "Add" or value not in added.input:
        return None
    return value, {product.output[0], clipped, added.output[0]}


def _gated(graph: onnx.GraphProto, value: str, target: str, channels: int) -> list[onnx.NodeProto]:
    ones = f"ones.{channels}"
    if all(tensor.name != ones for tensor in graph.initializer):
        graph.initializer.append(numpy_helper.from_array(np.ones((channels, 1, 1, 1), np.float32), ones))
    same, gate = f"{target}.same", f"{target}.gate"
    return [
        helper.make_node("Conv", [value, ones], [same], group=channels, kernel_shape=[1, 1]),
        helper.make_node("HardSigmoid", [same], [gate], alpha=1 / 6, beta=0.5),
        helper.make_node("Mul", [value, gate], [target]),
    ]


def _channels(model: onnx.ModelProto) -> dict[str, int]:
    """By value, its second dimension."""
    values = onnx.shape_inference.infer_shapes(model).graph.value_info
    shapes = {value.name: value.type.tensor_type.shape.dim for value in values}
    return {name: shape[1].dim_value for name, shape in shapes.items() if len(shape) > 1}


def without_unused(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model without what leads to none of its outputs."""
    graph = model.graph
    made = makers(graph)
    needed: set[str] = set()
    waiting = [value.name for value in graph.output]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += made[name].input if name in made else []
    nodes = [node for node in graph.node if needed & set(node.output)]
    tensors = [tensor for tensor in graph.initializer if tensor.name in needed]
    del graph.initializer[:], graph.node[:], graph.value_info[:]
    graph.initializer.extend(tensors)
    graph.node.extend(nodes)
    return model


def in_order(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with every node after those that it takes from."""
    graph = model.graph
    known = {"", *(tensor.name for tensor in graph.initializer), *(value.name for value in graph.input)}
    waiting, ordered = list(graph.node), []
    while waiting:
        rest = []
        for node in waiting:
            if known.issuperset(node.input):
                ordered.append(node)
                known.update(node.output)
            else:
                rest.append(node)
        waiting = rest
    del graph.node[:]
    graph.node.extend(ordered)
    return model


def makers(graph: onnx.GraphProto) -> dict[str, onnx.NodeProto]:
    """By value, the node that makes it."""
    return {name: node for node in graph.node for name in node.output}


def users_of(graph: onnx.GraphProto) -> dict[str, list[onnx.NodeProto]]:
    """By value, the nodes that take it."""
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    return users


def producer(made: dict[str, onnx.NodeProto], name: str) -> onnx.NodeProto:
    """The node that makes a value, behind others that only hand it on."""
    node = made[name]
    return producer(made, node.input[0]) if node.op_type in {"Identity", "Cast"} else node


def constant(graph: onnx.GraphProto, name: str) -> NDArray[np.float32]:
    """The constant that `name` stands for.

    Raises:
        KeyError: it is none.
    """
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    tensors |= {node.output[0]: node.attribute[0].t for node in graph.node if node.op_type == "Constant"}
    handed = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    while name in handed:
        name = handed[name]
    return numpy_helper.to_array(tensors[name])


def with_own_operators(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model, which may use what ONNX Runtime has beyond the standard."""
    if all(each.domain != OWN for each in model.opset_import):
        model.opset_import.append(helper.make_opsetid(OWN, 1))
    return model


def per_column(name: str, weights: NDArray[np.float32]) -> dict[str, NDArray[np.generic]]:
    """Weights (in x out) as whole numbers from -127 to 127, their zero, and the scale of each output.

    `octavo/engines/whole_numbers.py` knows the first two by the ends of their names.
    """
    scale = np.abs(weights).max(axis=0) / 127.0
    scale[scale == 0] = 1.0
    whole, zero = np.round(weights / scale).astype(np.int8), np.zeros((), np.int8)
    return {f"{name}.whole": whole, f"{name}.zero": zero, f"{name}.scale": scale.astype(np.float32)}
