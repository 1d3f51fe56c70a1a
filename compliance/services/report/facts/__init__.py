"""The facts of reports: one builder per shape. A builder reads what the reader may see and returns plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from compliance.services.report.facts.building import About, Building
from compliance.services.report.facts.company_brief import company_brief
from compliance.services.report.facts.company_feedback import company_feedback
from compliance.services.report.facts.cross_company import cross_company
from compliance.services.report.facts.principle import principle_report
from compliance.services.report.facts.progress import progress
from compliance.services.report.facts.sector_aggregate import sector_aggregate

#: The builder of each shape in `reporting.SHAPES`.
BUILDERS: Final[Mapping[str, Callable[[Building], Any]]] = {
    "company-brief": company_brief,
    "company-feedback": company_feedback,
    "progress": progress,
    "cross-company": cross_company,
    "principle": principle_report,
    "sector-aggregate": sector_aggregate,
}

__all__ = ["BUILDERS", "About", "Building"]
