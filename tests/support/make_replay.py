#!/usr/bin/env python3
"""Builds a folder of recorded crossings (hal/replay's layout) from a folder of real pictures.

usage: make_replay.py DATA OUT [--crossings N] [--seed N]

DATA holds, as the development data does:
  plates/*_frames/labels.csv   full frames with the plate's text
  containers/labels.csv        photographs with the container's number
  xray/*_high.png, *_low.png   16-bit pairs
  portal/*.csv                 a day of portal-monitor lines
Files are linked where possible, else copied. What is really on each vehicle goes into crossing.toml under [truth]; no
reader sees it.
"""
import argparse
import csv
import os
import pathlib
import random
import shutil
import sys


def labels(folder):
    """file -> texts, in the order of the file."""
    out = {}
    path = folder / "labels.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                out.setdefault(folder / row["file"], []).append(row["text"])
    return out


def place(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def occupancies(day):
    """One list of lines per vehicle: from the background before it to its GX."""
    lines, background, out = [], [], []
    for line in day.read_text(encoding="ascii", errors="replace").splitlines():
        code = line.split(",")[0]
        if code in ("GB", "NB") and not any(l.startswith(("GS", "GA")) for l in lines):
            background = (background + [line])[-4:]
            lines = []
            continue
        lines.append(line)
        if code == "GX":
            out.append(background + lines)
            lines = []
    return out


def toml_list(texts):
    return "[" + ", ".join('"' + t.replace("\\", "\\\\").replace('"', '\\"') + '"' for t in texts) + "]"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--crossings", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    plates = {}
    for folder in sorted((args.data / "plates").glob("*_frames")):
        plates |= labels(folder)
    containers = labels(args.data / "containers")
    xray = sorted((args.data / "xray").glob("*_high.png"))
    days = sorted(p for p in (args.data / "portal").glob("*.csv") if p.name != "sources.csv")
    if not plates or not containers or not xray:
        sys.exit(f"{args.data}: no plates/*_frames, containers or xray/*_high.png with labels; is this the data folder?")
    vehicles = [o for day in days for o in occupancies(day)]

    choose = random.Random(args.seed)
    plate_files = choose.sample(list(plates), min(len(plates), args.crossings))
    container_files = choose.sample(list(containers), min(len(containers), args.crossings))
    for i in range(args.crossings):
        folder = args.out / f"crossing-{i + 1:04}"
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        plate, container = plate_files[i % len(plate_files)], container_files[i % len(container_files)]
        place(plate, folder / "front" / f"0001{plate.suffix}")
        place(container, folder / "side" / f"0001{container.suffix}")
        high = xray[i % len(xray)]
        place(high, folder / "xray" / "high.png")
        low = high.with_name(high.name.replace("_high", "_low"))
        if low.exists():
            place(low, folder / "xray" / "low.png")
        if vehicles:
            (folder / "portal.csv").write_text("\n".join(vehicles[i % len(vehicles)]) + "\n", encoding="ascii")
        (folder / "crossing.toml").write_text(
            f'direction = "entry"\nnote = "{plate.name}, {container.name}, {high.name}"\n'
            f"[truth]\nplates = {toml_list(plates[plate])}\ncontainers = {toml_list(containers[container])}\n",
            encoding="utf-8")
        print(f"{folder}: plate {plates[plate]}, container {containers[container]}, x-ray {high.name}")


if __name__ == "__main__":
    main()
