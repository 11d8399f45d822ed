#!/usr/bin/env python3
"""A peer behind the command line of `torugart read`: one JSON object a line, of the same form.

usage: read.py --peer NAME [--crop] [--containers] FILE...      (runs in the environment that ./install makes)

"ms" is the process's time on its core for the picture in memory, without this script's choosing among boxes.
"""
from __future__ import annotations

import argparse
import atexit
import ctypes
import json
import os
import sys
import time
from typing import Any, Callable

for name in ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"  # before the libraries load

import cv2  # noqa: E402
import numpy as np  # noqa: E402

import joining  # noqa: E402
from joining import Box  # noqa: E402

Reader = Callable[[np.ndarray], list[Box]]


def box_of(points: Any, text: str, confidence: float) -> Box:
    xs, ys = [float(p[0]) for p in points], [float(p[1]) for p in points]
    return Box(text, confidence, min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def whole(picture: np.ndarray, text: str, confidence: float) -> Box:
    return Box(text, float(confidence), 0, 0, picture.shape[1], picture.shape[0])


def detector_limits(crop: bool, prefix: str) -> dict[str, Any]:
    """The library blows the short side up to 736 pixels: right for a frame, thousands of columns for a plate."""
    return {f"{prefix}limit_type": "min", f"{prefix}limit_side_len": 192 if crop else 736}


def ppocr4(crop: bool, line_only: bool) -> Reader:
    """PP-OCR v4 mobile: its detector and recogniser, or the recogniser on the whole picture as one line."""
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, **detector_limits(crop, "det_"))

    def read(picture: np.ndarray) -> list[Box]:
        if line_only:
            lines, _ = engine(picture, use_det=False, use_cls=False, use_rec=True)
            return [whole(picture, text, score) for text, score in lines or []]
        found, _ = engine(picture, use_det=True, use_cls=False, use_rec=True)
        return [box_of(points, text, float(score)) for points, text, score in found or []]

    return read


def ppocr6(crop: bool, line_only: bool) -> Reader:
    """PP-OCR v6 small, used in the same two ways."""
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1,
                              "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                              "Global.log_level": "critical", **detector_limits(crop, "Det.")})

    def read(picture: np.ndarray) -> list[Box]:
        out = engine(picture, use_det=not line_only, use_cls=False, use_rec=True)
        if out.txts is None:
            return []
        if line_only:
            return [whole(picture, text, score) for text, score in zip(out.txts, out.scores)]
        return [box_of(p, text, float(score)) for p, text, score in zip(out.boxes, out.txts, out.scores)]

    return read


def hyperlpr2(crop: bool) -> Reader:
    """HyperLPR 2 (Chinese plates): its detector, corner refinement and recogniser, or the last alone on a crop."""
    from hyperlpr2 import PR

    def read(picture: np.ndarray) -> list[Box]:
        if crop:
            text, confidence = PR.segmentation_free_recognition(picture)
            return [whole(picture, text, confidence)]
        return [Box(text, float(confidence), left, top, right - left, bottom - top)
                for text, confidence, (left, top, right, bottom) in PR.plate_recognition(picture)]

    return read


class Tesseract:
    """Tesseract 5 through its C interface, so that loading the model is not timed with every picture."""

    LINE, BLOCK, SPARSE = 7, 6, 11
    LANGUAGES = {"latin": "eng", "cyrillic": "mon", "han": "chi_sim+eng"}

    def __init__(self, script: str, crop: bool) -> None:
        self.crop = crop
        language = self.LANGUAGES[script]
        self.lib = ctypes.CDLL("libtesseract.so.5")
        self.lib.TessBaseAPICreate.restype = ctypes.c_void_p
        self.lib.TessBaseAPIGetTsvText.restype = ctypes.c_void_p
        self.api = ctypes.c_void_p(self.lib.TessBaseAPICreate())
        options = {b"load_system_dawg": b"0", b"load_freq_dawg": b"0"}  # numbers are no words
        strings = ctypes.c_char_p * len(options)
        if self.lib.TessBaseAPIInit4(self.api, None, language.encode(), 1, None, 0, strings(*options),
                                     strings(*options.values()), ctypes.c_size_t(len(options)), 0) != 0:
            sys.exit(f"Tesseract has no model {language}: apt-get install tesseract-ocr-…")
        atexit.register(self.lib.TessBaseAPIDelete, self.api)

    def __call__(self, picture: np.ndarray) -> list[Box]:
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        mode, scale = self.SPARSE, 1.0
        if self.crop:  # letters of about 48 pixels with a margin, as Tesseract likes them
            one_line = grey.shape[1] > 2.2 * grey.shape[0]
            mode = self.LINE if one_line else self.BLOCK
            scale = (64 if one_line else 128) / grey.shape[0]
        else:  # small frames are enlarged
            scale = max(1.0, 1000 / min(grey.shape))
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        if self.crop:
            grey = cv2.copyMakeBorder(grey, 10, 10, 10, 10, cv2.BORDER_REPLICATE)
        grey = np.ascontiguousarray(grey)
        self.lib.TessBaseAPISetPageSegMode(self.api, mode)
        self.lib.TessBaseAPISetImage(self.api, grey.ctypes.data_as(ctypes.c_char_p), grey.shape[1], grey.shape[0], 1,
                                     grey.shape[1])
        self.lib.TessBaseAPISetSourceResolution(self.api, 150)
        pointer = self.lib.TessBaseAPIGetTsvText(self.api, 0)
        table = ctypes.string_at(pointer).decode("utf-8", "replace")
        self.lib.TessDeleteText(ctypes.c_void_p(pointer))
        boxes = []
        for row in table.splitlines():
            level, _, _, _, _, _, x, y, w, h, confidence, text = row.split("\t", 11)
            if level == "5" and text.strip():
                boxes.append(Box(text, float(confidence) / 100, *(float(v) / scale for v in (x, y, w, h))))
        return boxes


PEERS: dict[str, Callable[[bool, str], Reader]] = {
    "ppocr4": lambda crop, script: ppocr4(crop, False),
    "ppocr4-line": lambda crop, script: ppocr4(crop, True),
    "ppocr6": lambda crop, script: ppocr6(crop, False),
    "ppocr6-line": lambda crop, script: ppocr6(crop, True),
    "hyperlpr2": lambda crop, script: hyperlpr2(crop),
    "tesseract": lambda crop, script: Tesseract(script, crop),
}


def entry(box: Box) -> dict[str, Any]:
    return {"text": box.text, "confidence": round(box.confidence, 3),
            "box": [round(v) for v in (box.x, box.y, box.w, box.h)]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", choices=sorted(PEERS), required=True)
    parser.add_argument("--crop", action="store_true", help="the files are plates already")
    parser.add_argument("--containers", action="store_true", help="read container numbers instead of plates")
    parser.add_argument("--script", default="latin", choices=sorted(joining.SCRIPTS), help="letters of the plates")
    parser.add_argument("files", nargs="+", metavar="FILE")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    reader = PEERS[args.peer](args.crop, args.script)
    choose = joining.containers if args.containers else joining.plates_of_crop if args.crop else joining.plates_of_frame
    failed = False
    for file in args.files:
        picture = cv2.imread(file, cv2.IMREAD_COLOR)
        if picture is None:
            print(json.dumps({"file": file, "error": {"what": "not a picture"}}))
            failed = True
            continue
        before = time.process_time()
        boxes = reader(picture)
        ms = 1000 * (time.process_time() - before)
        reads = [entry(b) for b in choose(boxes, args.script)]
        print(json.dumps({"file": file, "ms": round(ms, 1), "plates": [] if args.containers else reads,
                          "containers": reads if args.containers else []}), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
