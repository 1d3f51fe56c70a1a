"""What the permission table needs to know about a stored record."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from compliance.domain.assessments import FINDINGS_SEEN, State
from compliance.domain.permissions import Record
from compliance.storage.models import Assessment, Organisation


def of_company(company_id: int) -> Record:
    return Record(company_id=company_id)


Key = tuple[str | None, str]  # service slug (None: once for the company) and indicator id


def of_own(assessment: Assessment, open_questions: Collection[Key] = (), question: Key | None = None) -> Record:
    """The own company's assessment, loaded with company and cycle.

    `open_questions` are the answers that open clarifications name, `question` the one acted on.
    """
    return replace(
        of_assessment(assessment, assessment.company),
        cycle_closed=assessment.cycle.closed_on is not None,
        open_questions=frozenset(open_questions),
        question=question,
    )


def of_assessment(assessment: Assessment, company: Organisation, countries: Iterable[str] = ()) -> Record:
    """An assessment; `countries` are those its content is shared with."""
    state = State(assessment.state)
    return Record(
        company_id=assessment.company_id,
        lead_country=company.country,
        countries=frozenset(countries),
        state=state,
        has_submission=state is not State.DRAFT,
        findings_shared=assessment.findings_shared_at is not None or state in FINDINGS_SEEN,
    )
