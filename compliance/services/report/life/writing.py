"""Writing a report: the draft, what its author enters, how it is handled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import Problem
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission, Record
from compliance.domain.report_texts import CHOSEN, Content, Slot, problems_of, slot_of
from compliance.domain.reports import ReportState
from compliance.domain.saving import Stamp
from compliance.reporting import Folders
from compliance.reporting.markings import load_markings
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.report import reports
from compliance.services.report.facts import About
from compliance.services.report.life.access import readable, to_change
from compliance.services.transaction import reading, writing
from compliance.storage.models import Cycle, Report, ReportText
from compliance.storage.queries import cycles, people
from compliance.storage.queries import report_life as queries

LONGEST_LIST = 50
LONGEST_NAME = 200


def start(actor: Actor, kind: str, about: About, folders: Folders, *, now: dt.datetime) -> int:
    """Begin a report, or find the one that is being worked on; its id.

    A new version begins with what was written in the one before. Raises NotFound and Denied as building it does.
    """
    require(actor, Permission.REPORT_WRITE, Record(country=actor.country))
    facts = reports.build(kind, about, actor, folders, now=now)  # whoever may not build it may not begin it
    marking = facts["marking"]["id"]
    try:
        with writing() as session:
            cycle, company_id = _subject(session, about)
            series = f"{kind}/{cycle.id}/{company_id or 0}/{about.principle or 0}/{actor.country}"
            found = queries.open_in(session, series)
            if found is not None:
                return found.id
            report = Report(
                kind=kind,
                series=series,
                number=queries.last_number(session, series) + 1,
                cycle_id=cycle.id,
                company_id=company_id,
                principle=about.principle,
                country=actor.country or "",
                marking=marking,
                author_id=actor.user_id,
                writer_ids=[actor.user_id],
                state=ReportState.DRAFT,
                created_at=now,
            )
            session.add(report)
            session.flush()
            _copy_texts(session, actor, report, now=now)
            trail(session, actor, "report.start", report, now=now, after={"series": series, "number": report.number})
            return report.id
    except IntegrityError as error:
        raise Conflict(1) from error  # a colleague began it at the same moment


def _subject(session: Session, about: About) -> tuple[Cycle, int | None]:
    cycle = cycles.cycle_by_slug(session, about.cycle)
    if cycle is None:
        raise NotFound(about.cycle)
    if about.company is None:
        return cycle, None
    company = people.organisation_by_slug(session, about.company)
    if company is None:
        raise NotFound(about.company)
    return cycle, company.id


def _copy_texts(session: Session, actor: Actor, report: Report, *, now: dt.datetime) -> None:
    """What was written in the newest earlier version, as a start; its writers are writers of this one, too."""
    earlier = next((item for item in queries.versions(session, actor, report.series) if item.id != report.id), None)
    if earlier is None:
        return
    report.marking, report.distribution = earlier.marking, list(earlier.distribution)
    report.writer_ids = sorted({*report.writer_ids, *earlier.writer_ids})
    session.add_all(
        ReportText(
            report_id=report.id,
            slot=text.slot,
            content=dict(text.content),
            updated_by_id=text.updated_by_id,
            updated_at=now,
        )
        for text in queries.texts(session, earlier.id)
    )


@dataclass(frozen=True, slots=True)
class TextPage:
    """One page of a report's texts, as it is stored. `version` is 0 while nothing was saved."""

    report: Report
    slot: Slot
    content: Mapping[str, Any]
    version: int
    writer: str
    updated_at: dt.datetime | None


def text_page(actor: Actor, report_id: int, name: str) -> TextPage:
    """What stands in one slot. Raises NotFound for one that there is not."""
    slot = slot_of(name)
    if slot is None:
        raise NotFound(name)
    session = reading()
    report = readable(session, actor, report_id)
    row = queries.text(session, report_id, name)
    return TextPage(
        report=report,
        slot=slot,
        content=row.content if row else {},
        version=row.version if row else 0,
        writer=people.name_of(session, row.updated_by_id) if row else "",
        updated_at=row.updated_at if row else None,
    )


def save_text(actor: Actor, report_id: int, name: str, content: Content, stamp: Stamp, *, now: dt.datetime) -> int:
    """Save one slot and return its version. When a colleague saved since `stamp`, nothing is written: Conflict.

    Raises Invalid for a text that is too long, NotAllowed when the report is no draft any more.
    """
    slot = slot_of(name)
    if slot is None:
        raise NotFound(name)
    try:
        with writing() as session:
            report = to_change(session, actor, report_id, Permission.REPORT_WRITE, None)
            _need_draft(report)
            problems = problems_of(slot, content)
            if problems:
                raise Invalid(problems)
            return _write(session, actor, report, name, dict(content), stamp, now=now)
    except (StaleDataError, IntegrityError) as error:
        raise Conflict(stamp.version + 1) from error


def _write(
    session: Session,
    actor: Actor,
    report: Report,
    name: str,
    content: dict[str, Any],
    stamp: Stamp,
    *,
    now: dt.datetime,
) -> int:
    row = queries.text(session, report.id, name)
    if row is not None and stamp.key and row.save_key == stamp.key and row.content == content:
        return row.version  # the same form sent twice
    if (row.version if row else 0) != stamp.version:
        raise Conflict(row.version if row else 0)
    before = dict(row.content) if row else None
    if row is None:
        row = ReportText(report_id=report.id, slot=name)
        session.add(row)
    row.content, row.updated_by_id, row.updated_at, row.save_key = content, actor.user_id, now, stamp.key
    flag_modified(row, "save_key")  # saving is a new version, whatever changed
    _now_writes(report, actor)
    session.flush()
    trail(session, actor, "report.text", report, now=now, before=before, after={"slot": name, **content})
    return row.version


@dataclass(frozen=True, slots=True)
class Handling:
    """How a report is to be handled: its marking, whether it may be released, and who gets it."""

    marking: str
    releasable: bool
    distribution: Sequence[str]


def save_handling(
    actor: Actor, report_id: int, handling: Handling, stamp: Stamp, folders: Folders, *, now: dt.datetime
) -> None:
    """Set the marking, releasable or not, and the distribution list. Raises Conflict, Invalid or NotAllowed."""
    problems = _faults(handling, folders)
    if problems:
        raise Invalid(problems)
    try:
        with writing() as session:
            report = to_change(session, actor, report_id, Permission.REPORT_WRITE, None)
            _need_draft(report)
            new = replace(handling, distribution=list(handling.distribution))
            old = Handling(report.marking, report.releasable, list(report.distribution))
            if stamp.key and report.save_key == stamp.key and old == new:
                return
            if report.version != stamp.version:
                raise Conflict(report.version)
            report.marking, report.releasable, report.distribution = new.marking, new.releasable, list(new.distribution)
            report.save_key = stamp.key
            _now_writes(report, actor)
            before = {"marking": old.marking, "releasable": old.releasable, "distribution": list(old.distribution)}
            after = {"marking": new.marking, "releasable": new.releasable, "distribution": list(new.distribution)}
            trail(session, actor, "report.handling", report, now=now, before=before, after=after)
    except StaleDataError as error:
        raise Conflict(stamp.version + 1) from error


def _faults(handling: Handling, folders: Folders) -> list[Problem]:
    found = []
    if handling.marking not in load_markings(folders.reports):
        found.append(Problem("marking", "marking_needed"))
    if len(handling.distribution) > LONGEST_LIST:
        found.append(Problem("distribution", "too_many", {"limit": str(LONGEST_LIST)}))
    if any(len(name) > LONGEST_NAME for name in handling.distribution):
        found.append(Problem("distribution", "line_too_long", {"limit": str(LONGEST_NAME)}))
    return found


def save_choice(actor: Actor, report_id: int, chosen: Sequence[str], stamp: Stamp, *, now: dt.datetime) -> int:
    """Choose which asks the report makes, in their order. An empty list takes what is proposed."""
    return save_text(actor, report_id, CHOSEN, {"indicators": list(chosen)}, stamp, now=now)


def _need_draft(report: Report) -> None:
    if report.state != ReportState.DRAFT:
        raise NotAllowed(f"a report that is {report.state} is not written in any more")


def _now_writes(report: Report, actor: Actor) -> None:
    if actor.user_id not in report.writer_ids:
        report.writer_ids = sorted([*report.writer_ids, actor.user_id])


def trail(
    session: Session,
    actor: Actor,
    action: str,
    report: Report,
    *,
    now: dt.datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """A report is the government's own: its trail is in the department's chain."""
    audit.record(
        session,
        actor,
        action,
        f"report:{report.id}",
        now=now,
        organisation_id=actor.organisation_id,
        before=before,
        after=after,
    )
