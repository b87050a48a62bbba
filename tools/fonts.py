"""Make the fonts of the pages from those that Fontsource ships: only the letters and weights the book uses.

The licence (book/_static/fonts/OFL.txt) asks that a changed font gives up the name it had. Run it only to take up a
newer version of a font:

    npm pack @fontsource-variable/source-serif-4 @fontsource-variable/source-sans-3 @fontsource/source-serif-4
    pip install brotli                          # after unpacking the three into one folder
    python -m tools.fonts FOLDER
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

TARGET = Path(__file__).resolve().parents[1] / "book" / "_static" / "fonts"
# The file in the package, the name of the changed font, its file, and whether its weight varies.
FONTS = (
    ("source-serif-4-latin-wght-normal", "Essay Serif", "essay-serif", True),
    ("source-serif-4-latin-400-italic", "Essay Serif", "essay-serif-italic", False),
    ("source-sans-3-latin-wght-normal", "Essay Sans", "essay-sans", True),
)
WEIGHTS = (400, 700)
# Latin with the accents of western Europe, and the marks of English prose. Other letters come from the reader's fonts.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ıŒœ–—‘’‚“”„•…′″€←↑→↓−"),
]
# Numbers of the records that name a font: family, unique name, full name, the one for PostScript, and its like.
POSTSCRIPT = 6
NAMES = (1, 3, 4, POSTSCRIPT, 16, 18, 21, 25)
FEATURES = ["ccmp", "kern", "liga", "locl", "pnum", "tnum"]


def made(file: Path, name: str, varies: bool) -> TTFont:
    """Return the font of a file with fewer letters and weights, under another name."""
    font = TTFont(file, recalcTimestamp=False)
    if varies:
        instance = BytesIO()
        instantiateVariableFont(font, {"wght": WEIGHTS}).save(instance)
        font = TTFont(instance, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=FEATURES, name_IDs=["*"]))
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in NAMES:
            record.string = name.replace(" ", "") if record.nameID == POSTSCRIPT else name
    font.flavor = "woff2"
    return font


if __name__ == "__main__":
    for stem, name, target, varies in FONTS:
        (file,) = Path(sys.argv[1]).rglob(f"{stem}.woff2")
        made(file, name, varies).save(TARGET / f"{target}.woff2")
