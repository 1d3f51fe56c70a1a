"""Workbooks as accidents and attackers leave them: five hundred and more, the same for the same seed."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator

SHEET = "xl/worksheets/sheet2.xml"
WORDS = b"xl/sharedStrings.xml"


def damaged(whole: bytes, seed: int) -> Iterator[tuple[str, bytes]]:
    """Name of the damage, and the file."""
    chance = random.Random(seed)
    parts = _parts(whole)
    for number in range(140):
        yield f"bytes {number}", _flipped(whole, chance, 1 + number % 20)
    for number in range(50):
        yield f"cut {number}", whole[: chance.randrange(len(whole))]
    for number in range(80):
        name = chance.choice(sorted(parts))
        yield f"xml of {name} {number}", _zip({**parts, name: _flipped(parts[name], chance, 1 + number % 5)})
    for name in sorted(parts):
        yield f"without {name}", _zip({key: value for key, value in parts.items() if key != name})
    for number, declaration in enumerate(DECLARATIONS):
        for name in ("xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "[Content_Types].xml", "xl/styles.xml"):
            yield f"declaration {number} in {name}", _zip({**parts, name: declaration(parts[name])})
    zeros = b"<a>" + b"\x00" * (150 * 1024 * 1024)
    bomb = _zip({**parts, "xl/media/a.xml": zeros})
    yield "bomb", bomb
    yield "bomb with a false size", _lying(bomb)
    yield (
        "bomb of text",
        _zip({**parts, SHEET: parts[SHEET].replace(b"</sheetData>", b" " * 70_000_000 + b"</sheetData>")}),
    )
    yield "many parts", _zip({**parts, **{f"xl/x{n}.xml": b"<a/>" for n in range(3_000)}})
    for cell in ("XFD1048576", "A1048576", "XFD3", "ZZZ9999999", "A0", "", "B-3", "AAAA1"):
        row = f'<row r="3"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'.encode()
        yield f"far cell {cell}", _zip({**parts, SHEET: parts[SHEET].replace(b"</sheetData>", row)})
    many = b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>"
    yield "many cells", _zip({**parts, SHEET: parts[SHEET].replace(b"</sheetData>", many * 40 + b"</sheetData>")})
    corner = b'<row r="50000"><c r="BH50000"><v>1</v></c></row></sheetData>'
    every = {n: p.replace(b"</sheetData>", corner) if n.startswith("xl/worksheets/") else p for n, p in parts.items()}
    yield "far corners that are allowed one by one", _zip(every)
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    yield "deep", _zip({**parts, SHEET: parts[SHEET].replace(b"<sheetData>", b"<sheetData>" + deep)})
    yield from _values(parts, chance)


def _values(parts: dict[str, bytes], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Files that are read, with values that cannot be meant: they reach validation and are refused there."""
    texts = parts[WORDS.decode()]
    labels = [
        "In place",
        "Public link",
        "Service 1",
        "Service 2",
        "Whole company",
        "https://a.example/x",
        "English",
        "P01.a",
        "P05.a",
    ]
    for number in range(120):
        word = labels[number % len(labels)].encode()
        nasty = NASTY[chance.randrange(len(NASTY))]
        changed = re.sub(rb">" + re.escape(word) + rb"<", b">" + nasty.encode() + b"<", texts)
        yield f"value {word.decode()} {number}", _zip({**parts, WORDS.decode(): changed})
    for number in range(60):
        sheets = [name for name in parts if name.startswith("xl/worksheets/")]
        name = chance.choice(sheets)
        number_ = NUMBERS[chance.randrange(len(NUMBERS))]
        cells = list(re.finditer(rb"<v>[^<]*</v>", parts[name]))
        if not cells:
            continue
        hit = chance.choice(cells)
        changed = parts[name][: hit.start()] + b"<v>" + number_ + b"</v>" + parts[name][hit.end() :]
        yield f"number in {name} {number}", _zip({**parts, name: changed})
    for number in range(20):
        formula = parts[SHEET].replace(b"<v>", b"<f>1+%d</f><v>" % number, number + 2)
        yield f"formula {number}", _zip({**parts, SHEET: formula})


NASTY = (
    "Perhaps", "=HYPERLINK(&quot;http://a&quot;)", "javascript:alert(1)", "ftp://x", "x" * 40_000, "\u202egnirts", "&#x1F600;" * 50,
    "-1", "1e999", "0000-00-00", "2026-02-30", "NaN", "＝1+1", "&lt;script&gt;", "../../etc/passwd", "_x0000_", "%s%n", "{0}",
)  # fmt: skip
NUMBERS = (
    b"-1",
    b"1e999",
    b"NaN",
    b"999999999",
    b"-0",
    b"1e-999",
    b"",
    b"abc",
    b"1048577",
    b"2958466",
    b"-100000",
    b"0.0000001",
)

DECLARATIONS = (
    lambda part: b'<!DOCTYPE a [<!ENTITY b "c">]>' + part,
    lambda part: part.replace(b"?>", b'?><!DOCTYPE a SYSTEM "http://a.example/a.dtd">', 1),
    lambda _part: b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "l">' + b"".join(b'<!ENTITY l%d "&l%d;&l%d;">' % (n + 1, n, n) for n in range(30)) + b"]><l>&l30;</l>",
    lambda _part: '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'.encode("utf-16"),
    lambda part: part.replace(b"?>", b"?><!doctype a>", 1),
    lambda part: part.replace(b"?>", b'?><!ENTITY b "c">', 1),
)  # fmt: skip


def _parts(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _flipped(content: bytes, chance: random.Random, times: int) -> bytes:
    changed = bytearray(content)
    for _ in range(times):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _lying(content: bytes) -> bytes:
    changed = bytearray(content)
    at = changed.rindex(b"xl/media/a.xml") - 46 + 24
    changed[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(changed)
