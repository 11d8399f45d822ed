#!/usr/bin/env python3
"""Holds the source tree and the CMake target graph against rules.toml.

usage: check.py --source DIR [--graph FILE]     the project
       check.py --self-test                     proves that each rule can fail
"""
import argparse
import pathlib
import re
import sys
import tempfile
import tomllib

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
PARTS = ("base", "hal", "imaging", "ocr", "kiosk")
ALWAYS = {"expected", "fmt"}


class Rules:
    def __init__(self, path):
        data = tomllib.loads(path.read_text())
        self.folders = data["folder"]
        self.libraries = data.get("library", {})
        self.exceptions = data.get("exception", [])

    def allowed(self, folder):
        row = self.folders.get(folder)
        if row is None:
            return None
        uses, libs = set(row["uses"]), set(row["libs"])
        for extra in self.exceptions:
            if extra["folder"] == folder:
                uses |= set(extra["uses"])
                libs |= set(extra["libs"])
        return uses, libs

    def may_use(self, folder, other):
        allowed = self.allowed(folder)
        if allowed is None:
            return False
        return other == folder or any(other == u or other.startswith(u + "/") for u in allowed[0])

    def folder_of(self, path):
        """'kiosk/lane/flow/x.h' -> 'kiosk/lane': the longest folder of the table that holds it."""
        best = ""
        for folder in self.folders:
            if path.startswith(folder + "/") and len(folder) > len(best):
                best = folder
        return best or None

    def libraries_of_header(self, header):
        return {name for name, lib in self.libraries.items() if any(header.startswith(h) for h in lib["headers"])}

    def libraries_of_target(self, dep):
        return {name for name, lib in self.libraries.items() if dep in lib["targets"]}


def check_sources(rules, root):
    for part in PARTS:
        for file in sorted((root / part).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            name = file.relative_to(root).as_posix()
            folder = rules.folder_of(name)
            if folder is None:
                yield f"{name}: lies in no folder of the table (tests/arch/rules.toml)"
                continue
            for kind, header in INCLUDE.findall(file.read_text(errors="replace")):
                if header.split("/")[0] in PARTS and kind == '"':
                    other = rules.folder_of(header)
                    if other is None or not rules.may_use(folder, other):
                        yield f"{name}: {folder} may not use {other or header} (includes {header})"
                    continue
                if header.startswith("tests/"):
                    yield f"{name}: the product includes a test's header ({header})"
                libs = rules.libraries_of_header(header)
                if libs and not libs & rules.allowed(folder)[1]:
                    yield f"{name}: {folder} may not use {' or '.join(sorted(libs))} (includes {header})"


def read_graph(path):
    for line in path.read_text().splitlines():
        target, folder, links = line.split("|")
        yield target, folder, [l for l in links.split(";") if l and not l.startswith("$<")]


def dep_name(link):
    if link.startswith("dep::"):
        return link[5:]
    return link[4:] if link.startswith("dep_") else None


def check_graph(rules, graph):
    rows = list(graph)
    home = {target: folder for target, folder, _ in rows}
    for target, folder, links in rows:
        if folder.startswith("tests/"):
            yield from check_test(rules, home, target, folder, links)
            continue
        place = rules.folder_of(folder + "/")
        if place is None:
            if folder.split("/")[0] in PARTS:
                yield f"target {target}: {folder} is in no row of the table (tests/arch/rules.toml)"
            continue
        for link in links:
            dep = dep_name(link)
            if dep is not None:
                libs = rules.libraries_of_target(dep)
                if dep not in ALWAYS and not libs & rules.allowed(place)[1]:
                    yield f"target {target}: {place} may not link dep::{dep}"
            elif link in home:
                other = rules.folder_of(home[link] + "/")
                if other is None or not rules.may_use(place, other):
                    yield f"target {target}: {place} may not link {link} ({home[link]})"
            else:
                yield f"target {target}: links {link}, which is neither a folder nor a dep:: library"


def check_test(rules, home, target, folder, links):
    """A test of a folder links that folder only (and what that folder may use anyway)."""
    tested = rules.folder_of(folder.removeprefix("tests/") + "/")
    if tested is None:  # e2e, crash, conformance, bench, fuzz, support: they go across
        return
    for link in links:
        if link in home and not home[link].startswith("tests/"):
            other = rules.folder_of(home[link] + "/")
            if other is not None and not rules.may_use(tested, other):
                yield f"test {target}: a test of {tested} may not link {link} ({home[link]})"


def self_test():
    rules = Rules(pathlib.Path(__file__).parent / "rules.toml")
    bad = {
        "hal/api/x.cpp": ('#include "kiosk/lane/lane_view.h"', "may not use kiosk/lane"),
        "imaging/core/x.h": ('#include "hal/api/device.h"', "may not use hal/api"),
        "kiosk/lane/x.cpp": ("#include <sqlite3.h>", "may not use sqlite"),
        "kiosk/screens/x.cpp": ("#include <imgui.h>", "may not use imgui"),
        "kiosk/app/x.cpp": ("#include <curl/curl.h>", "may not use curl"),
        "kiosk/elsewhere/x.cpp": ("", "lies in no folder"),
        "ocr/read/x.cpp": ('#include "tests/support/fake.h"', "includes a test's header"),
    }
    with tempfile.TemporaryDirectory() as temp:
        root = pathlib.Path(temp)
        for name, (text, _) in bad.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + "\n")
        found = list(check_sources(rules, root))
    missing = [name for name, (_, word) in bad.items() if not any(name in f and word in f for f in found)]
    graph = [("kiosk_screens", "kiosk/screens", ["kiosk_lane", "dep::imgui"]),
             ("kiosk_lane", "kiosk/lane", ["hal_sim"]),
             ("hal_sim", "hal/sim", ["opencv_core"]),
             ("tests_ocr_read", "tests/ocr/read", ["kiosk_lane"])]
    told = list(check_graph(rules, graph))
    for word in ("may not link dep::imgui", "may not link hal_sim", "neither a folder nor", "a test of ocr/read"):
        if not any(word in t for t in told):
            missing.append(word)
    for m in missing:
        print(f"self-test: nothing was said about {m}")
    return 1 if missing else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=pathlib.Path)
    parser.add_argument("--graph", type=pathlib.Path)
    parser.add_argument("--self-test", action="store_true")
    args = parser.parse_args()
    if args.self_test:
        return self_test()
    rules = Rules(pathlib.Path(__file__).parent / "rules.toml")
    problems = list(check_sources(rules, args.source))
    if args.graph:
        problems += list(check_graph(rules, read_graph(args.graph)))
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
