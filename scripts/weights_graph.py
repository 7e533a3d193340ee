"""Networks rewritten so that ONNX Runtime computes the same in less time; used by `weights.py`."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper


def hard_swish_gated(model: onnx.ModelProto) -> onnx.ModelProto:
    """Every `x * clip(x + 3, 0, 6) / 6` as `x * HardSigmoid(x)`, the same but for the last bit.

    ONNX Runtime takes tensors out of its blocked layout for each of the four, and puts them back. The gate becomes
    part of a convolution that changes nothing, and stays in that layout.
    """
    graph = model.graph
    made = {name: node for node in graph.node for name in node.output}
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
    """The model without constants that nothing takes."""
    graph = model.graph
    taken = {name for node in graph.node for name in node.input} | {value.name for value in graph.output}
    tensors = [tensor for tensor in graph.initializer if tensor.name in taken]
    nodes = [node for node in graph.node if taken & set(node.output)]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(tensors)
    graph.node.extend(nodes)
    return model
