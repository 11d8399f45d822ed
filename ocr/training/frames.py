"""Frames for the locating net: vehicles' fronts and container walls made of shapes and photographs, with plates and
codes put on in perspective, and the lettering and clutter that is neither.

A region is the object's quadrangle, inset on every side by INSET of its short side (ocr/find/locate.h undoes it).
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np

from faces import Draughtsman, Drawing, Pen
from clutter import hazard_stripes, vehicle
from scene import dirt, lens, light, patch, smooth_noise, steel_wall, weather
from texts import Number

STRIDE = 4
INSET = 0.2
PLATE, CODE = 0, 1


@dataclass
class Object:
    kind: int  # PLATE or CODE
    quad: np.ndarray  # 4 x 2 float32, from top left clockwise
    drawing: Drawing


@dataclass
class Frame:
    image: np.ndarray  # uint8
    objects: list[Object]


def region_maps(frame: Frame) -> np.ndarray:
    """2 x H/4 x W/4: 1 inside a region's kernel."""
    h, w = frame.image.shape
    maps = np.zeros((2, h // STRIDE, w // STRIDE), np.float32)
    for thing in frame.objects:
        kind, quad = thing.kind, thing.quad
        across = (np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
        down = (np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
        inset = INSET * min(across, down)
        u, v = inset / across, inset / down
        kernel = [
            (1 - b) * ((1 - a) * quad[0] + a * quad[1]) + b * ((1 - a) * quad[3] + a * quad[2])
            for a, b in ((u, v), (1 - u, v), (1 - u, 1 - v), (u, 1 - v))
        ]
        full = np.zeros((h, w), np.uint8)
        cv2.fillPoly(full, [np.round(np.array(kernel) * 8).astype(np.int32)], 255, shift=3)
        share = cv2.resize(full, (w // STRIDE, h // STRIDE), interpolation=cv2.INTER_AREA)
        maps[kind] = np.maximum(maps[kind], (share >= 100).astype(np.float32))
    return maps


def _rod(rng: random.Random, image: np.ndarray, thick: int) -> None:
    """A lock rod or a hinge line, lit from one side."""
    h, w = image.shape
    x, tone = int(rng.uniform(0, w)), rng.uniform(20, 220)
    cv2.rectangle(image, (x, 0), (x + thick, h), tone, -1)
    cv2.line(image, (x, 0), (x, h), min(255.0, tone + rng.uniform(-60, 60)), 1)
    for _ in range(rng.randint(0, 3)):  # brackets
        y = int(rng.uniform(0, h))
        cv2.rectangle(image, (x - thick, y), (x + 2 * thick, y + thick * 2), rng.uniform(20, 220), -1)


class FrameMaker:
    def __init__(self, draughtsman: Draughtsman, photographs: list[np.ndarray]) -> None:
        self.draughtsman = draughtsman
        self.photographs = photographs
        self.scale = 1.0

    def frame(self, seed: int, height: int, width: int, scale: float = 1.0) -> Frame:
        """`scale`: pixels of this frame for one pixel of what the locator sees; sizes of objects go with it."""
        rng = random.Random(seed)
        self.scale = scale
        image = self._background(rng, height, width)
        objects: list[Object] = []
        taken: list[tuple[float, float, float, float]] = []
        if rng.random() < 0.5:
            self._wall(rng, image, objects, taken)
        elif rng.random() < 0.6:
            vehicle(rng, image)
        for _ in range(rng.choice([0, 1, 1, 1, 1, 2]) if objects else rng.choice([0, 1, 1, 1, 1, 1, 2, 3])):
            self._plate(rng, image, objects, taken)
        for _ in range(rng.choice([0, 0, 1, 2, 4])):
            self._lettering(rng, image, taken)
        for _ in range(rng.choice([0, 0, 1, 3, 6])):
            self._sign(rng, image, taken)
        if rng.random() < 0.4:
            dirt(rng, image, rng.uniform(0.1, 0.5))
        return Frame(lens(rng, light(rng, image), rng.uniform(6, 24) * scale), objects)

    def lane_frame(self, seed: int, height: int, width: int, kind: int, weather_kind: str) -> Frame:
        """What a lane's camera shows: the vehicle stands where it should and its number is as large as the camera was set up
        for (letters of some 14 to 50 pixels in 1280)."""
        rng = random.Random(seed)
        self.scale = scale = width / 640
        image = self._background(rng, height, width)
        objects: list[Object] = []
        taken: list[tuple[float, float, float, float]] = []
        if kind == PLATE:
            vehicle(rng, image)
        if weather_kind == "night":
            image *= rng.uniform(0.2, 0.6)
        least = rng.uniform(9, 22)
        for _ in range(20):
            if any(thing.kind == kind for thing in objects):
                break
            if kind == PLATE:
                self._plate(rng, image, objects, taken, least * 1.35, self.draughtsman.numbers.registered(rng))
            else:
                self._wall(rng, image, objects, taken, least * 0.9, 1.0)
        for _ in range(rng.choice([0, 1, 3])):
            self._sign(rng, image, taken)
        image = weather(rng, image, weather_kind)
        return Frame(lens(rng, image, least * 0.5 * scale), objects)

    # -- grounds -------------------------------------------------------------------------------------------------

    def _background(self, rng: random.Random, h: int, w: int) -> np.ndarray:
        kind = rng.random()
        if kind < 0.4:
            image = patch(rng, self.photographs, h, w)
        else:
            image = np.full((h, w), rng.uniform(20, 220), np.float32) + smooth_noise(rng, h, w, 5) * rng.uniform(5, 60)
            if rng.random() < 0.5:
                image = image * 0.6 + patch(rng, self.photographs, h, w) * 0.4
        if rng.random() < 0.7:
            for _ in range(rng.randint(3, 26)):
                self._shape(rng, image)
        return image

    @staticmethod
    def _shape(rng: random.Random, image: np.ndarray) -> None:
        """A window, lamp, bumper, grille, badge, post, or crack."""
        h, w = image.shape
        x, y = rng.uniform(-0.1, 1) * w, rng.uniform(-0.1, 1) * h
        sx, sy = w * math.exp(rng.uniform(-4, -0.7)), h * math.exp(rng.uniform(-4, -0.7))
        tone = rng.uniform(0, 255)
        kind = rng.random()
        a, b = (int(x), int(y)), (int(x + sx), int(y + sy))
        fill = rng.choice([-1, -1, 1, 2, 4])
        if kind < 0.3:
            cv2.rectangle(image, a, b, tone, fill)
        elif kind < 0.45:
            cv2.ellipse(image, a, (max(1, int(sx / 2)), max(1, int(sy / 2))), rng.uniform(0, 180), 0, 360, tone, fill)
        elif kind < 0.65:  # grille: many bars, the plate's best mimic
            step, thick = rng.uniform(3, 14), rng.randint(1, 4)
            upright = rng.random() < 0.5
            second = rng.uniform(0, 255)
            cv2.rectangle(image, a, b, second, -1)
            length = sx if upright else sy
            for i in range(int(length / step)):
                at = i * step
                if upright:
                    cv2.line(image, (int(x + at), a[1]), (int(x + at), b[1]), tone, thick)
                else:
                    cv2.line(image, (a[0], int(y + at)), (b[0], int(y + at)), tone, thick)
        elif kind < 0.8:
            points = np.array([(x + rng.gauss(0, sx), y + rng.gauss(0, sy)) for _ in range(rng.randint(3, 6))], np.int32)
            cv2.fillPoly(image, [points], tone)
        else:
            cv2.line(image, a, (int(x + rng.gauss(0, w / 2)), int(y + rng.gauss(0, h / 2))), tone, rng.randint(1, 6), cv2.LINE_AA)

    # -- objects -------------------------------------------------------------------------------------------------

    @staticmethod
    def _free(quad: np.ndarray, taken: list[tuple[float, float, float, float]]) -> bool:
        x0, y0 = quad.min(axis=0) - 4
        x1, y1 = quad.max(axis=0) + 4
        if any(x0 < t[2] and x1 > t[0] and y0 < t[3] and y1 > t[1] for t in taken):
            return False
        taken.append((x0, y0, x1, y1))
        return True

    @staticmethod
    def _pose(rng: random.Random, drawing_quad: tuple[float, float, float, float], short: float, w: int, h: int,
              steep: float) -> np.ndarray:  # fmt: skip
        """Homography that brings the object to `short` pixels (its short side) somewhere in the frame."""
        x0, y0, x1, y1 = drawing_quad
        ow, oh = x1 - x0, y1 - y0
        by = short / min(ow, oh)
        dw, dh = ow * by * rng.uniform(0.65, 1.05), oh * by
        cx = rng.uniform(0, w) if dw > 0.8 * w else rng.uniform(dw * 0.45, w - dw * 0.45)
        cy = rng.uniform(0, h) if dh > 0.8 * h else rng.uniform(dh * 0.45, h - dh * 0.45)
        angle, shear = math.radians(rng.gauss(0, 4)), rng.gauss(0, 0.08)
        taper = rng.gauss(0, steep)
        corners = []
        for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            ux, uy = sx * dw / 2, sy * dh / 2 * (1 + sx * taper)
            uy += shear * ux
            corners.append((cx + ux * math.cos(angle) - uy * math.sin(angle), cy + ux * math.sin(angle) + uy * math.cos(angle)))
        source = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float32)
        return cv2.getPerspectiveTransform(source, np.array(corners, np.float32))

    @staticmethod
    def _corners(h: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
        x0, y0, x1, y1 = box
        return cv2.perspectiveTransform(np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]], np.float64), h)[0].astype(np.float32)

    def _plate(self, rng: random.Random, image: np.ndarray, objects: list[Object],
               taken: list[tuple[float, float, float, float]], short: float = 0.0,
               number: Number | None = None) -> None:  # fmt: skip
        h, w = image.shape
        number = number or self.draughtsman.numbers.plate(rng)
        two = rng.random() < 0.4
        drawing = self.draughtsman.plate(rng, number, two and not (number.country == "US" and rng.random() < 0.8))
        if short == 0:
            short = math.exp(rng.uniform(math.log(9), math.log(34))) * (2 if rng.random() < 0.12 else 1)
        short *= self.scale * (1.7 if drawing.lines == 2 or number.country == "US" else 1)
        to_frame = self._pose(rng, drawing.quad, short, w, h, 0.05)
        quad = self._corners(to_frame, drawing.quad)
        if not self._free(quad, taken):
            return
        if rng.random() < 0.5:  # the recess or the holder that it sits in
            middle = quad.mean(axis=0)
            around = (quad - middle) * [rng.uniform(1.05, 1.7), rng.uniform(1.05, 2.0)] + middle + [rng.gauss(0, 3), rng.gauss(0, 2)]
            cv2.fillPoly(image, [around.astype(np.int32)], rng.choice([rng.uniform(0, 70), rng.uniform(0, 255)]))
        self._paste(image, drawing.grey * rng.uniform(0.55, 1.05), np.ones_like(drawing.grey), to_frame, short / min(drawing.grey.shape))
        objects.append(Object(PLATE, quad, drawing))

    @staticmethod
    def _paste(image: np.ndarray, face: np.ndarray, alpha: np.ndarray, to_frame: np.ndarray, scale: float) -> None:
        h, w = image.shape
        sigma = 0.42 / max(0.05, scale) - 0.35
        if sigma > 0.3:
            face, alpha = cv2.GaussianBlur(face, (0, 0), sigma), cv2.GaussianBlur(alpha, (0, 0), sigma)
        inside = cv2.warpPerspective(alpha, to_frame, (w, h), flags=cv2.INTER_LINEAR)
        image *= 1 - inside
        image += cv2.warpPerspective(face, to_frame, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) * inside

    def _wall(self, rng: random.Random, image: np.ndarray, objects: list[Object],
              taken: list[tuple[float, float, float, float]], letter: float = 0.0,
              registered: float = 0.6) -> None:  # fmt: skip
        """A container over most of the frame, its codes, weight table, names and door bars."""
        h, w = image.shape
        letter = (letter or math.exp(rng.uniform(math.log(6), math.log(26 if rng.random() < 0.85 else 52)))) * self.scale
        wall = steel_wall(rng, h, w, letter * rng.uniform(0.5, 2))
        x0, x1 = (int(rng.uniform(-0.2, 0.3) * w), int(rng.uniform(0.65, 1.2) * w))
        y0, y1 = (int(rng.uniform(-0.3, 0.2) * h), int(rng.uniform(0.7, 1.3) * h))
        tilt = rng.gauss(0, 0.06) * w
        outline = np.array([(x0, y0), (x1, y0 + tilt), (x1, y1 - tilt), (x0, y1)], np.int32)
        mask = np.zeros((h, w), np.uint8)
        cv2.fillPoly(mask, [outline], 1)
        image[mask > 0] = wall[mask > 0]
        for _ in range(rng.choice([0, 0, 2, 4])):
            _rod(rng, image, rng.randint(2, 9))
        if rng.random() < 0.25:
            hazard_stripes(rng, image)
        mean = float(wall.mean())
        paint = rng.uniform(mean + 45, 255) if mean < 120 else rng.uniform(0, mean - 55)
        for i in range(rng.choice([1, 1, 1, 2, 2])):
            layout = rng.choice(["one", "one", "two", "vertical"])
            drawing = self.draughtsman.code(rng, layout, registered)
            assert drawing.alpha is not None
            size = float(np.median([b.y1 - b.y0 for b in drawing.boxes]))
            short = min(drawing.quad[2] - drawing.quad[0], drawing.quad[3] - drawing.quad[1]) * letter / size
            to_frame = self._pose(rng, drawing.quad, short, w, h, 0.04)
            quad = self._corners(to_frame, drawing.quad)
            shown = quad.min() > -0.15 * letter and quad[:, 0].max() < w + 0.15 * letter and quad[:, 1].max() < h + 0.15 * letter
            if (not shown and i == 0 and rng.random() < 0.7) or not self._free(quad, taken):
                continue
            tone = np.full_like(drawing.alpha, paint)
            if rng.random() < 0.12:  # on a board or on a patch of fresh paint
                middle = quad.mean(axis=0)
                board = (quad - middle) * [rng.uniform(1.05, 1.4), rng.uniform(1.2, 2.2)] + middle
                cv2.fillPoly(image, [board.astype(np.int32)], (float(paint) + rng.uniform(90, 160)) % 256)
            self._paste(image, tone, drawing.alpha * rng.choice([rng.uniform(0.4, 0.7), rng.uniform(0.6, 1)]), to_frame, letter / size)
            objects.append(Object(CODE, quad, drawing))
            if rng.random() < 0.2 and not drawing.vertical:  # a rod before it, as narrow as a camera from aside sees it
                x = int(rng.uniform(quad[:, 0].min(), quad[:, 0].max()))
                thick = max(1, int(letter * rng.uniform(0.1, 0.5)))
                cv2.rectangle(image, (x, 0), (x + thick, h), rng.uniform(20, 230), -1)
        for _ in range(rng.choice([0, 1, 1, 2])):
            self._weights(rng, image, letter, paint, taken)
        if rng.random() < 0.4:  # the line's name, as high as a man
            self._lettering(rng, image, taken, letter * rng.uniform(2, 7), paint)

    def _weights(self, rng: random.Random, image: np.ndarray, letter: float, paint: float,
                 taken: list[tuple[float, float, float, float]]) -> None:  # fmt: skip
        """Weights and measures, warnings, approval numbers: lines of small lettering, some as large as the code."""
        h, w = image.shape
        x, y, small = rng.uniform(0, 0.8) * w, rng.uniform(0, 0.8) * h, letter * rng.uniform(0.35, 1.0)
        rows = rng.randint(1, 7)
        block = np.array([(x, y), (x + small * 14, y), (x + small * 14, y + small * 1.5 * rows), (x, y + small * 1.5 * rows)], np.float32)
        if not self._free(block, taken):
            return
        for row in range(rows):
            text = rng.choice(["MAX GROSS", "TARE", "NET", "CU CAP", "MGW", "PAYLOAD", "CAUTION", "SUPER HEAVY", ""])
            if rng.random() < 0.7:
                text += f" {rng.randint(100, 70000)} {rng.choice(['KG', 'LB', 'CUM', 'KGS', 'CU FT', ''])}"
            self._write(rng, image, text, x, y + row * small * 1.5, small, paint)

    def _sign(self, rng: random.Random, image: np.ndarray, taken: list[tuple[float, float, float, float]]) -> None:
        """A badge, a country's oval, an inspection sticker, a road sign, a poster: ground, rim, and what no plate has on it:
        up to three characters, many lines, or a picture."""
        h, w = image.shape
        size = math.exp(rng.uniform(math.log(5), math.log(40))) * self.scale
        kind = rng.choice(["few", "few", "few", "page", "picture", "picture"])
        across = size * (rng.uniform(0.6, 2.6) if kind != "page" else rng.uniform(1, 4))
        down = size * (rng.uniform(0.7, 1.6) if kind != "page" else rng.uniform(1, 3))
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        if not self._free(np.array([(x, y), (x + across, y + down)], np.float32), taken):
            return
        ground, ink = rng.uniform(0, 255), rng.uniform(0, 255)
        centre, axes = (int(x + across / 2), int(y + down / 2)), (max(1, int(across / 2)), max(1, int(down / 2)))
        shape = rng.random()
        if shape < 0.4:
            cv2.ellipse(image, centre, axes, 0, 0, 360, ground, -1)
        elif shape < 0.85:
            cv2.rectangle(image, (int(x), int(y)), (int(x + across), int(y + down)), ground, -1)
        if rng.random() < 0.4:
            cv2.ellipse(image, centre, axes, 0, 0, 360, ink, rng.randint(1, 2))
        if kind == "few":
            letter = down * rng.uniform(0.35, 0.8)
            self._write(rng, image, "".join(rng.choice("ABCDEFGHKLMNPRSTVZ0123456789") for _ in range(rng.randint(1, 3))),
                        x + across * 0.12, y + (down - letter) / 2, letter, ink)  # fmt: skip
        elif kind == "page":
            letter = max(2.0, size * rng.uniform(0.12, 0.3))
            for row in range(int(down / letter / 1.4)):
                text = "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVZ0123456789  ") for _ in range(int(across / letter)))
                self._write(rng, image, text, x + letter, y + letter * (0.4 + 1.4 * row), letter, ink)
        else:
            for _ in range(rng.randint(2, 6)):
                a = (int(x + rng.uniform(0, across)), int(y + rng.uniform(0, down)))
                b = (int(x + rng.uniform(0, across)), int(y + rng.uniform(0, down)))
                if rng.random() < 0.5:
                    cv2.line(image, a, b, rng.uniform(0, 255), rng.randint(1, max(1, int(size / 8))), cv2.LINE_AA)
                else:
                    cv2.ellipse(image, a, (max(1, int(across * rng.uniform(0.05, 0.3))), max(1, int(down * rng.uniform(0.05, 0.3)))),
                                rng.uniform(0, 180), 0, 360, rng.uniform(0, 255), rng.choice([-1, 1]))  # fmt: skip

    def _lettering(self, rng: random.Random, image: np.ndarray, taken: list[tuple[float, float, float, float]],
                   size: float = 0.0, tone: float = -1.0) -> None:  # fmt: skip
        """Names, slogans, telephone numbers, speed signs: text that is neither plate nor code."""
        h, w = image.shape
        size = size or math.exp(rng.uniform(math.log(4), math.log(60))) * self.scale
        if rng.random() < 0.3:
            text = "".join(rng.choice("0123456789 -") for _ in range(rng.randint(2, 12)))
        else:
            text = "".join(rng.choice("ABCDEFGHIJKLMNOPRSTUVWYZ  ") for _ in range(rng.randint(2, 14)))
        x, y = rng.uniform(-0.1, 0.9) * w, rng.uniform(0, 0.9) * h
        room = np.array([(x, y), (x + size * 0.8 * len(text), y), (x + size * 0.8 * len(text), y + size), (x, y + size)], np.float32)
        if self._free(room, taken):
            self._write(rng, image, text, x, y, size, tone if tone >= 0 else rng.uniform(0, 255))

    def _write(self, rng: random.Random, image: np.ndarray, text: str, x: float, y: float, size: float, tone: float) -> None:
        pen = Pen(rng.choice(self.draughtsman.plain), self.draughtsman.chinese[0], rng.uniform(0.7, 1.3), 0, 0, rng.uniform(0.05, 0.3))
        ink = np.zeros_like(image)
        for word in text.split(" "):
            if word and x < image.shape[1]:
                x = self.draughtsman.line(ink, word, pen, x, y, size, None)
            x += size * 0.5
        image += (tone - image) * ink
