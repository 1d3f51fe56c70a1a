"""The company is shown what public sources say about it, and may correct it; staff of its lead country decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.corrections import (
    CorrectionEntry,
    CorrectionState,
    Decision,
    problems_of,
    problems_of_decision,
)
from compliance.domain.errors import Conflict, Invalid, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.cycle import frameworks
from compliance.services.review import public_record
from compliance.services.transaction import reading, writing
from compliance.storage.models import PublicRecord, RecordCorrection
from compliance.storage.queries import corrections as queries

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """A page of what is kept about the own company. `framework` is None before any was imported."""

    framework: Framework | None
    records: Sequence[PublicRecord]
    total: int
    may_correct: bool
    page: int
    pages: int


def own_records(actor: Actor, *, page: int) -> OwnRecords:
    """What public sources say about the own company, with every correction."""
    record = records.of_company(actor.organisation_id)
    require(actor, Permission.OWN_RECORD_VIEW, record)
    session = reading()
    total = queries.own_count(session, actor)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    return OwnRecords(
        framework=frameworks.newest(session),
        records=queries.own_page(session, actor, offset=(page - 1) * PAGE, limit=PAGE),
        total=total,
        may_correct=allows(actor, Permission.CORRECTION_PROPOSE, record),
        page=page,
        pages=pages,
    )


def own_count(actor: Actor) -> int:
    """How many facts are kept about the own company: the first page says so."""
    require(actor, Permission.OWN_RECORD_VIEW, records.of_company(actor.organisation_id))
    return queries.own_count(reading(), actor)


def own_record(actor: Actor, record_id: int) -> PublicRecord:
    """One fact about the own company; raises NotFound for any other."""
    require(actor, Permission.OWN_RECORD_VIEW, records.of_company(actor.organisation_id))
    found = queries.own_one(reading(), actor, record_id)
    if found is None:
        raise NotFound(str(record_id))
    return found


def propose(actor: Actor, record_id: int, entry: CorrectionEntry, *, now: dt.datetime) -> RecordCorrection:
    """Propose how a fact about the own company should read.

    Raises Invalid, NotFound for a fact about another company, Conflict while a correction waits for a decision.
    """
    require(actor, Permission.CORRECTION_PROPOSE, records.of_company(actor.organisation_id))
    try:
        with writing() as session:
            fact = queries.own_one(session, actor, record_id)
            if fact is None:
                raise NotFound(str(record_id))
            problems = problems_of(entry, fact.statement)
            if problems:
                raise Invalid(problems)
            row = RecordCorrection(
                public_record_id=fact.id,
                state=CorrectionState.PROPOSED,
                before=fact.statement,
                statement=entry.statement,
                reason=entry.reason,
                language=actor.language,
                source_address=entry.source_address,
                proposed_by_id=actor.user_id,
                proposed_at=now,
            )
            session.add(row)
            session.flush()
            _note(session, actor, row, fact, "public_record.correction", now)
    except IntegrityError as error:
        raise Conflict(1) from error
    return row


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A correction that waits for a decision, with the fact it is about."""

    correction: RecordCorrection
    record: PublicRecord
    framework: Framework | None


def decision_page(actor: Actor, correction_id: int) -> DecisionPage:
    """For staff of the company's lead country; raises NotFound, Denied."""
    session = reading()
    row = _to_decide(session, actor, correction_id)
    return DecisionPage(row, row.record, frameworks.newest(session))


def decide(actor: Actor, correction_id: int, decision: Decision, *, now: dt.datetime) -> RecordCorrection:
    """Accept a correction, and the fact reads as the company says; or refuse it, and both texts stand side by side.

    The company is told in its trail, with the reason. Raises Conflict when a colleague has decided meanwhile.
    """
    with writing() as session:
        row = _to_decide(session, actor, correction_id, lock=True)
        if row.state != CorrectionState.PROPOSED:
            raise Conflict(1)
        problems = problems_of_decision(decision)
        if problems or decision.state is None:
            raise Invalid(problems)
        fact = row.record
        row.state, row.decision = decision.state, decision.reason
        row.decided_by_id, row.decided_at = actor.user_id, now
        if decision.state is CorrectionState.ACCEPTED:
            before = public_record.described(fact)
            fact.statement, fact.language = row.statement, row.language
            if decision.drop_claim:
                fact.status, fact.value, fact.unit = None, None, ""
            session.flush()
            public_record.note(session, actor, fact, before, now=now, chain=actor.organisation_id)
            public_record.refresh_open_cycles(session, fact.company_id, now=now)
        session.flush()
        _note(session, actor, row, fact, f"public_record.correction_{decision.state}", now)
    return row


def _to_decide(session: Session, actor: Actor, correction_id: int, *, lock: bool = False) -> RecordCorrection:
    row = queries.to_decide(session, actor, correction_id, lock=lock)
    if row is None:
        raise NotFound(str(correction_id))
    company = row.record.company
    require(actor, Permission.CORRECTION_DECIDE, Record(company_id=company.id, lead_country=company.country))
    return row


def _note(
    session: Session, actor: Actor, row: RecordCorrection, fact: PublicRecord, action: str, now: dt.datetime
) -> None:
    """The company proposes, and is told of the decision: both stand in its own trail."""
    audit.record(
        session,
        actor,
        action,
        f"record_correction:{row.id}",
        now=now,
        organisation_id=fact.company_id,
        before={"statement": row.before},
        after={"statement": row.statement, "reason": row.reason, "state": row.state, "decision": row.decision},
    )
