"""reminders.yaml beside the frameworks: the reminder plan that a new cycle begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from compliance.content.faults import ContentError
from compliance.content.yaml_source import read_sheet
from compliance.domain.reminder_plans import Plan, load_plan, plan_faults

FILE: Final = "reminders.yaml"


def load_reminders(folder: Path, file: str = FILE) -> Plan:
    """The plan in a file of `folder`. Raises ContentError with every fault and its line."""
    sheet = read_sheet(folder / file, file)
    if not isinstance(sheet.data, dict) or set(sheet.data) != {"stages"}:
        raise ContentError([sheet.fault((), "must hold stages and nothing else")])
    faults = [
        sheet.fault(("stages",) if place is None else ("stages", place), fault)
        for place, fault in plan_faults(sheet.data["stages"])
    ]
    if faults:
        raise ContentError(sorted(faults))
    return load_plan(sheet.data["stages"])
