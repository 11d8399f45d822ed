"""Trains the character net and writes assets/models/character.onnx.

    ocr/training/train character [--steps N] [--seed N] [--work FOLDER]
"""

from __future__ import annotations

import functools

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import fonts
import scene
from alphabet import CLASSES
from character_data import FIRST_CHINESE, HEIGHT, NONE, WIDTH, CharacterData, MostlyChinese, normal
from export import export, write_sums
from faces import Draughtsman
from loop import Batch, last, options, train
from nets import Character
from spell_data import SpellData

BATCH = 96
DRAWINGS = 20  # of a batch
PEAK = 2e-3


def make_batch(data: CharacterData, seed: int, step: int) -> Batch:
    cells: list[tuple[np.ndarray, int]] = []
    for i in range(DRAWINGS):
        cells += data.cells((seed * 1_000_003 + step) * DRAWINGS + i)
    order = np.random.default_rng(step).permutation(len(cells))
    chosen = [cells[i] for i in np.resize(order, BATCH)]
    images = np.stack([c[0] for c in chosen])
    flips = np.random.default_rng(step + 1).random(BATCH) < 0.1
    images[flips] = 255 - images[flips]
    return torch.from_numpy(normal(images)), torch.tensor([c[1] for c in chosen])


def loss_of(out: torch.Tensor, batch: Batch) -> dict[str, torch.Tensor]:
    return {"name": functional.cross_entropy(out.flatten(1), batch[1], label_smoothing=0.02)}


@torch.no_grad()
def score(net: nn.Module, data: CharacterData, count: int = 300) -> str:
    """Share named right: of Chinese characters, of others, of what is none."""
    device = next(net.parameters()).device
    cells = [c for i in range(count) for c in data.cells(-1 - i)]
    guess = net(torch.from_numpy(normal(np.stack([c[0] for c in cells]))).to(device)).flatten(1).argmax(1).cpu().numpy()
    truth = np.array([c[1] for c in cells])
    kinds = {"Chinese": (truth >= FIRST_CHINESE) & (truth < NONE), "others": truth < FIRST_CHINESE, "none": truth == NONE}
    return ", ".join(f"{name} {100 * (guess == truth)[of].mean():.2f} %" for name, of in kinds.items())


def main() -> None:
    args = options(__doc__ or "", 8000, "batches of 96")
    plain, chinese = fonts.load(args.work)
    spell = SpellData(Draughtsman(plain, chinese, MostlyChinese()), scene.load_photographs(args.work / "photographs"))
    data = CharacterData(spell)
    net: nn.Module = Character(len(CLASSES) + 1)
    folder = args.work / "character"
    if args.export_only:
        net = last(net, folder)
        print(score(net, data))
    else:
        net = train(
            net, functools.partial(make_batch, data, args.seed), loss_of, lambda n: score(n, data), folder, args.steps, PEAK,
            args.workers,
        )  # fmt: skip
    export(net, (1, 1, HEIGHT, WIDTH), args.out / "character.onnx")
    write_sums(args.out)


if __name__ == "__main__":
    main()
