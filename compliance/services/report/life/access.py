"""Loading a report for a person, and what that person may do with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.errors import Conflict, NotFound
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.reports import ReportAct, ReportState, can
from compliance.domain.saving import Stamp
from compliance.services.actors import require
from compliance.services.report.facts import About
from compliance.storage.models import Report
from compliance.storage.queries import report_life as queries


def record_of(report: Report) -> Record:
    """What the permission table needs to know."""
    return Record(
        company_id=report.company_id,
        country=report.country,
        was_released=report.released_at is not None,
        writers=frozenset([report.author_id, *report.writer_ids]),
    )


def readable(session: Session, actor: Actor, report_id: int) -> Report:
    """A report that the person may read; raises NotFound for any other."""
    report = queries.report(session, actor, report_id)
    if report is None:
        raise NotFound(str(report_id))
    require(actor, Permission.REPORT_READ, record_of(report))
    return report


def to_change(session: Session, actor: Actor, report_id: int, permission: Permission, stamp: Stamp | None) -> Report:
    """A report, locked, for an act that needs `permission`. Raises Conflict when it is not as the person saw it."""
    report = queries.report(session, actor, report_id, lock=True)
    if report is None:
        raise NotFound(str(report_id))
    require(actor, permission, record_of(report))
    if stamp is not None and report.version != stamp.version:
        raise Conflict(report.version)
    return report


@dataclass(frozen=True, slots=True)
class May:
    """What the person may do with a report as it is now."""

    read_content: bool
    write: bool
    submit: bool
    take_back: bool
    approve: bool
    send_back: bool
    release: bool
    withdraw: bool
    see_log: bool


def may(actor: Actor, report: Report) -> May:
    """By the permission table and the table of moves together."""
    record, state = record_of(report), ReportState(report.state)
    write = allows(actor, Permission.REPORT_WRITE, record)
    approve = allows(actor, Permission.REPORT_APPROVE, record)
    release = allows(actor, Permission.REPORT_RELEASE, record)
    draft = state is ReportState.DRAFT
    # The facts of a draft are today's: only who may build the report may see them.
    built = write or report.state != ReportState.DRAFT
    return May(
        read_content=built,
        write=write and draft,
        submit=write and can(state, ReportAct.SUBMIT),
        take_back=write and can(state, ReportAct.TAKE_BACK),
        approve=approve and can(state, ReportAct.APPROVE),
        send_back=release and can(state, ReportAct.SEND_BACK),
        release=release and can(state, ReportAct.RELEASE),
        withdraw=(write if draft else release) and can(state, ReportAct.WITHDRAW),
        see_log=allows(actor, Permission.REPORT_LOG_VIEW, record),
    )


def about_of(report: Report) -> About:
    """What the report is about; cycle and company must be loaded."""
    return About(report.cycle.slug, report.company.slug if report.company else None, report.principle)
