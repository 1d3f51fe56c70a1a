"""Numbers of one metric over companies, as far as their content is shared with the reader's government."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from compliance.domain.permissions import Actor
from compliance.storage.models import Cycle, Organisation, ResultMetric, Service
from compliance.storage.queries.portfolio import Which, shared_with

Basis = Row[str, dt.date | None, dt.date | None, str, str, int]


def _rows(actor: Actor, cycle_id: int, metric_id: str, which: Which) -> Select[ResultMetric, Organisation, Service]:
    query = (
        select(ResultMetric, Organisation, Service)
        .join(Organisation, Organisation.id == ResultMetric.company_id)
        .outerjoin(Service, Service.id == ResultMetric.service_id)
        .where(
            ResultMetric.cycle_id == cycle_id,
            ResultMetric.metric_id == metric_id,
            ResultMetric.company_id.in_(shared_with(actor, cycle_id)),
        )
    )
    if which.name:
        query = query.where(Organisation.name.icontains(which.name, autoescape=True))
    if which.lead:
        query = query.where(Organisation.country == which.lead)
    return query


def page(
    session: Session, actor: Actor, cycle_id: int, metric_id: str, which: Which, *, offset: int, limit: int
) -> Sequence[Row[ResultMetric, Organisation, Service | None]]:
    """Numbers of a metric with company and service, by name."""
    ordered = _rows(actor, cycle_id, metric_id, which).order_by(Organisation.name, Organisation.id, Service.name)
    return session.execute(ordered.offset(offset).limit(limit)).all()


def count(session: Session, actor: Actor, cycle_id: int, metric_id: str, which: Which) -> tuple[int, int]:
    """How many answers to a metric there are, and how many of them give a number."""
    found = _rows(actor, cycle_id, metric_id, which).with_only_columns(
        func.count(ResultMetric.id), func.count(ResultMetric.value)
    )
    total, numbers = session.execute(found).one()
    return total, numbers


def bases(session: Session, actor: Actor, cycle_id: int, metric_id: str) -> Sequence[Basis]:
    """Unit, period, geography and method of the numbers of a metric, and how many numbers have exactly these."""
    columns = (
        ResultMetric.unit,
        ResultMetric.period_start,
        ResultMetric.period_end,
        ResultMetric.geography,
        ResultMetric.method,
    )
    return session.execute(
        select(*columns, func.count())
        .where(
            ResultMetric.cycle_id == cycle_id,
            ResultMetric.metric_id == metric_id,
            ResultMetric.value.is_not(None),
            ResultMetric.company_id.in_(shared_with(actor, cycle_id)),
        )
        .group_by(*columns)
    ).all()


def earlier(
    session: Session, actor: Actor, cycle: Cycle, metric_ids: Sequence[str], company_ids: Sequence[int]
) -> Sequence[ResultMetric]:
    """What the same companies gave for a metric in the cycle before, as far as that is shared with the reader."""
    return session.scalars(
        select(ResultMetric).where(
            and_(ResultMetric.cycle_id == cycle.previous_id, ResultMetric.metric_id.in_(metric_ids)),
            ResultMetric.company_id.in_(company_ids),
            ResultMetric.company_id.in_(shared_with(actor, cycle.previous_id)),
        )
    ).all()
