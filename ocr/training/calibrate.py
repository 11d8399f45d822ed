"""How often a character is where the spelling net says so: gain and bias for ocr/read/spell.cpp.

    ocr/training/train calibrate [--models FOLDER] [--count N]

The focal loss leaves peaks too low and the reader needs probabilities. On drawn canvases that no training run met, the
peaks' logits are fitted to whether a character stands there (a logistic curve); the classes' own probabilities need no
correction, which the second table shows. Real pictures have no part in it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional

import fonts
import scene
from faces import Draughtsman
from spell_data import CANVASES, STRIDE, SpellData
from texts import ROOT, Numbers

FIRST = 20_000_000  # seeds from here on
LEAST = -0.85  # ocr/read/spell.cpp looks at no lower peaks: least_present = 0.3
NEAR = 1.2  # cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=ROOT / "assets/models")
    parser.add_argument("--count", type=int, default=200, help="canvases of each kind")
    parser.add_argument("--work", type=Path, default=ROOT / "build/training")
    args = parser.parse_args()
    plain, chinese = fonts.load(args.work)
    data = SpellData(Draughtsman(plain, chinese, Numbers()), scene.load_photographs(args.work / "photographs"))
    net = cv2.dnn.readNetFromONNX(str(args.models / "spell.onnx"))
    logits, there, sure, right = [], [], [], []
    for canvas in CANVASES:
        for i in range(args.count):
            sample = data.sample(FIRST + i, canvas)
            net.setInput(((sample.image.astype(np.float32) - 128) / 64)[None, None])
            maps = net.forward()[0]
            peaks = (maps[0] >= cv2.dilate(maps[0], np.ones((3, 3)))) & (maps[0] > LEAST)
            for y, x in zip(*np.nonzero(peaks)):
                near = [
                    int(k) for k, cx, cy, _, _ in sample.glyphs
                    if abs(cx / STRIDE - 0.5 - x) <= NEAR and abs(cy / STRIDE - 0.5 - y) <= NEAR
                ]  # fmt: skip
                logits.append(float(maps[0, y, x]))
                there.append(float(bool(near)))
                if near:
                    scores = np.exp(maps[3:, y, x] - maps[3:, y, x].max())
                    sure.append(float(scores.max() / scores.sum()))
                    right.append(int(scores.argmax()) in near)
    x, y = torch.tensor(logits), torch.tensor(there)
    curve = torch.tensor([1.0, 0.0], requires_grad=True)
    optimiser = torch.optim.LBFGS([curve], max_iter=100)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = functional.binary_cross_entropy_with_logits(curve[0] * x + curve[1], y)
        value.backward()
        return value

    optimiser.step(loss)
    gain, bias = curve.tolist()
    print(f"sure_gain {gain:.2f}, sure_bias {bias:.2f}, from {len(logits)} peaks")
    said = torch.sigmoid(curve[0] * x + curve[1]).detach().numpy()
    for name, claims, facts in (("present", said, np.array(there)), ("class", np.array(sure), np.array(right))):
        for low, high in zip((0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99), (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)):
            some = (claims >= low) & (claims < high)
            if some.any():
                print(f"  {name} said {claims[some].mean():.3f}, was {facts[some].mean():.3f} ({some.sum()})")


if __name__ == "__main__":
    main()
