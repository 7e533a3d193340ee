"""The mender: what ink stood on a line whose strokes copying ate."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

BLOCKS, WIDTH = 4, 40


def _layer(inputs: int, outputs: int, size: int, stride: int = 1, reach: int = 1) -> nn.Module:
    pad = reach * (size // 2)
    convolution = nn.Conv2d(inputs, outputs, size, stride, pad, dilation=reach, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


class _Block(nn.Module):
    """Two convolutions, the first seeing farther, added to what came in."""

    def __init__(self, reach: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(_layer(WIDTH, WIDTH, 3, reach=reach), _layer(WIDTH, WIDTH, 3))

    def forward(self, seen: Tensor) -> Tensor:
        """As many places and channels as came in."""
        mended: Tensor = seen + self.layers(seen)
        return mended


class LineMender(nn.Module):
    """Ink of lines, N x 1 x 48 x width (0: paper, 1: the darkest; width a multiple of 4), to the ink that was meant."""

    def __init__(self) -> None:
        super().__init__()
        self.first = _layer(1, 16, 5, stride=2)
        self.second = _layer(16, WIDTH, 3, stride=2)
        self.body = nn.Sequential(*(_Block(reach) for reach in (1, 2, 4, 2)[:BLOCKS]))
        self.up = _layer(WIDTH, 64, 1)
        self.fine = _layer(32, 24, 3)
        self.last = nn.Conv2d(24, 4, 3, padding=1)

    def scores(self, ink: Tensor) -> Tensor:
        """Before the sigmoid."""
        first = self.first(ink)
        seen = functional.pixel_shuffle(self.up(self.body(self.second(first))), 2)
        return functional.pixel_shuffle(self.last(self.fine(torch.cat((first, seen), dim=1))), 2)

    def forward(self, ink: Tensor) -> Tensor:
        """The probability of ink, N x 1 x 48 x width."""
        return torch.sigmoid(self.scores(ink))
