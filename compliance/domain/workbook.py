"""The workbook in which a company answers off line: its sheets, columns and cells.

The first row of each sheet holds keys, so that a sheet may be renamed and its columns moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from compliance.domain.answers import AnswerEntry

FORMAT: Final = "1"
ROWS_LIMIT: Final = 50_000  # of one workbook
COLUMNS_LIMIT: Final = 60
SERVICES_LIMIT: Final = 200  # each has a sheet; a company with more gets several workbooks

ABOUT: Final = "about"
ANSWERS: Final = "answers"
EVIDENCE: Final = "evidence"
NUMBERS: Final = "numbers"

#: The columns of each kind of sheet, in order. Those in LOCKED are for reading; those in HIDDEN for the product.
ANSWER_COLUMNS: Final = (
    *("indicator", "question", "status", "offered", "surfaces", "explanation", "planned_on", "reason", "reason_text"),
    *("claim_ground", "claim_reason", "sensitive_method", "language", "version"),
)
EVIDENCE_COLUMNS: Final = (
    *("service", "indicator", "grade", "address", "description", "effective_on", "expires_on"),
    *("document_name", "document"),
)
NUMBER_COLUMNS: Final = (
    *("service", "metric", "metric_name", "value", "unit", "period_start", "period_end", "geography", "method"),
    "not_collected_reason",
)
LOCKED: Final = frozenset({"question", "offered", "version", "document_name", "document", "metric_name", "unit"})
HIDDEN: Final = frozenset({"version", "document"})
DAYS: Final = frozenset({"planned_on", "effective_on", "expires_on", "period_start", "period_end"})
#: Columns that may say something only where the row is used: the rest of the row decides.
QUIET: Final = LOCKED | {"indicator", "service", "metric", "language"}


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, or (cell empty) a whole sheet."""

    sheet: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    value: object
    place: Place


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was read; `service` is the slug of an answers sheet, None for the whole company."""

    name: str
    role: str
    service: str | None
    rows: Sequence[Mapping[str, Cell]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in the way, and where."""

    place: Place
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    about: Mapping[str, str]
    sheets: Sequence[Sheet]
    faults: Sequence[Fault] = ()


Key = tuple[str | None, str]  # service slug and indicator id


@dataclass(frozen=True, slots=True)
class Row:
    """What a workbook says about one question. `places` are the cells by field, as problems name fields."""

    key: Key
    version: int  # of the answer when the workbook was made
    entry: AnswerEntry
    places: Mapping[str, Place]
