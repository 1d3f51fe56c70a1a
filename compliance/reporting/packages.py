"""What the bytes of a report depend on beside its facts and its document: packages, the look, and the fonts."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from compliance.reporting.formats import Folders

#: The packages that lay out and pack files. The page's HTML comes from Jinja, the words for numbers from Babel.
MAKERS: Final = ("babel", "jinja2", "lxml", "markupsafe", "python-docx", "typst", "xlsxwriter")


def packages_of(folders: Folders) -> dict[str, str]:
    """The versions of what makes files here, and the sha256 of the styles and the fonts they are made with."""
    styles = _digest(folders.styles)
    return _installed() | {"styles": styles, "fonts": _fonts(folders.fonts)}


@cache
def _installed() -> dict[str, str]:
    # Compressed files differ between versions of zlib, which comes with Python.
    return {name: version(name) for name in MAKERS} | {"python": platform.python_version()}


@cache
def _fonts(folder: Path) -> str:
    return _digest(folder)


def _digest(folder: Path) -> str:
    """The sha256 of all files of a folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()
