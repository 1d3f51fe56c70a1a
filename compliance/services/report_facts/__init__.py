"""The facts of reports: one builder per shape. A builder reads what the reader may see and returns plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from compliance.services.report_facts.building import About, Building
from compliance.services.report_facts.company_brief import company_brief

#: The builder of each shape in `reporting.SHAPES`.
BUILDERS: Final[Mapping[str, Callable[[Building], Any]]] = {
    "company-brief": company_brief,
}

__all__ = ["BUILDERS", "About", "Building"]
