"""What is read about one company for government staff: its place in every cycle, and its content as far as shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session, make_transient

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor
from compliance.domain.results import Flag
from compliance.domain.submissions import Sealed, unseal
from compliance.storage.models import Assessment, Clarification, Cycle, Organisation, Participation, Result
from compliance.storage.queries import company_views, review


@dataclass(frozen=True, slots=True)
class Known:
    """A company beside every cycle, newest first; by cycle id how it takes part and with whom it is shared."""

    company: Organisation
    cycles: Sequence[Cycle]
    participations: Mapping[int, Participation]
    sharing: Mapping[int, frozenset[str]]


def known_of(session: Session, actor: Actor, slug: str) -> Known:
    """Raises NotFound for a company that the person may not know of, or before there is any cycle."""
    rows = company_views.places(session, actor, slug)
    if not rows:
        raise NotFound(slug)
    sharing: dict[int, set[str]] = {}
    for cycle, _company, _participation, country in rows:
        sharing.setdefault(cycle.id, set()).update([country] if country else [])
    return Known(
        company=rows[0][1],
        cycles=list(dict.fromkeys(row[0] for row in rows)),
        participations={cycle.id: takes_part for cycle, _company, takes_part, _country in rows if takes_part},
        sharing={cycle_id: frozenset(countries) for cycle_id, countries in sharing.items()},
    )


@dataclass(frozen=True, slots=True)
class Content:
    """A company's content in a cycle and the one before, each as far as it is shared with the person's government."""

    countries: frozenset[str]
    shared: bool
    assessments: Mapping[int, Assessment]
    sealed: Mapping[int, tuple[Sealed, int]]
    disputes: Sequence[Clarification]
    results: Sequence[Result]


def content_of(session: Session, actor: Actor, known: Known, cycle: Cycle, against: Cycle | None) -> Content:
    """Everything for both cycles at once, by cycle id; the earlier cycle may be shared with other countries."""
    ids = list(dict.fromkeys(id_ for id_ in (cycle.id, against.id if against else None, cycle.previous_id) if id_))
    rows = company_views.assessments(session, actor, ids, known.company.id)
    found = review.results(session, actor, ids, known.company.id)
    if cycle.previous_id and actor.country not in known.sharing[cycle.previous_id]:
        without_change(found)
    return Content(
        countries=known.sharing[cycle.id],
        shared=actor.country in known.sharing[cycle.id],
        assessments={row.cycle_id: row for row, *_ in rows},
        sealed={row.cycle_id: (unseal(text), number) for row, number, text, _ in rows if text is not None and number},
        disputes=[dispute for row, _, _, dispute in rows if dispute is not None and row.cycle_id == cycle.id],
        results=found,
    )


def without_change(rows: Sequence[Result]) -> None:
    """Take out what tells of a cycle that the reader must not know of: what became better, worse or silent."""
    for row in rows:
        make_transient(row)  # only this reader's copy changes
        row.change = None
        row.flags = [flag for flag in row.flags if flag not in (Flag.WORSE, Flag.BETTER)]
