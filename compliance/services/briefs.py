"""The engagement brief of a company as a preview: a page, or a file of any format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor
from compliance.domain.text import Language
from compliance.reporting import FORMATS, Folders, Report, render, render_html
from compliance.services import reports
from compliance.services.companies import CompanyView, company_view
from compliance.services.report_facts import About

KIND: Final = "company-brief"


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief in one language, not laid out yet; every layout of it says the same."""

    view: CompanyView
    report: Report

    def file_name(self, layout: str) -> str:
        """What the file is called; facts are the same in both languages, so their name has none."""
        format_ = FORMATS[layout]
        return reports.file_name(self.report, format_.suffix, bilingual=format_.bilingual)


def company_brief(
    actor: Actor, slug: str, cycle_slug: str, language: Language, folders: Folders, *, now: dt.datetime
) -> Brief:
    """The brief on a company whose content is shared with the person's government; raises NotFound for any other."""
    report = reports.made(KIND, About(cycle_slug, slug), actor, folders, language, now=now)
    return Brief(company_view(actor, slug, cycle_slug, now=now), report)


def as_html(brief: Brief, folders: Folders) -> str:
    """The brief as safe HTML, to be put into a page."""
    return render_html(brief.report.document, folders.styles)


def as_file(brief: Brief, layout: str, folders: Folders) -> bytes:
    """The brief as a file of one of `reporting.FORMATS`; raises NotFound for a layout that does not exist."""
    if layout not in FORMATS:
        raise NotFound(layout)
    return render(brief.report, layout, folders)
