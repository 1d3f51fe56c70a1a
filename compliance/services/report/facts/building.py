"""What every builder of facts is given, and what the facts of every kind have in common."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor
from compliance.reporting import facts as f
from compliance.services.report import fact_words as w
from compliance.storage.models import Cycle


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about: a cycle, and in it one company or one principle where the kind asks for it."""

    cycle: str
    company: str | None = None
    principle: int | None = None


@dataclass(frozen=True, slots=True)
class Building:
    """One report to be built: for whom, of what kind and edition, about what, with which marking, and when."""

    actor: Actor
    kind: str
    shape: str
    about: About
    edition: f.EditionName
    marking: f.Marking
    now: dt.datetime

    def envelope(self, framework: Framework, cycle: Cycle, *, on: dt.date, due_on: dt.date | None = None) -> f.Envelope:
        """What stands in the facts of every kind, dated `on`; nothing compared and nothing withheld yet.

        `due_on` is one company's own last day.
        """
        return {
            "kind": self.kind,
            "shape": self.shape,
            "generated_on": on.isoformat(),
            "marking": self.marking,
            "releasable": False,
            "distribution": [],
            "edition": {"name": self.edition, "version": 1, "approved_by": "", "approved_on": None},
            "withheld": [],
            "cycle": w.cycle_of(cycle, due_on),
            "previous_cycle": None,
            "framework": w.framework_of(framework),
        }
