"""Meetings with a company: what was asked, what was answered, what came of it. The department's own record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import Problem
from compliance.domain.engagements import EngagementEntry, problems_of
from compliance.domain.errors import Conflict, Invalid, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.saving import Stamp
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.portfolio.companies import CompanyView, company_view
from compliance.services.portfolio.portfolio import cycle_in
from compliance.services.transaction import reading, writing
from compliance.storage.models import Commitment, Cycle, Engagement, EngagementAsk, Organisation
from compliance.storage.queries import assessments, cycles, engagements


@dataclass(frozen=True, slots=True)
class Engagements:
    """The meetings of the person's government with a company, newest first."""

    view: CompanyView
    items: Sequence[Engagement]
    commitments: Sequence[Commitment]
    may_edit: bool
    today: dt.date

    def to_follow_up(self) -> Sequence[Engagement]:
        return [item for item in self.items if item.follow_up_on and not item.followed_up_on]


def engagement_list(actor: Actor, slug: str, cycle_slug: str | None, *, now: dt.datetime) -> Engagements:
    """Raises NotFound for a company whose content in the cycle is not shared with the person's government."""
    view = company_view(actor, slug, cycle_slug, now=now)
    if not view.shared:
        raise NotFound(slug)
    record = _record(actor, view.company, view.countries)
    require(actor, Permission.ENGAGEMENT_VIEW, record)
    session = reading()
    items = engagements.engagements_of(session, actor, view.company.id)
    came = engagements.commitments_from(session, actor, [item.id for item in items])
    may_edit = allows(actor, Permission.ENGAGEMENT_EDIT, record)
    return Engagements(view, items, came, may_edit, local_day(now, view.company))


def engagement_page(
    actor: Actor, slug: str, cycle_slug: str | None, id_: int, *, now: dt.datetime
) -> tuple[Engagements, Engagement]:
    """One meeting, to read or edit. Raises NotFound for another government's."""
    found = engagement_list(actor, slug, cycle_slug, now=now)
    row = next((item for item in found.items if item.id == id_), None)
    if row is None:
        raise NotFound(str(id_))
    return found, row


def _record(actor: Actor, company: Organisation, countries: frozenset[str]) -> Record:
    """A meeting belongs to the government that held it, which is the person's own by scope."""
    return Record(company_id=company.id, lead_country=company.country, countries=countries, country=actor.country)


def save(
    actor: Actor,
    slug: str,
    cycle_slug: str,
    entry: EngagementEntry,
    stamp: Stamp,
    *,
    now: dt.datetime,
    id_: int | None = None,
) -> int:
    """Write down a meeting, or change what was written (`id_`); its id.

    Raises Invalid for a fault in `entry`, Conflict when a colleague changed it since the version in `stamp`.
    """
    try:
        with writing() as session:
            company, cycle = _place(session, actor, slug, cycle_slug)
            framework = framework_for(cycle.framework_version)
            services = {service.slug: service.id for service in assessments.services_of(session, company.id)}
            problems = problems_of(entry, local_day(now, company))
            problems += _unknown(entry, framework, services)
            if problems:
                raise Invalid(problems)
            known = _known(session, actor, company, stamp, id_)
            if known is not None and stamp.key and known.save_key == stamp.key:
                return known.id  # the same form sent twice
            before = _data(known) if known else None
            row = known or Engagement(
                company_id=company.id,
                cycle_id=cycle.id,
                organisation_id=actor.organisation_id,
                country=actor.country or "",
                language=actor.language,
                recorded_by_id=actor.user_id,
                recorded_at=now,
            )
            _fill(row, entry, services)
            row.save_key = stamp.key
            session.add(row)
            if known is not None:
                flag_modified(row, "save_key")  # a new version also when nothing but the asks changed
            session.flush()
            audit.record(
                session,
                actor,
                "engagement.save",
                f"engagement:{row.id}",
                now=now,
                organisation_id=actor.organisation_id,
                before=before,
                after=_data(row),
            )
            return row.id
    except StaleDataError as error:
        raise Conflict(stamp.version + 1) from error


def _place(session: Session, actor: Actor, slug: str, cycle_slug: str) -> tuple[Organisation, Cycle]:
    company = cycles.company_for(session, actor, slug)
    if company is None:
        raise NotFound(slug)
    cycle = cycle_in(cycles.all_cycles(session), cycle_slug)
    countries = cycles.sharing_countries(session, company.id, cycle.id)
    if actor.country not in countries:
        raise NotFound(slug)
    require(actor, Permission.ENGAGEMENT_EDIT, _record(actor, company, countries))
    return company, cycle


def _unknown(entry: EngagementEntry, framework: Framework, services: dict[str, int]) -> list[Problem]:
    """Asks about a service or an indicator that there is not: only a form that was tampered with sends one."""
    return [
        Problem(f"asks.{number}.question", "unknown_indicator")
        for number, ask in enumerate(entry.asks)
        if ask.question is not None
        and (ask.question[1] not in framework.indicators or (ask.question[0] or "") not in {"", *services})
    ]


def _known(session: Session, actor: Actor, company: Organisation, stamp: Stamp, id_: int | None) -> Engagement | None:
    """The meeting to change, or the one that the same form already made; None for a new one."""
    if id_ is None:
        return engagements.by_key(session, actor, company.id, stamp.key)
    row = engagements.engagement(session, actor, company.id, id_)
    if row is None:
        raise NotFound(str(id_))
    if row.version != stamp.version and not (stamp.key and row.save_key == stamp.key):
        raise Conflict(row.version)
    return row


def _fill(row: Engagement, entry: EngagementEntry, services: dict[str, int]) -> None:
    assert entry.held_on is not None, "checked before"
    row.held_on, row.met, row.brief_used, row.summary = entry.held_on, entry.met, entry.brief_used, entry.summary
    row.follow_up_on, row.follow_up = entry.follow_up_on, entry.follow_up
    row.followed_up_on = entry.followed_up_on
    row.asks = [
        EngagementAsk(
            position=position,
            service_id=services.get(ask.question[0] or "") if ask.question else None,
            indicator_id=ask.question[1] if ask.question else None,
            text=ask.text,
            answer=ask.answer,
            outcome=ask.outcome or "",
        )
        for position, ask in enumerate(entry.asks)
    ]


def _data(row: Engagement) -> dict[str, object]:
    return {
        "held_on": row.held_on.isoformat(),
        "met": row.met,
        "brief_used": row.brief_used,
        "summary": row.summary,
        "follow_up_on": row.follow_up_on.isoformat() if row.follow_up_on else None,
        "followed_up_on": row.followed_up_on.isoformat() if row.followed_up_on else None,
        "asks": [{"text": ask.text, "answer": ask.answer, "outcome": ask.outcome} for ask in row.asks],
    }


def question_of(ask: EngagementAsk) -> str:
    """What an ask is about, as the form names it: "service/indicator", "/indicator" for the company, "" for nothing."""
    return f"{ask.service.slug if ask.service else ''}/{ask.indicator_id}" if ask.indicator_id else ""
