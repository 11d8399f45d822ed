"""Samples for the spelling net: a canvas as the locator would cut it, and where which character stands.

Canvases are those of ocr/read/spell.h. A sample's number is its seed: the same number gives the same picture.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np

from alphabet import INDEX
from faces import Draughtsman, Drawing
from scene import dirt, lens, light, patch, steel_wall

STRIDE = 4
# name: (height, width) of the canvas, what is drawn into it
CANVASES: dict[str, tuple[int, int]] = {
    "line": (48, 192),  # plates of one line
    "block": (80, 128),  # plates of two lines, American plates
    "code": (48, 256),  # container code in one line
    "code block": (80, 192),  # in two or three lines
    "column": (384, 48),  # downwards: letters as large as on the others
}
SHARES = {"line": 0.34, "block": 0.29, "code": 0.13, "code block": 0.1, "column": 0.14}


@dataclass
class Sample:
    image: np.ndarray  # uint8, the canvas
    glyphs: np.ndarray  # n x 5 float32: class, centre x, centre y, width, height in pixels of the canvas


class SpellData:
    def __init__(self, draughtsman: Draughtsman, photographs: list[np.ndarray]) -> None:
        self.draughtsman = draughtsman
        self.photographs = photographs

    def _draw(self, rng: random.Random, canvas: str) -> Drawing:
        if canvas in ("line", "block"):
            number = self.draughtsman.numbers.plate(rng)
            two = canvas == "block" and not (number.country == "US" and rng.random() < 0.85)
            return self.draughtsman.plate(rng, number, two)
        return self.draughtsman.code(rng, {"code": "one", "code block": "two", "column": "vertical"}[canvas])

    def sample(self, seed: int, canvas: str) -> Sample:
        rng = random.Random(seed)
        height, width = CANVASES[canvas]
        drawing = self._draw(rng, canvas)
        face, alpha = self._colour(rng, drawing)
        to_canvas = self._placing(rng, drawing, height, width)
        # The camera's own resolution: the picture is made small and brought to the canvas afterwards.
        letter = float(np.median([b.y1 - b.y0 for b in drawing.boxes])) * self._scale(to_canvas, drawing)
        least = min(1.0, 9.5 / letter)
        by = 1.0 if rng.random() < 0.25 else max(least, math.exp(rng.uniform(math.log(0.3), math.log(1.6))))
        if drawing.country == "CN" and rng.random() < 0.5:
            by = max(min(1.0, 12 / letter), rng.uniform(0.35, 0.6))
        by = min(by, 1.6)
        h, w = max(8, round(height * by)), max(8, round(width * by))
        shrink = np.diag([w / width, h / height, 1.0])
        to_small = shrink @ to_canvas
        sigma = 0.42 / max(0.05, self._scale(to_small, drawing)) - 0.35
        if sigma > 0.3:
            face = cv2.GaussianBlur(face, (0, 0), sigma)
        ground = patch(rng, self.photographs, h, w)
        if rng.random() < 0.5:
            ground = ground * rng.uniform(0.1, 0.5) + rng.uniform(0, 120)
        for _ in range(rng.choice([0, 0, 1, 3])):  # edges of bumpers and holders, lamps, bolts beside the plate
            a = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
            if rng.random() < 0.6:
                b = (int(a[0] + rng.gauss(0, w / 2)), int(a[1] + rng.gauss(0, h / 2)))
                cv2.line(ground, a, b, rng.uniform(0, 255), rng.randint(1, max(2, h // 8)))
            else:
                axes = (int(h * rng.uniform(0.03, 0.25)), int(h * rng.uniform(0.03, 0.3)))
                cv2.ellipse(ground, a, axes, 0, 0, 360, rng.uniform(0, 255), rng.choice([-1, 1, 2]))
        image = cv2.warpPerspective(face, to_small, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        if drawing.solid:
            inside = cv2.warpPerspective(alpha, to_small, (w, h), flags=cv2.INTER_LINEAR)
            image = image * inside + ground * (1 - inside)
        if rng.random() < 0.35:
            dirt(rng, image, rng.uniform(0.1, 0.8))
        small = lens(rng, light(rng, image), letter * by)
        if by != 1.0:
            how = rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]) if by < 1 else cv2.INTER_AREA
            small = cv2.resize(small, (width, height), interpolation=how)
        return Sample(small, self._glyphs(drawing, to_canvas, height, width))

    def _colour(self, rng: random.Random, drawing: Drawing) -> tuple[np.ndarray, np.ndarray]:
        if drawing.solid:
            return drawing.grey, np.ones_like(drawing.grey)
        ink = drawing.alpha
        assert ink is not None
        letter = float(np.median([b.y1 - b.y0 for b in drawing.boxes]))
        wall = steel_wall(rng, *ink.shape, letter)
        if rng.random() < 0.12:
            wall = patch(rng, self.photographs, *ink.shape) * 0.4 + float(wall.mean()) * 0.6
        mean = float(wall.mean())
        paint = rng.uniform(mean + 45, 255) if (mean < 110 or (mean < 150 and rng.random() < 0.5)) else rng.uniform(0, mean - 60)
        return wall * (1 - ink) + (paint + (wall - mean) * rng.uniform(0.2, 1)) * ink, np.ones_like(ink)

    @staticmethod
    def _placing(rng: random.Random, drawing: Drawing, height: int, width: int) -> np.ndarray:
        """Homography from the drawing to the canvas: the object inside margins, as a locator that errs a little cuts it."""
        x0, y0, x1, y1 = drawing.quad
        short = min(x1 - x0, y1 - y0)
        if min(x1 - x0, y1 - y0) < 8:
            short = 8.0
        # A crop that holds the plate alone has no margin; a locator's has a fifth of the short side.
        tight = drawing.solid and rng.random() < 0.35
        m = [short * (rng.uniform(-0.06, 0.06) if tight else rng.uniform(0.02, 0.38)) for _ in range(4)]
        left, top, right, bottom = x0 - m[0], y0 - m[1], x1 + m[2], y1 + m[3]
        ow, oh = right - left, bottom - top
        squeeze = rng.uniform(0.8, 1.25) if rng.random() < 0.7 else width / height / (ow / oh)
        squeeze = min(1.5, max(0.67, squeeze))
        by = min(width / (ow * squeeze), height / oh)
        dw, dh = ow * squeeze * by, oh * by
        ox, oy = (width - dw) / 2, (height - dh) / 2
        angle = math.radians(rng.gauss(0, 3.0))
        shear = rng.gauss(0, 0.06)
        # Seen from the side or from under a tilted camera and cut along its bounding box, as car parks' datasets are.
        leaning = drawing.solid and rng.random() < (0.4 if drawing.country == "CN" else 0.12)
        if leaning:
            angle, shear = math.radians(rng.gauss(0, 5.0)), rng.uniform(-0.55, 0.55)
        corners = []
        slack = min(dw, dh) * 0.035
        for cx, cy in ((0, 0), (dw, 0), (dw, dh), (0, dh)):
            ux, uy = cx - dw / 2, cy - dh / 2
            ux += shear * uy
            px = ux * math.cos(angle) - uy * math.sin(angle) + dw / 2 + ox
            py = ux * math.sin(angle) + uy * math.cos(angle) + dh / 2 + oy
            corners.append((px + rng.gauss(0, slack), py + rng.gauss(0, slack)))
        if leaning:
            xs, ys = [c[0] for c in corners], [c[1] for c in corners]
            to_width, to_height = dw / (max(xs) - min(xs)), dh / (max(ys) - min(ys))
            corners = [((x - min(xs)) * to_width + ox, (y - min(ys)) * to_height + oy) for x, y in corners]
        source = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
        return cv2.getPerspectiveTransform(source, np.array(corners, np.float32)).astype(np.float64)

    @staticmethod
    def _scale(h: np.ndarray, drawing: Drawing) -> float:
        """How many pixels one pixel of the drawing becomes, in the middle."""
        x0, y0, x1, y1 = drawing.quad
        middle = np.array([[[(x0 + x1) / 2, (y0 + y1) / 2], [(x0 + x1) / 2, (y0 + y1) / 2 + 1]]], np.float64)
        out = cv2.perspectiveTransform(middle, h)[0]
        return float(np.linalg.norm(out[1] - out[0]))

    @staticmethod
    def _glyphs(drawing: Drawing, h: np.ndarray, height: int, width: int) -> np.ndarray:
        rows = []
        for box in drawing.boxes:
            corners = np.array([[(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)]], np.float64)
            out = cv2.perspectiveTransform(corners, h)[0]
            cx, cy = out.mean(axis=0)
            w = (np.linalg.norm(out[1] - out[0]) + np.linalg.norm(out[2] - out[3])) / 2
            t = (np.linalg.norm(out[3] - out[0]) + np.linalg.norm(out[2] - out[1])) / 2
            # A character cut by the rim is none: the net shall not guess at halves.
            if out[:, 0].min() < -0.12 * w - 1 or out[:, 0].max() > width + 0.12 * w + 1:
                continue
            if out[:, 1].min() < -0.12 * t - 1 or out[:, 1].max() > height + 0.12 * t + 1:
                continue
            if 0 <= cx < width and 0 <= cy < height and box.char in INDEX:
                rows.append((INDEX[box.char], cx, cy, w, t))
        return np.array(rows, np.float32).reshape(-1, 5)
