"""Glyph masks of many fonts, cut to size once and kept in memory.

Fonts come from two places, both open and neither shipped: Debian's font packages and the @fontsource packages of npm
(`prepare` fetches them). A face is one weight of one family with everything it can draw of the alphabet.
"""

from __future__ import annotations

import pickle
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageFont

from alphabet import CHINESE, CYRILLIC, LATIN

CAP = 56  # pixels: height of a capital in every mask

# Upright families of /usr/share/fonts whose letters look like lettering on plates and steel.
DEBIAN = re.compile(
    r"(LiberationSans|LiberationMono|DejaVuSans|FreeSans|NimbusSans|NimbusMono|OCRB|OCR-B|ocrb|NotoSans-|NotoSansMono-|"
    r"NotoSansDisplay-|Hack-|Carlito|Andika|PTSans|PTC|PTN|PTS|texgyreheros|texgyrecursor|Cantarell|Play|Jura|Roboto)"
)
NOT_UPRIGHT = re.compile(r"(Italic|Oblique|italic|oblique|Thin|Light|Black|BoldIt|Obli)")
DEBIAN_CHINESE = re.compile(r"(NotoSansCJK|wqy-zenhei|wqy-microhei|gbsn00lp|gkai00mp|ukai|uming|DroidSansFallback)")
# Chinese families of npm come in a hundred files each, a few glyphs in a file.
NPM_CHINESE = re.compile(r"(noto-sans-sc|noto-serif-sc|wdxl-lubrifont-sc|zcool-|lxgw-wenkai|chocolate-classical)")


@dataclass
class Glyph:
    mask: np.ndarray  # uint8, coverage, cut tight
    top: int  # pixels below the top of a capital (negative: above)


@dataclass
class Face:
    name: str
    glyphs: dict[str, Glyph] = field(default_factory=dict)

    def draws(self, text: str) -> bool:
        return all(c in self.glyphs or c == " " for c in text)


def _mask(font: ImageFont.FreeTypeFont, char: str) -> tuple[np.ndarray, int] | None:
    box = font.getbbox(char)
    width, height = box[2] - box[0], box[3] - box[1]
    if width <= 0 or height <= 0 or width > 600 or height > 600:
        return None
    core = font.getmask(char, mode="L")
    mask = np.array(core, dtype=np.uint8).reshape(core.size[1], core.size[0])
    rows = np.flatnonzero(mask.max(axis=1) > 60)
    columns = np.flatnonzero(mask.max(axis=0) > 60)
    if rows.size == 0 or columns.size == 0:
        return None
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], box[1] + int(rows[0])


def _covers(font: ImageFont.FreeTypeFont, char: str) -> bool:
    """A font without a glyph draws its box for the missing one."""
    missing = bytes(font.getmask("\U0010fffd"))
    return bytes(font.getmask(char)) != missing


def _face(name: str, files: list[tuple[Path, int]], chars: str, whole_body: bool) -> Face | None:
    face = Face(name)
    try:
        fonts = [ImageFont.truetype(str(path), 110, index=index) for path, index in files]
    except OSError:
        return None
    capital = _mask(fonts[0], "口" if whole_body else "H")
    if capital is None:
        return None
    scale = CAP / capital[0].shape[0]
    for char in chars:
        for font in fonts:
            if not _covers(font, char):
                continue
            cut = _mask(font, char)
            if cut is None:
                continue
            mask, top = cut
            own = CAP / mask.shape[0] if whole_body else scale
            size = (max(3, round(mask.shape[1] * own)), max(3, round(mask.shape[0] * own)))
            image = Image.fromarray(mask).resize(size, Image.Resampling.BOX if own < 0.5 else Image.Resampling.BICUBIC)
            face.glyphs[char] = Glyph(np.asarray(image), 0 if whole_body else round((top - capital[1]) * scale))
            break
    return face


def _fontsource(folder: Path) -> list[tuple[str, list[tuple[Path, int]]]]:
    found = []
    for family in sorted(folder.glob("@fontsource/*/files")):
        name = family.parent.name
        if NPM_CHINESE.match(name):
            continue
        for weight in ("400", "500", "600", "700", "800", "900"):
            files = [
                (path, 0)
                for subset in ("latin", "cyrillic", "cyrillic-ext")
                if (path := family / f"{name}-{subset}-{weight}-normal.woff").exists()
            ]
            if files and files[0][0].name.startswith(f"{name}-latin-"):
                found.append((f"{name}-{weight}", files))
    return found


def _fontsource_chinese(folder: Path) -> list[tuple[str, list[tuple[Path, int]]]]:
    found = []
    for family in sorted(folder.glob("@fontsource/*/files")):
        name = family.parent.name
        if NPM_CHINESE.match(name):
            for weight in ("300", "400", "500", "600", "700", "800", "900"):
                files = [(path, 0) for path in sorted(family.glob(f"{name}-*-{weight}-normal.woff"))]
                if files:
                    found.append((f"{name}-{weight}", files))
    return found


def _debian(pattern: re.Pattern[str]) -> list[tuple[str, list[tuple[Path, int]]]]:
    found = []
    for path in sorted(Path("/usr/share/fonts").rglob("*")):
        if path.suffix.lower() not in (".ttf", ".otf", ".ttc", ".t1", ".pfb"):
            continue
        if pattern.search(path.name) and not NOT_UPRIGHT.search(path.name):
            found.append((path.stem, [(path, 0)]))
    return found


def load(folder: Path) -> tuple[list[Face], list[Face]]:
    """(faces for Latin and Cyrillic, faces for Chinese). Cached in `folder`."""
    cache = folder / f"glyphs-{CAP}.pickle"
    if cache.exists():
        with cache.open("rb") as file:
            return pickle.load(file)
    plain = []
    for name, files in _fontsource(folder / "node_modules") + _debian(DEBIAN):
        face = _face(name, files, LATIN + CYRILLIC + "ЗҮВЕКМНОРСТХАЬЫIJ-.·", False)
        if face is not None and face.draws(LATIN):
            plain.append(face)
    chinese = [
        face
        for name, files in _debian(DEBIAN_CHINESE) + _fontsource_chinese(folder / "node_modules")
        if (face := _face(name, files, CHINESE, True)) and face.draws(CHINESE)
    ]
    with cache.open("wb") as file:
        pickle.dump((plain, chinese), file)
    return plain, chinese
