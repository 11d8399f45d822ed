"""Texts to draw: plates by the product's own table of grammars, US and free strings, container numbers.

Half of the plates are free strings, so that the net reads shapes and does not learn grammars by heart.
"""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

from alphabet import CHINESE, DIGITS, LATIN

ROOT = Path(__file__).resolve().parents[2]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RUSSIAN = "ABEKMHOPCTYX"
MONGOLIAN = "АБВГДЕЖЗИКЛМНОӨПРСТУҮФХЦЧШЭЮЯ"
SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
PROVINCES = CHINESE[:31]
ONE_OF = {"9": DIGITS, "A": LETTERS, "@": RUSSIAN, "Я": MONGOLIAN, "W": SERIAL, "省": PROVINCES}
# A crossing in Central Asia; repeated: come more often.
AT_THE_LANE = "KZ KZ KZ KG KG UZ UZ TJ TM MN RU RU CN CN BY TR AZ GE".split()
US_PATTERNS = [
    "AAA 999", "AAA 9999", "999 AAA", "999 AA9", "9AAA 999", "AA 99999", "A99 AAA", "AAA 99A", "AA9 999", "99 A999",
    "9 AA999", "999999", "A 99999", "AAA99A", "9A9999", "99AA99", "AA 9999", "9999 AA", "999 999", "A999 999",
]  # fmt: skip


@dataclass
class Number:
    groups: list[str]  # as spaced on the plate
    country: str  # ISO 3166; "" free, "US"

    @property
    def text(self) -> str:
        return "".join(self.groups)


def _rules() -> list[tuple[str, str]]:
    source = (ROOT / "ocr/numbers/plate_rules.cpp").read_text(encoding="utf-8")
    rows = re.findall(r'\{"([A-Z]{2})", "[^"]*", "([^"]+)", (?:true|false)\}', source)
    if len(rows) < 30:
        raise RuntimeError("ocr/numbers/plate_rules.cpp: no rows of the expected form {country, kind, pattern, loose}")
    return rows


def _fill(pattern: str, rng: random.Random) -> list[str]:
    out = ""
    i = 0
    while i < len(pattern):
        c = pattern[i]
        if c == "{":
            end = pattern.index("}", i)
            out += rng.choice(pattern[i + 1 : end].split("|"))
            i = end
        elif c in ONE_OF:
            out += rng.choice(ONE_OF[c])
        else:
            out += c
        i += 1
    return out.split(" ")


class Numbers:
    def __init__(self) -> None:
        self.rules = _rules()
        with (ROOT / "assets/reference/owner_codes.csv").open(encoding="utf-8") as file:
            rows = csv.reader(line for line in file if not line.startswith("#"))
            self.owners = [row[0] for row in rows if row and re.fullmatch("[A-Z]{3}", row[0])]
        self.of_country: dict[str, list[str]] = {}
        for country, pattern in self.rules:
            self.of_country.setdefault(country, []).append(pattern)

    def plate(self, rng: random.Random) -> Number:
        kind = rng.random()
        if kind < 0.13:
            return self.of(rng, "MN")
        if kind < 0.33:
            return self.of(rng, "CN")
        if kind < 0.45:
            return self.chinese(rng)
        if kind < 0.58:
            return Number(_fill(rng.choice(US_PATTERNS), rng), "US")
        if kind < 0.78:
            country = rng.choice(list(self.of_country))
            return Number(_fill(rng.choice(self.of_country[country]), rng), country)
        text = "".join(rng.choice(DIGITS if rng.random() < 0.5 else LATIN[10:]) for _ in range(rng.randint(4, 8)))
        cut = sorted(rng.sample(range(1, len(text)), k=min(rng.randint(0, 2), len(text) - 1)))
        return Number([text[a:b] for a, b in zip([0, *cut], [*cut, len(text)])], "")

    def of(self, rng: random.Random, country: str) -> Number:
        return Number(_fill(rng.choice(self.of_country[country]), rng), country)

    def registered(self, rng: random.Random) -> Number:
        """A number that an office could have given out, of the countries whose vehicles come to the lane."""
        country = rng.choice(AT_THE_LANE) if rng.random() < 0.9 else rng.choice(list(self.of_country))
        patterns = self.of_country[country]
        if country == "KG":  # rows without the mark are for readers that missed it
            patterns = [p for p in patterns if "} 9" not in p]
        return Number(_fill(rng.choice(patterns), rng), country)

    @staticmethod
    def chinese(rng: random.Random) -> Number:
        """Provinces at every place: one plate that is drawn teaches several of them."""
        text = "".join(rng.choice(PROVINCES if rng.random() < 0.7 else CHINESE if rng.random() < 0.5 else SERIAL) for _ in range(7))
        return Number([text[:2], text[2:]], "CN")

    def container(self, rng: random.Random, registered: float = 0.6) -> tuple[str, str]:
        """(eleven characters, size and type code). A share of owners of the register, else free letters."""
        owner = rng.choice(self.owners) if rng.random() < registered else "".join(rng.choice(LETTERS) for _ in range(3))
        ten = owner + rng.choices("UJZ", (20, 1, 1))[0] + "".join(rng.choice(DIGITS) for _ in range(6))
        size = rng.choice("1234LM") + rng.choice("0245CELMNP") + rng.choice("GRUPTKVHBS") + rng.choice("0123456")
        return ten + str(check_digit(ten)), size


def check_digit(ten: str) -> int:
    """ISO 6346: values skip multiples of eleven, weights are powers of two."""
    total = 0
    for place, char in enumerate(ten):
        letter = ord(char) - ord("A")
        total += (int(char) if char.isdigit() else letter + 10 + (letter + 9) // 10) << place
    return total % 11 % 10
