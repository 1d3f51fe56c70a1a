"""The controls that rows of the group `review` switch off, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.proof.off import replace


def open_questions() -> None:
    """While an assessment is returned every answer is open."""
    from compliance.domain import permissions
    from compliance.domain.assessments import State

    honest = permissions.open_for_answers

    def open_for_answers(actor: Any, record: Any) -> bool:
        return record.state is State.RETURNED or honest(actor, record)

    _condition(honest, open_for_answers)


def commitment_days() -> None:
    """The daily job forgets the days of commitments and plans: only evidence moves results."""
    from dataclasses import replace as changed

    from compliance.domain import results

    honest = results._next_change
    replace(results, "_next_change", lambda facts, on: honest(changed(facts, plans=(), agreed_days=()), on))


def state_conditions() -> None:
    """Whoever may do something may do it in any state."""
    from compliance.domain import permissions

    for name in ("open_for_findings", "under_review", "awaiting_reply", "concluded"):
        _condition(getattr(permissions, name), lambda _actor, _record: True)


def _condition(honest: Any, instead: Any) -> None:
    """Put another condition in the place of one, wherever the table names it."""
    from compliance.domain import permissions

    for permission, grants in permissions.PERMISSIONS.items():
        permissions.PERMISSIONS[permission] = tuple(  # type: ignore[index]
            permissions.Grant(grant.roles, tuple(instead if when is honest else when for when in grant.when))
            for grant in grants
        )


def finding_version() -> None:
    """A finding is saved over whatever is there."""
    from compliance.domain.saving import Stamp
    from compliance.services.review import findings
    from compliance.storage.queries import review

    honest = findings._write

    def write(session: Any, actor: Any, target: Any, entry: Any, stamp: Any, *, now: Any) -> Any:
        row = review.finding(session, target.assessment.id, target.service_id, target.indicator)
        return honest(session, actor, target, entry, Stamp(row.version if row else 0, stamp.key), now=now)

    replace(findings, "_write", write)


def unsent_is_hidden() -> None:
    """Questions that were written and not sent, and replies that were not sent, are shown to the other side."""
    from compliance.services.review import clarifications

    honest = clarifications.own_questions

    def own_questions(actor: Any, cycle_slug: str) -> Any:
        from dataclasses import replace as changed

        from compliance.services.assessment.assessments import own
        from compliance.services.transaction import reading
        from compliance.storage.queries import exchange

        found = honest(actor, cycle_slug)
        rows = exchange.clarifications(reading(), own(reading(), actor, cycle_slug).id)
        indicators = {item.row.id: item for item in (*found.open, *found.settled)}
        from compliance.services.cycle.frameworks import framework_for

        known = framework_for(found.assessment.cycle.framework_version).indicators
        every = [
            indicators.get(row.id) or clarifications.OwnQuestion(row, known[row.indicator_id], None, None, ())
            for row in rows
        ]
        return changed(found, open=every, settled=[])

    replace(clarifications, "own_questions", own_questions)


def one_statement() -> None:
    """A list that asks for each company's results by itself."""
    from compliance.storage.queries import portfolio

    honest = portfolio.cells

    def one_by_one(session: Any, actor: Any, cycle_id: int, ids: Sequence[int]) -> list[Any]:
        return [row for id_ in ids for row in honest(session, actor, cycle_id, [id_])]

    replace(portfolio, "cells", one_by_one)


def denominator() -> None:
    """Counts that leave out what is not known."""
    from compliance.domain import results
    from compliance.services.portfolio import companies, portfolio

    honest = results.roll_up

    def flattering(rules: Any, counts: Any) -> Any:
        known = {id_: number for id_, number in counts.items() if rules.severity_by_id[id_].kind != "unknown"}
        return honest(rules, known or counts)  # a cell of nothing else still has to say something

    for module in (results, portfolio, companies):
        replace(module, "roll_up", flattering)


def sharing_in_sums() -> None:
    """Sums and lists over every company, shared or not."""
    from sqlalchemy import select

    from compliance.storage.models import Sharing
    from compliance.storage.queries import overview, portfolio, side_by_side

    def everything(_actor: Any, cycle_id: int | None) -> Any:
        return select(Sharing.company_id).where(Sharing.cycle_id == cycle_id).distinct()

    for module in (portfolio, overview, side_by_side):
        replace(module, "shared_with", everything)


def own_date() -> None:
    """A date of one's own that is stored and that nobody looks at."""
    from compliance.services.cycle import due_dates, participations
    from compliance.services.portfolio import companies, portfolio

    for module in (companies, due_dates, participations, portfolio):
        replace(module, "due_of", lambda cycle_due_on, _own: cycle_due_on)


def own_record() -> None:
    """Any company's facts for any company."""
    from sqlalchemy import true

    from compliance.storage import scope

    replace(scope, "own", lambda *_args: true())


CONTROLS: dict[str, Callable[[], None]] = {
    function.__name__: function
    for function in (
        open_questions,
        commitment_days,
        state_conditions,
        finding_version,
        unsent_is_hidden,
        one_statement,
        denominator,
        sharing_in_sums,
        own_date,
        own_record,
    )
}
