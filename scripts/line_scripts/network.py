"""The classifier: a few convolutions, then a vote of all places along the line."""

from __future__ import annotations

from torch import Tensor, nn

Pair = tuple[int, int]


def _layer(inputs: int, outputs: int, size: Pair, stride: Pair, pad: Pair) -> nn.Module:
    convolution = nn.Conv2d(inputs, outputs, size, stride, pad, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


class LineScripts(nn.Module):
    """Grey lines, N x 1 x 32 x width (0 to 1), to one score per script: the mean over the line."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _layer(1, 16, (5, 5), (2, 2), (2, 2)),
            _layer(16, 32, (3, 3), (2, 2), (1, 1)),
            _layer(32, 48, (3, 3), (1, 1), (1, 1)),
            _layer(48, 64, (3, 3), (2, 2), (1, 1)),
            _layer(64, 112, (4, 3), (1, 1), (0, 1)),
        )
        self.votes = nn.Conv2d(112, classes, 1)

    def forward(self, lines: Tensor) -> Tensor:
        """Scores before softmax, N x classes."""
        # What is dark on light and what is light on dark look alike: the paper is what there is most of.
        level = lines - lines.mean(dim=(2, 3), keepdim=True)
        spread = (level * level).mean(dim=(2, 3), keepdim=True).sqrt() + 0.02
        scores: Tensor = self.votes(self.layers(level / spread)).mean(dim=(2, 3))
        return scores
