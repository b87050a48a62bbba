"""The colours and sizes of the house, on light paper and in dark mode."""

from __future__ import annotations

import re

# Inches; the page shows 100 CSS pixels an inch.
WIDE = 7.2
NARROW = 3.6
PIXELS = 100

INK = "#23272b"
MUTED = "#5d656d"
RULE = "#d8d5cf"
LAND = "#e4e0d8"
PAPER = "#fdfcfa"
RED = "#a8322a"
BLUE = "#1f5a86"
OCHRE = "#c98a1b"
TEAL = "#3f8f86"
PLUM = "#6d4a86"
GREY = "#8b9299"
PALE = "#b9bec3"
MINT = "#93c5be"
# Text on a bright fill: the same in both modes.
ON_BRIGHT = "#1a1d20"
# Fills too pale to be read as words, and the tone in which words take their colour.
WORDS = {OCHRE: "#8a5a07", TEAL: "#2d716a", MINT: "#2d716a", GREY: MUTED, PALE: MUTED}

# Each colour of the house on light paper, and the one that takes its place in dark mode.
DARK = {
    INK: "#e9e6e0",
    MUTED: "#aab1b8",
    RULE: "#3d4349",
    LAND: "#383e44",
    PAPER: "#14181c",
    RED: "#f2897b",
    BLUE: "#7db7e3",
    OCHRE: "#e8bb62",
    TEAL: "#7fcbc1",
    PLUM: "#c3a2dc",
    GREY: "#8b9298",
    PALE: "#5c636a",
    MINT: "#b8e0db",
    WORDS[OCHRE]: "#e8bb62",
    WORDS[TEAL]: "#7fcbc1",
}


def darkened(svg: str) -> str:
    """Return a figure with every colour of the house replaced by its counterpart for dark mode."""
    return re.sub("#[0-9a-f]{6}", lambda match: DARK.get(match[0], match[0]), svg)
