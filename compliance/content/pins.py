"""published.yaml: the sha256 of each published version, so that nobody edits what companies have already answered."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compliance.content.faults import ContentError, Fault, quoted
from compliance.content.folder import Folder
from compliance.content.plain_text import reason_of
from compliance.content.schemas import PinList
from compliance.content.shapes import shape_faults
from compliance.content.sheet import Sheet
from compliance.content.yaml_source import read_sheet

PINS: Final = "published.yaml"
_HEADER: Final = """\
# The published versions and the sha256 of what they ask. A published version is never edited: a change is a new
# version folder. Written by `flask --app app content publish PATH`.
"""


@dataclass(frozen=True, slots=True)
class Pin:
    version: str
    sha256: str
    published: str  # the day, as YYYY-MM-DD
    line: int


def read_pins(folder: Folder) -> tuple[Pin, ...]:
    """The pins beside the version in `folder`; none when nothing was published. Raises ContentError on faults."""
    path = folder.path.parent / PINS
    if not os.path.lexists(path):
        return ()
    return _pins_in(path)


def _pins_in(path: Path) -> tuple[Pin, ...]:
    read = read_sheet(path, PINS)
    sheet = Sheet(PINS, {"pins": read.data}, {("pins", *where): line for where, line in read.lines.items()})
    faults = shape_faults(sheet, PinList) or list(_value_faults(sheet))
    if faults:
        raise ContentError(faults)
    return tuple(
        Pin(item["version"], item["sha256"], item["published"], sheet.line(("pins", place)))
        for place, item in enumerate(sheet.data["pins"])
    )


def _value_faults(sheet: Sheet) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, item in enumerate(sheet.data["pins"]):
        if item["version"] in seen:
            yield sheet.fault(("pins", place, "version"), f"is {quoted(item['version'])}, which is listed already")
        seen.add(item["version"])
        if not re.fullmatch("[0-9a-f]{64}", item["sha256"]):
            yield sheet.fault(("pins", place, "sha256"), "must be 64 digits 0-9 and a-f")
        if not _is_day(item["published"]):
            yield sheet.fault(("pins", place, "published"), 'must be a day, such as "2026-01-31"')


def _is_day(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def pin_of(pins: Sequence[Pin], version: str) -> Pin | None:
    return next((pin for pin in pins if pin.version == version), None)


def pin_faults(pins: Sequence[Pin], version: str, sha256: str) -> Iterator[Fault]:
    """A fault when `version` is pinned with another sha256."""
    pin = pin_of(pins, version)
    if pin and pin.sha256 != sha256:
        reason = (
            f"version {pin.version} was published on {pin.published} and has been changed since (its sha256 is now "
            f"{sha256[:12]}…); published versions are never edited: make a new version folder"
        )
        yield Fault(PINS, pin.line, reason)


def add_pin(folder: Folder, sha256: str, on: dt.date) -> None:
    """Append the pin of the version in `folder`. What is there stays as it is, comments included.

    Raises ContentError when the file cannot be written, or is not a list that an entry can be put after.
    """
    path = folder.path.parent / PINS
    entry = f'- version: "{folder.version}"\n  sha256: "{sha256}"\n  published: "{on.isoformat()}"\n'
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else _HEADER
        gap = "" if before.endswith("\n") else "\n"
        _replace(path, before + gap + entry, folder.version)
    except (OSError, ValueError) as error:
        raise ContentError([Fault(PINS, 1, f"cannot be written: {reason_of(error)}")]) from None


def _replace(path: Path, text: str, version: str) -> None:
    """Put `text` in the place of the file, in one step and only if it reads back with the new pin."""
    handle, name = tempfile.mkstemp(prefix=".published-", suffix=".yaml", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        fresh.chmod(path.stat().st_mode if path.exists() else 0o644)
        if not pin_of(_pins_in(fresh), version):
            raise ContentError([Fault(PINS, 1, "write the file as a list with one entry per version")])
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
