"""Taking a report out of the product, with who took what written down; and checking that what is stored is whole."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor
from compliance.domain.reports import ReportState
from compliance.domain.text import Language, language_of
from compliance.reporting import FORMATS, Folders, press_for
from compliance.reporting.comparing import same_text
from compliance.reporting.packages import packages_of
from compliance.services.report.life.access import readable
from compliance.services.report.life.approval import frozen_digest
from compliance.services.report.life.pages import frozen_job, shown
from compliance.services.report.life.writing import trail
from compliance.services.transaction import looking, reading, writing
from compliance.storage.models import Report, ReportDownload, ReportEdition, ReportFile
from compliance.storage.queries import report_life as queries

#: States of which a file says in its name that it is not the report in force.
_NOT_IN_FORCE: Final = frozenset(ReportState) - {ReportState.RELEASED}


@dataclass(frozen=True, slots=True)
class Taken:
    """A file for a person."""

    name: str
    media_type: str
    content: bytes


def take(
    actor: Actor, report_id: int, edition: str, language: Language, layout: str, folders: Folders, *, now: dt.datetime
) -> Taken:
    """A file of a report: the stored one once it was released, else one made now. Who took it is written down.

    Raises NotFound for an edition, language or format that there is not.
    """
    format_ = FORMATS.get(layout)
    if format_ is None:
        raise NotFound(layout)
    report = readable(reading(), actor, report_id)
    if report.released_at is not None:
        stored = queries.file(reading(), report_id, edition, layout, language)
        if stored is None:
            raise NotFound(f"{edition} {language}")
        name, content = stored.name, stored.content
    else:
        report, content = shown(actor, report_id, edition, language, layout, folders, now=now)
        name = draft_name(report, edition, "" if format_.bilingual else language, format_.suffix)
    name = name_now(report, name)
    log_download(actor, report, edition, layout, language, now=now)
    return Taken(name, format_.media_type, content)


def name_now(report: Report, name: str) -> str:
    """The name of a file; that of a report that is not in force says so."""
    return f"{report.state.replace('_', '-')}-{name}" if report.state in _NOT_IN_FORCE else name


def draft_name(report: Report, edition: str, language: str, suffix: str) -> str:
    """What a file of a report that was not released is called."""
    about = [report.company.slug] if report.company else [f"p{report.principle:02}"] if report.principle else []
    parts = [report.kind, *about, report.cycle.slug, *([edition] if edition != "full" else []), language]
    return "-".join(part for part in parts if part) + suffix


def log_download(actor: Actor, report: Report, edition: str, layout: str, language: str, *, now: dt.datetime) -> None:
    """Write down who took what: beside the report, and in the trail of the person's organisation."""
    with writing() as session:
        session.add(
            ReportDownload(
                report_id=report.id,
                user_id=actor.user_id,
                edition=edition,
                layout=layout,
                language=language,
                state=report.state,
                at=now,
            )
        )
        after = {"edition": edition, "layout": layout, "language": language, "state": report.state}
        trail(session, actor, "report.download", report, now=now, after=after)


class Verdict(StrEnum):
    """What came of making a stored file again."""

    SAME_BYTES = "same_bytes"
    SAME_TEXT = "same_text"  # made with other packages
    OTHER_BYTES = "other_bytes"  # with the same packages: must not happen
    OTHER_TEXT = "other_text"
    DAMAGED = "damaged"  # the stored file is not what was stored


GOOD: Final = (Verdict.SAME_BYTES, Verdict.SAME_TEXT)


@dataclass(frozen=True, slots=True)
class Checked:
    """One stored file and what came of making it again; `packages`: what is another version than then."""

    report_id: int
    name: str
    verdict: Verdict
    packages: Sequence[str]


def verify(report_id: int, folders: Folders) -> list[Checked]:
    """Make every file of a released report again from what was frozen, and compare. For the command line: no scope."""
    with looking() as session:
        report = queries.any_report(session, report_id)
        if report is None:
            raise NotFound(str(report_id))
        here = packages_of(folders)
        changed = sorted(name for name in {*here, *report.packages} if here.get(name) != report.packages.get(name))
        editions = queries.editions(session, report_id, whole=True, files=True)
        return [found for edition in editions for found in _verify(session, edition, changed, folders)]


def _verify(session: Session, edition: ReportEdition, changed: Sequence[str], folders: Folders) -> Iterator[Checked]:
    whole = frozen_digest(edition.facts, edition.documents) == edition.sha256
    by_language: dict[str, list[ReportFile]] = {}
    for file in edition.files:
        by_language.setdefault(file.language or next(iter(edition.documents)), []).append(file)
    for language, files in by_language.items():
        job = frozen_job(edition, language_of(language), tuple(file.layout for file in files))
        made = press_for(folders).make(job).files
        for file in files:
            content = queries.content(session, file.id)  # one at a time: nobody needs all of them in memory
            found = _verdict(file, content, made[file.layout], same_packages=not changed)
            yield Checked(edition.report_id, file.name, found if whole else Verdict.DAMAGED, changed)


def _verdict(file: ReportFile, stored: bytes, made: bytes, *, same_packages: bool) -> Verdict:
    if hashlib.sha256(stored).hexdigest() != file.sha256:
        return Verdict.DAMAGED
    if made == stored:
        return Verdict.SAME_BYTES
    if same_packages:
        return Verdict.OTHER_BYTES
    return Verdict.SAME_TEXT if same_text(file.layout, stored, made) else Verdict.OTHER_TEXT


def released() -> Sequence[int]:
    """The ids of all reports that have files."""
    with looking() as session:
        return queries.released_ids(session)
