"""What a company takes away of its answers: a workbook, a questionnaire, a draft, a sealed copy, a receipt."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import cast

from compliance.domain.disputes import applied
from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.questionnaire import asked_questions
from compliance.domain.text import Text
from compliance.domain.workbook import SERVICES_LIMIT
from compliance.reporting.answers import LAYOUTS, Kind, Taken
from compliance.services import records
from compliance.services.actors import require
from compliance.services.assessment import submissions
from compliance.services.assessment.answers import entry_of
from compliance.services.assessment.assessments import own, profiles_in
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.transaction import reading
from compliance.storage.models import Cycle
from compliance.storage.queries import assessments


def now(actor: Actor, cycle_slug: str, kind: str, layout: str, *, now: dt.datetime, part: int = 1) -> Taken:
    """The assessment as it is now, as a kind of file; of a workbook the `part`.

    Raises NotFound for a kind, a layout or a part that there is not.
    """
    if kind not in ("workbook", "questionnaire", "draft") or layout not in LAYOUTS[kind]:
        raise NotFound(f"{kind}.{layout}")
    taken = draft(actor, cycle_slug, cast(Kind, kind), now=now)
    return part_of(taken, part) if kind == "workbook" else taken


def parts_for(services: int) -> int:
    """In how many workbooks so many services come."""
    return max(1, -(-services // SERVICES_LIMIT))


def part_of(taken: Taken, part: int) -> Taken:
    """One of the workbooks of a company with many services: each has a sheet, and so many sheets are not to be worked
    with. What is asked once of the company is in the first. Raises NotFound."""
    parts = parts_for(len(taken.services))
    if not 1 <= part <= parts:
        raise NotFound(f"part {part}")
    if parts == 1:
        return taken
    services = taken.services[(part - 1) * SERVICES_LIMIT : part * SERVICES_LIMIT]
    slugs = {profile.slug for profile in services} | ({None} if part == 1 else set())
    return replace(
        taken, services=services, questions=[question for question in taken.questions if question.key[0] in slugs]
    )


def draft(actor: Actor, cycle_slug: str, kind: Kind, *, now: dt.datetime) -> Taken:
    """The own company's assessment as it is now; for a questionnaire without the answers."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(assessment))
    services = assessments.services_of(session, assessment.company_id)
    profiles = profiles_in(session, assessment, services)
    framework = framework_for(assessment.cycle.framework_version)
    slugs = {service.id: service.slug for service in services}
    rows = (
        {}
        if kind == "questionnaire"
        else {
            (slugs[row.service_id] if row.service_id else None, row.indicator_id): row
            for row in assessments.answers(session, assessment.id)
            if row.service_id is None or row.service_id in slugs
        }
    )
    return Taken(
        kind=kind,
        company=assessment.company.name,
        company_slug=assessment.company.slug,
        cycle=_name(assessment.cycle),
        cycle_slug=cycle_slug,
        framework=framework,
        services=profiles,
        questions=asked_questions(framework, profiles),
        entries={key: entry_of(row) for key, row in rows.items()},
        versions={key: row.version for key, row in rows.items()},
        made_on=local_day(now, assessment.company),
    )


def signed(actor: Actor, cycle_slug: str, number: int, kind: str, layout: str) -> Taken:
    """What was signed, or (kind "receipt") that it was received. Raises NotFound."""
    if kind not in ("sealed", "receipt") or layout not in LAYOUTS[kind]:
        raise NotFound(f"{kind}.{layout}")
    found = submissions.receipt(actor, cycle_slug, number)
    copy, row = found.sealed, found.submission
    framework = framework_for(found.assessment.cycle.framework_version)
    profiles = applied(copy.profiles, found.assessment.profile_changes, agreed=False)
    received = copy.submitted_at.astimezone(dt.UTC)
    return Taken(
        kind=cast(Kind, kind),
        company=found.assessment.company.name,
        company_slug=copy.company,
        cycle=_name(found.assessment.cycle),
        cycle_slug=cycle_slug,
        framework=framework,
        services=profiles,
        questions=asked_questions(framework, profiles),
        entries=copy.answers,
        made_on=received.date(),
        number=row.number,
        sha256=row.sha256,
        signature=copy.signature,
        received=f"{received:%Y-%m-%d %H:%M} UTC",
    )


def _name(cycle: Cycle) -> Text:
    return Text(cycle.name_en, cycle.name_fr)
