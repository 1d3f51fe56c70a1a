"""Thousands of companies: copies of those that were planned, made by the database itself.

Planning and judging a company takes tens of milliseconds, copying its rows one. A copy has a name, accounts and a
sealed text of its own, and everything else as its pattern has it, results included: they would be computed to the
same. Its trail begins with the copy; the answers of copies have no entries of their own, which saves half of the space.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, case, func, insert, literal, select
from sqlalchemy.orm import Session

from compliance.services import audit
from compliance.storage.bulk import advance_ids, insert_rows
from compliance.storage.database import Base
from compliance.storage.models import (
    Answer,
    Assessment,
    Evidence,
    Finding,
    Membership,
    MetricValue,
    Organisation,
    Participation,
    PublicRecord,
    Result,
    ResultCell,
    ResultMetric,
    Service,
    Sharing,
    Submission,
    User,
    public_record_service,
)

#: What belongs to a company, parents first. A table that the demo does not write is not here.
MODELS: Final[tuple[type[Base], ...]] = (
    Organisation,
    User,
    Membership,
    Service,
    Participation,
    Sharing,
    Assessment,
    Answer,
    Evidence,
    MetricValue,
    Finding,
    PublicRecord,
    Result,
    ResultCell,
    ResultMetric,
)

ALL: Final[tuple[type[Base], ...]] = (*MODELS, Submission)

#: Tables whose rows may also belong to a government: those before the first company stay what they are.
_SHARED: Final = (Organisation.__tablename__, User.__tablename__)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The companies to copy: ids without a hole, from `first` on; `floor` are the last ids that are no company's."""

    first: int
    count: int
    floor: Mapping[str, int]
    span: Mapping[str, int]  # the largest id of each table: what the ids of one round of copies are moved by


def copy_companies(session: Session, companies: Sequence[int], wanted: int, *, now: dt.datetime) -> None:
    """Copy the companies (ids in order, without a hole) until there are `wanted` of them."""
    pattern = _pattern(session, companies)
    made, round_ = len(companies), 0
    while made < wanted:
        round_ += 1
        number = min(len(companies), wanted - made)
        for model in MODELS:
            _copy_rows(session, _table(model), pattern, round_, number)
        _copy_named_services(session, pattern, round_, number)
        _copy_submissions(session, pattern, round_, number)
        _begin_trails(session, pattern, round_, number, now)
        made += number
    for written in ALL:
        advance_ids(session, written)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _pattern(session: Session, companies: Sequence[int]) -> Pattern:
    if list(companies) != list(range(companies[0], companies[0] + len(companies))):
        raise ValueError("the ids of the companies have holes")
    first_user = session.scalar(select(func.min(Membership.user_id)).where(Membership.organisation_id == companies[0]))
    return Pattern(
        first=companies[0],
        count=len(companies),
        floor={"organisation": companies[0] - 1, "user": (first_user or 1) - 1},
        span={table.name: session.scalar(select(func.max(table.c.id))) or 0 for table in map(_table, ALL)},
    )


def _copy_rows(session: Session, table: Table, pattern: Pattern, round_: int, number: int) -> None:
    """One INSERT … SELECT: ids and keys moved, unique texts numbered, everything else as it is."""
    columns = list(table.columns)
    values = [_moved(column, table, pattern, round_) for column in columns]
    query = select(*values).where(_owned(table, pattern, number)).order_by(table.c.id)
    session.connection().execute(insert(table).from_select([column.name for column in columns], query))


def _copy_named_services(session: Session, pattern: Pattern, round_: int, number: int) -> None:
    """Which services a fact of the public record names: rows without an id of their own."""
    table = public_record_service
    last = pattern.first + number - 1
    records = select(PublicRecord.id).where(PublicRecord.company_id.between(pattern.first, last))
    columns = (table.c.public_record_id, table.c.service_id)
    moved = [_moved(column, table, pattern, round_) for column in columns]
    query = select(*moved).where(table.c.public_record_id.in_(records))
    session.connection().execute(insert(table).from_select([column.name for column in columns], query))


def _moved(column: ColumnElement[Any], table: Table, pattern: Pattern, round_: int) -> ColumnElement[Any]:
    name = str(column.key)
    text = _numbered(table.name, name, column, round_)
    if text is not None:
        return text
    keys = getattr(column, "foreign_keys", ())
    parent = table.name if name == "id" else next((key.column.table.name for key in keys), None)
    if parent is None or parent not in pattern.span:
        return column
    moved = column + pattern.span[parent] * round_
    return case((column > pattern.floor[parent], moved), else_=column) if parent in _SHARED else moved


def _numbered(table: str, name: str, column: ColumnElement[Any], round_: int) -> ColumnElement[Any] | None:
    """The texts that no two rows may share, with the number of the round."""
    match table, name:
        case ("organisation", "slug") | ("user", "fs_uniquifier"):
            return column + f"-{round_}"
        case "organisation", "name":
            return column + f" ({round_})"
        case "user", "email":
            return literal(f"copy{round_}.") + column
    return None


def _owned(table: Table, pattern: Pattern, number: int) -> ColumnElement[bool]:
    """The rows that belong to the first `number` companies of the pattern."""
    last = pattern.first + number - 1
    columns = table.columns
    if table.name == "organisation":
        return columns.id.between(pattern.first, last)
    for key in ("company_id", "organisation_id"):
        if key in columns:
            return columns[key].between(pattern.first, last)
    if table.name == "user":
        members = select(Membership.user_id).where(Membership.organisation_id.between(pattern.first, last))
        return columns.id.in_(members)
    assessments = select(Assessment.id).where(Assessment.company_id.between(pattern.first, last))
    if "assessment_id" in columns:
        return columns.assessment_id.in_(assessments)
    return columns.answer_id.in_(select(Answer.id).where(Answer.assessment_id.in_(assessments)))


def _copy_submissions(session: Session, pattern: Pattern, round_: int, number: int) -> None:
    """Sealed texts name their company, so each copy has a text and a sha256 of its own."""
    table, last = _table(Submission), pattern.first + number - 1
    rows = session.execute(
        select(table, Organisation.slug.label("company"))
        .join(Assessment, Assessment.id == table.c.assessment_id)
        .join(Organisation, Organisation.id == Assessment.company_id)
        .where(Organisation.id.between(pattern.first, last))
        .order_by(table.c.id)
    ).mappings()
    copies = []
    for row in rows:
        values = {name: row[name] for name in table.columns.keys() if name != "id"}  # noqa: SIM118 - a collection
        named = f'"company": {json.dumps(row["company"])}'
        values["sealed"] = row["sealed"].replace(named, f'"company": {json.dumps(row["company"] + f"-{round_}")}', 1)
        values["sha256"] = hashlib.sha256(values["sealed"].encode()).hexdigest()
        values["assessment_id"] += pattern.span["assessment"] * round_
        values["signed_by_id"] += pattern.span["user"] * round_
        copies.append(values)
    insert_rows(session, Submission, copies)


def _begin_trails(session: Session, pattern: Pattern, round_: int, number: int, now: dt.datetime) -> None:
    moved = pattern.span["organisation"] * round_
    ids = range(pattern.first, pattern.first + number)
    entries = [
        audit.Entry("organisation.create", f"organisation:{id_ + moved}", id_ + moved, after={"copy_of": id_})
        for id_ in ids
    ]
    audit.record_all(session, None, entries, now=now)
