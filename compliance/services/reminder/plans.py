"""The reminder plan of a cycle: the usual one to begin with, then as coordinators change it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from compliance.content import load_reminders
from compliance.domain.errors import Conflict, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.reminder_plans import BadPlan, Plan, dump_plan, load_plan
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import Cycle
from compliance.storage.queries import cycles

PRINCIPLES: Final = Path(__file__).resolve().parents[3] / "principles"


@dataclass(frozen=True, slots=True)
class CyclePlan:
    """The plan of a cycle as it is now. `seen` names this state, for saving; `plan` is None when it cannot be used."""

    cycle: Cycle
    plan: Plan | None
    seen: str
    may_change: bool


@lru_cache(maxsize=1)
def usual_plan() -> Plan:
    """The plan that a new cycle begins with: `principles/reminders.yaml`, read once.

    Raises ContentError for a file with faults, which `content check` finds before.
    """
    return load_reminders(PRINCIPLES)


def plan_of(actor: Actor | None, slug: str) -> CyclePlan:
    """The plan of a cycle. Raises NotFound for an unknown one. `actor` is None for the command line."""
    if actor is not None:
        require(actor, Permission.CYCLE_VIEW)
    cycle = cycles.cycle_by_slug(reading(), slug)
    if cycle is None:
        raise NotFound(slug)
    try:
        plan: Plan | None = load_plan(cycle.reminder_plan)
    except BadPlan:
        plan = None
    may = cycle.closed_on is None and (actor is None or allows(actor, Permission.CYCLE_MANAGE))
    return CyclePlan(cycle, plan, _name(cycle), may)


def stages_of(slug: str) -> list[dict[str, Any]]:
    """The plan of a cycle as it is stored, usable or not, for the command line. Raises NotFound."""
    return list(plan_of(None, slug).cycle.reminder_plan)


def change_plan(actor: Actor | None, slug: str, stages: object, *, seen: str | None = None, now: dt.datetime) -> Plan:
    """Give a cycle another plan, as stored data; the plan that holds now.

    What waited for a stage that is gone is dropped when its time comes, with "plan changed" as its reason.

    Raises BadPlan with every fault, Conflict when a colleague changed the plan since it was `seen`, NotFound, and
    NotAllowed for a closed cycle. `actor` is None for the command line.
    """
    if actor is not None:
        require(actor, Permission.CYCLE_MANAGE)
    plan = load_plan(stages)
    with writing() as session:
        cycle = cycles.cycle_by_slug(session, slug)
        if cycle is None:
            raise NotFound(slug)
        if cycle.closed_on is not None:
            raise NotAllowed("the cycle is closed")
        if seen is not None and seen != _name(cycle):
            raise Conflict(0)
        before, after = _by_id(cycle.reminder_plan), _by_id(dump_plan(plan))
        cycle.reminder_plan = dump_plan(plan)
        if before != after:
            changed = {id for id in before.keys() | after.keys() if before.get(id) != after.get(id)}
            audit.record(
                session,
                actor,
                "cycle.reminder_plan",
                f"cycle:{cycle.id}",
                now=now,
                before={id: before[id] for id in sorted(changed & before.keys())},
                after={id: after[id] for id in sorted(changed & after.keys())},
            )
    return plan


def _name(cycle: Cycle) -> str:
    """What names the present state of a plan on a page."""
    return hashlib.sha256(json.dumps(cycle.reminder_plan, sort_keys=True).encode()).hexdigest()[:20]


def _by_id(data: object) -> dict[str, str]:
    """A stored plan as its stages by id, each as one line; a plan that cannot be used has none."""
    try:
        plan = load_plan(data)
    except BadPlan:
        return {}
    return {
        stage["id"]: f"{stage['about']} {stage['from']} {stage['days']:+d} {stage['at']} x{stage.get('times', 1)}"
        f" {'+'.join(stage['to'])}"
        for stage in dump_plan(plan)
    }
