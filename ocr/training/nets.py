"""The nets of the reader, small enough for one core: one says where plates and codes stand, one what is written, one
names single characters once more.

They see grey; the first two, (g - 128) / 64, are fully convolutional. Only layers that OpenCV 4.6's dnn module imports from an
opset 11 file are used: convolutions, ReLU, transposed convolutions, additions. Batch normalisation is folded into the
convolutions by the exporter.
"""

from __future__ import annotations

import torch
from torch import nn


def conv(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1, groups: int = 1) -> nn.Sequential:
    padding = dilation * (kernel // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two 3x3 convolutions beside a straight line."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.first = conv(channels, channels, dilation=dilation)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.second(self.first(x)))


class Up(nn.Module):
    """Twice the size, by a transposed convolution, plus what the finer level saw."""

    def __init__(self, coarse: int, fine: int, outputs: int) -> None:
        super().__init__()
        self.grow = nn.ConvTranspose2d(coarse, outputs, 2, 2, bias=False)
        self.side = nn.Conv2d(fine, outputs, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, coarse: torch.Tensor, fine: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.norm(self.grow(coarse) + self.side(fine)))


class Spell(nn.Module):
    """Characters of a rectified plate or code.

    In: N x 1 x H x W, H and W multiples of 8, characters 12 to 50 pixels high.
    Out: N x (3 + K) x H/4 x W/4: logit of a character's centre; log(width / 16), log(height / 16); K class logits.
    """

    def __init__(self, classes: int, width: int = 1) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv(1, 16, stride=2), conv(16, 24), conv(24, 40, stride=2))
        self.fine = nn.Sequential(Residual(40))
        self.down = conv(40, 80, stride=2)
        self.coarse = nn.Sequential(Residual(80), Residual(80, 2), Residual(80))
        self.up = Up(80, 40, 56)
        self.join = nn.Sequential(Residual(56))
        self.place = nn.Conv2d(56, 3, 1)
        self.name = nn.Sequential(conv(56, 96), nn.Conv2d(96, classes, 1))
        nn.init.constant_(self.place.bias[0:1], -3.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        fine = self.fine(self.stem(x))
        joined = self.join(self.up(self.coarse(self.down(fine)), fine))
        return torch.cat([self.place(joined), self.name(joined)], 1)


class Character(nn.Module):
    """What one cell shows.

    In: N x 1 x 40 x 32, mean 0, deviation 1/2. Out: N x K x 1 x 1 logits; the last class is "no character".
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv(1, 20, stride=2), conv(20, 32), Residual(32))
        self.middle = nn.Sequential(conv(32, 64, stride=2), Residual(64), Residual(64))
        self.last = nn.Sequential(conv(64, 96, stride=2), Residual(96))
        self.name = nn.Sequential(
            nn.Conv2d(96, 160, (5, 4), bias=False), nn.BatchNorm2d(160), nn.ReLU(inplace=True), nn.Conv2d(160, classes, 1)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.name(self.last(self.middle(self.stem(x))))


class Locate(nn.Module):
    """Places of plates and codes in a frame.

    In: N x 1 x 384 x 640. Out: N x 2 x 96 x 160: logits of plate and of code, each region inset (see frames.py).
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv(1, 12, stride=2), conv(12, 24, stride=2))
        self.quarter = Residual(24)
        self.to_eighth = conv(24, 40, stride=2)
        self.eighth = Residual(40)
        self.to_sixteenth = conv(40, 64, stride=2)
        self.sixteenth = nn.Sequential(Residual(64, 2), Residual(64, 3))
        self.up_eighth = Up(64, 40, 32)
        self.up_quarter = Up(32, 24, 24)
        self.out = nn.Sequential(conv(24, 24), nn.Conv2d(24, 2, 1))
        nn.init.constant_(self.out[1].bias, -3.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        quarter = self.quarter(self.stem(x))
        eighth = self.eighth(self.to_eighth(quarter))
        sixteenth = self.sixteenth(self.to_sixteenth(eighth))
        return self.out(self.up_quarter(self.up_eighth(sixteenth, eighth), quarter))
