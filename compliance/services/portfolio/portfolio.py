"""The companies in a cycle, as government staff see them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from compliance.domain.assessments import Invitation, Participation, State, due_of, participation
from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission
from compliance.domain.results import Cell, Change, roll_up
from compliance.domain.text import Text
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.transaction import reading
from compliance.storage.models import Assessment, Cycle, Organisation
from compliance.storage.models import Participation as ParticipationRow
from compliance.storage.queries import cycles
from compliance.storage.queries import portfolio as queries
from compliance.storage.queries import results as stored

PAGE = 50

Which = queries.Which


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A company on a principle. `changes` is None where the cycle before is not shared with the reader."""

    cell: Cell
    changes: Mapping[Change, int] | None


@dataclass(frozen=True, slots=True)
class Line:
    """One company of the list. Endorsement, participation and results are separate facts.

    `participation` is None for a company that is not in the cycle; `cell` is None when its content is not shared, and
    while its results are still to be computed (`stale`). `answers` and `last_activity_on` are all that is known of a
    draft, and only to those it is to be shared with. `cells` are by principle id.
    """

    company: Organisation
    participation: Participation | None
    word: Text | None
    own_due_on: dt.date | None  # granted to this company alone
    state: State | None
    shared: bool
    stale: bool
    cell: Cell | None
    answers: int
    last_activity_on: dt.date | None
    cells: Mapping[str, HeatCell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A page of the list. `shared` companies are the basis of every sum; `stale` are still to be computed."""

    cycle: Cycle
    cycles: Sequence[Cycle]
    framework: Framework
    lines: Sequence[Line]
    total: int
    shared: int
    stale: int
    page: int
    pages: int

    @property
    def previous(self) -> Cycle | None:
        return next((cycle for cycle in self.cycles if cycle.id == self.cycle.previous_id), None)


def portfolio(
    actor: Actor, cycle_slug: str | None, which: Which, *, page: int, now: dt.datetime, size: int = PAGE
) -> Portfolio | None:
    """One page of the companies in a cycle (without a slug: the newest); None before there is any cycle.

    Raises NotFound for an unknown cycle. The number of queries does not depend on the number of companies.
    """
    require(actor, Permission.PORTFOLIO_VIEW)
    session = reading()
    all_cycles = cycles.all_cycles(session)
    if not all_cycles and cycle_slug is None:
        return None
    cycle = cycle_in(all_cycles, cycle_slug)
    which = replace(which, on=today_of(now))
    total = queries.company_count(session, actor, cycle, which)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = queries.companies_page(session, actor, cycle, which, offset=(page - 1) * size, limit=size)
    framework = framework_for(cycle.framework_version)
    listing = _listing(session, actor, cycle, framework, [row[0].id for row in rows], now)
    return Portfolio(
        cycle=cycle,
        cycles=all_cycles,
        framework=framework,
        lines=[listing.line(*row) for row in rows],
        total=total,
        shared=queries.shared_count(session, actor, cycle.id),
        stale=stored.stale_count(session, cycle.id),
        page=page,
        pages=pages,
    )


def today_of(now: dt.datetime) -> dt.date:
    """One day for a whole list: at most a day off for a company far from UTC, and filters fit the words shown."""
    return now.astimezone(dt.UTC).date()


def _listing(
    session: Session, actor: Actor, cycle: Cycle, framework: Framework, ids: Sequence[int], now: dt.datetime
) -> _Listing:
    counts: dict[int, dict[str, Mapping[str, int]]] = defaultdict(dict)
    changes: dict[int, dict[str, dict[Change, int]]] = defaultdict(dict)
    for company_id, principle_id, severities, *changed in queries.cells(session, actor, cycle.id, ids):
        counts[company_id][principle_id] = severities
        changes[company_id][principle_id] = dict(zip(queries.CHANGES, changed, strict=True))
    return _Listing(
        cycle=cycle,
        framework=framework,
        today=today_of(now),
        answers=queries.answer_counts(session, cycle.id, ids),
        counts=counts,
        changes=changes,
        comparable=queries.shared_of(session, actor, cycle.previous_id, ids) if cycle.previous_id else set(),
    )


@dataclass(frozen=True, slots=True)
class _Listing:
    """What all lines of a list have in common."""

    cycle: Cycle
    framework: Framework
    today: dt.date
    answers: Mapping[int, int]
    counts: Mapping[int, Mapping[str, Mapping[str, int]]]
    changes: Mapping[int, Mapping[str, Mapping[Change, int]]]
    comparable: set[int]

    def line(
        self, company: Organisation, row: ParticipationRow | None, assessment: Assessment | None, country: str | None
    ) -> Line:
        """One company. `country` is the person's own where the content is shared with it, else None."""
        shared = country is not None
        answered = self.answers.get(company.id, 0)
        state = State(assessment.state) if assessment else None
        word = participation_of(row, state, answered, self.cycle, self.today)
        counts = self.counts.get(company.id, {}) if shared else {}
        total = sum((Counter(each) for each in counts.values()), Counter[str]())
        return Line(
            company=company,
            participation=word,
            word=self.framework.rules.words["participation"][word].label if word else None,
            own_due_on=row.due_on if row else None,
            state=state if shared else None,
            shared=shared,
            stale=row is not None and row.stale_since is not None,
            cell=roll_up(self.framework.rules, total) if counts else None,
            answers=answered if shared else 0,
            last_activity_on=assessment.last_activity_at.date() if assessment and shared else None,
            cells={id_: self._cell(company.id, id_, each) for id_, each in counts.items()},
        )

    def _cell(self, company_id: int, principle_id: str, counts: Mapping[str, int]) -> HeatCell:
        changes = self.changes[company_id][principle_id] if company_id in self.comparable else None
        return HeatCell(roll_up(self.framework.rules, counts), changes)


def cycle_in(all_cycles: Sequence[Cycle], slug: str | None) -> Cycle:
    """The cycle with `slug`, or the newest; raises NotFound."""
    found = next((cycle for cycle in all_cycles if slug is None or cycle.slug == slug), None)
    if found is None:
        raise NotFound(str(slug))
    return found


def participation_of(
    row: ParticipationRow | None, state: State | None, answered: int, cycle: Cycle, today: dt.date
) -> Participation | None:
    """How a company takes part today; None when it is not in the cycle."""
    if row is None:
        return None
    due_on = due_of(cycle.due_on, row.due_on)
    return participation(Invitation(row.invitation), state, has_answers=answered > 0, due_on=due_on, on=today)
