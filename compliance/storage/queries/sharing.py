"""With which countries a company's content in a cycle is and was shared: for use cases that have passed the scope."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.storage.models import Cycle, Participation, Sharing


def history(session: Session, company_id: int, cycle_id: int) -> Sequence[Sharing]:
    """Every sharing there is and was, the newest first."""
    return session.scalars(
        select(Sharing)
        .where(Sharing.company_id == company_id, Sharing.cycle_id == cycle_id)
        .order_by(Sharing.started_at.desc(), Sharing.id.desc())
    ).all()


def current(session: Session, company_id: int, cycle_id: int) -> Sequence[Sharing]:
    """Those that hold now."""
    return session.scalars(
        select(Sharing).where(
            Sharing.company_id == company_id, Sharing.cycle_id == cycle_id, Sharing.ended_at.is_(None)
        )
    ).all()


def open_cycle_ids(session: Session, company_id: int) -> Sequence[int]:
    """The open cycles that a company is in."""
    return session.scalars(
        select(Participation.cycle_id)
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .where(Participation.company_id == company_id, Cycle.closed_on.is_(None))
        .order_by(Participation.cycle_id)
    ).all()
