"""Networks that compute with bytes, on processors that add up products of signed bytes wrongly.

Before VNNI (Intel 2019, AMD 2022) such a processor adds two products in 16 bits and cuts off what is larger. With
unsigned weights ONNX Runtime takes another way, which is exact everywhere and slower where the first one is sound.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

PROBE = base64.b64decode(
    "CAYSADqBAQoyCgF4CgF3CgFzEgF5IhVEeW5hbWljUXVhbnRpemVNYXRNdWw6DWNvbS5taWNyb3NvZnQSAWcqDwgECAEQA0IBd0oE"
    "f39/fyoNCAEQAUIBc0oEAACAP1oTCgF4Eg4KDAgBEggKAggBCgIIBGITCgF5Eg4KDAgBEggKAggBCgIIAUIECgAQC0IRCg1jb20u"
    "bWljcm9zb2Z0EAE="
)
"""A network of one product: four ones (255 as bytes) times the largest weights, 127."""
PROBED = 4 * 127.0
"""What comes of it, unless pairs are cut off."""

_GRAPH, _TENSOR = 7, 5
_TYPE, _NAME, _DATA = 2, 8, 9
_UNSIGNED = 2
_SHIFT = bytes(value ^ 0x80 for value in range(256))
"""By signed byte, the unsigned one that is 128 larger."""
_VARINT, _LENGTH = 0, 2
_FIXED = {1: 8, 5: 4}

Span = tuple[int, int]


def unsigned(model: bytes) -> bytes:
    """An ONNX model with the weights of its products of bytes, and their zeros, shifted by 128: the same results."""
    changed = bytearray(model)
    for tensor in _parts(model, (0, len(model)), _GRAPH, _TENSOR):
        fields = dict(_fields(model, tensor))
        name = model[slice(*fields[_NAME])]
        if name.endswith((b".whole", b".zero")):
            kind, data = fields[_TYPE], slice(*fields[_DATA])
            changed[kind[0] : kind[1]] = bytes([_UNSIGNED])
            changed[data] = model[data].translate(_SHIFT)
    return bytes(changed)


def _parts(model: bytes, span: Span, *path: int) -> Iterator[Span]:
    """Where the messages at `path` lie in a message."""
    if not path:
        yield span
        return
    for number, inner in _fields(model, span):
        if number == path[0]:
            yield from _parts(model, inner, *path[1:])


def _fields(model: bytes, span: Span) -> Iterator[tuple[int, Span]]:
    """Numbers and values of the fields of a message (https://protobuf.dev/programming-guides/encoding)."""
    place, end = span
    while place < end:
        key, place = _varint(model, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            after = _varint(model, place)[1]
        elif kind == _LENGTH:
            length, place = _varint(model, place)
            after = place + length
        else:
            after = place + _FIXED[kind]
        yield number, (place, after)
        place = after


def _varint(model: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = model[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
