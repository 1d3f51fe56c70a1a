"""Making a company engagement brief: facts, then one document in one language, then a page or a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compliance.domain.errors import NotAllowed, NotFound
from compliance.domain.permissions import Actor, OrganisationKind, Permission, Record, Role
from compliance.domain.text import Language
from compliance.reporting import (
    FORMATS,
    build_document,
    load_outline,
    render_csv,
    render_docx,
    render_html,
    render_json,
    render_pdf,
    render_xlsx,
)
from compliance.reporting.document import Document
from compliance.reporting.facts import CompanyBrief
from compliance.reporting.markings import load_markings
from compliance.services.actors import require
from compliance.services.brief_facts import brief_facts
from compliance.services.companies import CompanyView, company_view
from compliance.services.days import local_day
from compliance.services.transaction import reading
from compliance.storage.queries import people

KIND: Final = "company-brief"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where outlines and styles (`reports/`) and the built fonts are."""

    reports: Path
    fonts: Path

    @property
    def styles(self) -> Path:
        return self.reports / "styles"


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief in one language, not laid out yet; every layout of it says the same."""

    view: CompanyView
    facts: CompanyBrief
    document: Document

    def file_name(self, layout: str) -> str:
        """What the file is called; facts are the same in both languages, so their name has none."""
        language = "" if layout == "json" else f"-{self.document.language}"
        return f"{KIND}-{self.view.company.slug}-{self.view.cycle.slug}{language}{FORMATS[layout].suffix}"


def company_brief(
    actor: Actor, slug: str, cycle_slug: str, language: Language, folders: Folders, *, now: dt.datetime
) -> Brief:
    """The brief on a company whose content is shared with the person's government; raises NotFound for any other."""
    view = company_view(actor, slug, cycle_slug, now=now)
    if not view.shared or not view.results:
        raise NotFound(slug)
    record = Record(company_id=view.company.id, lead_country=view.company.country, countries=view.countries)
    require(actor, Permission.REPORT_BUILD, record)
    marking = next(iter(load_markings(folders.reports).values()))
    facts = brief_facts(view, marking, on=local_day(now, view.company))
    return Brief(view, facts, build_document(facts, load_outline(folders.reports, KIND), language))


def brief_for_operator(
    slug: str, cycle_slug: str, language: Language, folders: Folders, *, country: str | None, now: dt.datetime
) -> Brief:
    """The brief as `country` (without one: the company's lead country) sees it, for the command line.

    Whoever runs the installation reads the database anyway; what a brief shows still depends on what was shared.
    """
    company = people.organisation_by_slug(reading(), slug)
    if company is None:
        raise NotFound(slug)
    viewer = country or company.country
    if viewer is None:
        raise NotAllowed(f"{slug} has no lead country: name the country that reads the brief")
    actor = Actor(0, "command line", 0, "", OrganisationKind.GOVERNMENT, viewer, frozenset({Role.REVIEWER}))
    return company_brief(actor, slug, cycle_slug, language, folders, now=now)


def as_html(brief: Brief, folders: Folders) -> str:
    """The brief as safe HTML, to be put into a page."""
    return render_html(brief.document, folders.styles)


def as_file(brief: Brief, layout: str, folders: Folders) -> bytes:
    """The brief as a file of one of `reporting.FORMATS`; raises NotFound for a layout that does not exist."""
    document, facts = brief.document, brief.facts
    match layout:
        case "html":
            return as_html(brief, folders).encode()
        case "pdf":
            return render_pdf(document, folders.styles, folders.fonts, facts)
        case "docx":
            return render_docx(document, folders.styles)
        case "xlsx":
            return render_xlsx(facts, document.language)
        case "csv":
            return render_csv(facts, document.language)
        case "json":
            return render_json(facts)
    raise NotFound(layout)
