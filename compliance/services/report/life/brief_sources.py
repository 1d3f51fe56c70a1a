"""What a report in a batch is made from: the released files, else what is frozen, else the data as it is now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor
from compliance.domain.reports import OPEN, ReportState
from compliance.domain.text import Language
from compliance.reporting import FORMATS, Folders, Job
from compliance.services.report import reports
from compliance.services.report.facts import About
from compliance.services.report.life.facts import by_slot, draft_facts
from compliance.services.report.life.pages import frozen, frozen_job
from compliance.services.transaction import reading
from compliance.storage.models import Report
from compliance.storage.queries import report_life as queries


@dataclass(frozen=True, slots=True)
class Wish:
    """Which files are wanted."""

    edition: str
    languages: Sequence[Language]
    layouts: Sequence[str]

    def split(self) -> list[tuple[Language, tuple[str, ...]]]:
        """The formats for each language; one that is the same in both is made once."""
        rest = tuple(layout for layout in self.layouts if not FORMATS[layout].bilingual)
        return [(language, rest if place else tuple(self.layouts)) for place, language in enumerate(self.languages)]


@dataclass(frozen=True, slots=True)
class Source:
    """Files that are there already, by name, and jobs for those that are not."""

    stored: Mapping[str, bytes] = field(default_factory=dict)
    jobs: Sequence[Job] = ()


def source(actor: Actor, kind: str, about: About, wish: Wish, folders: Folders, *, now: dt.datetime) -> Source:
    """The report in force, if there is one: its stored files. Else the version that is being worked on, as it is.

    Raises NotFound for what is not shared with the person.
    """
    name = next((known for known in reports.EDITIONS if known == wish.edition), None)
    if name is None:
        raise NotFound(wish.edition)
    versions = queries.versions_about(reading(), actor, kind, about.cycle, about.company)
    released = next((item for item in versions if item.state == ReportState.RELEASED), None)
    if released is not None:
        return Source(stored=_stored(released, wish))
    current = next((item for item in versions if item.state in OPEN), None)
    if current is not None and current.state != ReportState.DRAFT:
        edition = frozen(current, name)
        jobs = [frozen_job(edition, lang, layouts) for lang, layouts in wish.split() if lang in edition.documents]
        return Source(jobs=jobs)
    if current is not None:
        whole = queries.report(reading(), actor, current.id)
        assert whole is not None, "it was listed a moment ago"
        facts = draft_facts(actor, whole, by_slot(queries.texts(reading(), whole.id)), folders, now=now, edition=name)
    else:
        facts = reports.build(kind, about, actor, folders, now=now, edition=name)
    return Source(jobs=[Job(facts, language, layouts, keep=False) for language, layouts in wish.split()])


def _stored(report: Report, wish: Wish) -> dict[str, bytes]:
    wanted = [(language, layout) for language, layouts in wish.split() for layout in layouts]
    files = [queries.file(reading(), report.id, wish.edition, layout, language) for language, layout in wanted]
    return {f"released/{file.name}": file.content for file in files if file is not None}


def batch_name(company: str, edition: str, language: str, layout: str) -> str:
    """What a file that was not released is called in the zip."""
    format_ = FORMATS[layout]
    parts = [company, *([edition] if edition != "full" else []), *([] if format_.bilingual else [language])]
    return "draft/" + "-".join(parts) + format_.suffix
