"""Reports of one government: lists, one with what belongs to it, its files, and who took them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from compliance.domain.permissions import Actor
from compliance.domain.reports import OPEN
from compliance.storage import scope
from compliance.storage.models import (
    Cycle,
    Organisation,
    Report,
    ReportDownload,
    ReportEdition,
    ReportFile,
    ReportText,
    User,
)

#: Reports in a company's own list; there is about one for each cycle and government.
MOST_OWN: Final = 100


class Wanted(NamedTuple):
    """Which reports are listed. Empty means all."""

    cycle: str = ""
    state: str = ""
    kind: str = ""
    company: str = ""


def reports(session: Session, actor: Actor, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Report]:
    """The reports that the person may see, newest first, with cycle, company and author."""
    query = (
        select(Report)
        .join(Report.cycle)
        .outerjoin(Report.company)
        .where(scope.reports(actor))
        .options(joinedload(Report.cycle), joinedload(Report.company), joinedload(Report.author))
        .order_by(func.coalesce(Report.released_at, Report.created_at).desc(), Report.id.desc())
    )
    conditions = [
        (wanted.cycle, Cycle.slug == wanted.cycle),
        (wanted.state, Report.state == wanted.state),
        (wanted.kind, Report.kind == wanted.kind),
        (wanted.company, Organisation.slug == wanted.company),
    ]
    query = query.where(*[condition for given, condition in conditions if given])
    return session.scalars(query.limit(limit).offset(offset)).all()


def report(session: Session, actor: Actor, report_id: int, *, lock: bool = False) -> Report | None:
    """One report that the person may see, with cycle, company, author and approver."""
    query = select(Report).where(Report.id == report_id, scope.reports(actor)).options(*_WHOLE)
    if lock:
        query = query.with_for_update(of=Report)
    return session.scalars(query).one_or_none()


def released_to(session: Session, actor: Actor, kinds: Sequence[str], report_id: int | None = None) -> Sequence[Report]:
    """Reports of these kinds that were released to the person's company, newest first; with an id, only that one."""
    query = select(Report).where(scope.released_to(actor), Report.kind.in_(kinds)).options(*_WHOLE)
    if report_id is not None:
        query = query.where(Report.id == report_id)
    return session.scalars(query.order_by(Report.released_at.desc(), Report.id.desc()).limit(MOST_OWN)).all()


def any_report(session: Session, report_id: int) -> Report | None:
    """The same without scope: for the command line."""
    return session.scalars(select(Report).where(Report.id == report_id).options(*_WHOLE)).one_or_none()


_WHOLE = (
    joinedload(Report.cycle).joinedload(Cycle.framework_version),
    joinedload(Report.company),
    joinedload(Report.author),
    joinedload(Report.approver),
)


def open_in(session: Session, series: str) -> Report | None:
    """The version of a series that is being worked on."""
    return session.scalars(select(Report).where(Report.series == series, Report.state.in_(OPEN))).one_or_none()


def versions(session: Session, actor: Actor, series: str) -> Sequence[Report]:
    """The versions of a series that the person may see, newest first."""
    query = select(Report).where(Report.series == series, scope.reports(actor)).options(joinedload(Report.cycle))
    return session.scalars(query.order_by(Report.number.desc())).all()


def versions_about(session: Session, actor: Actor, kind: str, cycle: str, company: str | None) -> Sequence[Report]:
    """The versions of a report on a company in a cycle (by slug) that the person may see, newest first."""
    return session.scalars(
        select(Report)
        .join(Report.cycle)
        .join(Organisation, Organisation.id == Report.company_id)
        .where(scope.reports(actor), Report.kind == kind, Cycle.slug == cycle, Organisation.slug == company)
        .order_by(Report.number.desc())
    ).all()


def last_number(session: Session, series: str) -> int:
    """The number of the newest version; 0 before the first."""
    return session.scalar(select(func.max(Report.number)).where(Report.series == series)) or 0


def comparable(session: Session, actor: Actor, report: Report, *, limit: int = 50) -> Sequence[Report]:
    """Frozen reports of the same kind on the same subject, of any cycle, but not this one."""
    query = (
        select(Report)
        .where(
            scope.reports(actor),
            Report.id != report.id,
            Report.kind == report.kind,
            Report.frozen_at.is_not(None),
            Report.company_id.is_(None) if report.company_id is None else Report.company_id == report.company_id,
            Report.principle.is_(None) if report.principle is None else Report.principle == report.principle,
        )
        .options(joinedload(Report.cycle))
        .order_by(Report.frozen_at.desc(), Report.id.desc())
    )
    return session.scalars(query.limit(limit)).all()


def texts(session: Session, report_id: int) -> Sequence[ReportText]:
    """What was written in a report."""
    return session.scalars(select(ReportText).where(ReportText.report_id == report_id).order_by(ReportText.id)).all()


def text(session: Session, report_id: int, slot: str) -> ReportText | None:
    return session.scalars(
        select(ReportText).where(ReportText.report_id == report_id, ReportText.slot == slot)
    ).one_or_none()


def editions(session: Session, report_id: int, *, whole: bool = False, files: bool = False) -> Sequence[ReportEdition]:
    """The frozen editions of a report; `whole` with facts and documents, `files` with the list of their files."""
    query = select(ReportEdition).where(ReportEdition.report_id == report_id).order_by(ReportEdition.id)
    if whole:
        query = query.options(undefer(ReportEdition.facts), undefer(ReportEdition.documents))
    if files:
        query = query.options(joinedload(ReportEdition.files))
    return session.scalars(query).unique().all()


def file(session: Session, report_id: int, edition: str, layout: str, language: str) -> ReportFile | None:
    """A released file with its content; of a file that is the same in both languages, whatever the language."""
    return session.scalars(
        select(ReportFile)
        .join(ReportEdition, ReportEdition.id == ReportFile.edition_id)
        .where(
            ReportEdition.report_id == report_id,
            ReportEdition.name == edition,
            ReportFile.layout == layout,
            or_(ReportFile.language == language, ReportFile.language == ""),
        )
        .options(undefer(ReportFile.content))
    ).one_or_none()


def content(session: Session, file_id: int) -> bytes:
    """What is stored of one file."""
    return session.scalars(select(ReportFile.content).where(ReportFile.id == file_id)).one()


def released_ids(session: Session) -> Sequence[int]:
    """Every report that has files, oldest first, without scope: for the command line."""
    has_files = select(ReportEdition.report_id).join(ReportFile, ReportFile.edition_id == ReportEdition.id)
    return session.scalars(select(Report.id).where(Report.id.in_(has_files)).order_by(Report.id)).all()


def downloads(session: Session, report_id: int, *, limit: int) -> Sequence[Row[ReportDownload, str]]:
    """Who took the report, newest first, with names."""
    return session.execute(
        select(ReportDownload, User.name)
        .join(User, User.id == ReportDownload.user_id)
        .where(ReportDownload.report_id == report_id)
        .order_by(ReportDownload.id.desc())
        .limit(limit)
    ).all()
