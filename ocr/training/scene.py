"""What is around a number and what befalls its picture: walls, light, dirt, weather, lens, noise, compression."""

from __future__ import annotations

import math
import random
from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(1)

PHOTOGRAPHS = (".jpg", ".jpeg", ".png", ".webp")


def load_photographs(folder: Path, most: int = 160) -> list[np.ndarray]:
    """Grey photographs of Debian's wallpaper packages, reduced; the ground before which numbers stand."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in PHOTOGRAPHS)[:most]:
        picture = cv2.imread(str(path), cv2.IMREAD_REDUCED_GRAYSCALE_2)
        if picture is None or min(picture.shape) < 200:
            continue
        by = 900 / max(picture.shape)
        found.append(cv2.resize(picture, None, fx=by, fy=by, interpolation=cv2.INTER_AREA))
    if len(found) < 10:
        raise RuntimeError(f"{folder}: fewer than ten photographs; run ocr/training/prepare")
    return found


def patch(rng: random.Random, photographs: list[np.ndarray], height: int, width: int) -> np.ndarray:
    """A random part of a random photograph at a random scale."""
    source = rng.choice(photographs)
    by = rng.uniform(0.15, 1.0)
    h = max(4, min(source.shape[0], int(height * by)))
    w = max(4, min(source.shape[1], int(width * by)))
    y, x = rng.randint(0, source.shape[0] - h), rng.randint(0, source.shape[1] - w)
    part = source[y : y + h, x : x + w]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    out = cv2.resize(np.ascontiguousarray(part), (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return out


def smooth_noise(rng: random.Random, height: int, width: int, cells: int) -> np.ndarray:
    """Slow variation in -1..1."""
    grid = np.random.default_rng(rng.getrandbits(32)).uniform(-1, 1, (max(2, cells * height // width), cells))
    return cv2.resize(grid.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)


def steel_wall(rng: random.Random, height: int, width: int, letter: float) -> np.ndarray:
    """A container's side or door: painted corrugated steel, `letter` pixels high lettering will stand on it."""
    tone = rng.uniform(15, 235)
    wall = np.full((height, width), tone, np.float32)
    kind = rng.random()
    if kind < 0.7:
        period = letter * rng.uniform(0.8, 5)
        across = np.arange(width, dtype=np.float32) + rng.uniform(0, period)
        phase = (across % period) / period
        flank = rng.uniform(0.08, 0.25)
        profile = np.clip(np.minimum(phase, 0.5 - phase + flank) / flank, 0, 1) * (phase < 0.5 + flank)
        slope = np.gradient(profile)
        contrast = rng.uniform(5, 60) * (0.4 + tone / 255)
        shade = profile * rng.uniform(-0.4, 0.4) + np.sign(slope) * (np.abs(slope) > 1e-3) * rng.choice([-1, 1])
        wall += (shade * contrast)[None, :]
        wall = cv2.GaussianBlur(wall, (0, 0), max(0.5, letter * 0.02))
    wall += smooth_noise(rng, height, width, 6) * rng.uniform(2, 18)
    return wall


def dirt(rng: random.Random, image: np.ndarray, strength: float) -> None:
    """Mud, rust streaks, scratches, stickers; in place."""
    h, w = image.shape
    if rng.random() < 0.6:
        veil = np.clip(smooth_noise(rng, h, w, rng.randint(4, 14)) - rng.uniform(0, 0.6), 0, 1)
        image += (rng.uniform(30, 170) - image) * np.minimum(veil * strength * 1.6, 0.8)
    for _ in range(rng.randint(0, 3)):
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        end = (int(x + rng.gauss(0, w * 0.1)), int(y + rng.gauss(0, h * 0.4)))
        cv2.line(image, (int(x), int(y)), end, rng.uniform(20, 230), 1, cv2.LINE_AA)


def light(rng: random.Random, image: np.ndarray) -> np.ndarray:
    """Gradients, a hard shadow's edge, glare; contrast and exposure, down to night."""
    h, w = image.shape
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * math.pi)
        ramp = np.linspace(-1, 1, w, dtype=np.float32)[None, :] * math.cos(angle) + np.linspace(-1, 1, h, dtype=np.float32)[
            :, None
        ] * math.sin(angle)
        image = image * (1 + ramp * rng.uniform(0, 0.45))
    if rng.random() < 0.25:
        points = [(rng.uniform(-w, 2 * w), rng.uniform(-h, 2 * h)) for _ in range(3)]
        mask = np.zeros((h, w), np.float32)
        cv2.fillPoly(mask, [np.array(points, np.int32)], 1.0)
        soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.6, 3))
        image = image * (1 - soft * rng.uniform(0.2, 0.65))
    if rng.random() < 0.08:
        centre = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
        spot = np.zeros((h, w), np.float32)
        cv2.circle(spot, centre, int(h * rng.uniform(0.1, 0.5)), 1.0, -1)
        image = image + cv2.GaussianBlur(spot, (0, 0), h * rng.uniform(0.08, 0.3)) * rng.uniform(60, 220)
    mean = float(image.mean())
    contrast = rng.uniform(0.25, 1.15) if rng.random() < 0.6 else 1.0
    exposure = rng.uniform(-60, 50) if rng.random() < 0.6 else 0.0
    return (image - mean) * contrast + mean + exposure


WEATHER = ("day", "night", "rain", "dirt")


def weather(rng: random.Random, image: np.ndarray, kind: str) -> np.ndarray:
    """A lane's camera by day, by night under its own lamp, in rain, and a vehicle that comes from a muddy road."""
    h, w = image.shape
    mean = float(image.mean())
    if kind == "night":
        for _ in range(rng.choice([0, 1, 2])):  # headlamps
            spot = np.zeros((h, w), np.float32)
            cv2.circle(spot, (int(rng.uniform(0, w)), int(rng.uniform(0.3, 1) * h)), int(h * rng.uniform(0.02, 0.06)), 1.0, -1)
            image = image + cv2.GaussianBlur(spot, (0, 0), h * rng.uniform(0.02, 0.08)) * rng.uniform(80, 300)
        noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(image.shape, dtype=np.float32)
        return image * rng.uniform(0.5, 1.0) + noise * rng.uniform(2, 9)
    if kind == "rain":
        image = (image - mean) * rng.uniform(0.5, 0.9) + mean + rng.uniform(-20, 30)
        slant, long = rng.gauss(0, 0.15), h * rng.uniform(0.01, 0.04)
        streaks = np.zeros((h, w), np.float32)
        for _ in range(rng.randint(80, 500)):
            x, y = rng.uniform(0, w), rng.uniform(0, h)
            cv2.line(streaks, (int(x), int(y)), (int(x + slant * long), int(y + long)), rng.uniform(0.1, 0.6), 1, cv2.LINE_AA)
        image = image + (rng.uniform(150, 220) - image) * streaks * rng.uniform(0.3, 0.8)
        soft = cv2.GaussianBlur(image, (0, 0), h * rng.uniform(0.003, 0.008))
        drops = np.zeros((h, w), np.float32)
        for _ in range(rng.randint(0, 12)):  # on the camera's window
            cv2.circle(drops, (int(rng.uniform(0, w)), int(rng.uniform(0, h))), int(h * rng.uniform(0.005, 0.03)), 1.0, -1)
        return image + (soft - image) * drops
    if kind == "dirt":
        dirt(rng, image, rng.uniform(0.2, 0.7))
    if rng.random() < 0.3:
        ramp = np.linspace(-1, 1, w, dtype=np.float32)[None, :] * rng.uniform(-0.35, 0.35)
        image = image * (1 + ramp)
    return (image - mean) * rng.uniform(0.7, 1.1) + mean + rng.uniform(-30, 30)


def lens(rng: random.Random, image: np.ndarray, letter: float) -> np.ndarray:
    """Defocus and motion, in proportion to the lettering's height in pixels; sensor noise; JPEG. Gives uint8."""
    if rng.random() < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), max(0.3, letter * rng.uniform(0.01, 0.07)))
    if rng.random() < 0.2:
        length = max(2, int(letter * rng.uniform(0.08, 0.28)))
        kernel = np.zeros((length, length), np.float32)
        angle = rng.choice([0.0, 0.0, rng.uniform(0, math.pi)])
        c = (length - 1) / 2
        a = (int(round(c - math.cos(angle) * c)), int(round(c - math.sin(angle) * c)))
        b = (int(round(c + math.cos(angle) * c)), int(round(c + math.sin(angle) * c)))
        cv2.line(kernel, a, b, 1.0, 1)
        image = cv2.filter2D(image, -1, kernel / max(1.0, float(kernel.sum())), borderType=cv2.BORDER_REPLICATE)
    sigma = rng.choice([0.0, rng.uniform(0, 5), rng.uniform(0, 16)])
    if sigma > 0.5:
        noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(image.shape, dtype=np.float32)
        image = image + noise * sigma
    out = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.15:  # sharpened in the camera
        soft = cv2.GaussianBlur(out, (0, 0), 1.0)
        out = cv2.addWeighted(out, 1.8, soft, -0.8, 0)
    if rng.random() < 0.5:
        ok, packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(15, 90)])
        if ok:
            out = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return out
