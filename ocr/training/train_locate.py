"""Trains the locating net and writes assets/models/locate.onnx.

    ocr/training/train locate [--steps N] [--seed N] [--work FOLDER]
"""

from __future__ import annotations

import functools
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

import fonts
import scene
from export import export, write_sums
from faces import Draughtsman
from frames import FrameMaker, region_maps
from loop import Batch, last, options, train
from nets import Locate
from texts import Numbers

BATCH = 12
PIECE = (256, 320)  # training sees pieces: the net is convolutional and three pieces cost as much as one frame
WHOLE = (384, 640)
PEAK = 2e-3


def make_batch(maker: FrameMaker, seed: int, step: int) -> Batch:
    frames = [maker.frame((seed * 1_000_003 + step) * BATCH + i, *PIECE) for i in range(BATCH)]
    images = np.stack([f.image for f in frames]).astype(np.float32)
    return torch.from_numpy((images[:, None] - 128) / 64), torch.from_numpy(np.stack([region_maps(f) for f in frames]))


def loss_of(out: torch.Tensor, batch: Batch) -> dict[str, torch.Tensor]:
    """Cross-entropy over the regions and the hardest of the rest, and Dice, so that small regions count as much."""
    wanted = batch[1]
    cell = functional.binary_cross_entropy_with_logits(out, wanted, reduction="none")
    inside = wanted > 0.5
    hits = int(inside.sum())
    misses = cell[~inside]
    hardest = misses.topk(min(misses.numel(), max(3 * hits, 4000))).values
    entropy = (cell[inside].sum() + hardest.sum()) / (hits + hardest.numel())
    p = torch.sigmoid(out)
    overlap = (p * wanted).sum((2, 3))
    dice = 1 - (2 * overlap + 1) / (p.sum((2, 3)) + wanted.sum((2, 3)) + 1)
    return {"entropy": 3 * entropy, "dice": dice.mean()}


def regions(maps: np.ndarray, level: float = 0.4) -> list[tuple[int, np.ndarray]]:
    """(kind, centre) of every piece of at least three cells."""
    found = []
    for kind in range(2):
        _, _, stats, centres = cv2.connectedComponentsWithStats((maps[kind] > level).astype(np.uint8))
        found += [(kind, centres[i]) for i in range(1, len(stats)) if stats[i][cv2.CC_STAT_AREA] >= 3]
    return found


@torch.no_grad()
def score(net: nn.Module, maker: FrameMaker, count: int = 60) -> str:
    """Share of objects whose middle lies in a found region of their kind, and regions found where nothing is."""
    device = next(net.parameters()).device
    hits, total, false = [0, 0], [0, 0], 0
    for i in range(count):
        frame = maker.frame(-1 - i, *WHOLE)
        x = torch.from_numpy((frame.image[None, None].astype(np.float32) - 128) / 64)
        maps = torch.sigmoid(net(x.to(device))).float().cpu().numpy()[0]
        labels = region_maps(frame)
        wanted = [thing.kind for thing in frame.objects]
        for kind, quad in ((thing.kind, thing.quad) for thing in frame.objects):
            x_, y_ = np.clip((quad.mean(axis=0) / 4).astype(int), 0, [WHOLE[1] // 4 - 1, WHOLE[0] // 4 - 1])
            hits[kind] += bool(maps[kind, y_, x_] > 0.4)
        for kind in range(2):
            total[kind] += wanted.count(kind)
        for kind, centre in regions(maps):
            x_, y_ = int(centre[0]), int(centre[1])
            false += not labels[kind, max(0, y_ - 2) : y_ + 3, max(0, x_ - 2) : x_ + 3].any()
    return f"plates {100 * hits[0] / max(1, total[0]):.1f} %, codes {100 * hits[1] / max(1, total[1]):.1f} %, false {false / count:.2f} a frame"


def main() -> None:
    args = options(__doc__ or "", 4000, "batches of 12 pieces; 4000 take about an hour on two cores")
    plain, chinese = fonts.load(args.work)
    maker = FrameMaker(Draughtsman(plain, chinese, Numbers()), scene.load_photographs(args.work / "photographs"))
    net: nn.Module = Locate()
    folder = args.work / "locate"
    if args.export_only:
        net = last(net, folder)
        print(score(net, maker))
    else:
        net = train(
            net, functools.partial(make_batch, maker, args.seed), loss_of, lambda n: score(n, maker), folder, args.steps, PEAK,
            args.workers,
        )  # fmt: skip
    export(net, (1, 1, *WHOLE), args.out / "locate.onnx")
    write_sums(args.out)


if __name__ == "__main__":
    main()
