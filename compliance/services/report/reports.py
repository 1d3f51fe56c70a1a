"""Building reports of every kind: facts for one reader, then one document in one language, then a page or a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from compliance.domain.errors import NotAllowed, NotFound
from compliance.domain.permissions import Actor, OrganisationKind, Role
from compliance.domain.text import Language
from compliance.reporting import Folders, Outline, Report, check_facts, lay, load_outlines
from compliance.reporting.facts import EditionName, Facts
from compliance.reporting.markings import load_markings
from compliance.services import audit
from compliance.services.report.facts import BUILDERS, About, Building
from compliance.services.transaction import reading, writing
from compliance.storage.queries import people

EDITIONS: Final[tuple[EditionName, ...]] = ("full", "redacted")


def kinds(folders: Folders) -> Mapping[str, Outline]:
    """Every kind of report there is: the folders of `reports/`. Raises OutlineError for a fault in one."""
    return load_outlines(folders.reports)


def build(
    kind: str, about: About, actor: Actor, folders: Folders, *, now: dt.datetime, edition: EditionName = "full"
) -> Facts:
    """The facts of a report as `actor` may see them, in both languages, checked.

    `edition` redacted leaves out every answer that is confidential or tells of a sensitive method: it is built anew
    from the data, never cut from a full one, so build both when a report is frozen. Raises NotFound for an unknown
    kind, cycle, company or principle and for what is not shared, Denied for whoever may not build it, NotAllowed for
    a table that would give a small number away.
    """
    outline = kinds(folders).get(kind)
    if outline is None:
        raise NotFound(kind)
    subject = outline.shape.subject
    given = {"company": about.company, "principle": about.principle}
    if subject != "cycle" and given[subject] is None:
        raise NotFound(subject)
    markings = load_markings(folders.reports)
    marking = markings[outline.marking] if outline.marking else next(iter(markings.values()))
    building = Building(actor, kind, outline.shape.name, about, edition, marking, now)
    return check_facts(BUILDERS[outline.shape.name](building))


def made(
    kind: str,
    about: About,
    actor: Actor,
    folders: Folders,
    language: Language,
    *,
    now: dt.datetime,
    edition: EditionName = "full",
) -> Report:
    """Facts and document in one act, for a preview."""
    return lay(build(kind, about, actor, folders, now=now, edition=edition), language, folders)


def write_down_build(report: Report, about: About, layout: str, country: str, *, now: dt.datetime) -> None:
    """Write into the system's trail that a report left by the command line: which one, for which country, as what."""
    facts = report.facts
    with writing() as session:
        audit.record(
            session,
            None,
            "report.build",
            f"company:{about.company}" if about.company else f"cycle:{about.cycle}",
            now=now,
            after={
                "kind": facts["kind"],
                "cycle": about.cycle,
                "principle": about.principle,
                "edition": facts["edition"]["name"],
                "layout": layout,
                "language": report.document.language,
                "country": country,
            },
        )


def file_name(report: Report, suffix: str, *, bilingual: bool = False) -> str:
    """What a file of the report is called: kind, subject, cycle, edition, language."""
    facts = report.facts
    parts = [facts["kind"]]
    if "company" in facts:
        parts.append(facts["company"]["slug"])
    if "principle" in facts:
        parts.append(facts["principle"]["id"].lower())
    parts.append(facts["cycle"]["slug"])
    if facts["edition"]["name"] != "full":
        parts.append(facts["edition"]["name"])
    if not bilingual:
        parts.append(report.document.language)
    return "-".join(parts) + suffix


def operator_reading_as(country: str | None, company: str | None = None) -> Actor:
    """Whoever works at the command line, reading as a reviewer of `country`, or of the company's lead country.

    Whoever runs the installation reads the database anyway; what a report shows still depends on what was shared.
    Raises NotFound for an unknown company, NotAllowed when no country is named and none can be guessed.
    """
    if country is None and company is not None:
        row = people.organisation_by_slug(reading(), company)
        if row is None:
            raise NotFound(company)
        country = row.country
    if country is None:
        raise NotAllowed("name the country that reads the report: --country XX")
    roles = frozenset({Role.REVIEWER, Role.COORDINATOR})
    return Actor(0, "command line", 0, "", OrganisationKind.GOVERNMENT, country, roles)
