"""A reminder plan as data: how it is stored with a cycle, and what is wrong with one that cannot be used.

A plan is a list of stages, earliest first:
`{"id": "due_soon", "from": "due", "days": -7, "to": ["contributor", "lead"], "at": "09:00", "kind": "reminder"}`;
`at` and `kind` may be left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from compliance.domain.errors import ProductError
from compliance.domain.permissions import ROLES_OF, OrganisationKind, Role
from compliance.domain.reminders import Anchor, Stage

#: Seven days before, to all who answer; three days after, to the lead, who can decide.
DEFAULT_PLAN: Final = (
    Stage("due_soon", Anchor.DUE, -7, frozenset({Role.CONTRIBUTOR, Role.LEAD})),
    Stage("overdue", Anchor.DUE, 3, frozenset({Role.LEAD})),
)

_REQUIRED: Final = frozenset({"id", "from", "days", "to"})
_KNOWN: Final = _REQUIRED | {"at", "kind"}
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MOST_DAYS: Final = 366


class BadPlan(ProductError):
    """A plan cannot be used; `faults` are sentences that name the stage."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("the reminder plan cannot be used: " + "; ".join(faults))
        self.faults = tuple(faults)


def load_plan(data: object) -> tuple[Stage, ...]:
    """The plan that is stored as `data`; raises BadPlan with every fault at once."""
    if not isinstance(data, Sequence) or isinstance(data, str | bytes):
        raise BadPlan(["it must be a list of stages"])
    faults = [f"stage {place}: {fault}" for place, raw in enumerate(data, start=1) for fault in _faults_of(raw)]
    if not faults:
        ids = [raw["id"] for raw in data]
        faults = [
            f"stage {place}: the id {id!r} is used twice" for place, id in enumerate(ids, 1) if id in ids[: place - 1]
        ]
    if faults:
        raise BadPlan(faults)
    return tuple(_stage(raw) for raw in data)


def dump_plan(plan: Sequence[Stage]) -> list[dict[str, Any]]:
    """The plan as it is stored."""
    return [
        {
            "id": stage.id,
            "kind": stage.kind,
            "from": stage.anchor.value,
            "days": stage.days,
            "at": f"{stage.at:%H:%M}",
            "to": sorted(stage.audience),
        }
        for stage in plan
    ]


def _stage(raw: Mapping[str, Any]) -> Stage:
    return Stage(
        id=raw["id"],
        anchor=Anchor(raw["from"]),
        days=raw["days"],
        audience=frozenset(Role(role) for role in raw["to"]),
        kind=raw.get("kind", "reminder"),
        at=dt.time.fromisoformat(raw.get("at", "09:00")),
    )


def _faults_of(raw: object) -> list[str]:
    if not isinstance(raw, Mapping):
        return ["it must be a mapping with id, from, days and to"]
    missing = [f"{name} is missing" for name in sorted(_REQUIRED - raw.keys())]
    unknown = [f"{name!r} is not known" for name in sorted(map(str, raw.keys() - _KNOWN))]
    return missing + unknown + [fault for name in raw if name in _KNOWN for fault in _fault_in(str(name), raw[name])]


def _fault_in(name: str, value: object) -> list[str]:
    """What is wrong with one field of a stage; empty when nothing is."""
    if name in ("id", "kind"):
        fine = isinstance(value, str) and _ID.fullmatch(value) is not None
        return [] if fine else [f"{name} must be a short word of a-z, 0-9 and _, not {value!r}"]
    if name == "from":
        return [] if value in list(Anchor) else [f"from must be opening or due, not {value!r}"]
    if name == "days":
        fine = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST_DAYS
        return [] if fine else [f"days must be a whole number from -{_MOST_DAYS} to {_MOST_DAYS}, not {value!r}"]
    if name == "at":
        fine = isinstance(value, str) and _TIME.fullmatch(value) is not None
        return [] if fine else [f"at must be a time such as 09:00, not {value!r}"]
    return _fault_in_audience(value)


def _fault_in_audience(value: object) -> list[str]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or not value:
        return ["to must be a list of at least one role"]
    roles = ROLES_OF[OrganisationKind.COMPANY]
    return [
        f"to must name roles of a company ({', '.join(sorted(roles))}), not {role!r}"
        for role in value
        if not isinstance(role, str) or role not in roles
    ]
