"""Commitments: both sides read and move the same list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.commitments import (
    ActEntry,
    CommitmentAct,
    CommitmentEntry,
    CommitmentState,
    Side,
    act_problems,
    acts_of,
    is_overdue,
    move,
    problems_of,
)
from compliance.domain.errors import Conflict, Invalid, NotFound
from compliance.domain.framework import Framework, Indicator
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.services import audit, records
from compliance.services.actors import require, require_now
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.gap import results
from compliance.services.review.findings import asked
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment, Commitment, CommitmentEvent, CommitmentStep, Cycle, Organisation
from compliance.storage.queries import assessments, commitments, cycles, engagements


def side_of(actor: Actor) -> Side:
    return Side.COMPANY if actor.is_company else Side.GOVERNMENT


@dataclass(frozen=True, slots=True)
class Listed:
    """A commitment on the list. `indicator` is None when its framework version no longer has it."""

    row: Commitment
    indicator: Indicator | None
    overdue: bool
    acts: tuple[CommitmentAct, ...]


@dataclass(frozen=True, slots=True)
class CommitmentList:
    """A company's commitments as the person may see them; the same rows for both sides."""

    company: Organisation
    items: Sequence[Listed]
    today: dt.date

    @property
    def overdue(self) -> int:
        return sum(item.overdue for item in self.items)


def own_list(actor: Actor, *, now: dt.datetime) -> CommitmentList:
    """The commitments of the person's own company. Raises NotFound for a person of no company."""
    company = cycles.own_company(reading(), actor)
    if company is None:
        raise NotFound(actor.organisation_name)
    return _list(actor, company, now)


def commitment_list(actor: Actor, slug: str, *, now: dt.datetime) -> CommitmentList:
    """The commitments of a company, by date. Raises NotFound for an unknown or foreign company."""
    company = cycles.company_for(reading(), actor, slug)
    if company is None:
        raise NotFound(slug)
    return _list(actor, company, now)


def _list(actor: Actor, company: Organisation, now: dt.datetime) -> CommitmentList:
    session = reading()
    _require_view(session, actor, company)
    today = local_day(now, company)
    rows = commitments.commitments_of(session, actor, company.id)
    return CommitmentList(company, [_listed(actor, row, company, today) for row in rows], today)


def _require_view(session: Session, actor: Actor, company: Organisation) -> None:
    """Government needs one cycle at least that is shared with it; which commitments it sees is the scope's matter."""
    countries = cycles.countries_of_company(session, company.id)
    require(actor, Permission.COMMITMENT_VIEW, _company_record(company, countries))


def _company_record(company: Organisation, countries: frozenset[str]) -> Record:
    return Record(company_id=company.id, lead_country=company.country, countries=countries)


def _listed(actor: Actor, row: Commitment, company: Organisation, today: dt.date) -> Listed:
    framework = framework_for(row.cycle.framework_version)
    may = allows(actor, Permission.COMMITMENT_MOVE, _company_record(company, frozenset({actor.country or ""})))
    acts = acts_of(CommitmentState(row.state), by=side_of(actor), proposed_by=Side(row.side)) if may else ()
    if not any(step.done_on is None for step in row.steps):
        acts = tuple(act for act in acts if act is not CommitmentAct.STEP_DONE)
    return Listed(row, framework.indicators.get(row.indicator_id), is_overdue(commitments.pledge_of(row), today), acts)


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    company: Organisation
    item: Listed
    framework: Framework
    today: dt.date


def commitment_page(actor: Actor, id_: int, *, now: dt.datetime) -> CommitmentPage:
    """One commitment with its history. Raises NotFound for one that the person may not see."""
    session = reading()
    row = commitments.commitment(session, actor, id_)
    if row is None:
        raise NotFound(str(id_))
    _require_view(session, actor, row.company)
    today = local_day(now, row.company)
    framework = framework_for(row.cycle.framework_version)
    return CommitmentPage(row.company, _listed(actor, row, row.company, today), framework, today)


@dataclass(frozen=True, slots=True)
class NewCommitment:
    """What the page of a new commitment needs: on what it is made."""

    company: Organisation
    cycle: Cycle
    indicator: Indicator
    service: str | None


def new_commitment(actor: Actor, place: Place) -> NewCommitment:
    """The page of a new commitment on one answer. Raises NotFound for an answer that was not asked or is not seen."""
    session = reading()
    assessment, record = _assessment(session, actor, place)
    require_now(actor, Permission.COMMITMENT_PROPOSE, record)
    service_id, _number = asked(session, assessment, place)
    framework = framework_for(assessment.cycle.framework_version)
    names = {service.id: service.name for service in assessments.services_of(session, assessment.company_id)}
    name = names[service_id] if service_id else None
    return NewCommitment(assessment.company, assessment.cycle, framework.indicators[place.indicator], name)


def _assessment(session: Session, actor: Actor, place: Place, *, hold: bool = False) -> tuple[Assessment, Record]:
    """The assessment of the place, from the company's side or from government's; `hold` its row."""
    if actor.is_company:
        found = assessments.own_assessment(session, actor, place.cycle)
    else:
        found = assessments.submitted_assessment(session, actor, place.company or "", place.cycle)
    if found is None or place.company not in (None, found.company.slug):
        raise NotFound(place.cycle)
    if hold:
        assessments.lock(session, found)
    countries = cycles.sharing_countries(session, found.company_id, found.cycle_id)
    return found, records.of_assessment(found, found.company, countries)


def propose(
    actor: Actor,
    place: Place,
    entry: CommitmentEntry,
    stamp: Stamp,
    *,
    now: dt.datetime,
    engagement_id: int | None = None,
) -> Commitment:
    """Propose a commitment on one answer; the other side agrees to it or declines.

    Government proposes what was promised at a meeting, too: the company then says whether that was so. Raises Invalid
    for a fault in `entry`; the same form sent twice is one commitment.
    """
    with writing() as session:
        assessment, record = _assessment(session, actor, place, hold=True)
        require_now(actor, Permission.COMMITMENT_PROPOSE, record)
        service_id, _number = asked(session, assessment, place)
        if engagement_id and engagements.engagement(session, actor, assessment.company_id, engagement_id) is None:
            raise NotFound(str(engagement_id))
        problems = problems_of(entry, local_day(now, assessment.company))
        if problems:
            raise Invalid(problems)
        known = commitments.by_key(session, assessment.company_id, actor.user_id, stamp.key)
        if known is not None:
            return known
        assert entry.due_on is not None, "checked before"
        row = Commitment(
            company_id=assessment.company_id,
            cycle_id=assessment.cycle_id,
            service_id=service_id,
            indicator_id=place.indicator,
            state=CommitmentState.PROPOSED,
            side=side_of(actor),
            country=actor.country or assessment.company.country or "",
            text=entry.text,
            language=actor.language,
            owner=entry.owner,
            due_on=entry.due_on,
            engagement_id=engagement_id,
            made_by_id=actor.user_id,
            made_at=now,
            changed_at=now,
            save_key=stamp.key,
            steps=[
                CommitmentStep(position=position, text=step.text, due_on=step.due_on)
                for position, step in enumerate(entry.steps)
            ],
        )
        session.add(row)
        session.flush()
        _event(session, actor, row, (CommitmentAct.PROPOSE, ActEntry(entry.text)), now)
        results.refresh(session, row.cycle_id, row.company_id, now=now)
        return row


def act_on(
    actor: Actor,
    id_: int,
    act: CommitmentAct,
    entry: ActEntry,
    *,
    version: int,
    now: dt.datetime,
    step_id: int | None = None,
) -> Commitment:
    """Move a commitment, or (`step_done`) mark one of its steps as done.

    Raises NotFound for a foreign one, Denied for the wrong side or role, NotAllowed when its state does not allow the
    act, Conflict when it moved since `version`.
    """
    try:
        with writing() as session:
            row = commitments.commitment(session, actor, id_)
            if row is None:
                raise NotFound(str(id_))
            countries = cycles.sharing_countries(session, row.company_id, row.cycle_id)
            require(actor, Permission.COMMITMENT_MOVE, _company_record(row.company, countries))
            before = CommitmentState(row.state)
            after = move(before, act, by=side_of(actor), proposed_by=Side(row.side))
            if row.version != version:
                raise Conflict(row.version)
            problems = act_problems(act, entry)
            if problems:
                raise Invalid(problems)
            row.state, row.changed_at = after, now
            _apply(row, act, entry, step_id, local_day(now, row.company))
            session.flush()
            _event(session, actor, row, (act, entry), now, before)
            results.refresh(session, row.cycle_id, row.company_id, now=now)
            return row
    except (StaleDataError, IntegrityError) as error:
        raise Conflict(version + 1) from error


def _apply(row: Commitment, act: CommitmentAct, entry: ActEntry, step_id: int | None, today: dt.date) -> None:
    if act is CommitmentAct.STEP_DONE:
        step = next((step for step in row.steps if step.id == step_id and step.done_on is None), None)
        if step is None:
            raise NotFound(str(step_id))
        step.done_on = today
    if act is CommitmentAct.CLAIM_DONE:
        row.evidence_text, row.evidence_address = entry.text, entry.evidence_address


def _event(
    session: Session,
    actor: Actor,
    row: Commitment,
    done: tuple[CommitmentAct, ActEntry],
    now: dt.datetime,
    before: CommitmentState | None = None,
) -> None:
    act, entry = done
    session.add(
        CommitmentEvent(
            commitment_id=row.id,
            act=act,
            text=entry.text if act is not CommitmentAct.PROPOSE else "",
            evidence_address=entry.evidence_address,
            at=now,
            actor_id=actor.user_id,
            organisation_id=actor.organisation_id,
        )
    )
    audit.record(
        session,
        actor,
        f"commitment.{act}",
        f"commitment:{row.id}",
        now=now,
        # Both sides see the list, so both see what was done: it is the company's trail.
        organisation_id=row.company_id,
        before={"state": before} if before else None,
        after={"state": row.state, "text": entry.text, "due_on": row.due_on.isoformat()},
    )
