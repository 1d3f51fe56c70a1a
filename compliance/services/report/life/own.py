"""What a company may fetch of the reports about it: the feedback that was released to it, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor, Permission, Record
from compliance.domain.text import Language
from compliance.reporting import FORMATS, Folders
from compliance.reporting.facts import CompanyFeedback
from compliance.services.actors import require
from compliance.services.report import reports
from compliance.services.report.life import files
from compliance.services.report.life.access import record_of
from compliance.services.transaction import reading
from compliance.storage.models import Report, ReportFile
from compliance.storage.queries import report_life as queries

EDITION = "full"  # the company may see all that it said itself


def listing(actor: Actor, folders: Folders) -> Sequence[Report]:
    """The feedback that was released to the person's company, of every cycle, newest first."""
    require(actor, Permission.REPORT_FETCH, Record(company_id=actor.organisation_id, was_released=True))
    return queries.released_to(reading(), actor, _kinds(folders))


def as_html(actor: Actor, report_id: int, language: Language, folders: Folders) -> tuple[Report, str]:
    """The report as the page that was stored when it was released. Raises NotFound for any other report."""
    report, stored = _own(actor, report_id, language, "html", folders)
    return report, stored.content.decode()


def take(
    actor: Actor, report_id: int, language: Language, layout: str, folders: Folders, *, now: dt.datetime
) -> files.Taken:
    """The stored file. Who took it is written down: in the company's trail, and for government beside the report."""
    if layout not in FORMATS:
        raise NotFound(layout)
    report, stored = _own(actor, report_id, language, layout, folders)
    taken = files.Taken(files.name_now(report, stored.name), FORMATS[layout].media_type, stored.content)
    files.log_download(actor, report, EDITION, layout, language, now=now)
    return taken


def _own(actor: Actor, report_id: int, language: Language, layout: str, folders: Folders) -> tuple[Report, ReportFile]:
    session = reading()
    found = queries.released_to(session, actor, _kinds(folders), report_id)
    if not found:
        raise NotFound(str(report_id))
    require(actor, Permission.REPORT_FETCH, record_of(found[0]))
    stored = queries.file(session, report_id, EDITION, layout, language)
    if stored is None:
        raise NotFound(language)
    return found[0], stored


def _kinds(folders: Folders) -> list[str]:
    """The kinds that are the company's own: those of the shape that leaves out whatever it may not see."""
    return [kind for kind, outline in reports.kinds(folders).items() if outline.shape.type is CompanyFeedback]
