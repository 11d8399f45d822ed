#!/usr/bin/env python3
"""Measures Torugart and its peers on the same pictures, on one core; figures as bench_reading prints them.

  measure.py FOLDER [--crop] [--containers] [--script latin|han|cyrillic] [--peer NAME|ours|all] [--most N] [--every N]
  measure.py all-sets SHARED [--peer …] [--every N]     the table of all sets as Markdown; N thins out the large ones

FOLDER holds labels.csv (file,text,country,lines,x,y,w,h,orientation). Standard library only; the peers run in the
environment that ./install makes. "ours" is `torugart read --json`. README.md says how the peers are treated.
"""
from __future__ import annotations

import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from joining import check_digit_holds, comparable_part

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
# From which confidence on a peer's read counts as accepted.
CONFIDENCE = {"ppocr4": 0.95, "ppocr4-line": 0.95, "ppocr6": 0.98, "ppocr6-line": 0.98, "hyperlpr2": 0.95,
              "tesseract": 0.85}
LINE_ONLY = ("ppocr4-line", "ppocr6-line")  # take the picture as one line of text: for crops alone
CHINESE_ONLY = ("hyperlpr2",)


@dataclass(frozen=True)
class Label:
    text: str
    group: str
    box: tuple[int, int, int, int] | None


@dataclass(frozen=True)
class Set:
    name: str
    folder: pathlib.Path
    crop: bool = False
    containers: bool = False
    script: str = "latin"
    every: int = 1
    groups: str = ""  # only labels of groups that begin so


@dataclass
class Tally:
    n: int = 0
    located: int = 0
    best: int = 0
    part: int = 0
    five: int = 0
    accepted: int = 0
    wrong: int = 0
    sure: list[tuple[float, bool]] = field(default_factory=list)

    def percent(self, count: int) -> float:
        return round(100 * count / self.n, 1) if self.n else 0.0

    def wrong_among_surest(self, share: float) -> tuple[int, int]:
        """Of the share of labels that this reader is surest of: how many are wrong, of how many."""
        kept = sorted(self.sure, key=lambda s: -s[0])[: round(share * self.n)]
        return sum(not right for _, right in kept), len(kept)


@dataclass
class Figures:
    peer: str
    groups: dict[str, Tally]
    times: list[float]
    memory_mb: int
    errors: int

    def quantile(self, share: float) -> float:
        times = sorted(self.times)
        return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def read_labels(folder: pathlib.Path, every: int, most: int) -> dict[str, list[Label]]:
    labels: dict[str, list[Label]] = defaultdict(list)
    with open(folder / "labels.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            box = (int(row["x"]), int(row["y"]), int(row["w"]), int(row["h"])) if row["x"] else None
            labels[row["file"]].append(Label(row["text"], f"{row['lines']} line(s) {row['orientation']}", box))
    files = sorted(labels)[::every][:most]
    return {file: labels[file] for file in files}


def waited_ms(pid: int) -> float:
    """How long the process's main thread stood in the queue for a core (Linux; 0 where that is not told)."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e6
    except (OSError, IndexError, ValueError):
        return 0.0


def run(command: list[str], files: list[str], core: int, take_queue: bool) -> tuple[list[dict[str, Any]], int]:
    """One JSON object a file, and the process's peak memory in MB. Pinned to one core."""
    process = subprocess.Popen(command + files, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT,
                               stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    out: list[dict[str, Any]] = []
    waited = 0.0
    assert process.stdout is not None
    for line in process.stdout:
        answer = json.loads(line)
        if take_queue:  # its clock is the wall's: time that others had the core is not its own
            now = waited_ms(process.pid)
            answer["ms"] = max(0.0, answer.get("ms", 0.0) - (now - waited if out else 0.0))
            waited = now
        out.append(answer)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return out, usage.ru_maxrss // 1024


def inside(box: list[int], label: tuple[int, int, int, int]) -> bool:
    x, y = label[0] + label[2] // 2, label[1] + label[3] // 2
    return box[0] <= x < box[0] + box[2] and box[1] <= y < box[1] + box[3]


def covers(a: list[int], b: tuple[int, int, int, int]) -> bool:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, width) * max(0, height) > 0.4 * min(a[2] * a[3], b[2] * b[3])


def accepts(peer: str, read: dict[str, Any], containers: bool) -> bool:
    if "verdict" in read:
        return str(read["verdict"]) == "accept"
    return float(read["confidence"]) >= CONFIDENCE[peer] and (not containers or check_digit_holds(read["text"]))


def judge(peer: str, labels: dict[str, list[Label]], answers: list[dict[str, Any]], what: Set,
          show: bool) -> dict[str, Tally]:
    groups: dict[str, Tally] = defaultdict(Tally)
    for (file, rows), answer in zip(labels.items(), answers):
        reads = answer.get("containers" if what.containers else "plates", [])
        for label in rows:
            if not label.group.startswith(what.groups):
                continue
            # With several labels in a frame, each is judged by the reads at its own place.
            here = [r for r in reads if label.box is None or len(rows) == 1 or inside(r["box"], label.box)]
            best = here[0]["text"] if here else ""
            right = best == label.text
            accepted = bool(here) and accepts(peer, here[0], what.containers)
            for tally in (groups[label.group], groups["all"]):
                tally.n += 1
                tally.located += any(label.box is None or covers(r["box"], label.box) for r in here)
                tally.best += right
                tally.part += comparable_part(best, label.text) == comparable_part(label.text, label.text)
                tally.five += any(r["text"] == label.text for r in here)
                tally.accepted += accepted
                tally.wrong += accepted and not right
                if here:
                    tally.sure.append((here[0]["confidence"], right))
            if show and not right:
                got = " ".join(f"{r['text']}({r['confidence']})" for r in here)
                print(f"  {peer} {file} want {label.text} got {got}")
    return groups


def measure(peer: str, what: Set, args: argparse.Namespace) -> Figures:
    labels = read_labels(what.folder, what.every, args.most)
    if what.groups:
        labels = {f: rows for f, rows in labels.items() if any(r.group.startswith(what.groups) for r in rows)}
    files = [str((what.folder / file).resolve()) for file in labels]
    if peer == "ours":
        command = [str(args.ours.resolve()), "read", "--json"] + (["--crop"] if what.crop else [])
    else:
        command = [str(args.venv / "bin/python"), str(HERE / "read.py"), "--peer", peer, "--script", what.script]
        command += (["--crop"] if what.crop else []) + (["--containers"] if what.containers else [])
    if not pathlib.Path(command[0]).exists():
        sys.exit(f"{command[0]} is missing: " + ("build torugart or give --ours" if peer == "ours" else "run install"))
    # The first picture goes twice: what a library does once is not a picture's time.
    answers, memory = run(command, files[:1] + files, args.core, peer == "ours")
    answers = answers[1:]
    if len(answers) != len(files):
        sys.exit(f"{peer} answered for {len(answers)} of {len(files)} pictures; run by hand: {' '.join(command)} FILE")
    groups = judge(peer, labels, answers, what, args.failures)
    times = [a["ms"] for a in answers if "error" not in a]
    return Figures(peer, dict(groups), times, memory, len(answers) - len(times))


def print_figures(f: Figures, what: Set) -> None:
    print(f"{f.peer} on {what.name}")
    for name, t in sorted(f.groups.items(), key=lambda g: (g[0] == "all", g[0])):
        if name != "all" and len(f.groups) == 2:
            continue
        print(f"{name:<22} n {t.n:4d}  located {t.percent(t.located):5.1f} %  best {t.percent(t.best):5.1f} %  "
              f"(own script {t.percent(t.part):5.1f} %)  top five {t.percent(t.five):5.1f} %  "
              f"accepted {t.percent(t.accepted):5.1f} %  wrong {t.wrong} of {t.accepted}")
    print(f"ms a picture: median {f.quantile(.5):.1f}, p95 {f.quantile(.95):.1f}, worst {f.quantile(1):.1f}; "
          f"peak memory {f.memory_mb} MB" + (f"; {f.errors} unreadable files" if f.errors else ""))


def markdown_row(f: Figures, what: Set) -> str:
    t = f.groups["all"]
    wrong, kept = t.wrong_among_surest(0.5 if what.containers else 0.7)
    part = f" ({t.percent(t.part)})" if what.script != "latin" else ""
    return (f"| {what.name} | {f.peer} | {t.n} | {t.percent(t.located)} | {t.percent(t.best)}{part} | "
            f"{t.percent(t.five)} | {t.percent(t.accepted)} | {t.wrong} of {t.accepted} | {wrong} of {kept} | "
            f"{f.quantile(.5):.0f} | {f.quantile(.95):.0f} | {f.memory_mb} |")


HEAD = ("| set | reader | n | located % | best % (own script) | top five % | accepted % | wrong | "
        "wrong of the surest 70 % (containers 50 %) | ms median | p95 | MB |\n" + 12 * "|---" + "|")


def sets_of(shared: pathlib.Path, every: int) -> list[Set]:
    data = shared / "data" if (shared / "data").is_dir() else shared
    plates = data / "plates"
    return [
        Set("EU frames", plates / "eu_frames"),
        Set("US crops", plates / "us_crops", crop=True, every=every),
        Set("CN crops", plates / "cn_crops", crop=True, script="han", every=every),
        Set("one-line crops (VN)", plates / "vn_crops", crop=True, every=every, groups="1 line"),
        Set("two-line crops (VN)", plates / "vn_crops", crop=True, every=every, groups="2 line"),
        Set("Cyrillic frames (MN)", plates / "mn_frames", script="cyrillic"),
        Set("containers, horizontal", data / "containers", containers=True, groups="1 line(s) horizontal"),
        Set("containers, vertical", data / "containers", containers=True, groups="1 line(s) vertical"),
    ]


def suits(peer: str, what: Set) -> bool:
    if peer in LINE_ONLY:
        return what.crop
    return peer not in CHINESE_ONLY or what.script == "han"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="a folder with labels.csv, or all-sets")
    parser.add_argument("shared", nargs="?", type=pathlib.Path, help="with all-sets: the folder that holds data/")
    parser.add_argument("--crop", action="store_true", help="the pictures are plates already")
    parser.add_argument("--containers", action="store_true", help="judge container numbers instead of plates")
    parser.add_argument("--script", default="latin", choices=("latin", "han", "cyrillic"), help="letters of the plates")
    parser.add_argument("--peer", action="append", choices=[*CONFIDENCE, "ours", "all"], help="repeatable; default all")
    parser.add_argument("--most", type=int, default=100000, metavar="N")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth picture")
    parser.add_argument("--failures", action="store_true", help="print what was not read exactly")
    parser.add_argument("--json", type=pathlib.Path, metavar="OUT", help="write all figures there")
    parser.add_argument("--ours", type=pathlib.Path, default=ROOT / "build/dev/bin/torugart", help="path of torugart")
    parser.add_argument("--venv", type=pathlib.Path, default=ROOT / "build/peers", help="what ./install made")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="the core to run on")
    args = parser.parse_args()
    chosen = args.peer or ["all"]
    peers = ["ours", *CONFIDENCE] if "all" in chosen else chosen
    table = args.folder == "all-sets"
    if table and not args.shared:
        parser.error("all-sets needs the folder that holds data/")
    sets = sets_of(args.shared, args.every) if table else [
        Set(args.folder, pathlib.Path(args.folder), args.crop, args.containers, args.script, args.every)]
    if table:
        print(HEAD)
    figures = []
    for what in sets:
        if not (what.folder / "labels.csv").is_file():
            sys.exit(f"{what.folder}/labels.csv cannot be opened")
        for peer in peers:
            if (table or "all" in chosen) and not suits(peer, what):
                continue
            f = measure(peer, what, args)
            print(markdown_row(f, what)) if table else print_figures(f, what)
            sys.stdout.flush()
            figures.append({"set": what.name, "every": what.every, "confidence": CONFIDENCE.get(peer)} | asdict(f))
    if args.json:
        args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
