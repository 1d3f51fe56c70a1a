"""Recompute every contrast ratio noted in assets/styles/_palette.scss (WCAG 2.2, relative luminance).

A note reads `$red: #8c1a15; // on red-tint 7.8`: text needs 4.5 ("on"), an edge or symbol 3 ("beside"). The number is
the ratio rounded down to one decimal; a wrong number or a ratio that is too low is a fault.
"""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

PALETTE = Path(__file__).resolve().parent.parent / "assets" / "styles" / "_palette.scss"
COLOUR = re.compile(r"^\$([a-z-]+): #([0-9a-f]{6});(?: // (.*))?$", re.MULTILINE)
NOTE = re.compile(r"(on|beside) ([a-z-]+) ([0-9.]+)")
NEEDED = {"on": 4.5, "beside": 3.0}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def main() -> int:
    found = COLOUR.findall(PALETTE.read_text(encoding="utf-8"))
    colours = {name: value for name, value, _ in found}
    faults, notes = [], 0
    for name, value, comment in found:
        for word, ground, noted in NOTE.findall(comment):
            notes += 1
            actual = ratio(value, colours[ground])
            if actual < NEEDED[word]:
                faults.append(f"${name} {word} ${ground}: {actual:.2f} is below {NEEDED[word]}")
            if f"{math.floor(actual * 10) / 10}" != noted:
                faults.append(f"${name} {word} ${ground}: noted {noted}, is {math.floor(actual * 10) / 10}")
    for fault in faults:
        print(fault)
    return 1 if faults or not notes else 0


if __name__ == "__main__":
    sys.exit(main())
