"""What the pages of reports show: the list, a draft with all that is written in it, a preview, a frozen report."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor
from compliance.domain.report_texts import (
    Content,
    Missing,
    empty_slots,
    missing_in,
    ready_languages,
)
from compliance.domain.reports import ReportState
from compliance.domain.text import LANGUAGES, Language
from compliance.reporting import Changed, Folders, Job, Printed, differences, load_document, make_all, press_for
from compliance.reporting.facts import EditionName, Facts, Marking
from compliance.reporting.markings import load_markings
from compliance.services.report import reports
from compliance.services.report.life.access import May, may, readable
from compliance.services.report.life.facts import Choice, by_slot, choices, draft_facts, editions_of, gone, is_written
from compliance.services.transaction import reading
from compliance.services.turns import under_way
from compliance.storage.models import Report, ReportDownload, ReportEdition
from compliance.storage.queries import report_life as queries

Wanted = queries.Wanted
PAGE = 50
LOG = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list of reports; `more`: there is another."""

    reports: Sequence[Report]
    page: int
    more: bool


def listing(actor: Actor, wanted: queries.Wanted, page: int = 1) -> Listing:
    """The reports that the person may see, newest first."""
    page = max(page, 1)
    found = queries.reports(reading(), actor, wanted, limit=PAGE + 1, offset=(page - 1) * PAGE)
    return Listing(found[:PAGE], page, len(found) > PAGE)


@dataclass(frozen=True, slots=True)
class Written:
    """What an official wrote in a report, and what is not there yet."""

    texts: Mapping[str, Content]
    missing: Sequence[Missing]
    empty: Sequence[str]
    languages: Sequence[Language]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report with all that is known about it. `written` is None for a kind in which nobody writes."""

    report: Report
    may: May
    marking: Marking
    written: Written | None
    editions: Sequence[ReportEdition]
    versions: Sequence[Report]
    comparable: Sequence[Report]
    log: Sequence[Row[ReportDownload, str]]
    edition_names: Sequence[EditionName]

    @property
    def newer(self) -> Report | None:
        """The version that was released in place of this one."""
        return next((item for item in self.versions if item.released_at and item.number > self.report.number), None)


def report_page(actor: Actor, report_id: int, folders: Folders) -> ReportPage:
    """One report; raises NotFound for one that is not the person's government's."""
    session = reading()
    report = readable(session, actor, report_id)
    allowed = may(actor, report)
    texts = by_slot(queries.texts(session, report.id)) if is_written(report.kind, folders) else None
    return ReportPage(
        report=report,
        may=allowed,
        marking=load_markings(folders.reports)[report.marking],
        written=written_of(texts) if texts is not None else None,
        editions=queries.editions(session, report.id, files=True),
        versions=queries.versions(session, actor, report.series),
        comparable=queries.comparable(session, actor, report),
        log=queries.downloads(session, report.id, limit=LOG) if allowed.see_log else [],
        edition_names=editions_of(report.kind),
    )


def written_of(texts: Mapping[str, Content]) -> Written:
    """What is written, what is missing in one language, and what is empty."""
    missing = missing_in(texts)
    return Written(texts, missing, empty_slots(texts), ready_languages(missing))


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it would be released now: its asks, and per language its length and whether page 1 is one page."""

    facts: Facts
    choices: Sequence[Choice]
    gone: Sequence[tuple[str, Mapping[str, Any]]]
    made: Mapping[Language, Printed]


@under_way()
def draft(actor: Actor, page: ReportPage, folders: Folders, *, now: dt.datetime) -> Draft:
    """Lays the draft out in both languages and counts."""
    texts = page.written.texts if page.written else {}
    facts = draft_facts(actor, page.report, texts, folders, now=now)
    jobs = [Job(facts, language, pages=True) for language in LANGUAGES]
    made = make_all(press_for(folders), jobs)
    return Draft(facts, choices(facts, texts), gone(facts, texts), dict(zip(LANGUAGES, made, strict=True)))


def asks(actor: Actor, page: ReportPage, folders: Folders, *, now: dt.datetime) -> tuple[Sequence[Choice], Any]:
    """The asks that could be made, and those that were written and are no gap any more."""
    texts = page.written.texts if page.written else {}
    facts = draft_facts(actor, page.report, texts, folders, now=now)
    return choices(facts, texts), gone(facts, texts)


@under_way()
def shown(
    actor: Actor,
    report_id: int,
    edition: str,
    language: Language,
    layout: str,
    folders: Folders,
    *,
    now: dt.datetime,
) -> tuple[Report, bytes]:
    """A report as one file: of a draft what the data says now, of a frozen one what was frozen.

    A released report has stored files; they are not made here. Raises NotFound for an edition or language that there
    is not.
    """
    session = reading()
    report = readable(session, actor, report_id)
    name = next((known for known in editions_of(report.kind) if known == edition), None)
    if name is None:
        raise NotFound(edition)
    if report.state == ReportState.DRAFT:
        texts = by_slot(queries.texts(session, report.id))
        facts: Facts = draft_facts(actor, report, texts, folders, now=now, edition=name)
        job = Job(facts, language, (layout,))
    else:
        job = frozen_job(frozen(report, name), language, (layout,))
    # What was read is let go: whoever waits for a printer must not hold a connection.
    session.close()
    return report, press_for(folders).make(job).files[layout]


def frozen(report: Report, name: str) -> ReportEdition:
    """One frozen edition with facts and documents; raises NotFound."""
    found = queries.editions(reading(), report.id, whole=True)
    edition = next((item for item in found if item.name == name), None)
    if edition is None:
        raise NotFound(name)
    return edition


def frozen_job(edition: ReportEdition, language: Language, layouts: tuple[str, ...]) -> Job:
    """What makes files of a frozen edition again, from nothing but what was stored."""
    if language not in edition.documents:
        raise NotFound(language)
    return Job(json.loads(edition.facts), language, layouts, edition.documents[language])


def compared(
    actor: Actor, report_id: int, other_id: int, edition: str, language: Language
) -> tuple[Report, Report, list[Changed]]:
    """Two frozen reports of the same kind, the older first, and what the newer one says differently."""
    session = reading()
    pair = [readable(session, actor, number) for number in (report_id, other_id)]
    if pair[0].kind != pair[1].kind or any(item.frozen_at is None for item in pair):
        raise NotFound(str(other_id))
    older, newer = sorted(pair, key=lambda item: (item.frozen_at, item.id))
    texts = [frozen(item, edition).documents.get(language) for item in (older, newer)]
    if None in texts:
        raise NotFound(language)
    first, second = (load_document(str(text)) for text in texts)
    return older, newer, differences(first, second)


def kind_names(folders: Folders, language: Language) -> dict[str, str]:
    """What each kind of report is called."""
    outlines = reports.kinds(folders)
    return {kind: outline.frame.sentences["kind_name"][language]["other"] for kind, outline in outlines.items()}


def markings(folders: Folders) -> Mapping[str, Marking]:
    """The markings that a report can have."""
    return load_markings(folders.reports)
