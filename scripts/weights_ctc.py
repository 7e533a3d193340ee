"""The last layer of a recogniser of lines, parted into letters and ideographs; used by `weights.py`."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper
from weights_graph import OWN, constant, makers, per_column, producer, with_own_operators, without_unused

IDEOGRAPHS = "\u2e80"
SOME_IDEOGRAPH = "\u3013"
"""What stands for any ideograph among the letters: the mark that printers set for a character they lack."""


def ideographs_apart(model: onnx.ModelProto, characters: list[str], *, told: bool) -> onnx.ModelProto:
    """The model with probabilities of letters, and of all ideographs as one character, instead of 7 000 or 19 000.

    Letters are computed as before. Ideographs are only held against them by the likeliest one of each step, from
    products of bytes: a line of letters needs no more, and in a line of ideographs they say which one it is.

    Args:
        model: of which the last three steps are a matrix product, a sum and a softmax.
        characters: of its classes but the first, which is none, and the last, which is a space.
        told: whether the sums of ideographs become a second output; without it they only say that there are some.
    """
    graph = model.graph
    made = makers(graph)
    sums = producer(made, made[graph.output[0].name].input[0])
    product = producer(made, sums.input[0])
    weights, bias = constant(graph, product.input[1]), constant(graph, sums.input[1])
    far = np.array([False, *(character >= IDEOGRAPHS for character in characters), False])
    values = {"letters.w": weights[:, ~far], "letters.b": bias[~far]}
    values |= per_column("ideographs", weights[:, far]) | {"ideographs.b": bias[far]}
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in values.items())
    graph.node.extend(_last_layer(product.input[0], letters=int((~far).sum())))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("probabilities", onnx.TensorProto.FLOAT, [1, None, None]))
    if told:
        graph.output.append(helper.make_tensor_value_info("ideographs", onnx.TensorProto.FLOAT, [1, None, None]))
    names = [*(each for each in characters if each < IDEOGRAPHS), SOME_IDEOGRAPH]
    named = {"character": "\n".join(names)}
    if told:
        named["ideographs"] = "\n".join(each for each in characters if each >= IDEOGRAPHS)
    helper.set_model_props(model, named)
    return with_own_operators(without_unused(model))


def _last_layer(features: str, letters: int) -> list[onnx.NodeProto]:
    product = ["ideographs.whole", "ideographs.scale", "ideographs.zero", "ideographs.b"]
    return [
        helper.make_node("MatMul", [features, "letters.w"], ["letters.product"]),
        helper.make_node("Add", ["letters.product", "letters.b"], ["letters"]),
        helper.make_node("DynamicQuantizeMatMul", [features, *product], ["ideographs"], domain=OWN),
        helper.make_node("ReduceMax", ["ideographs"], ["likeliest"], axes=[2], keepdims=1),
        helper.make_node("Split", ["letters"], ["visible", "space"], axis=2, split=[letters - 1, 1]),
        helper.make_node("Concat", ["visible", "likeliest", "space"], ["all"], axis=2),
        helper.make_node("Softmax", ["all"], ["probabilities"], axis=2),
    ]
