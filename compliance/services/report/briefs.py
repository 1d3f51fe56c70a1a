"""The engagement brief of a company as a preview: a page, or a file of any format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor
from compliance.domain.text import Language
from compliance.reporting import FORMATS, Folders, Job, Report, press_for, render_html
from compliance.services import audit
from compliance.services.portfolio.companies import CompanyView, company_view
from compliance.services.report import reports
from compliance.services.report.facts import About
from compliance.services.transaction import reading, writing
from compliance.services.turns import in_turn, under_way

KIND: Final = "company-brief"


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief in one language, not laid out yet; every layout of it says the same."""

    view: CompanyView
    report: Report


def company_brief(
    actor: Actor, slug: str, cycle_slug: str, language: Language, folders: Folders, *, now: dt.datetime
) -> Brief:
    """The brief on a company whose content is shared with the person's government; raises NotFound for any other."""
    report = reports.made(KIND, About(cycle_slug, slug), actor, folders, language, now=now)
    return Brief(company_view(actor, slug, cycle_slug, now=now), report)


def as_html(brief: Brief, folders: Folders) -> str:
    """The brief as safe HTML, to be put into a page."""
    return render_html(brief.report.document, folders.styles)


@under_way()
def take(
    actor: Actor, slug: str, cycle_slug: str, language: Language, layout: str, folders: Folders, *, now: dt.datetime
) -> tuple[str, bytes]:
    """Name and content of the brief as a file, made by a printer; who took it is written down.

    Raises NotFound for a layout that does not exist, and as `company_brief` does.
    """
    if layout not in FORMATS:
        raise NotFound(layout)
    with in_turn():
        facts = reports.build(KIND, About(cycle_slug, slug), actor, folders, now=now)
    reading().close()  # whoever waits for a printer must not hold a connection
    content = press_for(folders).make(Job(facts, language, (layout,), keep=False)).files[layout]
    with writing() as session:
        audit.record(
            session,
            actor,
            "report.preview",
            f"company:{slug}",
            now=now,
            organisation_id=actor.organisation_id,
            after={"kind": KIND, "cycle": cycle_slug, "layout": layout, "language": language},
        )
    parts = [KIND, slug, cycle_slug, *([] if FORMATS[layout].bilingual else [language])]
    return "-".join(parts) + FORMATS[layout].suffix, content
