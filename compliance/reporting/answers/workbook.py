"""Answers as a workbook: to fill in (one sheet per service, lists, locked headings) or to keep.

Every text is written as text, so that none becomes a formula, and with the mark that keeps it text when the cell is
edited. What is read back is exactly what was written.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from compliance.domain import workbook as layout
from compliance.domain.answers import AnswerEntry, EvidenceEntry, MetricEntry
from compliance.domain.framework import Term
from compliance.domain.questionnaire import Question
from compliance.domain.rules import Label
from compliance.domain.text import Language
from compliance.reporting.answers.taken import Taken
from compliance.reporting.answers.words import Words
from compliance.reporting.data_files import sheet_name
from compliance.reporting.text import clean

SPARE_ROWS: Final = 500  # empty rows with lists below the evidence and the numbers
LONGEST_CELL: Final = 32_767
WIDTHS: Final = {
    "indicator": 9,
    "question": 44,
    "offered": 26,
    "status": 18,
    "surfaces": 26,
    "explanation": 60,
    "planned_on": 13,
    "reason": 24,
    "reason_text": 30,
    "claim_ground": 26,
    "claim_reason": 30,
    "sensitive_method": 14,
    "language": 12,
    "service": 24,
    "grade": 24,
    "address": 40,
    "description": 40,
    "effective_on": 13,
    "expires_on": 13,
    "document_name": 30,
    "metric": 10,
    "metric_name": 40,
    "value": 14,
    "unit": 14,
    "period_start": 13,
    "period_end": 13,
    "geography": 22,
    "method": 36,
    "not_collected_reason": 36,
}
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\']")
Value = str | int | Decimal | dt.date | None


def render_workbook(taken: Taken, words: Words, language: Language) -> bytes:
    """The workbook of `taken` in `language`; one of the kind "workbook" can be filled in and read back."""
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        _Writer(book, taken, words, language).write()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Any, taken: Taken, words: Words, language: Language) -> None:
        self.book, self.taken, self.words, self.language = book, taken, words, language
        self.fillable = taken.kind == "workbook"
        self.names: set[str] = set()
        self.company = words.say("sheets.company", language)
        base = {"text_wrap": True, "valign": "top"}
        self.head = book.add_format({**base, "bold": True, "bg_color": "#0D5563", "font_color": "#FFFFFF"})
        self.read = book.add_format({**base, "bg_color": "#ECEFF0", "quote_prefix": True})
        self.open = book.add_format({**base, "locked": False, "quote_prefix": True})
        self.text = book.add_format({**base, "locked": False, "num_format": "@"})
        self.day = book.add_format({**base, "locked": False, "num_format": "yyyy-mm-dd"})
        self.number = book.add_format({**base, "locked": False, "num_format": "General"})
        self.lists: dict[str, str] = {}

    def write(self) -> None:
        made = dt.datetime.combine(self.taken.made_on, dt.time())
        self.book.set_properties(
            {"title": clean(f"{self._say(f'files.{self.taken.kind}')}: {self.taken.company}"), "created": made}
        )
        self._about()
        offered = self._lists()
        for slug, name, questions in self._services():
            self._answers(slug, name, questions)
        self._evidence()
        self._numbers()
        offered()

    def _say(self, path: str) -> str:
        return self.words.say(path, self.language)

    def _sheet(self, name: str, mark: str, columns: Sequence[str]) -> Any:
        """A sheet with its hidden row of keys, its headings, and its marking at the top of each printed page."""
        sheet = self.book.add_worksheet(sheet_name(_NOT_IN_A_NAME.sub(" ", clean(name)).strip() or "…", self.names))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        marking = clean(self._say(f"markings.{self.taken.kind}")).replace("&", "&&")
        sheet.set_header(f"&L{clean(self.taken.company).replace('&', '&&')[:80]}&R&14{marking}")
        sheet.set_footer("&R&P / &N")
        sheet.write_row(0, 0, [mark, *columns[1:]], self.read)
        sheet.set_row(0, None, None, {"hidden": True})
        for place, column in enumerate(columns):
            heading = "" if column in layout.HIDDEN else self._say(f"columns.{column}")
            sheet.write_string(1, place, heading, self.head)
            hidden = {"hidden": True} if column in layout.HIDDEN else {}
            # An empty cell has the format of its column: open to be filled in, and nothing to write.
            open_ = self._format(column) if self.fillable and column not in self._locked(columns) else None
            sheet.set_column(place, place, WIDTHS.get(column, 12), open_, hidden)
        sheet.freeze_panes(2, 1)
        if self.fillable:
            sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
        return sheet

    @staticmethod
    def _locked(columns: Sequence[str]) -> frozenset[str]:
        """The columns for reading; the question of an answer is one, that of a piece of evidence is chosen."""
        return layout.LOCKED | ({"indicator"} if columns is layout.ANSWER_COLUMNS else set())

    def _about(self) -> None:
        taken, sheet = self.taken, self.book.add_worksheet(sheet_name(self._say("sheets.about"), self.names))
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, 2, 90)
        sheet.write_string(0, 0, layout.ABOUT)
        sheet.write_string(
            0, 1, f"{self._say(f'files.{taken.kind}')} · {self._say(f'markings.{taken.kind}')}", self.head
        )
        known = [
            ("company", "about.company", taken.company_slug, taken.company),
            ("cycle", "about.cycle", taken.cycle_slug, taken.cycle.get(self.language)),
            ("framework", "about.framework", f"{taken.framework.id} {taken.framework.version}", ""),
            ("framework_sha256", "", taken.framework.sha256, ""),
            ("language", "", self.language, ""),
            ("format", "", layout.FORMAT, ""),
            ("made_on", "about.made_on", taken.made_on.isoformat(), ""),
        ]
        line = 1
        for key, path, value, shown in known:
            sheet.write_string(line, 0, key)
            sheet.write_string(line, 1, self._say(path) if path else key, self.read)
            sheet.write_string(line, 2, value, self.read)
            if shown:
                sheet.write_string(line, 3, clean(shown), self.read)
            line += 1
        for path in self.words.under("instructions") if self.fillable else ():
            sheet.write_string(line + 1, 1, self._say(f"instructions.{path}"))
            line += 1
        if self.fillable:
            sheet.protect()

    def _services(self) -> Iterator[tuple[str | None, str, list[Question]]]:
        for profile in self.taken.services:
            yield profile.slug, profile.name, [q for q in self.taken.questions if q.key[0] == profile.slug]
        company = [question for question in self.taken.questions if question.service is None]
        if company:
            yield None, self.company, company

    # --- lists --------------------------------------------------------------------------------------------------------

    def _lists(self) -> Any:
        """Name the lists now; write their sheet last, behind the sheets that people use."""
        framework = self.taken.framework
        columns: dict[str, list[str]] = {
            "reason": _labels(framework.reasons, self.language),
            "claim_ground": [text.get(self.language) for text in self.words.under("grounds").values()],
            "sensitive_method": [self._say("yes")],
            "language": [text.get(self.language) for text in self.words.under("languages").values()],
            "grade": _labels((g for g in framework.rules.grades if g.id not in ("none", "expired")), self.language),
            "service": [name for _slug, name, _questions in self._services()],
            "indicator": sorted({question.indicator.id for question in self.taken.questions}),
            "metric": sorted(self._asked_metrics()),
        }
        for statuses in sorted({question.indicator.statuses for question in self.taken.questions}):
            columns[f"status {' '.join(statuses)}"] = [
                framework.status_words[status].label.get(self.language) for status in statuses
            ]
        name = sheet_name(self._say("sheets.lists"), self.names)
        for place, (column, values) in enumerate(columns.items()):
            letter = chr(65 + place) if place < 26 else f"A{chr(65 + place - 26)}"
            self.lists[column] = f"='{name}'!${letter}$1:${letter}${max(1, len(values))}"

        def write() -> None:
            sheet = self.book.add_worksheet(name)
            for place, values in enumerate(columns.values()):
                for line, value in enumerate(values):
                    sheet.write_string(line, place, clean(value), self.read)
            sheet.hide()

        return write

    def _offer(self, sheet: Any, column: str, place: int, first: int, last: int) -> None:
        """A list to choose from in the cells of a column."""
        if self.fillable and column in self.lists:
            sheet.data_validation(first, place, last, place, {"validate": "list", "source": self.lists[column]})

    # --- the sheets ---------------------------------------------------------------------------------------------------

    def _answers(self, slug: str | None, name: str, questions: Sequence[Question]) -> None:
        columns = layout.ANSWER_COLUMNS
        sheet = self._sheet(name, f"{layout.ANSWERS}:{slug or ''}", columns)
        for line, question in enumerate(questions, 2):
            entry = self.taken.entries.get(question.key)
            values = self._answer_values(question, entry)
            for place, column in enumerate(columns):
                self._put(sheet, line, place, column, values.get(column))
            status = f"status {' '.join(question.indicator.statuses)}"
            if self.fillable:
                at = columns.index("status")
                sheet.data_validation(line, at, line, at, {"validate": "list", "source": self.lists[status]})
        for column in ("reason", "claim_ground", "sensitive_method", "language"):
            self._offer(sheet, column, columns.index(column), 2, max(2, len(questions) + 1))

    def _answer_values(self, question: Question, entry: AnswerEntry | None) -> dict[str, Value]:
        framework, indicator = self.taken.framework, question.indicator
        functions = question.service.functions if question.service else None
        offered = framework.surfaces_of(indicator, functions)
        values: dict[str, Value] = {
            "indicator": indicator.id,
            "question": indicator.question.get(self.language),
            "offered": "; ".join(surface.label.get(self.language) for surface in offered),
            "version": self.taken.versions.get(question.key, 0),
        }
        if entry is None:
            return values
        grounds = self.words.under("grounds")
        return values | {
            "status": framework.status_words[entry.status].label.get(self.language),
            "surfaces": "; ".join(_label(framework.surface_words, id_, self.language) for id_ in entry.surfaces),
            "explanation": entry.explanation,
            "planned_on": entry.planned_on,
            "reason": _label(framework.reason_words, entry.reason, self.language) if entry.reason else None,
            "reason_text": entry.reason_text,
            "claim_ground": grounds[entry.claim_ground].get(self.language) if entry.claim_ground else None,
            "claim_reason": entry.claim_reason,
            "sensitive_method": self._say("yes") if entry.sensitive_method else None,
            "language": self._say(f"languages.{entry.language}") if entry.language in ("en", "fr") else None,
        }

    def _evidence(self) -> None:
        columns = layout.EVIDENCE_COLUMNS
        sheet = self._sheet(self._say("sheets.evidence"), layout.EVIDENCE, columns)
        line = 2
        for question, entry in self._answered():
            for item in entry.evidence:
                values = self._evidence_values(question, item)
                for place, column in enumerate(columns):
                    self._put(sheet, line, place, column, values.get(column))
                line += 1
        self._spare(sheet, columns, line, ("service", "indicator", "grade"))

    def _evidence_values(self, question: Question, item: EvidenceEntry) -> dict[str, Value]:
        grades = {term.id: term for term in self.taken.framework.rules.grades}
        return {
            "service": question.service.name if question.service else self.company,
            "indicator": question.indicator.id,
            "grade": _label(grades, item.grade, self.language),
            "address": item.address,
            "description": item.description,
            "effective_on": item.effective_on,
            "expires_on": item.expires_on,
            "document_name": item.document.name if item.document else None,
            "document": item.document.sha256 if item.document else None,
        }

    def _numbers(self) -> None:
        columns = layout.NUMBER_COLUMNS
        sheet = self._sheet(self._say("sheets.numbers"), layout.NUMBERS, columns)
        line = 2
        for question in self.taken.questions:
            entry = self.taken.entries.get(question.key)
            for metric in self.taken.framework.metrics_by_indicator.get(question.indicator.id, ()):
                given = [item for item in entry.metrics if item.metric_id == metric.id] if entry else []
                for item in (*given,) or (None,):
                    values = self._number_values(question, metric.id, item)
                    for place, column in enumerate(columns):
                        self._put(sheet, line, place, column, values.get(column))
                    line += 1
        self._spare(sheet, columns, line, ("service", "metric"))

    def _number_values(self, question: Question, metric_id: str, item: MetricEntry | None) -> dict[str, Value]:
        metric = self.taken.framework.metrics[metric_id]
        values: dict[str, Value] = {
            "service": question.service.name if question.service else self.company,
            "metric": metric_id,
            "metric_name": metric.name.get(self.language),
            "unit": metric.unit.label.get(self.language),
        }
        if item is not None:
            names = ("value", "period_start", "period_end", "geography", "method", "not_collected_reason")
            values |= {name: getattr(item, name) for name in names}
        return values

    def _spare(self, sheet: Any, columns: Sequence[str], line: int, offered: Iterable[str]) -> None:
        """The lists, for the rows that are there and for empty ones to go on in."""
        if not self.fillable:
            return
        last = line + SPARE_ROWS - 1
        for column in offered:
            self._offer(sheet, column, columns.index(column), 2, last)

    def _answered(self) -> Iterator[tuple[Question, AnswerEntry]]:
        for question in self.taken.questions:
            entry = self.taken.entries.get(question.key)
            if entry is not None:
                yield question, entry

    def _asked_metrics(self) -> set[str]:
        by_indicator = self.taken.framework.metrics_by_indicator
        return {m.id for question in self.taken.questions for m in by_indicator.get(question.indicator.id, ())}

    # --- cells --------------------------------------------------------------------------------------------------------

    def _format(self, column: str) -> Any:
        if column in layout.DAYS:
            return self.day
        return self.number if column == "value" else self.text

    def _put(self, sheet: Any, line: int, place: int, column: str, value: Value) -> None:
        if value is None or value == "":
            return
        locked = not self.fillable or column in layout.LOCKED or (column == "indicator" and place == 0)
        if isinstance(value, dt.date):
            sheet.write_datetime(line, place, dt.datetime.combine(value, dt.time()), self.day)
        elif isinstance(value, Decimal) and _fits_a_number(value):
            sheet.write_number(line, place, float(value), self.number)
        elif isinstance(value, int):
            sheet.write_number(line, place, value, self.read)
        else:
            text = format(value, "f") if isinstance(value, Decimal) else str(value)
            sheet.write_string(line, place, text[:LONGEST_CELL], self.read if locked else self.open)


def _fits_a_number(value: Decimal) -> bool:
    """Does a cell's number hold every figure of `value`? If not it is written as text, which holds all."""
    return Decimal(repr(float(value))) == value


def _labels(terms: Iterable[Term | Label], language: str) -> list[str]:
    return [term.label.get(language) for term in terms]


def _label(terms: Any, id_: str, language: str) -> str:
    term = terms.get(id_)
    return term.label.get(language) if term else str(id_)
