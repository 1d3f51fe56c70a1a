"""LibreOffice as a reader: what it makes of a file, without a window."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def converted(path: Path, kind: str, folder: Path) -> Path:
    """`path` opened by LibreOffice and saved as `kind` ("fods", "xlsx")."""
    folder.mkdir(exist_ok=True)
    profile = (folder / "profile").resolve().as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
    ]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=240, check=False)
    made = folder / f"{path.stem}.{kind}"
    assert made.exists(), done.stdout + done.stderr
    return made


def cells(flat: Path) -> tuple[list[str], set[str]]:
    """The formulas and the texts of a flat spreadsheet, as LibreOffice understood it."""
    formulas: list[str] = []
    texts: set[str] = set()
    for cell in ElementTree.parse(flat).iter(f"{TABLE}table-cell"):
        formula = cell.get(f"{TABLE}formula")
        if formula is not None:
            formulas.append(formula)
        lines = ["".join(_text(line)) for line in cell.findall(f"{TEXT}p")]
        if lines:
            texts.add("\n".join(lines))
    return formulas, texts


def _text(node: ElementTree.Element) -> list[str]:
    """The text of a paragraph: spaces and tabs are elements of their own."""
    found = [node.text or ""]
    for child in node:
        if child.tag == f"{TEXT}s":
            found.append(" " * int(child.get(f"{TEXT}c", "1")))
        elif child.tag == f"{TEXT}tab":
            found.append("\t")
        elif child.tag == f"{TEXT}line-break":
            found.append("\n")
        else:
            found += _text(child)
        found.append(child.tail or "")
    return found
