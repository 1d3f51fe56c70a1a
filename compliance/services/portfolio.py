"""The companies in a cycle, as government staff see them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.domain.assessments import Invitation, Participation, State, due_of, participation
from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission
from compliance.domain.results import Cell, roll_up
from compliance.domain.text import Text
from compliance.services.actors import require
from compliance.services.frameworks import framework_for
from compliance.services.transaction import reading
from compliance.storage.models import Assessment, Cycle, Organisation
from compliance.storage.models import Participation as ParticipationRow
from compliance.storage.queries import cycles
from compliance.storage.queries import portfolio as queries

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One company of the list. Endorsement, participation and results are separate facts.

    `participation` is None for a company that is not in the cycle; `cell` is None when its content is not shared.
    `answers` and `last_activity_on` are all that is known of a draft, and only to those it is to be shared with.
    """

    company: Organisation
    participation: Participation | None
    word: Text | None
    own_due_on: dt.date | None  # granted to this company alone
    state: State | None
    shared: bool
    cell: Cell | None
    answers: int
    last_activity_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    cycle: Cycle
    cycles: Sequence[Cycle]
    framework: Framework
    lines: Sequence[Line]
    total: int
    shared: int
    page: int
    pages: int


def portfolio(
    actor: Actor, cycle_slug: str | None, *, name: str, participating: Participation | None, page: int, now: dt.datetime
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
    # One day for the whole list: at most a day off for a company far from UTC, and the filter fits the words shown.
    today = now.astimezone(dt.UTC).date()
    which = queries.Which(name, participating, today)
    total = queries.company_count(session, actor, cycle.id, which)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    rows = queries.companies_page(session, actor, cycle.id, which, offset=(page - 1) * PAGE, limit=PAGE)
    ids = [row[0].id for row in rows]
    answers = queries.answer_counts(session, cycle.id, ids)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for company_id, severity, number in queries.severity_counts(session, actor, cycle.id, ids):
        counts[company_id][severity] = number
    listing = _Listing(cycle, framework_for(cycle.framework_version), today)
    return Portfolio(
        cycle=cycle,
        cycles=all_cycles,
        framework=listing.framework,
        lines=[listing.line(*row, answers.get(row[0].id, 0), counts[row[0].id]) for row in rows],
        total=total,
        shared=queries.shared_count(session, actor, cycle.id),
        page=page,
        pages=pages,
    )


@dataclass(frozen=True, slots=True)
class _Listing:
    """What all lines of a list have in common."""

    cycle: Cycle
    framework: Framework
    today: dt.date

    def line(
        self,
        company: Organisation,
        row: ParticipationRow | None,
        assessment: Assessment | None,
        country: str | None,
        answered: int,
        counts: Mapping[str, int],
    ) -> Line:
        """One company. `country` is the person's own where the content is shared with it, else None."""
        shared = country is not None
        state = State(assessment.state) if assessment else None
        word = participation_of(row, state, answered, self.cycle, self.today)
        return Line(
            company=company,
            participation=word,
            word=self.framework.rules.words["participation"][word].label if word else None,
            own_due_on=row.due_on if row else None,
            state=state if shared else None,
            shared=shared,
            cell=roll_up(self.framework.rules, counts) if shared and counts else None,
            answers=answered if shared else 0,
            last_activity_on=assessment.last_activity_at.date() if assessment and shared else None,
        )


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
