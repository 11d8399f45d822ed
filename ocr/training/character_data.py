"""Samples for the character net: one cell of a plate, as ocr/read/character.h cuts it around a place where a character
stands or might stand.

The spelling net sees a province of China once in a plate, and not at all in most; here it is every third cell. What
lies beside a number, between its characters and at their feet is drawn as well: it is none.
"""

from __future__ import annotations

import random

import cv2
import numpy as np

from alphabet import CHINESE, CLASSES, INDEX
from spell_data import Sample, SpellData
from texts import Number, Numbers

HEIGHT, WIDTH = 40, 32  # pixels of a cell
LETTER = 28.0  # pixels: height of the line's capitals in a cell
NONE = len(CLASSES)  # the class of what is no character
FIRST_CHINESE = INDEX[CHINESE[0]]


class MostlyChinese(Numbers):
    """Numbers to draw: six of ten of them Chinese."""

    def plate(self, rng: random.Random) -> Number:
        kind = rng.random()
        if kind < 0.14:
            return self.of(rng, "MN")
        if kind < 0.5:
            return super().plate(rng)
        return self.chinese(rng) if rng.random() < 0.6 else self.of(rng, "CN")


def cell(image: np.ndarray, cx: float, cy: float, letter: float, slope: float) -> np.ndarray:
    """The cell around (cx, cy) of a canvas whose capitals are `letter` high and whose line falls by `slope`."""
    s = letter / LETTER
    x0, y0 = -(WIDTH - 1) / 2, -(HEIGHT - 1) / 2
    to_canvas = np.array([[s, 0, cx + x0 * s - 0.5], [slope * s, s, cy + y0 * s + slope * x0 * s - 0.5]], np.float64)
    return cv2.warpAffine(
        image, to_canvas, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )


def lines(glyphs: np.ndarray) -> list[np.ndarray]:
    """Glyphs by line, each from left to right."""
    found: list[list[np.ndarray]] = []
    for glyph in sorted(glyphs, key=lambda g: g[1]):
        near = [line for line in found if abs(line[-1][2] - glyph[2]) < 0.5 * min(line[-1][4], glyph[4])]
        if near:
            min(near, key=lambda line: abs(line[-1][2] - glyph[2])).append(glyph)
        else:
            found.append([glyph])
    return [np.stack(line) for line in found]


class CharacterData:
    def __init__(self, spell: SpellData) -> None:
        self.spell = spell

    def cells(self, seed: int) -> list[tuple[np.ndarray, int]]:
        """(picture, class) of some places of one drawing."""
        rng = random.Random(seed * 7 + 3)
        canvas = "block" if rng.random() < 0.22 else "line"
        sample: Sample = self.spell.sample(seed, canvas)
        out: list[tuple[np.ndarray, int]] = []
        for line in lines(sample.glyphs):
            out += self._of_line(rng, sample.image, line)
        return out

    def _of_line(self, rng: random.Random, image: np.ndarray, line: np.ndarray) -> list[tuple[np.ndarray, int]]:
        letter = float(np.median(line[:, 4]))
        first, last = line[0], line[-1]
        slope = float((last[2] - first[2]) / (last[1] - first[1])) if len(line) > 2 else 0.0
        steps = np.diff(line[:, 1])
        pitch = float(np.median(steps)) if len(steps) else 0.7 * letter

        def cut(x: float, y: float, away: float) -> np.ndarray:
            size = letter * float(np.exp(rng.gauss(0, 0.09)))
            x += rng.gauss(0, away) * letter
            y += rng.gauss(0, away) * letter
            return cell(image, x, y, size, slope + rng.gauss(0, 0.05))

        chinese = [g for g in line if FIRST_CHINESE <= g[0] < NONE]
        others = [g for g in line if g[0] < FIRST_CHINESE]
        out = [(cut(g[1], g[2], 0.1), int(g[0])) for g in chinese]  # their place is reckoned, not seen
        out += [(cut(g[1], g[2], 0.06), int(g[0])) for g in rng.sample(others, min(len(others), 2 if chinese else 3))]
        none: list[tuple[float, float]] = []
        # Where a province would stand: beside the first letter.
        x = float(first[1]) - pitch * rng.uniform(0.9, 1.15)
        none.append((x, float(first[2]) - slope * (first[1] - x)))
        if len(line) > 1 and rng.random() < 0.5:
            i = rng.randrange(len(line) - 1)
            none.append((float(line[i, 1] + line[i + 1, 1]) / 2, float(line[i, 2] + line[i + 1, 2]) / 2))
        if rng.random() < 0.3:
            none.append((rng.uniform(0, image.shape[1]), rng.uniform(0, image.shape[0])))
        for x, y in none:
            # Half of a character is asked for as neither.
            if all(abs(x - g[1]) > 0.4 * g[3] or abs(y - g[2]) > 0.5 * g[4] for g in line):
                out.append((cut(x, y, 0.03), NONE))
        return out


def normal(cells: np.ndarray) -> np.ndarray:
    """n x H x W uint8 -> n x 1 x H x W float32, mean 0 and deviation a half: night and day look alike."""
    x = cells.astype(np.float32)
    mean = x.mean(axis=(1, 2), keepdims=True)
    deviation = x.std(axis=(1, 2), keepdims=True)
    return np.clip((x - mean) / np.maximum(2 * deviation, 8.0), -2, 2)[:, None]

