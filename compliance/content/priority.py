"""<framework>/priority.yaml: the order in which gaps are followed up. It stands beside the versions, like the wording.

It decides an order of work and never a severity, so it is not part of what is pinned and may change between versions.
A framework without the file has no order: its gaps are shown worst first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from compliance.content.faults import ContentError, Fault
from compliance.content.fields import Group, Part, Several, Words, identity, names, not_empty
from compliance.content.schemas import TextShape
from compliance.content.shapes import shape_faults
from compliance.content.sheet import Sheet
from compliance.content.yaml_source import read_sheet
from compliance.domain.priority import Level, Priority, PriorityRow, Trait
from compliance.domain.results import Flag
from compliance.domain.text import Text

FILE: Final = "priority.yaml"


class LevelShape(Group):
    id = identity()
    word = Part(TextShape, required=True)


class TraitShape(Group):
    id = identity()
    label = Part(TextShape, required=True)
    any = names(required=True)


class PriorityRowShape(Group):
    level = Words(required=True)
    severity = names()
    flags = names(values=Flag)
    traits = names()
    because = Part(TextShape, required=True)


class PriorityFile(Group):
    levels = Several(Part(LevelShape), required=True, validate=not_empty())
    traits = Several(Part(TraitShape), required=True)
    table = Several(Part(PriorityRowShape), required=True, validate=not_empty())


def load_priority(
    framework: Path, *, functions: Collection[str] | None = None, severities: Collection[str] | None = None
) -> Priority | None:
    """The order of the framework in the folder `framework`; None without the file. Raises ContentError for its faults.

    `functions` and `severities` are those of a version that the file must fit; None leaves that out.
    """
    path = framework / FILE
    if not path.is_file():
        return None
    sheet = read_sheet(path, FILE)
    faults = shape_faults(sheet, PriorityFile) or list(_faults(sheet, functions, severities))
    if faults:
        raise ContentError(sorted(faults))
    return _build(sheet.data)


def _faults(sheet: Sheet, functions: Collection[str] | None, severities: Collection[str] | None) -> Iterator[Fault]:
    data = sheet.data
    levels, traits = [item["id"] for item in data["levels"]], [item["id"] for item in data["traits"]]
    for group, ids in (("levels", levels), ("traits", traits)):
        for place, id_ in enumerate(ids):
            if id_ in ids[:place]:
                yield sheet.fault((group, place, "id"), "is there twice")
    for place, trait in enumerate(data["traits"]):
        yield from _unknown(sheet, ("traits", place, "any"), trait["any"], functions, "function")
    for place, row in enumerate(data["table"]):
        if row["level"] not in levels:
            yield sheet.fault(("table", place, "level"), "is not one of the levels above")
        yield from _unknown(sheet, ("table", place, "traits"), row.get("traits", ()), traits, "trait")
        yield from _unknown(sheet, ("table", place, "severity"), row.get("severity", ()), severities, "severity")
    last = len(data["table"]) - 1
    if any(data["table"][last].get(name) for name in ("severity", "flags", "traits")):
        yield sheet.fault(("table", last), "must hold for every gap: the last row names no condition")


def _unknown(
    sheet: Sheet, where: tuple[str | int, ...], ids: Collection[str], known: Collection[str] | None, noun: str
) -> Iterator[Fault]:
    for place, id_ in enumerate(ids):
        if known is not None and id_ not in known:
            yield sheet.fault((*where, place), f"names no {noun} of the framework")


def _build(data: dict[str, Any]) -> Priority:
    return Priority(
        levels=tuple(Level(item["id"], _text(item["word"]), rank) for rank, item in enumerate(data["levels"])),
        traits=tuple(Trait(item["id"], _text(item["label"]), frozenset(item["any"])) for item in data["traits"]),
        table=tuple(
            PriorityRow(
                level=row["level"],
                because=_text(row["because"]),
                severities=frozenset(row.get("severity", ())),
                flags=frozenset(row.get("flags", ())),
                traits=frozenset(row.get("traits", ())),
            )
            for row in data["table"]
        ),
    )


def _text(value: dict[str, str]) -> Text:
    return Text(en=value["en"].strip(), fr=value["fr"].strip())
