"""Do the `replaces` of a version name indicators that an earlier version had?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compliance.content.faults import ContentError, Fault, quoted
from compliance.content.folder import Folder, Version, read_version, version_names
from compliance.content.sheet import Sheet, Where


def history_faults(folder: Folder, version: Version) -> Iterator[Fault]:
    """Replaced ids that are still asked, that two indicators replace, or that no earlier version has."""
    own = {indicator["id"] for sheet in version.principles for indicator in sheet.data["indicators"]}
    replaced = list(_replaced(version))
    earlier = _earlier_ids(folder) if replaced else None
    seen: dict[str, str] = {}
    for sheet, where, old, indicator_id in replaced:
        if old in own:
            yield sheet.fault(where, f"is {quoted(old)}, which this version still asks; an id is replaced or kept")
        elif earlier is not None and old not in earlier:
            yield sheet.fault(where, f"is {quoted(old)}, which no earlier version has")
        first = seen.setdefault(old, indicator_id)
        if first != indicator_id:
            yield sheet.fault(where, f"is {quoted(old)}, which {first} replaces already")


def _replaced(version: Version) -> Iterator[tuple[Sheet, Where, str, str]]:
    for sheet in version.principles:
        for place, indicator in enumerate(sheet.data["indicators"]):
            for number, old in enumerate(indicator.get("replaces", ())):
                yield sheet, ("indicators", place, "replaces", number), old, indicator["id"]


def _earlier_ids(folder: Folder) -> set[str] | None:
    """The indicator ids of all earlier versions; None when they cannot be told.

    Without an earlier folder nothing can be said against an id. An earlier version that cannot be read is a fault of
    its own check; here it must not make faults of this version.
    """
    names = [name for name in version_names(folder.path.parent) if _order(name) < _order(folder.version)]
    if not names:
        return None
    found: set[str] = set()
    for name in names:
        try:
            earlier = read_version(Folder(folder.path.parent / name))
        except ContentError:
            return None
        found |= {indicator["id"] for sheet in earlier.principles for indicator in sheet.data["indicators"]}
    return found


def _order(version: str) -> list[tuple[int, Any]]:
    """Sorts version names as people read them: 2026.2 before 2026.10."""
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in re.findall(r"[0-9]+|[^0-9]+", version)]
