"""A reminder plan as data: how it is stored with a cycle, and what is wrong with one that cannot be used.

A plan is a list of stages, earliest first:
`{"id": "due_7", "about": "participation", "from": "due", "days": -7, "to": ["contributor", "lead"], "at": "09:00"}`;
`about` (participation), `at` (09:00) and `times` (1) may be left out. The usual plan is in `principles/reminders.yaml`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from compliance.domain.errors import ProductError
from compliance.domain.reminders import NOTICE, REMINDER, About, Anchor, Audience, Plan, Stage

_ALL_WHO_ANSWER: Final = frozenset({Audience.CONTRIBUTOR, Audience.LEAD})

#: Legal notices. They are not part of any plan: they always go.
NOTICES: Final = (
    Stage("returned", Anchor.BEGAN, 0, _ALL_WHO_ANSWER, About.CLARIFICATION, kind=NOTICE),
    Stage("findings_shared", Anchor.BEGAN, 0, _ALL_WHO_ANSWER | {Audience.VIEWER}, About.REPLY, kind=NOTICE),
)

__all__ = ["NOTICES", "BadPlan", "Plan", "dump_plan", "load_plan", "plan_faults", "with_notices"]

_REQUIRED: Final = frozenset({"id", "from", "days", "to"})
_KNOWN: Final = _REQUIRED | {"about", "at", "times", "kind"}
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MOST_DAYS: Final = 366
_MOST_TIMES: Final = 12


class BadPlan(ProductError):
    """A plan cannot be used; `faults` are sentences that name the stage."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("the reminder plan cannot be used: " + "; ".join(faults))
        self.faults = tuple(faults)


def load_plan(data: object) -> tuple[Stage, ...]:
    """The plan that is stored as `data`; raises BadPlan with every fault at once."""
    faults = plan_faults(data)
    if faults:
        raise BadPlan([fault if place is None else f"stage {place + 1}: {fault}" for place, fault in faults])
    assert isinstance(data, Sequence)
    return tuple(_stage(raw) for raw in data)


def plan_faults(data: object) -> list[tuple[int | None, str]]:
    """What is wrong with a stored plan: the place of the stage (from 0; None: the whole), and why."""
    if not isinstance(data, Sequence) or isinstance(data, str | bytes):
        return [(None, "it must be a list of stages")]
    faults = [(place, fault) for place, raw in enumerate(data) for fault in _faults_of(raw)]
    if faults:
        return list(faults)
    ids = [raw["id"] for raw in data]
    taken = {notice.id for notice in NOTICES}
    return [(place, f"the id {id!r} is used twice") for place, id in enumerate(ids) if id in ids[:place] or id in taken]


def with_notices(plan: Sequence[Stage]) -> tuple[Stage, ...]:
    """The plan together with the legal notices."""
    return (*plan, *NOTICES)


def dump_plan(plan: Sequence[Stage]) -> list[dict[str, Any]]:
    """The plan as it is stored."""
    return [
        {
            "id": stage.id,
            "about": stage.about.value,
            "from": stage.anchor.value,
            "days": stage.days,
            "at": f"{stage.at:%H:%M}",
            "to": sorted(stage.audience),
            **({"times": stage.times} if stage.times > 1 else {}),
        }
        for stage in plan
    ]


def _stage(raw: Mapping[str, Any]) -> Stage:
    return Stage(
        id=raw["id"],
        anchor=Anchor(raw["from"]),
        days=raw["days"],
        audience=frozenset(Audience(name) for name in raw["to"]),
        about=About(raw.get("about", About.PARTICIPATION)),
        at=dt.time.fromisoformat(raw.get("at", "09:00")),
        times=raw.get("times", 1),
    )


def _faults_of(raw: object) -> list[str]:
    if not isinstance(raw, Mapping):
        return ["it must be a mapping with id, from, days and to"]
    missing = [f"{name} is missing" for name in sorted(_REQUIRED - raw.keys())]
    unknown = [f"{name!r} is not known" for name in sorted(map(str, raw.keys() - _KNOWN))]
    return missing + unknown + [fault for name in raw if name in _KNOWN for fault in _fault_in(str(name), raw[name])]


def _fault_in(name: str, value: object) -> list[str]:
    """What is wrong with one field of a stage; empty when nothing is."""
    if name == "days":
        return _fault_in_number(name, value, -_MOST_DAYS, _MOST_DAYS)
    if name == "times":
        return _fault_in_number(name, value, 1, _MOST_TIMES)
    if name == "to":
        return _fault_in_audience(value)
    return [] if _fits(name, value) else [f"{name} must be {_WANTED[name]}, not {value!r}"]


_WANTED: Final = {
    "id": "a short word of a-z, 0-9 and _",
    "kind": f"{REMINDER!r}, or left out",
    "from": f"one of {', '.join(Anchor)}",
    "about": f"one of {', '.join(About)}",
    "at": "a time such as 09:00",
}


def _fits(name: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    return {
        "id": _ID.fullmatch(value) is not None,
        "kind": value == REMINDER,
        "from": value in list(Anchor),
        "about": value in list(About),
        "at": _TIME.fullmatch(value) is not None,
    }[name]


def _fault_in_number(name: str, value: object, least: int, most: int) -> list[str]:
    fine = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    return [] if fine else [f"{name} must be a whole number from {least} to {most}, not {value!r}"]


def _fault_in_audience(value: object) -> list[str]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or not value:
        return ["to must be a list of at least one of " + ", ".join(Audience)]
    return [
        f"to must name people to remind ({', '.join(Audience)}), not {name!r}"
        for name in value
        if not isinstance(name, str) or name not in list(Audience)
    ]
