"""Trains the spelling net and writes assets/models/spell.onnx and spell.txt.

    ocr/training/train spell [--steps N] [--seed N] [--work FOLDER]
"""

from __future__ import annotations

import functools
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import fonts
import scene
from alphabet import CLASSES
from export import export, write_sums
from faces import Draughtsman
from loop import Batch, last, options, train
from nets import Spell
from spell_data import CANVASES, SHARES, STRIDE, Sample, SpellData
from texts import Numbers

BATCH = 32
PEAK = 2e-3


def targets(sample: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(centres h x w, classes h x w with -1 where nothing is asked, sizes 2 x h x w)."""
    h, w = sample.image.shape[0] // STRIDE, sample.image.shape[1] // STRIDE
    centre = np.zeros((h, w), np.float32)
    name = np.full((h, w), -1, np.int64)
    nearest = np.full((h, w), 1e9, np.float32)
    size = np.zeros((2, h, w), np.float32)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    for k, cx, cy, bw, bh in sample.glyphs:
        cell_x, cell_y = min(w - 1, int(cx / STRIDE)), min(h - 1, int(cy / STRIDE))
        spread_x, spread_y = max(0.6, bw / STRIDE * 0.18), max(0.6, bh / STRIDE * 0.18)
        bump = np.exp(-((xs - cell_x) ** 2 / (2 * spread_x**2) + (ys - cell_y) ** 2 / (2 * spread_y**2)))
        np.maximum(centre, bump, out=centre)
        distance = ((xs - cx / STRIDE + 0.5) / max(1.0, 0.3 * bw / STRIDE)) ** 2 + (
            (ys - cy / STRIDE + 0.5) / max(1.0, 0.3 * bh / STRIDE)
        ) ** 2
        here = (distance <= 1.2) & (distance < nearest)
        nearest[here] = distance[here]
        name[here] = int(k)
        size[0][here], size[1][here] = np.log(max(bw, 1.0) / 16), np.log(max(bh, 1.0) / 16)
    return centre, name, size


def canvas_of(step: int, seed: int) -> str:
    return random.Random(seed * 1_000_003 + step).choices(list(SHARES), list(SHARES.values()))[0]


def make_batch(data: SpellData, seed: int, step: int) -> Batch:
    canvas = canvas_of(step, seed)
    samples = [data.sample(((seed * 1_000_003 + step) * BATCH + i), canvas) for i in range(BATCH)]
    images = np.stack([s.image for s in samples]).astype(np.float32)
    # Cheap variety: both polarities of lettering and every exposure are met.
    flips = np.random.default_rng(step).random(BATCH) < 0.06
    images[flips] = 255 - images[flips]
    drawn = [targets(s) for s in samples]
    return (
        torch.from_numpy((images[:, None] - 128) / 64),
        torch.from_numpy(np.stack([d[0] for d in drawn])),
        torch.from_numpy(np.stack([d[1] for d in drawn])),
        torch.from_numpy(np.stack([d[2] for d in drawn])),
    )


def loss_of(out: torch.Tensor, batch: Batch) -> dict[str, torch.Tensor]:
    _, centre, name, size = batch
    logit = out[:, 0]
    p = torch.sigmoid(logit)
    at = centre > 0.999
    hit = -functional.logsigmoid(logit) * (1 - p) ** 2
    miss = -functional.logsigmoid(-logit) * p**2 * (1 - centre) ** 4
    place = torch.where(at, hit, miss).sum() / at.sum().clamp(min=1)
    asked = name >= 0
    classes = out[:, 3:].permute(0, 2, 3, 1)[asked]
    named = functional.cross_entropy(classes, name[asked])
    sizes = functional.smooth_l1_loss(out[:, 1:3].permute(0, 2, 3, 1)[asked], size.permute(0, 2, 3, 1)[asked], beta=0.1)
    return {"place": place, "name": named, "size": 0.5 * sizes}


@torch.no_grad()
def score(net: nn.Module, data: SpellData, count: int = 96) -> str:
    """Share of canvases with every character right and nothing else found, per kind of canvas; share of characters."""
    device = next(net.parameters()).device
    out = []
    right = total = 0
    for index, canvas in enumerate(CANVASES):
        whole = 0
        for start in range(0, count, BATCH):
            samples = [data.sample(-1 - (index * count + start + i), canvas) for i in range(min(BATCH, count - start))]
            x = torch.from_numpy((np.stack([s.image for s in samples]).astype(np.float32)[:, None] - 128) / 64)
            maps = net(x.to(device)).float().cpu()
            p = torch.sigmoid(maps[:, :1])
            peaks = (functional.max_pool2d(p, 3, 1, 1) == p) & (p > 0.3)
            for i, s in enumerate(samples):
                good = 0
                for k, cx, cy, _, _ in s.glyphs:
                    y, x_ = min(maps.shape[2] - 1, int(cy / STRIDE)), min(maps.shape[3] - 1, int(cx / STRIDE))
                    y0, x0 = max(0, y - 1), max(0, x_ - 1)
                    seen = bool(peaks[i, 0, y0 : y + 2, x0 : x_ + 2].any())
                    good += seen and int(maps[i, 3:, y, x_].argmax()) == int(k)
                right += good
                total += len(s.glyphs)
                whole += good == len(s.glyphs) and int(peaks[i].sum()) == good
        out.append(f"{canvas} {100 * whole / count:.1f} %")
    return ", ".join(out) + f"; characters {100 * right / max(1, total):.2f} %"


def main() -> None:
    args = options(__doc__ or "", 7000, "batches of 32; 7000 take about two hours on two cores")
    plain, chinese = fonts.load(args.work)
    data = SpellData(Draughtsman(plain, chinese, Numbers()), scene.load_photographs(args.work / "photographs"))
    net: nn.Module = Spell(len(CLASSES))
    folder = args.work / "spell"
    if args.export_only:
        net = last(net, folder)
        print(score(net, data))
    else:
        net = train(
            net, functools.partial(make_batch, data, args.seed), loss_of, lambda n: score(n, data), folder, args.steps, PEAK,
            args.workers,
        )  # fmt: skip
    export(net, (1, 1, *CANVASES["line"]), args.out / "spell.onnx")
    (args.out / "spell.txt").write_text("".join(f"{c}\n" for c in CLASSES), encoding="utf-8")
    write_sums(args.out)


if __name__ == "__main__":
    main()
