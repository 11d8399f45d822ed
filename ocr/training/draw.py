"""Draws frames with known numbers: what verdicts are calibrated on, and a picture set that anyone may have.

    ocr/training/train draw FOLDER [--count N] [--first SEED] [--size 1280x720] [--hard]

Writes FOLDER/plates and FOLDER/containers with frames and labels.csv, the header of tests/bench/reading. A quarter each by
day, by night, in rain and with dirt, which the file's name tells; with --hard as the nets are trained, any size and light.
Seeds from 10,000,000 on are met in no training run.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import cv2

import fonts
import scene
from faces import Draughtsman
from frames import CODE, PLATE, FrameMaker
from texts import ROOT, Numbers

HEADER = ["file", "text", "country", "lines", "x", "y", "w", "h", "orientation"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000, help="frames of each kind")
    parser.add_argument("--first", type=int, default=10_000_000)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--work", type=Path, default=ROOT / "build/training")
    parser.add_argument("--hard", action="store_true")
    args = parser.parse_args()
    width, height = (int(n) for n in args.size.split("x"))
    plain, chinese = fonts.load(args.work)
    maker = FrameMaker(Draughtsman(plain, chinese, Numbers()), scene.load_photographs(args.work / "photographs"))
    for kind, name in ((PLATE, "plates"), (CODE, "containers")):
        folder = args.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(HEADER)
            seed, drawn = args.first, 0
            while drawn < args.count:
                seed += 1
                kind_of_day = scene.WEATHER[seed % 4]
                if args.hard:
                    frame = maker.frame(seed, height, width, width / 640)
                else:
                    frame = maker.lane_frame(seed, height, width, kind, kind_of_day)
                inside = [
                    o for o in frame.objects
                    if o.kind == kind and o.quad.min() >= 0 and o.quad[:, 0].max() < width and o.quad[:, 1].max() < height
                ]  # fmt: skip
                if not inside or (not args.hard and len(inside) < sum(o.kind == kind for o in frame.objects)):
                    continue  # a number that is cut has no label, and would count as a wrong read
                drawn += 1
                file_name = f"{drawn:05d}{'' if args.hard else '-' + kind_of_day}.jpg"
                cv2.imwrite(str(folder / file_name), frame.image, [cv2.IMWRITE_JPEG_QUALITY, 92])
                for thing in inside:
                    x, y, w, h = cv2.boundingRect(thing.quad)
                    way = "vertical" if thing.drawing.vertical else "horizontal"
                    rows.writerow([file_name, thing.drawing.number, thing.drawing.country, thing.drawing.lines, x, y, w, h, way])


if __name__ == "__main__":
    main()
