"""Pure functions of the peer comparison: python3 -m unittest in this folder; standard library only."""
from __future__ import annotations

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import measure  # noqa: E402
from joining import (Box, check_digit_holds, comparable_part, containers, normalise,  # noqa: E402
                     plates_of_crop, plates_of_frame)


def texts(boxes: list[Box]) -> list[str]:
    return [b.text for b in boxes]


class Normalising(unittest.TestCase):
    def test_separators_case_and_accents(self) -> None:
        self.assertEqual(normalise("zg·101-ab "), "ZG101AB")
        self.assertEqual(normalise("Š 12 Đ"), "S12D")
        self.assertEqual(normalise("ＡＢ１２"), "AB12")

    def test_cyrillic_keeps_its_letters(self) -> None:
        self.assertEqual(normalise("7001 унй"), "7001УНЙ")
        self.assertEqual(normalise("7002 УБҮ", "cyrillic"), "7002УБҮ")

    def test_letters_that_the_plates_cannot_have_are_dropped(self) -> None:
        self.assertEqual(normalise("鄂HJK404", "latin"), "HJK404")
        self.assertEqual(normalise("皖A·12345", "han"), "皖A12345")

    def test_part_without_the_foreign_script(self) -> None:
        self.assertEqual(comparable_part("7001YHL", "7001УНЛ"), "7001")
        self.assertEqual(comparable_part("湘A12345", "皖A12345"), "A12345")
        self.assertEqual(comparable_part("BA123CD", "BA123CD"), "BA123CD")


class Plates(unittest.TestCase):
    def test_two_lines_are_joined_from_top_to_bottom(self) -> None:
        boxes = [Box("700.07", 0.9, 10, 60, 110, 40), Box("29B", 0.95, 30, 10, 70, 40)]
        self.assertEqual(texts(plates_of_crop(boxes))[0], "29B70007")
        self.assertEqual(texts(plates_of_frame(boxes))[0], "29B70007")

    def test_parts_of_one_line_are_joined_from_left_to_right(self) -> None:
        boxes = [Box("123CD", 0.99, 60, 0, 80, 30), Box("BA", 0.9, 10, 2, 40, 30)]
        self.assertEqual(texts(plates_of_frame(boxes))[0], "BA123CD")

    def test_the_country_letter_beside_a_whole_plate_stays_out(self) -> None:
        boxes = [Box("SK", 0.99, 0, 0, 20, 30), Box("BA123CD", 0.9, 25, 0, 120, 30)]
        self.assertEqual(texts(plates_of_frame(boxes))[0], "BA123CD")

    def test_small_writing_of_a_crop_stays_out(self) -> None:
        boxes = [Box("ALASKA", 0.99, 60, 0, 100, 20), Box("HJK 404", 0.9, 10, 30, 200, 80)]
        self.assertEqual(texts(plates_of_crop(boxes))[0], "HJK404")

    def test_a_frame_gives_only_what_reads_like_a_plate(self) -> None:
        boxes = [Box("AUTOSALON", 1.0, 0, 200, 90, 20), Box("0905123456", 1.0, 400, 0, 90, 20),
                 Box("1234", 0.99, 400, 300, 50, 20), Box("KR70707", 0.7, 200, 400, 80, 20)]
        self.assertEqual(texts(plates_of_frame(boxes)), ["KR70707", "1234"])

    def test_nothing_comes_of_nothing(self) -> None:
        self.assertEqual(plates_of_frame([]), [])
        self.assertEqual(plates_of_crop([Box("--", 0.9, 0, 0, 5, 5)]), [])


class Containers(unittest.TestCase):
    def test_check_digit(self) -> None:
        self.assertTrue(check_digit_holds("CSQU3054383"))
        self.assertTrue(check_digit_holds("MSKU1234565"))
        self.assertTrue(check_digit_holds("TORU1230059"))
        self.assertTrue(check_digit_holds("TORU1230070"))  # remainder 10 counts as 0
        self.assertFalse(check_digit_holds("CSQU3054384"))
        self.assertFalse(check_digit_holds("CSQU305438"))

    def test_over_boxes_of_a_line_and_of_two_lines(self) -> None:
        line = [Box("CSQU", 0.9, 0, 0, 80, 20), Box("305438", 0.9, 90, 0, 110, 20), Box("3", 0.8, 220, 1, 15, 20)]
        self.assertEqual(texts(containers(line))[0], "CSQU3054383")
        lines = [Box("CSQU", 0.9, 0, 0, 80, 20), Box("305438 3", 0.9, 0, 30, 140, 20), Box("22G1", 0.9, 0, 60, 80, 20)]
        self.assertEqual(texts(containers(lines))[0], "CSQU3054383")

    def test_single_characters_of_a_column(self) -> None:
        column = [Box(c, 0.9, 5, 30 * i, 18, 24) for i, c in enumerate("MSKU1234565")]
        self.assertEqual(texts(containers(column))[0], "MSKU1234565")

    def test_a_number_without_its_check_digit_is_not_completed(self) -> None:
        self.assertEqual(texts(containers([Box("CSQU 305438", 0.9, 0, 0, 200, 20)])), ["CSQU305438"])

    def test_writing_behind_a_number_in_its_box_does_no_harm(self) -> None:
        boxes = [Box("CSQU", 0.9, 0, 0, 80, 20), Box("3054383I", 0.9, 90, 0, 140, 20)]
        self.assertEqual(texts(containers(boxes))[0], "CSQU3054383")

    def test_the_size_code_below_lends_no_check_digit(self) -> None:
        boxes = [Box("CSQU 305438", 0.9, 0, 0, 200, 20), Box("45G1", 0.9, 0, 30, 80, 20)]
        self.assertEqual(texts(containers(boxes)), ["CSQU305438"])


class Judging(unittest.TestCase):
    def test_reads_are_judged_at_their_own_plate(self) -> None:
        rows = {"a.jpg": [measure.Label("AA111AA", "1 line(s) horizontal", (0, 0, 100, 20)),
                          measure.Label("BB222BB", "1 line(s) horizontal", (300, 0, 100, 20))]}
        reads = [{"text": "BB222BB", "confidence": 0.99, "box": [300, 0, 100, 20]},
                 {"text": "AA111A4", "confidence": 0.98, "box": [2, 1, 96, 18]}]
        what = measure.Set("s", pathlib.Path("."))
        tally = measure.judge("ppocr4", rows, [{"plates": reads}], what, show=False)["all"]
        self.assertEqual((tally.n, tally.located, tally.best, tally.accepted, tally.wrong), (2, 2, 1, 2, 1))
        self.assertEqual(tally.wrong_among_surest(0.5), (0, 1))

    def test_a_verdict_goes_before_the_confidence(self) -> None:
        self.assertFalse(measure.accepts("ours", {"verdict": "ask", "confidence": 1.0}, False))
        self.assertTrue(measure.accepts("ours", {"verdict": "accept", "confidence": 0.5}, False))

    def test_a_peers_container_needs_its_check_digit(self) -> None:
        self.assertFalse(measure.accepts("ppocr4", {"text": "CSQU3054384", "confidence": 1.0}, True))

    def test_labels_are_thinned_by_picture(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            lines = ["file,text,country,lines,x,y,w,h,orientation"]
            lines += [f"{i}.jpg,A{i},,1,,,,,horizontal" for i in range(6)]
            (pathlib.Path(folder) / "labels.csv").write_text("\n".join(lines) + "\n")
            self.assertEqual(list(measure.read_labels(pathlib.Path(folder), 2, 2)), ["0.jpg", "2.jpg"])


if __name__ == "__main__":
    unittest.main()
