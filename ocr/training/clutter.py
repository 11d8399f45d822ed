"""Things that a locator takes for plates and codes, drawn without any lettering: vehicles' ends, hazard stripes."""

from __future__ import annotations

import math
import random

import cv2
import numpy as np


def hazard_stripes(rng: random.Random, image: np.ndarray) -> None:
    """Slanted bands of two tones along an edge, as on containers higher than usual."""
    h, w = image.shape
    high, wide = h * rng.uniform(0.02, 0.08), w * rng.uniform(0.05, 0.4)
    x, y, pitch = rng.uniform(0, w), rng.uniform(0, h), max(2.0, high * rng.uniform(0.6, 1.5))
    a, b = rng.uniform(0, 255), rng.uniform(0, 255)
    cv2.rectangle(image, (int(x), int(y)), (int(x + wide), int(y + high)), a, -1)
    for i in range(int(wide / pitch / 2)):
        left = x + 2 * i * pitch
        stripe = np.array([(left, y + high), (left + pitch, y + high), (left + pitch + high, y), (left + high, y)], np.int32)
        cv2.fillPoly(image, [stripe], b)


def wheel(rng: random.Random, image: np.ndarray, x: float, y: float, radius: float) -> None:
    centre, flat = (int(x), int(y)), rng.uniform(0.35, 1.0)
    cv2.ellipse(image, centre, (max(2, int(radius * flat)), max(2, int(radius))), 0, 0, 360, rng.uniform(5, 60), -1)
    rim = (max(1, int(radius * 0.65 * flat)), max(1, int(radius * 0.65)))
    cv2.ellipse(image, centre, rim, 0, 0, 360, rng.uniform(60, 220), rng.choice([-1, 2]))
    spokes, turn, dark = rng.choice([0, 5, 5, 6, 7, 10]), rng.uniform(0, math.pi), rng.uniform(5, 120)
    for i in range(spokes):
        angle = turn + 2 * math.pi * i / spokes
        end = (int(x + rim[0] * math.cos(angle)), int(y + rim[1] * math.sin(angle)))
        cv2.line(image, centre, end, dark, max(1, int(radius * rng.uniform(0.05, 0.16))), cv2.LINE_AA)


def lamp(rng: random.Random, image: np.ndarray, x: float, y: float, across: float, down: float) -> None:
    """A cluster: a bright or dark case with round reflectors, ribs and a shine."""
    a, b = (int(x), int(y)), (int(x + across), int(y + down))
    ground = rng.uniform(30, 230)
    if rng.random() < 0.6:
        cv2.rectangle(image, a, b, ground, -1)
    else:
        cv2.ellipse(image, (int(x + across / 2), int(y + down / 2)), (max(1, int(across / 2)), max(1, int(down / 2))),
                    rng.uniform(-20, 20), 0, 360, ground, -1)  # fmt: skip
    for _ in range(rng.randint(0, 3)):
        centre = (int(x + across * rng.uniform(0.15, 0.85)), int(y + down * rng.uniform(0.25, 0.75)))
        cv2.circle(image, centre, max(1, int(down * rng.uniform(0.15, 0.4))), rng.uniform(20, 255), rng.choice([-1, 1, 2]))
    if rng.random() < 0.6:
        ribs = rng.randint(3, 9)
        tone = rng.uniform(0, 255)
        for i in range(ribs):
            at = int(x + across * (i + 0.5) / ribs)
            cv2.line(image, (at, int(y + down * 0.1)), (at, int(y + down * 0.9)), tone, 1)


def vehicle(rng: random.Random, image: np.ndarray) -> None:
    """A front or a rear: body, windscreen with what mirrors in it, lamps, grille, bumper, wheels. No plate."""
    h, w = image.shape
    width = w * rng.uniform(0.3, 1.1)
    high = width * rng.uniform(0.55, 1.0)
    x, y = rng.uniform(-0.1, 1.1) * w - width / 2, h * rng.uniform(0.5, 1.1) - high
    body, trim = rng.uniform(10, 245), rng.uniform(0, 90)
    taper = width * rng.uniform(0.05, 0.2)
    outline = [(x + taper, y), (x + width - taper, y), (x + width, y + high * 0.45), (x + width, y + high), (x, y + high), (x, y + high * 0.45)]
    layer = image.copy()
    cv2.fillPoly(layer, [np.array(outline, np.int32)], body)
    layer += (cv2.GaussianBlur(layer, (0, 0), max(1.0, width * 0.02)) - layer) * 0.7
    image[:] = layer
    glass = [(x + taper * 1.4, y + high * 0.06), (x + width - taper * 1.4, y + high * 0.06),
             (x + width * 0.93, y + high * 0.4), (x + width * 0.07, y + high * 0.4)]  # fmt: skip
    cv2.fillPoly(image, [np.array(glass, np.int32)], rng.uniform(5, 120))
    for _ in range(rng.randint(0, 5)):
        a = (int(x + width * rng.uniform(0.1, 0.9)), int(y + high * rng.uniform(0.08, 0.38)))
        b = (int(a[0] + rng.gauss(0, width * 0.1)), int(a[1] + rng.gauss(0, high * 0.06)))
        cv2.line(image, a, b, rng.uniform(0, 255), rng.randint(1, max(1, int(width * 0.02))), cv2.LINE_AA)
    across, down = width * rng.uniform(0.1, 0.26), high * rng.uniform(0.07, 0.2)
    at = y + high * rng.uniform(0.42, 0.6)
    state = rng.getstate()
    lamp(rng, image, x + width * 0.03, at, across, down)
    rng.setstate(state)  # the other side has the same
    lamp(rng, image, x + width * 0.97 - across, at, across, down)
    if rng.random() < 0.6:
        bars, left, right = rng.randint(2, 9), x + width * rng.uniform(0.25, 0.4), x + width * rng.uniform(0.6, 0.75)
        tone, top, bottom = rng.uniform(0, 255), at, at + high * rng.uniform(0.06, 0.2)
        cv2.rectangle(image, (int(left), int(top)), (int(right), int(bottom)), trim, -1)
        for i in range(bars):
            if rng.random() < 0.85:
                level = int(top + (bottom - top) * (i + 0.5) / bars)
                cv2.line(image, (int(left), level), (int(right), level), tone, 1)
    if rng.random() < 0.5:
        cv2.ellipse(image, (int(x + width / 2), int(at + high * rng.uniform(-0.03, 0.08))),
                    (max(1, int(width * rng.uniform(0.02, 0.045))), max(1, int(width * rng.uniform(0.015, 0.04)))),
                    0, 0, 360, rng.uniform(0, 255), rng.choice([-1, 1, 2]))  # fmt: skip
    bumper = y + high * rng.uniform(0.68, 0.85)
    cv2.rectangle(image, (int(x), int(bumper)), (int(x + width), int(bumper + high * rng.uniform(0.02, 0.12))), trim, -1)
    for side in (0.1, 0.9):
        if rng.random() < 0.5:
            wheel(rng, image, x + width * side, y + high, width * rng.uniform(0.06, 0.12))
        if rng.random() < 0.4:  # fog lamps, reflectors
            lamp(rng, image, x + width * (side - 0.04), bumper + high * 0.03, width * 0.08, high * rng.uniform(0.03, 0.08))
    if rng.random() < 0.3:
        wheel(rng, image, rng.uniform(0, w), rng.uniform(0.3, 1) * h, h * rng.uniform(0.04, 0.25))
