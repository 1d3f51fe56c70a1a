"""From draft to record: freezing, approval by somebody else, release with its files, and what ends a report.

Laying out takes time, so no transaction is open meanwhile: what is needed is read, the printers work, and the result is
written only if the report is still as it was read. A report that was frozen never reads the data again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import Problem
from compliance.domain.errors import Conflict, Invalid
from compliance.domain.permissions import Actor, Permission
from compliance.domain.report_texts import missing_in, ready_languages
from compliance.domain.reports import REASON_LIMIT, ReportAct, ReportState, move_report
from compliance.domain.saving import Stamp
from compliance.domain.text import Language, language_of
from compliance.reporting import FORMATS, Folders, Job, load_document, make_all, press_for
from compliance.reporting import Report as Laid
from compliance.reporting.facts import Facts
from compliance.reporting.packages import packages_of
from compliance.services.actors import require
from compliance.services.days import local_day
from compliance.services.report import reports
from compliance.services.report.life.access import readable, record_of, to_change
from compliance.services.report.life.facts import by_slot, draft_facts, editions_of
from compliance.services.report.life.writing import trail
from compliance.services.transaction import reading, writing
from compliance.storage.models import Report, ReportEdition, ReportFile
from compliance.storage.queries import people
from compliance.storage.queries import report_life as queries

#: In which a released report can be had. HTML is what the page shows.
LAYOUTS: Final = tuple(FORMATS)


def submit(actor: Actor, report_id: int, stamp: Stamp, folders: Folders, *, now: dt.datetime) -> None:
    """Freeze the draft and hand it to an approver: what the approver reads is what will be released.

    Raises Invalid when no language is complete, Conflict when a colleague wrote meanwhile, NotAllowed by its state.
    """
    session = reading()
    report = readable(session, actor, report_id)
    require(actor, Permission.REPORT_WRITE, record_of(report))
    move_report(ReportState(report.state), ReportAct.SUBMIT)
    _as_seen(report, stamp)
    texts = queries.texts(session, report_id)
    seen = {text.slot: text.version for text in texts}
    written = by_slot(texts)
    languages = ready_languages(missing_in(written))
    if not languages:
        raise Invalid([Problem("languages", "no_language_ready")])
    facts: dict[str, Facts] = {
        name: draft_facts(actor, report, written, folders, now=now, edition=name) for name in editions_of(report.kind)
    }
    session.close()
    documents = _lay(facts, languages, folders)
    with _changing(actor, report_id, Permission.REPORT_WRITE, stamp) as (session, report):
        if {text.slot: text.version for text in queries.texts(session, report_id)} != seen:
            raise Conflict(report.version)  # a colleague saved while it was laid out
        report.frozen_at, report.languages = now, list(languages)
        report.seen_by_company = bool(facts["full"].get("seen_by_company", True))
        report.state_reason = ""
        _store(session, report, facts, documents)
        _move(session, actor, report, ReportAct.SUBMIT, now=now, languages=list(languages))


def take_back(actor: Actor, report_id: int, stamp: Stamp, *, now: dt.datetime) -> None:
    """The author goes on writing. What was frozen is let go."""
    with _changing(actor, report_id, Permission.REPORT_WRITE, stamp) as (session, report):
        _thaw(session, report)
        _move(session, actor, report, ReportAct.TAKE_BACK, now=now)


def send_back(actor: Actor, report_id: int, reason: str, stamp: Stamp, *, now: dt.datetime) -> None:
    """The approver sends a report back to its author, with a reason. Raises Invalid without one."""
    _need_reason(reason)
    with _changing(actor, report_id, Permission.REPORT_RELEASE, stamp) as (session, report):
        report.state_reason, report.approver_id, report.approved_at = reason, None, None
        _thaw(session, report)
        _move(session, actor, report, ReportAct.SEND_BACK, now=now, reason=reason)


def approve(actor: Actor, report_id: int, stamp: Stamp, folders: Folders, *, now: dt.datetime) -> None:
    """Approve what was frozen; name, day and version become part of it. Raises Denied for whoever wrote in it."""
    session = reading()
    report = readable(session, actor, report_id)
    require(actor, Permission.REPORT_APPROVE, record_of(report))
    move_report(ReportState(report.state), ReportAct.APPROVE)
    _as_seen(report, stamp)
    on = local_day(now, people.organisation(session, actor.organisation_id))
    facts: dict[str, Facts] = {}
    for edition in queries.editions(session, report_id, whole=True):
        known = json.loads(edition.facts)
        known["edition"] |= {"approved_by": actor.name, "approved_on": on.isoformat()}
        facts[edition.name] = known
    languages = [language_of(language) for language in report.languages]
    session.close()
    documents = _lay(facts, languages, folders)
    with _changing(actor, report_id, Permission.REPORT_APPROVE, stamp) as (session, report):
        _thaw(session, report)
        report.approver_id, report.approved_at = actor.user_id, now
        _store(session, report, facts, documents)
        _move(session, actor, report, ReportAct.APPROVE, now=now, version=report.number)


def release(
    actor: Actor, report_id: int, unseen_reason: str, stamp: Stamp, folders: Folders, *, now: dt.datetime
) -> None:
    """Make the files and release the report; an earlier version that was released is superseded.

    When the company has not seen what the report says, the approver's reason is needed: Invalid without.
    """
    session = reading()
    report = readable(session, actor, report_id)
    require(actor, Permission.REPORT_RELEASE, record_of(report))
    move_report(ReportState(report.state), ReportAct.RELEASE)
    _as_seen(report, stamp)
    if not report.seen_by_company:
        _need_reason(unseen_reason, "unseen_reason")
    editions = queries.editions(session, report_id, whole=True)
    languages = [language_of(language) for language in report.languages]
    session.close()
    files = {edition.id: _files(edition, languages, folders) for edition in editions}
    packages = packages_of(folders)
    with _changing(actor, report_id, Permission.REPORT_RELEASE, stamp) as (session, report):
        session.add_all(file for made in files.values() for file in made)
        report.released_at, report.packages = now, packages
        report.unseen_reason = "" if report.seen_by_company else unseen_reason
        _supersede(session, actor, report, now=now)
        digests = {f"{file.name}": file.sha256 for made in files.values() for file in made}
        _move(session, actor, report, ReportAct.RELEASE, now=now, files=digests, reason=report.unseen_reason)


def withdraw(actor: Actor, report_id: int, reason: str, stamp: Stamp, *, now: dt.datetime) -> None:
    """Withdraw a released report, or give a draft up. It stays to be seen, with the reason."""
    _need_reason(reason)
    draft = readable(reading(), actor, report_id).state == ReportState.DRAFT
    needed = Permission.REPORT_WRITE if draft else Permission.REPORT_RELEASE
    with _changing(actor, report_id, needed, stamp) as (session, report):
        report.state_reason, report.ended_at = reason, now
        _move(session, actor, report, ReportAct.WITHDRAW, now=now, reason=reason)


def _supersede(session: Session, actor: Actor, report: Report, *, now: dt.datetime) -> None:
    for earlier in queries.versions(session, actor, report.series):
        if earlier.id != report.id and earlier.state == ReportState.RELEASED:
            earlier.ended_at = now
            _move(session, actor, earlier, ReportAct.SUPERSEDE, now=now, by=report.id)


def _lay(
    facts: Mapping[str, Facts], languages: Sequence[Language], folders: Folders
) -> dict[tuple[str, Language], str]:
    """The document of each edition in each language, as text."""
    wanted = [(name, language) for name in facts for language in languages]
    made = make_all(press_for(folders), [Job(facts[name], language) for name, language in wanted])
    return {key: printed.document for key, printed in zip(wanted, made, strict=True)}


def _store(
    session: Session, report: Report, facts: Mapping[str, Facts], documents: Mapping[tuple[str, Language], str]
) -> None:
    for name, known in facts.items():
        text = json.dumps(known, ensure_ascii=False, sort_keys=True)
        by_language: dict[str, Any] = {lang: laid for (edition, lang), laid in documents.items() if edition == name}
        digest = frozen_digest(text, by_language)
        session.add(ReportEdition(report_id=report.id, name=name, facts=text, documents=by_language, sha256=digest))


def frozen_digest(facts: str, documents: Mapping[str, str]) -> str:
    """The sha256 of what an edition is made of: its facts and its documents."""
    text = json.dumps([facts, documents], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _thaw(session: Session, report: Report) -> None:
    """Let go what was frozen before a release. There are no files yet."""
    for edition in queries.editions(session, report.id):
        session.delete(edition)
    session.flush()


def _files(edition: ReportEdition, languages: Sequence[Language], folders: Folders) -> list[ReportFile]:
    """Every file of one edition; a format that is the same in both languages once."""
    facts, found = json.loads(edition.facts), []
    bilingual = [layout for layout in LAYOUTS if FORMATS[layout].bilingual]
    jobs = [
        Job(
            facts,
            language,
            tuple(layout for layout in LAYOUTS if place == 0 or layout not in bilingual),
            edition.documents[language],
        )
        for place, language in enumerate(languages)
    ]
    for job, printed in zip(jobs, make_all(press_for(folders), jobs), strict=True):
        laid = Laid(facts, load_document(printed.document))
        for layout, content in printed.files.items():
            shared = layout in bilingual
            found.append(
                ReportFile(
                    edition_id=edition.id,
                    layout=layout,
                    language="" if shared else job.language,
                    name=reports.file_name(laid, FORMATS[layout].suffix, bilingual=shared),
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                    content=content,
                )
            )
    return found


@contextmanager
def _changing(actor: Actor, report_id: int, permission: Permission, stamp: Stamp) -> Iterator[tuple[Session, Report]]:
    """A transaction on one report, locked and as the person saw it; Conflict when it is not."""
    try:
        with writing() as session:
            yield session, to_change(session, actor, report_id, permission, stamp)
    except StaleDataError as stale:
        raise Conflict(stamp.version + 1) from stale


def _move(session: Session, actor: Actor, report: Report, act: ReportAct, *, now: dt.datetime, **after: Any) -> None:
    before = report.state
    report.state = move_report(ReportState(before), act)
    session.flush()
    trail(
        session,
        actor,
        f"report.{act}",
        report,
        now=now,
        before={"state": before},
        after={"state": report.state, **after},
    )


def _as_seen(report: Report, stamp: Stamp) -> None:
    if report.version != stamp.version:
        raise Conflict(report.version)


def _need_reason(reason: str, field: str = "reason") -> None:
    if not reason.strip():
        raise Invalid([Problem(field, "reason_for_this_needed")])
    if len(reason) > REASON_LIMIT:
        raise Invalid([Problem(field, "too_long", {"limit": str(REASON_LIMIT)})])
