"""When a company's assessment is due, in SQL: the one expression behind every filter and join on that day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from compliance.storage.models import Cycle, Participation

#: The same as `domain.assessments.due_of`, for statements that join a participation with its cycle.
DUE_ON: Final[ColumnElement[dt.date]] = func.coalesce(Participation.due_on, Cycle.due_on)


def past_due(on: dt.date) -> ColumnElement[bool]:
    """Participations whose last day is over on the day `on`."""
    return on > DUE_ON


def due_on(session: Session, cycle_id: int, company_id: int) -> dt.date | None:
    """When a company's assessment in a cycle is due; None when it is not in the cycle."""
    return session.scalar(
        select(DUE_ON)
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .where(Participation.cycle_id == cycle_id, Participation.company_id == company_id)
    )


def last_due_on(session: Session, cycle_id: int) -> dt.date | None:
    """The last day on which any company in a cycle may submit; None without companies."""
    return session.scalar(
        select(func.max(DUE_ON))
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .where(Participation.cycle_id == cycle_id)
    )
