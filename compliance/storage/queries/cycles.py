"""Cycles, invitations and sharing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session, joinedload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Assessment, Cycle, FrameworkVersion, Organisation, Participation, Sharing


def cycle_by_slug(session: Session, slug: str) -> Cycle | None:
    """A cycle with its framework version (without the document)."""
    return session.scalars(
        select(Cycle).where(Cycle.slug == slug).options(joinedload(Cycle.framework_version))
    ).one_or_none()


def all_cycles(session: Session) -> Sequence[Cycle]:
    """Every cycle, newest first, with its framework version."""
    return session.scalars(
        select(Cycle).options(joinedload(Cycle.framework_version)).order_by(Cycle.opens_on.desc(), Cycle.id.desc())
    ).all()


def mark_stale(session: Session, cycle_id: int, now: dt.datetime) -> None:
    """Leave the results of all companies in a cycle to be recomputed."""
    session.execute(update(Participation).where(Participation.cycle_id == cycle_id).values(stale_since=now))


def previous_ids(session: Session) -> dict[int, int | None]:
    """The cycle before each cycle, by id; None for a first one."""
    return dict(session.execute(select(Cycle.id, Cycle.previous_id)).all())


def framework_version(session: Session, framework: str, version: str) -> FrameworkVersion | None:
    return session.scalars(
        select(FrameworkVersion).where(FrameworkVersion.framework == framework, FrameworkVersion.version == version)
    ).one_or_none()


def newest_framework_version(session: Session) -> FrameworkVersion | None:
    """The framework version of the newest cycle; before any cycle, the one imported last."""
    newest = next(iter(all_cycles(session)), None)
    if newest is not None:
        return newest.framework_version
    return last_imported(session)


def framework_versions(session: Session) -> Sequence[FrameworkVersion]:
    """Every version of every framework, the one imported last first."""
    return session.scalars(select(FrameworkVersion).order_by(FrameworkVersion.id.desc())).all()


def last_imported(session: Session, framework: str | None = None) -> FrameworkVersion | None:
    """The framework version that was imported last, of one framework or of any."""
    query = select(FrameworkVersion).order_by(FrameworkVersion.id.desc()).limit(1)
    return session.scalars(query.where(FrameworkVersion.framework == framework) if framework else query).one_or_none()


def own_participations(session: Session, actor: Actor) -> Sequence[Row[Participation, Cycle, Assessment | None]]:
    """The person's company in every cycle, newest first, with its assessment where one was started."""
    query = (
        select(Participation, Cycle, Assessment)
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .outerjoin(
            Assessment,
            (Assessment.cycle_id == Participation.cycle_id) & (Assessment.company_id == Participation.company_id),
        )
        .where(scope.own(actor, Participation.company_id))
        .options(joinedload(Participation.company), joinedload(Cycle.framework_version))
        .order_by(Cycle.opens_on.desc(), Cycle.id.desc())
    )
    return session.execute(query).all()


def own_participation(session: Session, actor: Actor, cycle_slug: str) -> Participation | None:
    """The person's company in one cycle, with cycle, framework version and company."""
    return session.scalars(_own_participation(actor, cycle_slug)).one_or_none()


def held_own_participation(session: Session, actor: Actor, cycle_slug: str) -> Participation | None:
    """The same, its row held until the transaction ends, so that decisions on it come one after the other."""
    return session.scalars(
        _own_participation(actor, cycle_slug)
        .with_for_update(of=Participation)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _own_participation(actor: Actor, cycle_slug: str) -> Select[Participation]:
    return (
        select(Participation)
        .join(Participation.cycle)
        .where(Cycle.slug == cycle_slug, scope.own(actor, Participation.company_id))
        .options(joinedload(Participation.cycle).joinedload(Cycle.framework_version), joinedload(Participation.company))
    )


def sharing_countries(session: Session, company_id: int, cycle_id: int) -> frozenset[str]:
    """The countries with which a company's content in a cycle is shared now."""
    return frozenset(
        session.scalars(
            select(Sharing.country).where(
                Sharing.company_id == company_id, Sharing.cycle_id == cycle_id, Sharing.ended_at.is_(None)
            )
        )
    )


def countries_of_company(session: Session, company_id: int) -> frozenset[str]:
    """The countries with which any cycle of a company is shared now."""
    rows = session.scalars(
        select(Sharing.country).where(Sharing.company_id == company_id, Sharing.ended_at.is_(None)).distinct()
    )
    return frozenset(rows)


def current_sharing(session: Session, company_id: int, cycle_id: int) -> Sequence[Sharing]:
    """The rows of that sharing, to end or to keep."""
    return session.scalars(
        select(Sharing).where(
            Sharing.company_id == company_id, Sharing.cycle_id == cycle_id, Sharing.ended_at.is_(None)
        )
    ).all()


def sharing_by_cycle(session: Session, company_id: int, cycle_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The same for several cycles of a company, in one query."""
    rows = session.execute(
        select(Sharing.cycle_id, Sharing.country).where(
            Sharing.company_id == company_id, Sharing.cycle_id.in_(cycle_ids), Sharing.ended_at.is_(None)
        )
    ).all()
    return {cycle_id: frozenset(country for other, country in rows if other == cycle_id) for cycle_id in cycle_ids}


def company_for(session: Session, actor: Actor, slug: str) -> Organisation | None:
    """A company the person's organisation may know of."""
    return session.scalars(select(Organisation).where(Organisation.slug == slug, scope.companies(actor))).one_or_none()


def own_company(session: Session, actor: Actor) -> Organisation | None:
    """The company that the person belongs to; None for everybody else."""
    return session.scalars(
        select(Organisation).where(Organisation.id == actor.organisation_id, scope.companies(actor))
    ).one_or_none()
