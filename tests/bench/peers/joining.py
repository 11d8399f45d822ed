"""From a general reader's text boxes to numbers: normalising, joining boxes, choosing. Pure; standard library only.

A reader of documents gives boxes of text; a plate may be spread over several of them and stand among other writing.
What is done here is what a fair integrator of such a reader would do; nothing is repaired or made up.
"""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate
from typing import Callable

STROKES = {"Đ": "D", "Ø": "O", "Ł": "L"}
DIGITS = "0123456789"
SCRIPTS: dict[str, Callable[[str], bool]] = {
    "latin": str.isascii,
    "han": lambda c: "\u4e00" <= c <= "\u9fff",
    "cyrillic": lambda c: "\u0400" <= c <= "\u04ff",
}
CONTAINER = re.compile(r"[A-Z]{4}[0-9]{6,7}")
WHOLE_PLATE = 6  # a box that already reads like a plate of so many characters needs no neighbour
MOST = 5


@dataclass(frozen=True)
class Box:
    """Text at a place: pixels, confidence from 0 to 1."""

    text: str
    confidence: float
    x: float = 0
    y: float = 0
    w: float = 0
    h: float = 0


def normalise(text: str, script: str = "") -> str:
    """Upper case, letters and digits only, accents of Latin letters folded (Cyrillic Й stays what it is).

    script "latin", "han" or "cyrillic" drops letters that the set's plates cannot have; Latin ones always stay.
    """
    out = ""
    for char in unicodedata.normalize("NFKC", text).upper():
        base = unicodedata.normalize("NFD", char)[0]
        char = STROKES.get(char, base if base.isascii() else char)
        if char in DIGITS or (char.isalpha() and (char.isascii() or not script or SCRIPTS[script](char))):
            out += char
    return out


def comparable_part(text: str, label: str) -> str:
    """What a reader without the label's script could get: digits of Cyrillic, A-Z and 0-9 of Chinese plates."""
    if any(map(SCRIPTS["cyrillic"], label)):
        return "".join(c for c in text if c in DIGITS)
    if any(map(SCRIPTS["han"], label)):
        return "".join(c for c in text if c.isascii())
    return text


def check_digit_holds(number: str) -> bool:
    """ISO 6346: letters from A = 10 without the multiples of 11, weights 2^0 to 2^9, mod 11, 10 counts as 0."""
    if not re.fullmatch(r"[A-Z]{4}[0-9]{7}", number):
        return False
    values: dict[str, int] = {str(d): d for d in range(10)}
    values.update(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (v for v in range(10, 39) if v % 11)))
    return sum(values[c] << i for i, c in enumerate(number[:10])) % 11 % 10 == int(number[10])


def join(parts: list[Box]) -> Box:
    """One box around all, texts in the given order; as sure as the least sure part."""
    x = min(p.x for p in parts)
    y = min(p.y for p in parts)
    return Box("".join(p.text for p in parts), min(p.confidence for p in parts), x, y,
               max(p.x + p.w for p in parts) - x, max(p.y + p.h for p in parts) - y)


def overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """The common part of two intervals, in the shorter one's lengths."""
    return (min(a1, b1) - max(a0, b0)) / max(1e-9, min(a1 - a0, b1 - b0))


def beside(a: Box, b: Box) -> bool:
    """b goes on where a ends, on the same line."""
    return (overlap(a.y, a.y + a.h, b.y, b.y + b.h) > 0.5 and b.x > a.x
            and b.x - (a.x + a.w) < 1.5 * max(a.h, b.h))


def below(a: Box, b: Box) -> bool:
    """b is the next line under a."""
    return overlap(a.x, a.x + a.w, b.x, b.x + b.w) > 0.5 and b.y > a.y and b.y - (a.y + a.h) < max(a.h, b.h)


def chains(boxes: list[Box], follows: Callable[[Box, Box], bool]) -> list[list[Box]]:
    """Boxes in their order, each put behind the first chain whose last box it follows."""
    out: list[list[Box]] = []
    for box in boxes:
        for chain in out:
            if follows(chain[-1], box):
                chain.append(box)
                break
        else:
            out.append([box])
    return out


def rows(boxes: list[Box]) -> list[list[Box]]:
    return chains(sorted(boxes, key=lambda b: b.x), beside)


def stacks(boxes: list[Box]) -> list[list[Box]]:
    return chains(sorted(boxes, key=lambda b: b.y), below)


def runs(chain: list[Box], longest: int) -> list[list[Box]]:
    """All stretches of two or more neighbours."""
    return [chain[i:j] for i in range(len(chain)) for j in range(i + 2, min(len(chain), i + longest) + 1)]


def groups(boxes: list[Box], longest: int) -> list[list[Box]]:
    """Every box alone, neighbours on a line, lines under each other, and single boxes in a column."""
    out = [[b] for b in boxes]
    lines = rows(boxes)
    for line in lines:
        out += runs(line, longest)
    parts_of = {join(line): line for line in lines}
    for stack in stacks(list(parts_of)):
        out += [[part for line in run for part in parts_of[line]] for run in runs(stack, longest)]
    for stack in stacks(boxes):
        out += runs(stack, longest)
    return out


def cleaned(boxes: list[Box], script: str) -> list[Box]:
    clean = [Box(normalise(b.text, script), b.confidence, b.x, b.y, b.w, b.h) for b in boxes]
    return [b for b in clean if b.text]


def best_five(candidates: list[Box]) -> list[Box]:
    out: dict[str, Box] = {}
    for candidate in candidates:
        out.setdefault(candidate.text, candidate)
    return list(out.values())[:MOST]


def plate_class(text: str) -> int:
    """0: letters and digits, of a plate's length; 1: digits alone; 2: anything else."""
    if not 4 <= len(text) <= 9 or not any(c.isdigit() for c in text):
        return 2
    return 0 if any(c.isalpha() for c in text) else 1


def plates_of_frame(boxes: list[Box], script: str = "") -> list[Box]:
    """What reads like a plate, best first; joined neighbours before their parts unless a part is a plate by itself."""
    found = groups(cleaned(boxes, script), longest=3)
    joined_parts: set[Box] = set()
    ranked: list[tuple[int, int, float, Box]] = []
    for group in sorted(found, key=len, reverse=True):
        whole = join(group)
        kind = plate_class(whole.text)
        if kind == 2:
            continue
        needless = len(group) > 1 and (
            kind != 0 or any(plate_class(p.text) == 0 and len(p.text) >= WHOLE_PLATE for p in group))
        if len(group) > 1 and not needless:
            joined_parts.update(group)
        later = needless or (len(group) == 1 and group[0] in joined_parts)
        ranked.append((kind, int(later), -whole.confidence, whole))
    return best_five([r[3] for r in sorted(ranked, key=lambda r: r[:3])])


def plates_of_crop(boxes: list[Box], script: str = "") -> list[Box]:
    """The picture is one plate: its tall writing line by line first, then as in a frame, then each box."""
    clean = cleaned(boxes, script)
    if not clean:
        return []
    tallest = max(b.h for b in clean)
    lines = [join(line) for line in rows([b for b in clean if b.h >= 0.6 * tallest])]
    whole = join(sorted(lines, key=lambda b: b.y))
    return best_five([whole] + plates_of_frame(boxes, script) + sorted(clean, key=lambda b: -b.h))


def containers(boxes: list[Box], script: str = "latin") -> list[Box]:
    """Four letters and 6 or 7 digits, also over several boxes: those whose check digit holds first, whole ones next."""
    found: list[Box] = []
    for group in groups(cleaned(boxes, script), longest=11):
        whole = join(group)
        ends = set(accumulate(len(part.text) for part in group))
        for match in CONTAINER.finditer(whole.text):
            if match.end() - 1 in ends and match.end() not in ends:
                continue  # the first digit of the size code below would be taken for the check digit
            found.append(Box(match.group(), whole.confidence, whole.x, whole.y, whole.w, whole.h))
    found.sort(key=lambda b: (not check_digit_holds(b.text), len(b.text) != 11, -b.confidence))
    return best_five(found)
