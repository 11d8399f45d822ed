"""Texts for training come from the product's own tables, and their check digits are right. Standard library only."""

import random
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "ocr/training"))

from alphabet import CHINESE, CLASSES, INDEX  # noqa: E402
from texts import Numbers, check_digit  # noqa: E402


class TextsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.numbers = Numbers()
        self.rng = random.Random(5)

    def test_check_digits_of_containers_in_the_standard_and_on_the_road(self) -> None:
        # CSQU3054383 is the example of ISO 6346; the last one has remainder ten.
        for number in ("CSQU3054383", "MSKU4135329", "CMAU0051548", "TRLU6689574", "EITU1786393"):
            self.assertEqual(check_digit(number[:10]), int(number[10]), number)

    def test_every_character_that_is_drawn_has_a_class(self) -> None:
        for _ in range(3000):
            for char in self.numbers.plate(self.rng).text:
                self.assertIn(char, INDEX)
            number, size = self.numbers.container(self.rng)
            self.assertRegex(number, r"^[A-Z]{3}[UJZ]\d{7}$")
            self.assertEqual(len(size), 4)

    def test_every_grammar_of_the_table_is_drawn(self) -> None:
        seen = {self.numbers.plate(self.rng).country for _ in range(20000)}
        self.assertLessEqual({country for country, _ in self.numbers.rules}, seen)
        self.assertLessEqual({"US", ""}, seen)

    def test_classes_are_single_and_the_shipped_list_is_theirs(self) -> None:
        self.assertEqual(len(CLASSES), len(set(CLASSES)))
        self.assertEqual(len(CHINESE), len(set(CHINESE)))
        shipped = ROOT / "assets/models/spell.txt"
        if not shipped.exists():
            self.skipTest("assets/models/spell.txt is not there; ocr/training/train spell writes it")
        self.assertEqual(shipped.read_text(encoding="utf-8").split(), list(CLASSES))

    def test_mongolian_plates_are_cyrillic(self) -> None:
        for _ in range(2000):
            number = self.numbers.plate(self.rng)
            if number.country == "MN":
                self.assertTrue(re.fullmatch(r"\d{4}[А-ЯӨҮ]{3}", number.text), number.text)

    def test_every_province_is_drawn_in_every_place(self) -> None:
        met: list[set[str]] = [set() for _ in range(7)]
        for _ in range(5000):
            text = self.numbers.chinese(self.rng).text
            self.assertEqual(len(text), 7)
            for place, char in enumerate(text):
                met[place].add(char)
        for place in met:
            self.assertLessEqual(set(CHINESE[:31]), place)


if __name__ == "__main__":
    unittest.main()
