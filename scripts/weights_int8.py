"""Convolutions of one pixel computed with bytes; used by `weights.py`."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from weights_graph import OWN, constant, in_order, per_column, users_of, with_own_operators, without_unused

FEWEST = 48
"""Of fewer channels than this, in or out, floats are as fast."""


def pointwise_in_bytes(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with convolutions of one pixel as products of bytes, summed up as whole numbers.

    Only what goes into such a product is rounded, to 255 steps between its least and its largest value in this very
    line, and the weights to 255 steps for each output: what comes out, and all between them, stays as it was.
    """
    graph = model.graph
    users = users_of(graph)
    replaced: dict[str, list[onnx.NodeProto]] = {}
    absorbed: set[str] = set()
    for number, node in enumerate(graph.node):
        if node.op_type == "Conv" and _is_pointwise(node, graph):
            weights, bias, steps = _with_what_follows(graph, node, users)
            name = f"pointwise.{number}"
            values = per_column(name, weights) | {f"{name}.b": bias.astype(np.float32)}
            graph.initializer.extend(numpy_helper.from_array(value, key) for key, value in values.items())
            replaced[node.output[0]] = _product(name, node.input[0], steps[-1])
            absorbed.update(steps[1:])
    kept = [node for node in graph.node if not absorbed & set(node.output)]
    nodes = [new for node in kept for new in replaced.get(node.output[0], [node])]
    del graph.node[:]
    graph.node.extend(nodes)
    return with_own_operators(without_unused(in_order(_sums_beside_products(model))))


def _is_pointwise(node: onnx.NodeProto, graph: onnx.GraphProto) -> bool:
    shape = constant(graph, node.input[1]).shape
    plain = all(each.name != "strides" or set(each.ints) == {1} for each in node.attribute)
    alone = all(each.name != "group" or each.i == 1 for each in node.attribute)
    return plain and alone and shape[2:] == (1, 1) and min(shape[:2]) >= FEWEST


def _with_what_follows(
    graph: onnx.GraphProto, node: onnx.NodeProto, users: dict[str, list[onnx.NodeProto]]
) -> tuple[NDArray[np.float32], NDArray[np.float32], list[str]]:
    """Weights (in x out) and bias of a convolution and of what is constant after it, and what these steps make."""
    weights = constant(graph, node.input[1])[:, :, 0, 0].T
    bias = constant(graph, node.input[2]) if len(node.input) > 2 else np.zeros(weights.shape[1], np.float32)
    steps = [node.output[0]]
    while len(users.get(steps[-1], [])) == 1:
        after = users[steps[-1]][0]
        if after.op_type == "BatchNormalization":
            weights, bias = _normalized(graph, after, weights, bias)
        elif after.op_type == "Add" and (more := _constant_of(graph, after)) is not None and more.size == bias.size:
            bias = bias + more.reshape(-1)
        elif after.op_type != "Identity":
            break
        steps.append(after.output[0])
    return weights, bias, steps


def _normalized(
    graph: onnx.GraphProto, node: onnx.NodeProto, weights: NDArray[np.float32], bias: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    scale, shift, mean, variance = (constant(graph, name) for name in node.input[1:])
    epsilon = next((each.f for each in node.attribute if each.name == "epsilon"), 1e-5)
    factor = scale / np.sqrt(variance + epsilon)
    return weights * factor, (bias - mean) * factor + shift


def _constant_of(graph: onnx.GraphProto, node: onnx.NodeProto) -> NDArray[np.float32] | None:
    for name in node.input:
        with suppress(KeyError):
            return constant(graph, name)
    return None


def _product(name: str, source: str, target: str) -> list[onnx.NodeProto]:
    rest = [f"{name}.whole", f"{name}.scale", f"{name}.zero", f"{name}.b"]
    return [
        helper.make_node("Transpose", [source], [f"{name}.in"], perm=[0, 2, 3, 1]),
        helper.make_node("DynamicQuantizeMatMul", [f"{name}.in", *rest], [f"{name}.out"], domain=OWN),
        helper.make_node("Transpose", [f"{name}.out"], [target], perm=[0, 3, 1, 2]),
    ]


def _sums_beside_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """Sums of what a product makes and of what went into one, taken while channels stand last for both."""
    graph = model.graph
    last = {node.input[0]: node.output[0] for node in graph.node if node.op_type == "Transpose" and _to_last(node)}
    first = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Transpose" and _to_first(node)}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        made = next((name for name in node.input if name in first), None)
        other = next((name for name in node.input if name in last and name != made), None)
        if made is None or other is None:
            continue
        target, total = node.output[0], f"{node.output[0]}.last"
        added = helper.make_node("Add", [first[made], last[other]], [total])
        back = helper.make_node("Transpose", [total], [target], perm=[0, 3, 1, 2])
        node.CopyFrom(back)
        graph.node.append(added)
    return model


def _to_last(node: onnx.NodeProto) -> bool:
    return list(node.attribute[0].ints) == [0, 2, 3, 1]


def _to_first(node: onnx.NodeProto) -> bool:
    return list(node.attribute[0].ints) == [0, 3, 1, 2]
