"""Numbers of several companies side by side: what compares, and for the rest why it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from compliance.domain.comparing import Mismatch, Reading, commonest, mismatches
from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework, Metric
from compliance.domain.permissions import Actor, Permission
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.portfolio.portfolio import Which, cycle_in
from compliance.services.transaction import reading
from compliance.storage.models import Cycle, Organisation, ResultMetric, Service
from compliance.storage.queries import cycles, portfolio
from compliance.storage.queries import side_by_side as queries

PAGE: Final = 50
_ANY: Final = Decimal(1)  # what a basis stands for: some number


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One number of one company (service None: of the whole company), or why there is none.

    `why_not`: what keeps it from being compared with the basis of the page. `before` is the number of the cycle
    before, `why_not_before` what keeps the two apart; both empty when there is none or it is not shared.
    """

    company: Organisation
    service: Service | None
    row: ResultMetric
    why_not: tuple[Mismatch, ...]
    before: ResultMetric | None
    why_not_before: tuple[Mismatch, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A page of numbers of one metric. `basis` is what they are compared with; None while nobody gives a number."""

    cycle: Cycle
    cycles: Sequence[Cycle]
    framework: Framework
    metric: Metric
    basis: Reading | None
    lines: Sequence[NumberLine]
    total: int
    numbers: int
    shared: int
    page: int
    pages: int


def side_by_side(
    actor: Actor, cycle_slug: str | None, metric_id: str | None, which: Which, *, page: int, size: int = PAGE
) -> SideBySide | None:
    """The numbers of one metric (without one: the first) over all companies that are shared with the reader.

    They are compared with the basis (unit, period, geography, method) that most of them have. None before there is any
    cycle; NotFound for an unknown cycle or metric.
    """
    require(actor, Permission.PORTFOLIO_VIEW)
    session = reading()
    all_cycles = cycles.all_cycles(session)
    if not all_cycles and cycle_slug is None:
        return None
    cycle = cycle_in(all_cycles, cycle_slug)
    framework = framework_for(cycle.framework_version)
    metric = _metric(framework, metric_id)
    total, numbers = queries.count(session, actor, cycle.id, metric.id, which)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    basis = _basis(session, actor, cycle, metric)
    rows = queries.page(session, actor, cycle.id, metric.id, which, offset=(page - 1) * size, limit=size)
    before = _before(session, actor, cycle, metric, [company.id for _, company, _ in rows])
    return SideBySide(
        cycle=cycle,
        cycles=all_cycles,
        framework=framework,
        metric=metric,
        basis=basis,
        lines=[_line(row, company, service, basis, before, framework) for row, company, service in rows],
        total=total,
        numbers=numbers,
        shared=portfolio.shared_count(session, actor, cycle.id),
        page=page,
        pages=pages,
    )


def _metric(framework: Framework, metric_id: str | None) -> Metric:
    metrics = framework.metrics
    found = metrics.get(metric_id) if metric_id else next(iter(metrics.values()), None)
    if found is None:
        raise NotFound(metric_id or "metric")
    return found


def _basis(session: Session, actor: Actor, cycle: Cycle, metric: Metric) -> Reading | None:
    return commonest(
        (Reading(metric.id, _ANY, unit, start, end, geography, method), number)
        for unit, start, end, geography, method, number in queries.bases(session, actor, cycle.id, metric.id)
    )


def _before(
    session: Session, actor: Actor, cycle: Cycle, metric: Metric, company_ids: Sequence[int]
) -> Mapping[tuple[int, int | None], ResultMetric]:
    if cycle.previous_id is None:
        return {}
    rows = queries.earlier(session, actor, cycle, [metric.id], company_ids)
    return {(row.company_id, row.service_id): row for row in rows}


def _line(
    row: ResultMetric,
    company: Organisation,
    service: Service | None,
    basis: Reading | None,
    before: Mapping[tuple[int, int | None], ResultMetric],
    framework: Framework,
) -> NumberLine:
    units = framework.units_by_id
    mine, earlier = reading_of(row), before.get((row.company_id, row.service_id))
    return NumberLine(
        company=company,
        service=service,
        row=row,
        why_not=mismatches(mine, basis, units) if basis else (Mismatch.NO_NUMBER,),
        before=earlier,
        why_not_before=mismatches(mine, reading_of(earlier), units, same_company=True) if earlier else (),
    )


def reading_of(row: ResultMetric) -> Reading:
    """A stored number as the rules know it."""
    service = None if row.service_id is None else str(row.service_id)
    return Reading(
        row.metric_id, row.value, row.unit, row.period_start, row.period_end, row.geography, row.method, service
    )
