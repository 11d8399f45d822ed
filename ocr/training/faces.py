"""Flat drawings of plates and container codes, with the place of every character.

A drawing is grey, float32, 0..255, seen straight on. `boxes` are of the characters of the number only: marks, flags,
slogans and small letters are drawn and not named, so that the net learns to leave them out.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

import cv2
import numpy as np

from alphabet import CHINESE
from fonts import CAP, Face, Glyph
from texts import Number, Numbers

EVEN_STROKE = re.compile("Sans|sans|zenhei|microhei|lubrifont|kuaile")
HEIGHT = 44  # pixels: capitals of a drawing's main line


@dataclass
class Box:
    char: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass
class Drawing:
    grey: np.ndarray
    boxes: list[Box]
    quad: tuple[float, float, float, float]  # what the locator calls the object: plate or block of eleven characters
    solid: bool = True  # False: a code, whose ground is the container's own wall
    number: str = ""
    country: str = ""
    alpha: np.ndarray | None = None
    lines: int = 1
    vertical: bool = False


@dataclass
class Pen:
    """How one line of lettering looks: a face, stretched and made bolder or thinner."""

    face: Face
    chinese: Face
    stretch: float
    weight: float  # sigma of the blur before the threshold shift; sign: bolder or thinner
    pitch: float  # 0: proportional; else every character stands in a cell of this width (in heights)
    gap: float  # between characters, in heights
    chinese_stretch: float = 1.0  # on plates a Chinese character stands in a Latin one's narrow cell
    peaked_l: bool = False  # Л as a V on its head, as Mongolian plates have it
    bar_one: bool = False  # 1 as a plain bar, as on Chinese plates and many containers
    upright_w: bool = False  # W with upright sides, as American and container dies have it: an M on its head

    def glyph(self, char: str, height: float) -> tuple[np.ndarray, float]:
        source: Glyph = (self.chinese if char in CHINESE else self.face).glyphs[char]
        if char == "Л" and self.peaked_l:
            v = self.face.glyphs["V"]
            source = Glyph(v.mask[::-1], v.top)
        if char == "1" and self.bar_one:
            source = self.face.glyphs["I"]
        if char == "W" and self.upright_w:
            m = self.face.glyphs["M"]
            source = Glyph(m.mask[::-1], m.top)
        by = height / CAP
        stretch = self.chinese_stretch if char in CHINESE else self.stretch
        size = (max(2, round(source.mask.shape[1] * by * stretch)), max(2, round(source.mask.shape[0] * by)))
        mask = cv2.resize(source.mask, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        if abs(self.weight) > 0.05 and min(size) > 6:
            soft = cv2.GaussianBlur(cv2.copyMakeBorder(mask, 2, 2, 2, 2, cv2.BORDER_CONSTANT), (0, 0), 1.2)
            level = 0.5 - self.weight
            mask = np.clip((soft - level) * 3 + 0.5, 0, 1)
            return mask, source.top * by - 2
        return mask, source.top * by


class Draughtsman:
    def __init__(self, plain: list[Face], chinese: list[Face], numbers: Numbers) -> None:
        self.plain, self.chinese, self.numbers = plain, chinese, numbers
        # Provinces are painted in an even stroke; written hands are met as well, so that shapes are learnt and not one font.
        self.even = [f for f in chinese if EVEN_STROKE.search(f.name)]
        self.cyrillic = [f for f in plain if f.draws("БГДЖИЛӨПУФЦЧШЭЮЯЗҮ")]

    # -- lettering -----------------------------------------------------------------------------------------------

    def pen(self, rng: random.Random, text: str) -> Pen:
        faces = self.plain if all(c < "\x7f" or c in CHINESE for c in text) else self.cyrillic
        return Pen(
            rng.choice(faces), rng.choice(self.even if rng.random() < 0.8 else self.chinese), rng.uniform(0.72, 1.25) if rng.random() < 0.7 else 1.0,
            rng.choice([0, 0, rng.uniform(-0.2, 0.25)]), rng.uniform(0.62, 0.8) if rng.random() < 0.3 else 0.0,
            rng.choice([rng.uniform(0.04, 0.14), rng.uniform(0.1, 0.35)]), rng.choice([rng.uniform(0.42, 0.62), rng.uniform(0.5, 1.0)]),
            rng.random() < 0.35,
        )  # fmt: skip

    @staticmethod
    def line(ink: np.ndarray, text: str, pen: Pen, x: float, y: float, height: float, boxes: list[Box] | None) -> float:
        """Writes from x, the capitals' top at y; gives back where the line ends."""
        for char in text:
            mask, top = pen.glyph(char, height)
            h, w = mask.shape
            left = x
            if pen.pitch > 0:
                left = x + max(0.0, (pen.pitch * height - w) / 2)
            ix, iy = round(left), round(y + top)
            x0, y0, x1, y1 = max(0, ix), max(0, iy), min(ink.shape[1], ix + w), min(ink.shape[0], iy + h)
            if x1 > x0 and y1 > y0:
                part = ink[y0:y1, x0:x1]
                np.maximum(part, mask[y0 - iy : y1 - iy, x0 - ix : x1 - ix], out=part)
            if boxes is not None:
                inset = 2 if abs(pen.weight) > 0.05 else 0
                boxes.append(Box(char, ix + inset, iy + inset, ix + w - inset, iy + h - inset))
            x = left + w + pen.gap * height
            if pen.pitch > 0:
                x = max(x, left - max(0.0, (pen.pitch * height - w) / 2) + pen.pitch * height + 0.3 * pen.gap * height)
        return x

    @staticmethod
    def width(text: str, pen: Pen, height: float) -> float:
        scratch = np.zeros((1, 1), np.float32)
        return Draughtsman.line(scratch, text, pen, 0, 0, height, None)

    def small_text(self, rng: random.Random, ink: np.ndarray, x: float, y: float, height: float, room: float) -> None:
        pen = Pen(rng.choice(self.plain), self.chinese[0], 1.0, 0, 0, rng.uniform(0.05, 0.25))
        letters = "ABCDEFGHIJKLMNOPRSTUVWYZ"
        words = " ".join("".join(rng.choice(letters) for _ in range(rng.randint(2, 9))) for _ in range(rng.randint(1, 3)))
        text = words.replace(" ", "")
        while text and self.width(text, pen, height) > room:
            text = text[:-1]
        self.line(ink, text, pen, x + max(0, room - self.width(text, pen, height)) * rng.random(), y, height, None)

    # -- plates --------------------------------------------------------------------------------------------------

    def plate(self, rng: random.Random, number: Number, two_lines: bool) -> Drawing:
        h = float(HEIGHT)
        pen = self.pen(rng, number.text)
        if number.country == "US" and rng.random() < 0.6:
            pen.stretch = rng.uniform(0.5, 0.85)
        pen.peaked_l = rng.random() < 0.6
        if number.country == "CN" and rng.random() < 0.6:  # GA 36: cells of 45 x 90 mm, 12 mm apart
            pen.stretch, pen.pitch, pen.gap = rng.uniform(0.6, 0.9), rng.uniform(0.5, 0.68), rng.uniform(0.05, 0.16)
            pen.bar_one = rng.random() < 0.7
        groups = list(number.groups)
        if two_lines:
            rows = self._rows(rng, number)
        else:
            rows = [groups]
        us = number.country == "US" or rng.random() < 0.08
        heights = [h] * len(rows)
        if two_lines and rng.random() < 0.6:
            heights[0] = h * rng.uniform(0.62, 1.0)
        group_gap = rng.choice([rng.uniform(0.1, 0.3), rng.uniform(0.3, 0.95)]) * h
        lengths = [
            sum(self.width(g, pen, k) for g in row) + group_gap * (len(row) - 1) for row, k in zip(rows, heights)
        ]
        pad_x = h * rng.uniform(0.12, 0.6)
        pad_top = h * (rng.uniform(0.12, 0.45) if not us else rng.uniform(0.4, 0.9))
        pad_bottom = h * (rng.uniform(0.12, 0.45) if not us else rng.uniform(0.3, 0.8))
        spacing = h * rng.uniform(0.12, 0.4)
        band = h * rng.uniform(0.4, 0.75) if rng.random() < 0.35 and not us else 0.0
        band_right = band > 0 and rng.random() < 0.35
        # Arms above a country's letters on the plate's own ground, close before the number: no character, but as high.
        arms = h * rng.uniform(0.35, 0.8) if not us and not band_right and rng.random() < 0.22 else 0.0
        seal = h * rng.uniform(0.35, 0.8) if rng.random() < 0.12 else 0.0  # at the end of the last line
        lengths[-1] += seal
        width = round(max(lengths) + 2 * pad_x + band + arms)
        height = round(sum(heights) + spacing * (len(rows) - 1) + pad_top + pad_bottom)
        ink = np.zeros((height, width), np.float32)
        extra = np.zeros_like(ink)
        boxes: list[Box] = []
        y = pad_top
        for row, length, k in zip(rows, lengths, heights):
            room = width - band - arms - length
            x = (0 if band_right else band) + arms + room * rng.choice([0.5, 0.5, rng.uniform(0.3, 0.7)])
            if rng.random() < 0.12 and x > 0.4 * k:
                self._emblem(rng, extra, x - 0.3 * k, y + k / 2, 0.4 * k, k * rng.uniform(0.4, 1.0))
            for i, group in enumerate(row):
                row_pen, row_h, row_y = pen, k, y
                if number.country in ("RU", "KZ") and i == len(row) - 1 and i > 0 and rng.random() < 0.6:
                    row_h = k * rng.uniform(0.65, 0.9)
                    row_y = y + rng.choice([0.0, k - row_h, (k - row_h) / 2])
                end = self.line(ink, group, row_pen, x, row_y, row_h, boxes)
                if i + 1 < len(row):
                    self._between(rng, extra, end, y, k, group_gap, us)
                x = end - pen.gap * row_h + group_gap + pen.gap * h * 0.5
            if seal > 0 and row is rows[-1]:
                self._oval(rng, extra, x - group_gap + seal * 0.55, y + k * rng.uniform(0.4, 0.7), seal)
            y += k + spacing
        ground, letter = self._tones(rng, number)
        face = np.full((height, width), ground, np.float32)
        self._ground(rng, face, us)
        if us or rng.random() < 0.12:
            self.small_text(rng, extra, pad_x * 0.5, pad_top * rng.uniform(0.1, 0.3), pad_top * rng.uniform(0.4, 0.7), width - pad_x)
            if rng.random() < 0.7:
                at = height - pad_bottom * rng.uniform(0.65, 0.85)
                self.small_text(rng, extra, pad_x * 0.5, at, pad_bottom * rng.uniform(0.35, 0.6), width - pad_x)
            self._stickers(rng, face, pad_top, pad_bottom)
        if band > 0:
            self._band(rng, face, extra, band, band_right, number.country)
        if arms > 0:
            self._arms(rng, extra, band + pad_x * rng.uniform(0.15, 0.7), arms, h, (pad_top + y - spacing) / 2, number.country)
        if rng.random() < 0.3 and not us:
            self.small_text(rng, extra, pad_x * 0.3, pad_top * 0.15, max(4.0, pad_top * 0.5), width * 0.5)
        ink = np.maximum(ink, extra * rng.uniform(0.6, 1.0))
        relief = rng.random() < 0.5
        if relief:
            d = rng.choice([1, 1, 2])
            shade = np.roll(ink, (d, rng.choice([-d, d])), (0, 1)) - np.roll(ink, (-d, 0), (0, 1))
            face += shade * rng.uniform(-45, 45)
        face = face * (1 - ink) + letter * ink
        self._frame(rng, face, letter)
        self._bolts(rng, face)
        return Drawing(face, boxes, (0, 0, width, height), True, number.text, number.country, None, len(rows))

    @staticmethod
    def _rows(rng: random.Random, number: Number) -> list[list[str]]:
        groups = number.groups
        if len(groups) == 1:
            text = groups[0]
            cut = rng.randint(max(1, len(text) // 2 - 2), max(1, len(text) // 2 + 1))
            return [[text[:cut]], [text[cut:]]]
        at = rng.randint(1, len(groups) - 1) if rng.random() < 0.3 else (1 if len(groups) < 4 else 2)
        first, second = groups[:at], groups[at:]
        if number.country == "VN":
            digits = second[0]
            second = [digits[:3], digits[3:]] if len(digits) == 5 else [digits]
        return [first, second]

    @staticmethod
    def _tones(rng: random.Random, number: Number) -> tuple[float, float]:
        dark_ground = rng.random() < (0.6 if number.country == "CN" else 0.14)
        low, high = rng.uniform(5, 90), rng.uniform(140, 252)
        return (low, high) if dark_ground else (high, low)

    @staticmethod
    def _emblem(rng: random.Random, extra: np.ndarray, cx: float, cy: float, w: float, h: float) -> None:
        """A seal, coat of arms, inspection sticker or flag: a plain outline with marks in it, lettering of nothing."""
        x, y, a, b = int(cx), int(cy), max(2, int(w / 2)), max(2, int(h / 2))
        depth = rng.uniform(0.35, 1)
        outline = rng.random()
        if outline < 0.45:
            cv2.ellipse(extra, (x, y), (a, b), 0, 0, 360, depth, rng.choice([-1, -1, 1, 2]))
        elif outline < 0.8:
            shield = [(x - a, y - b), (x + a, y - b), (x + a, y + b // 4), (x, y + b), (x - a, y + b // 4)]
            cv2.fillPoly(extra, [np.array(shield, np.int32)], depth)
        elif outline < 0.9:
            cv2.rectangle(extra, (x - a, y - b), (x + a, y + b), depth, rng.choice([-1, 1]))
        for _ in range(rng.randint(1, 6)):
            px, py = int(x + rng.uniform(-0.7, 0.7) * a), int(y + rng.uniform(-0.7, 0.7) * b)
            tone, kind = rng.uniform(0, 1), rng.random()
            if kind < 0.4:
                size = (max(1, int(a * rng.uniform(0.1, 0.7))), max(1, int(b * rng.uniform(0.1, 0.7))))
                cv2.ellipse(extra, (px, py), size, rng.uniform(0, 180), 0, 360, tone, rng.choice([-1, 1]))
            elif kind < 0.8:
                end = (int(x + rng.uniform(-0.8, 0.8) * a), int(y + rng.uniform(-0.8, 0.8) * b))
                cv2.line(extra, (px, py), end, tone, rng.randint(1, 3))
            else:
                cv2.rectangle(extra, (px, py), (px + max(1, a // 2), py + max(1, b // 3)), tone, -1)

    def _arms(self, rng: random.Random, extra: np.ndarray, x: float, width: float, h: float, middle: float, country: str) -> None:
        """A coat of arms, a ring of stars or a state's sign, and mostly the country's letters under it."""
        size = width * rng.uniform(0.7, 1.0)
        lettered = rng.random() < 0.7
        cy = middle - h * (rng.uniform(0.1, 0.4) if lettered else rng.uniform(-0.2, 0.2))
        if rng.random() < 0.25:
            for i in range(12):
                at = (int(x + size / 2 + size * 0.4 * np.cos(i * np.pi / 6)), int(cy + size * 0.4 * np.sin(i * np.pi / 6)))
                cv2.circle(extra, at, max(1, int(size * 0.06)), 1.0, -1)
        else:
            self._emblem(rng, extra, x + size / 2, cy, size, size * rng.uniform(0.9, 1.7))
        if lettered:
            pen = Pen(rng.choice(self.plain), self.chinese[0], 1.0, 0, 0, 0.08)
            letter, text = h * rng.uniform(0.2, 0.42), rng.choice(["SK", "D", "CZ", "H", "PL", "MN", "MNG", "KZ", country or "EU"])
            while text and self.width(text, pen, letter) > width * 1.1:
                text = text[:-1]
            self.line(extra, text, pen, x + max(0.0, size - self.width(text, pen, letter)) / 2, middle + h * rng.uniform(0.1, 0.35), letter, None)

    @classmethod
    def _between(cls, rng: random.Random, extra: np.ndarray, x: float, y: float, h: float, gap: float, us: bool) -> None:
        """A hyphen, a dot, a seal or a small emblem in the space between two groups."""
        kind = rng.random()
        cx, cy = x - 0.1 * h + gap / 2, y + h / 2
        if us and gap > 0.4 * h and rng.random() < 0.5:  # a state's picture: as high as the letters, up against them
            w = gap * rng.uniform(0.8, 1.25)
            for _ in range(rng.randint(1, 3)):
                cls._emblem(rng, extra, cx + rng.gauss(0, 0.1) * w, cy + rng.gauss(0, 0.12) * h, w, h * rng.uniform(0.6, 1.25))
            return
        if kind < 0.2:
            w = min(gap * 0.35, h * 0.2)
            cv2.rectangle(extra, (int(cx - w), int(cy - h * 0.05)), (int(cx + w), int(cy + h * 0.06)), 1.0, -1)
        elif kind < 0.32:
            cv2.circle(extra, (int(cx), int(cy if rng.random() < 0.6 else y + h * 0.93)), max(1, int(h * rng.uniform(0.05, 0.1))), 1.0, -1)
        elif kind < 0.75 and gap > 0.25 * h:
            w = min(gap * rng.uniform(0.7, 1.0), h * rng.uniform(0.4, 0.8))
            if rng.random() < 0.3:  # two seals, one above the other
                cls._emblem(rng, extra, cx, y + h * 0.22, w, min(w, h * 0.45))
                cls._emblem(rng, extra, cx, y + h * 0.78, w, min(w, h * 0.45))
            else:
                cls._emblem(rng, extra, cx, y + h * rng.uniform(0.35, 0.65), w, min(h, w * rng.uniform(0.9, 1.5)))

    def _oval(self, rng: random.Random, extra: np.ndarray, cx: float, cy: float, size: float) -> None:
        """The country's letters in an oval, or an emblem, after the number."""
        if rng.random() < 0.4:
            self._emblem(rng, extra, cx, cy, size, size * rng.uniform(0.6, 1.2))
            return
        axes = (max(2, int(size / 2)), max(2, int(size * rng.uniform(0.28, 0.5))))
        cv2.ellipse(extra, (int(cx), int(cy)), axes, 0, 0, 360, rng.uniform(0.5, 1), 1)
        pen = Pen(rng.choice(self.plain), self.chinese[0], 1.0, 0, 0, 0.08)
        text, letter = rng.choice(["MNG", "UZ", "KZ", "D", "TJ", "SK"]), size * 0.28
        while text and self.width(text, pen, letter) > size * 0.9:
            text = text[:-1]
        self.line(extra, text, pen, cx - self.width(text, pen, letter) / 2, cy - letter / 2, letter, None)

    @staticmethod
    def _ground(rng: random.Random, face: np.ndarray, us: bool) -> None:
        """Gradients and faint pictures behind the lettering, as on American plates; retro-reflective grain elsewhere."""
        h, w = face.shape
        if us and rng.random() < 0.75:
            small = np.array([[rng.uniform(-1, 1) for _ in range(7)] for _ in range(4)], np.float32)
            face += cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC) * rng.uniform(10, 60)
            for _ in range(rng.randint(0, 3)):
                points = np.array([[rng.uniform(0, w), rng.uniform(0, h)] for _ in range(rng.randint(3, 6))], np.int32)
                layer = face.copy()
                cv2.fillPoly(layer, [points], rng.uniform(60, 250))
                face += (layer - face) * rng.uniform(0.1, 0.45)
        if rng.random() < 0.4:
            face += np.linspace(-1, 1, h, dtype=np.float32)[:, None] * rng.uniform(-40, 40)

    def _band(self, rng: random.Random, face: np.ndarray, extra: np.ndarray, band: float, right: bool, country: str) -> None:
        h, w = face.shape
        x = int(w - band) if right else 0
        tone = rng.uniform(20, 130) if rng.random() < 0.8 else rng.uniform(150, 230)
        if rng.random() < 0.75:
            face[:, x : x + int(band)] = tone
        else:
            cv2.line(extra, (x if right else int(band), 0), (x if right else int(band), h), 1.0, 1)
        if rng.random() < 0.4:
            badge = np.zeros_like(extra)
            self._emblem(rng, badge, x + band / 2, h * rng.uniform(0.25, 0.6), band * 0.8, min(h * 0.6, band * rng.uniform(0.6, 1.3)))
            face += (rng.uniform(0, 255) - face) * badge
        elif rng.random() < 0.6:
            cv2.circle(face, (int(x + band / 2), int(h * 0.3)), int(band * 0.25), rng.uniform(150, 255), rng.choice([1, 2, -1]))
        if rng.random() < 0.5:
            cv2.rectangle(face, (int(x + band * 0.2), int(h * 0.15)), (int(x + band * 0.8), int(h * 0.4)), rng.uniform(0, 255), -1)
        letters = np.zeros_like(extra)
        pen = Pen(rng.choice(self.plain), self.chinese[0], 1.0, 0, 0, 0.1)
        size = band * rng.uniform(0.3, 0.65)
        text = rng.choice(["D", "SK", "CZ", "H", "KZ", "UZ", "KG", "RUS", "TJ", "MGL", "TM", "PL", "F", "I", "HR", country or "EU"])
        while text and self.width(text, pen, size) > band:
            text = text[:-1]
        self.line(letters, text, pen, x + (band - self.width(text, pen, size)) / 2, h * rng.uniform(0.6, 0.72), size, None)
        face += (rng.choice([250.0, 30.0]) - face) * letters

    def _stickers(self, rng: random.Random, face: np.ndarray, pad_top: float, pad_bottom: float) -> None:
        """Month and year of an American plate, in its corners."""
        height, width = face.shape
        for right in (False, True):
            for bottom in (False, True):
                if rng.random() > (0.2 if bottom else 0.5):
                    continue
                room = (pad_bottom if bottom else pad_top) * rng.uniform(0.5, 0.95)
                w = room * rng.uniform(1.0, 1.9)
                x = width * 0.97 - w if right else width * 0.03
                y = height - room - 1 if bottom else 1.0
                tone = rng.uniform(0, 255)
                cv2.rectangle(face, (int(x), int(y)), (int(x + w), int(y + room)), tone, -1)
                ink = np.zeros_like(face)
                pen = Pen(rng.choice(self.plain), self.chinese[0], rng.uniform(0.7, 1.2), 0, 0, 0.1)
                size = room * rng.uniform(0.45, 0.8)
                text = rng.choice([f"{rng.randint(0, 99):02d}", f"{rng.randint(1, 12):02d}", rng.choice(["JAN", "MAR", "AUG", "OCT"])])
                while text and self.width(text, pen, size) > w:
                    text = text[:-1]
                self.line(ink, text, pen, x + (w - self.width(text, pen, size)) / 2, y + (room - size) / 2, size, None)
                face += ((tone + 128) % 256 - face) * ink

    @staticmethod
    def _frame(rng: random.Random, face: np.ndarray, letter: float) -> None:
        h, w = face.shape
        if rng.random() < 0.6:
            inset, thick = rng.choice([0, 1, 2, 3]), rng.choice([1, 1, 2, 3])
            tone = letter if rng.random() < 0.7 else rng.uniform(0, 255)
            cv2.rectangle(face, (inset, inset), (w - 1 - inset, h - 1 - inset), tone, thick)
        if rng.random() < 0.2:  # a second rim, or one side of it only
            side, tone, inset = rng.choice([0, w - 1]), rng.uniform(0, 255), rng.randint(2, 7)
            cv2.line(face, (abs(side - inset), 0), (abs(side - inset), h), tone, rng.randint(1, 3))
        if rng.random() < 0.25:  # a holder that hides the rim, often with a dealer's name under the plate
            edge = rng.randint(2, 5)
            tone = rng.uniform(0, 60)
            face[:edge], face[-edge:], face[:, :edge], face[:, -edge:] = tone, tone, tone, tone

    @staticmethod
    def _bolts(rng: random.Random, face: np.ndarray) -> None:
        h, w = face.shape
        if rng.random() < 0.45:
            y = rng.choice([0.08, 0.5, 0.92])
            for x in rng.choice([(0.2, 0.8), (0.3, 0.7), (0.04, 0.96), (0.5, 0.5)]):
                centre = (int(w * (x + rng.uniform(-0.03, 0.03))), int(h * y))
                cv2.circle(face, centre, max(1, int(HEIGHT * rng.uniform(0.05, 0.11))), rng.uniform(0, 255), -1)

    # -- container codes -----------------------------------------------------------------------------------------

    def code(self, rng: random.Random, layout: str, registered: float = 0.6) -> Drawing:
        """`layout`: one (one line), two (owner over serial, or in three lines), vertical. On clear ground: see alpha."""
        number, size_type = self.numbers.container(rng, registered)
        owner, serial, check = number[:4], number[4:10], number[10]
        h = float(HEIGHT)
        pen = self.pen(rng, number)
        pen.gap = rng.uniform(0.06, 0.35)
        pen.bar_one = rng.random() < 0.15
        if layout == "vertical":
            pen.pitch = 0
            rows = [[c] for c in number]
        elif layout == "two":
            rows = rng.choice([[[owner], [serial, check]], [[owner], [serial, check]], [[owner], [serial[:3]], [serial[3:], check]],
                               [[owner, serial[:3]], [serial[3:], check]]])  # fmt: skip
        else:
            rows = [[owner, serial, check]]
        step = h * (rng.uniform(1.12, 1.6) if layout == "vertical" else rng.uniform(1.2, 1.7))
        # Welders leave room for a lock rod or a corrugation's flank between owner, serial number and check digit.
        group = h * (rng.uniform(0.15, 0.9) if rng.random() < 0.75 or layout != "one" else rng.uniform(0.9, 2.2))
        margin = 1.2 * h
        extra_gap = h * rng.uniform(0, 0.9) if layout == "vertical" else 0.0
        w = round(max(sum(self.width(g, pen, h) for g in row) + group * (len(row) - 1) for row in rows) + 2 * margin)
        tail = 2.0 * h if layout != "vertical" else (rng.choice([0.0, 5.5]) * h)
        tall = round((len(rows) - 1) * step + h + 2 * margin + 2 * extra_gap + tail)
        ink = np.zeros((tall, w), np.float32)
        boxes: list[Box] = []
        y = margin
        left = rng.random() < 0.7
        for i, row in enumerate(rows):
            length = sum(self.width(g, pen, h) for g in row) + group * (len(row) - 1) - pen.gap * h
            x = margin if left and layout != "vertical" else (w - length) / 2
            for group_text in row:
                x = self.line(ink, group_text, pen, x, y, h, boxes) - pen.gap * h + group
            y += step
            if layout == "vertical" and i in (3, 9):
                y += extra_gap
        quad = (min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
        if rng.random() < 0.65:
            b, d = boxes[-1], h * rng.uniform(0.08, 0.2)
            corners = (int(b.x0 - d), int(b.y0 - d)), (int(b.x1 + d), int(b.y1 + d))
            cv2.rectangle(ink, corners[0], corners[1], rng.uniform(0.6, 1), rng.choice([1, 2, 2, 3]))
            quad = (quad[0], quad[1], max(quad[2], b.x1 + d), max(quad[3], b.y1 + d))
        if rng.random() < 0.75 and tail > 0:
            if layout == "vertical":
                yy = quad[3] + h * rng.uniform(0.3, 0.8)
                for c in size_type:
                    wide = self.width(c, pen, h) - pen.gap * h
                    self.line(ink, c, pen, (quad[0] + quad[2] - wide) / 2, yy, h, boxes)
                    yy += step
            else:
                self.line(ink, size_type, pen, margin + rng.choice([0, 0, h * rng.uniform(0, 2)]), quad[3] + h * rng.uniform(0.2, 0.7),
                          h * rng.choice([1, 1, 0.8]), boxes)  # fmt: skip
        if rng.random() < 0.15:  # stencil bridges
            for x in range(rng.randint(0, 8), w, rng.randint(9, 16)):
                ink[:, x : x + 1] *= 0.3
        if layout == "vertical":
            rows = rows[:1]
        return Drawing(np.zeros_like(ink), boxes, quad, False, number, "", ink, len(rows), layout == "vertical")
