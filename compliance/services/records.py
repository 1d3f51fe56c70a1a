"""What the permission table needs to know about a stored record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from compliance.domain.assessments import State
from compliance.domain.permissions import Record
from compliance.storage.models import Assessment, Organisation


def of_company(company_id: int) -> Record:
    return Record(company_id=company_id)


def of_own(assessment: Assessment) -> Record:
    """The own company's assessment, loaded with company and cycle."""
    closed = assessment.cycle.closed_on is not None
    return replace(of_assessment(assessment, assessment.company), cycle_closed=closed)


def of_assessment(assessment: Assessment, company: Organisation, countries: Iterable[str] = ()) -> Record:
    """An assessment; `countries` are those its content is shared with."""
    state = State(assessment.state)
    return Record(
        company_id=assessment.company_id,
        lead_country=company.country,
        countries=frozenset(countries),
        state=state,
        has_submission=state is not State.DRAFT,
    )
