"""One gap through the cycles."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, joinedload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Cycle, Result


def results_through_cycles(
    session: Session, actor: Actor, company_id: int, service_id: int | None, indicators: Collection[str]
) -> Sequence[Row[Result, Cycle]]:
    """The results of one service under any of these indicator ids, oldest cycle first, as far as it is shared."""
    service = Result.service_id.is_(None) if service_id is None else Result.service_id == service_id
    return session.execute(
        select(Result, Cycle)
        .join(Cycle, Cycle.id == Result.cycle_id)
        .where(
            Result.company_id == company_id,
            service,
            Result.indicator_id.in_(indicators),
            scope.content(actor, Result.company_id, Result.cycle_id),
        )
        .options(joinedload(Cycle.framework_version))
        .order_by(Cycle.opens_on, Cycle.id)
    ).all()
