"""The controls that rows of the group `review` switch off, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.proof.off import replace


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
    from compliance.services import companies, portfolio

    honest = results.roll_up

    def flattering(rules: Any, counts: Any) -> Any:
        known = {id_: number for id_, number in counts.items() if rules.severity_by_id[id_].kind != "unknown"}
        return honest(rules, known)

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
    from compliance.services import companies, due_dates, participations, portfolio

    for module in (companies, due_dates, participations, portfolio):
        replace(module, "due_of", lambda cycle_due_on, _own: cycle_due_on)


def own_record() -> None:
    """Any company's facts for any company."""
    from sqlalchemy import true

    from compliance.storage import scope

    replace(scope, "own", lambda *_args: true())


CONTROLS: dict[str, Callable[[], None]] = {
    control.__name__: control for control in (one_statement, denominator, sharing_in_sums, own_date, own_record)
}
