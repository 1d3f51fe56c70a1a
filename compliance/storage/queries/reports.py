"""What reports over many companies read: sums made by the database, and single rows for as many as a table may name.

Each statement holds to what is shared with the person's government. With `open_only` results that rest on an answer
that is withheld do not exist, and changes against such an answer of the cycle before neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Row, case, distinct, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Assessment, Commitment, Cycle, Organisation, Result


@dataclass(frozen=True, slots=True)
class Basis:
    """Which results a report counts: those of a cycle that the person may see. `ranks` are severity ids by rank."""

    actor: Actor
    cycle_id: int
    previous_id: int | None
    ranks: Mapping[str, int]
    open_only: bool

    @property
    def results(self) -> list[ColumnElement[bool]]:
        """The conditions on Result."""
        conditions: list[ColumnElement[bool]] = [
            Result.cycle_id == self.cycle_id,
            scope.content(self.actor, Result.company_id, Result.cycle_id),
        ]
        return [*conditions, ~Result.withheld] if self.open_only else conditions

    @property
    def worst(self) -> ColumnElement[int]:
        """The rank of the worst word in a group of results."""
        return func.min(case(*((Result.severity == id_, rank) for id_, rank in self.ranks.items()), else_=99))


def companies_with_results(session: Session, basis: Basis) -> int:
    return session.scalar(select(func.count(distinct(Result.company_id))).where(*basis.results)) or 0


def spread(session: Session, basis: Basis, principle_id: str | None = None) -> Sequence[Row[str, int, int]]:
    """Principle id, rank of the worst word, and how many companies have it as their worst there."""
    inner = select(Result.principle_id, basis.worst.label("worst")).where(*basis.results)
    if principle_id:
        inner = inner.where(Result.principle_id == principle_id)
    worst = inner.group_by(Result.company_id, Result.principle_id).subquery()
    return session.execute(
        select(worst.c.principle_id, worst.c.worst, func.count()).group_by(worst.c.principle_id, worst.c.worst)
    ).all()


def spread_by_indicator(session: Session, basis: Basis, principle_id: str) -> Sequence[Row[str, int, int]]:
    """Indicator id, rank of the worst word, and how many companies have it as their worst there."""
    inner = select(Result.indicator_id, basis.worst.label("worst"))
    inner = inner.where(*basis.results, Result.principle_id == principle_id)
    worst = inner.group_by(Result.company_id, Result.indicator_id).subquery()
    return session.execute(
        select(worst.c.indicator_id, worst.c.worst, func.count()).group_by(worst.c.indicator_id, worst.c.worst)
    ).all()


def counts_of_principle(session: Session, basis: Basis, principle_id: str) -> dict[str, int]:
    """How many results of a principle have which severity, over all companies."""
    rows = session.execute(
        select(Result.severity, func.count())
        .where(*basis.results, Result.principle_id == principle_id)
        .group_by(Result.severity)
    )
    return dict(rows.all())


def moved(session: Session, basis: Basis, principle_id: str | None = None) -> Sequence[Row[str, str, int]]:
    """Principle id, change and how many results changed so, where the person may see both cycles."""
    if basis.previous_id is None:
        return []
    conditions = [
        *basis.results,
        Result.change.is_not(None),
        scope.content_in(basis.actor, Result.company_id, basis.previous_id),
    ]
    if principle_id:
        conditions.append(Result.principle_id == principle_id)
    if basis.open_only:
        conditions.append(~_withheld_before(basis.previous_id))
    return session.execute(
        select(Result.principle_id, Result.change, func.count())
        .where(*conditions)
        .group_by(Result.principle_id, Result.change)
    ).all()  # type: ignore[return-value]  # change is not NULL here


def _withheld_before(previous_id: int) -> ColumnElement[bool]:
    before = aliased(Result)
    return exists().where(
        before.cycle_id == previous_id,
        before.company_id == Result.company_id,
        before.indicator_id == Result.indicator_id,
        before.service_id.is_not_distinct_from(Result.service_id),
        before.withheld,
    )


def common_gaps(
    session: Session, basis: Basis, gaps: Sequence[str], without_plan: str, limit: int
) -> Sequence[Row[str, int, int]]:
    """Indicator id, companies in which it is a gap, companies in which it has no plan: most companies first."""
    number = func.count(distinct(Result.company_id))
    bare = func.count(distinct(case((Result.severity == without_plan, Result.company_id))))
    return session.execute(
        select(Result.indicator_id, number, bare)
        .where(*basis.results, Result.severity.in_(gaps))
        .group_by(Result.indicator_id)
        .order_by(number.desc(), bare.desc(), Result.indicator_id)
        .limit(limit)
    ).all()


def companies_asked(
    session: Session, basis: Basis, indicators: Sequence[str], outside: Sequence[str]
) -> dict[str, int]:
    """To how many companies each of these indicators applies."""
    rows = session.execute(
        select(Result.indicator_id, func.count(distinct(Result.company_id)))
        .where(*basis.results, Result.indicator_id.in_(indicators), Result.severity.not_in(outside))
        .group_by(Result.indicator_id)
    )
    return dict(rows.all())


def withheld_counts(session: Session, basis: Basis) -> dict[str, int]:
    """How many results rest on an answer that is withheld, by principle id."""
    everything = replace(basis, open_only=False)
    rows = session.execute(
        select(Result.principle_id, func.count())
        .where(*everything.results, Result.withheld)
        .group_by(Result.principle_id)
    )
    return dict(rows.all())


def cells_of(session: Session, basis: Basis, company_ids: Sequence[int]) -> Sequence[Row[int, str, str, int]]:
    """Company id, principle id, severity and number of results, of these companies."""
    return session.execute(
        select(Result.company_id, Result.principle_id, Result.severity, func.count())
        .where(*basis.results, Result.company_id.in_(company_ids))
        .group_by(Result.company_id, Result.principle_id, Result.severity)
    ).all()


def results_of_principle(session: Session, basis: Basis, principle_id: str) -> Sequence[Row[Result, Organisation]]:
    """Every result of one principle with its company and service, by company, in the order of the questions."""
    return session.execute(
        select(Result, Organisation)
        .join(Organisation, Organisation.id == Result.company_id)
        .where(*basis.results, Result.principle_id == principle_id)
        .options(joinedload(Result.service))
        .order_by(Organisation.name, Organisation.id, Result.indicator_id, Result.service_id)
    ).all()


def assessments_in(session: Session, basis: Basis, company_ids: Sequence[int]) -> Sequence[Assessment]:
    """The submitted assessments of these companies that the person may open."""
    return session.scalars(
        select(Assessment).where(
            Assessment.cycle_id == basis.cycle_id,
            Assessment.company_id.in_(company_ids),
            scope.assessments(basis.actor),
        )
    ).all()


def commitments_due(
    session: Session, actor: Actor, cycle_id: int, states: Sequence[str], limit: int
) -> Sequence[Commitment]:
    """The commitments of all companies that are not done, earliest first."""
    return session.scalars(
        select(Commitment)
        .where(Commitment.cycle_id == cycle_id, Commitment.state.in_(states), scope.commitments(actor))
        .options(
            joinedload(Commitment.company),
            joinedload(Commitment.service),
            selectinload(Commitment.steps),
            joinedload(Commitment.cycle).joinedload(Cycle.framework_version),
        )
        .order_by(Commitment.due_on, Commitment.id)
        .limit(limit)
    ).all()
