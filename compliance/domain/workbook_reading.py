"""What the cells of a workbook mean as answers.

A row that is blank says nothing; a cell that says something unknown is a fault there, and no fault hides another.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Ground, MetricEntry, Reason, Status
from compliance.domain.documents import DocumentRef
from compliance.domain.framework import Framework, Surface, Term
from compliance.domain.numbers import read_number
from compliance.domain.rules import Label
from compliance.domain.typed import clean
from compliance.domain.workbook import ANSWERS, EVIDENCE, NUMBERS, QUIET, Book, Cell, Fault, Key, Place, Row, Sheet

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a word in a cell stands for: by column, from the word in lower case to its id. Service names by slug."""

    words: Mapping[str, Mapping[str, str]]
    services: Mapping[str, str | None]

    @classmethod
    def of(
        cls,
        framework: Framework,
        grounds: Mapping[str, Iterable[str]],
        yes: Iterable[str],
        services: Mapping[str, str | None],
    ) -> Vocabulary:
        """Every word in both languages, and the ids themselves. `services`: slug (None: the company) by name."""
        labels: Mapping[str, Sequence[Term | Label | Surface]] = {
            "status": framework.statuses,
            "reason": framework.reasons,
            "grade": framework.rules.grades,
            "surfaces": framework.surfaces,
        }
        words = {
            column: {word.casefold(): term.id for term in terms for word in (term.id, term.label.en, term.label.fr)}
            for column, terms in labels.items()
        }
        words["claim_ground"] = {word.casefold(): id_ for id_, spoken in grounds.items() for word in (id_, *spoken)}
        words["sensitive_method"] = {word.casefold(): "yes" for word in (*yes, "yes", "true", "x", "1")}
        words["sensitive_method"] |= dict.fromkeys(("no", "non", "false", "0"), "")
        words["language"] = {"en": "en", "english": "en", "anglais": "en", "fr": "fr", "french": "fr", "français": "fr"}
        return cls(words, {name.casefold(): slug for name, slug in services.items()})


class _Bad(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def rows_of(
    book: Book, vocabulary: Vocabulary, framework: Framework, stored: Mapping[Key, AnswerEntry]
) -> tuple[list[Row], list[Fault]]:
    """What the workbook says, question by question, and every fault in it.

    What a workbook has no column for stays as it is in `stored`.
    """
    reading = _Reading(book, vocabulary, framework)
    evidence, numbers = reading.parts()
    rows: dict[Key, Row] = {}
    for sheet in book.sheets:
        if sheet.role == ANSWERS:
            for cells in sheet.rows:
                reading.answer(sheet, cells, stored, evidence, numbers, rows)
    for key, items in {**evidence, **numbers}.items():
        if key not in rows:
            reading.faults.append(Fault(items[0][1]["indicator"], "answer_missing", {"indicator": key[1]}))
    return list(rows.values()), [*book.faults, *reading.faults]


Part = tuple[Any, dict[str, Place]]


class _Reading:
    """Turns cells into values and gathers the faults on the way."""

    def __init__(self, book: Book, vocabulary: Vocabulary, framework: Framework) -> None:
        self.book, self.vocabulary, self.framework = book, vocabulary, framework
        self.faults: list[Fault] = []

    def parts(self) -> tuple[dict[Key, list[Part]], dict[Key, list[Part]]]:
        """The pieces of evidence and the numbers, by the question they belong to."""
        evidence: dict[Key, list[Part]] = {}
        numbers: dict[Key, list[Part]] = {}
        for sheet in self.book.sheets:
            for cells in sheet.rows if sheet.role in (EVIDENCE, NUMBERS) else ():
                if _is_blank(cells):
                    continue
                made = self._evidence(cells) if sheet.role == EVIDENCE else self._number(cells)
                if made is not None:
                    key, part = made
                    (evidence if sheet.role == EVIDENCE else numbers).setdefault(key, []).append(part)
        return evidence, numbers

    def answer(
        self,
        sheet: Sheet,
        cells: Mapping[str, Cell],
        stored: Mapping[Key, AnswerEntry],
        evidence: Mapping[Key, list[Part]],
        numbers: Mapping[Key, list[Part]],
        rows: dict[Key, Row],
    ) -> None:
        """Add the row of one question to `rows`, unless it says nothing."""
        indicator = self._text(cells, "indicator")
        if not indicator and _is_blank(cells):
            return
        key = (sheet.service, indicator)
        parts = evidence.get(key, []), numbers.get(key, [])
        if _is_blank(cells) and not any(parts):
            return
        if indicator not in self.framework.indicators:
            self._fault(cells, sheet, "unknown_question", indicator)
            return
        if key in rows:
            self._fault(cells, sheet, "question_twice", indicator)
            return
        entry = self._entry(cells, stored.get(key, AnswerEntry()))
        entry = replace(
            entry, evidence=tuple(part for part, _ in parts[0]), metrics=tuple(part for part, _ in parts[1])
        )
        places = {name: cell.place for name, cell in cells.items()} | dict(_part_places(parts))
        rows[key] = Row(key, _version(cells), entry, places)

    def _fault(self, cells: Mapping[str, Cell], sheet: Sheet, code: str, indicator: str) -> None:
        place = cells["indicator"].place if "indicator" in cells else Place(sheet.name)
        self.faults.append(Fault(place, code, {"indicator": indicator[:60]}))

    def _entry(self, cells: Mapping[str, Cell], base: AnswerEntry) -> AnswerEntry:
        given: dict[str, Any] = {}
        for name in ("explanation", "reason_text", "claim_reason"):
            if name in cells:
                given[name] = self._text(cells, name)
        for name in ("status", "reason", "claim_ground"):
            if name in cells:
                word = self._word(cells, name)
                given[name] = _KINDS[name](word) if word else _NOTHING[name]
        if "surfaces" in cells:
            given["surfaces"] = self._surfaces(cells)
        if "planned_on" in cells:
            given["planned_on"] = self._day(cells, "planned_on")
        if "sensitive_method" in cells:
            given["sensitive_method"] = self._word(cells, "sensitive_method") == "yes"
        language = self._word(cells, "language") or self.book.about.get("language", "")
        return replace(base, carried=False, language=language if language in ("en", "fr") else base.language, **given)

    def _evidence(self, cells: Mapping[str, Cell]) -> tuple[Key, Part] | None:
        service = self._service(cells)
        if service is None:
            return None
        grade, digest = self._word(cells, "grade"), self._text(cells, "document")
        entry = EvidenceEntry(
            address=self._text(cells, "address"),
            description=self._text(cells, "description"),
            effective_on=self._day(cells, "effective_on"),
            expires_on=self._day(cells, "expires_on"),
            document=DocumentRef(digest[:64]) if digest else None,
        )
        if grade:
            entry = replace(entry, grade=Grade(grade))
        return (service[0], self._text(cells, "indicator")), (entry, {name: c.place for name, c in cells.items()})

    def _number(self, cells: Mapping[str, Cell]) -> tuple[Key, Part] | None:
        service, metric_id = self._service(cells), self._text(cells, "metric")
        if service is None:
            return None
        metric = self.framework.metrics.get(metric_id)
        if metric is None:
            place = cells["metric"].place if "metric" in cells else next(iter(cells.values())).place
            self.faults.append(Fault(place, "unknown_metric"))
            return None
        entry = MetricEntry(
            metric_id=metric_id,
            value=self._value(cells),
            period_start=self._day(cells, "period_start"),
            period_end=self._day(cells, "period_end"),
            geography=self._text(cells, "geography"),
            method=self._text(cells, "method"),
            not_collected_reason=self._text(cells, "not_collected_reason"),
        )
        places = {name: cell.place for name, cell in cells.items()}
        return (service[0], metric.indicator_id), (entry, places | {"indicator": places["metric"]})

    def _service(self, cells: Mapping[str, Cell]) -> tuple[str | None] | None:
        """The slug in a tuple of one, because None is the company itself; None for a name that nobody has."""
        name = self._text(cells, "service").casefold()
        if name in self.vocabulary.services:
            return (self.vocabulary.services[name],)
        place = cells["service"].place if "service" in cells else next(iter(cells.values())).place
        self.faults.append(Fault(place, "unknown_service", {"service": name[:60]}))
        return None

    def _surfaces(self, cells: Mapping[str, Cell]) -> tuple[str, ...]:
        words, found = self.vocabulary.words["surfaces"], []
        for word in self._text(cells, "surfaces").replace("\n", ";").split(";"):
            if word.strip():
                id_ = words.get(word.strip().casefold())
                if id_ is None:
                    self.faults.append(Fault(cells["surfaces"].place, "unknown_word", {"word": word.strip()[:60]}))
                elif id_ not in found:
                    found.append(id_)
        return tuple(found)

    def _word(self, cells: Mapping[str, Cell], name: str) -> str:
        """The id of the word in a cell; empty when the cell is, or when the word is unknown, which is a fault."""
        word = self._text(cells, name)
        if not word:
            return ""
        id_ = self.vocabulary.words[name].get(" ".join(word.split()).casefold())
        if id_ is None:
            self.faults.append(Fault(cells[name].place, "unknown_word", {"word": word[:60]}))
        return id_ or ""

    def _text(self, cells: Mapping[str, Cell], name: str) -> str:
        return text_of(cells[name].value) if name in cells else ""

    def _day(self, cells: Mapping[str, Cell], name: str) -> dt.date | None:
        return self._read(cells, name, day_of)

    def _value(self, cells: Mapping[str, Cell]) -> Decimal | None:
        return self._read(cells, "value", number_of)

    def _read(self, cells: Mapping[str, Cell], name: str, read: Callable[[object], T | None]) -> T | None:
        if name not in cells:
            return None
        try:
            return read(cells[name].value)
        except _Bad as bad:
            self.faults.append(Fault(cells[name].place, bad.code, {"word": text_of(cells[name].value)[:60]}))
            return None


_KINDS: Final[Mapping[str, Any]] = {"status": Status, "reason": Reason, "claim_ground": Ground}
_NOTHING: Final[Mapping[str, Any]] = {"status": AnswerEntry().status, "reason": None, "claim_ground": None}


def text_of(value: object) -> str:
    """The text in a cell, cleaned as a form cleans it. Numbers and days are taken as they are shown."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return clean(value if isinstance(value, str) else "" if value is None else str(value))


def day_of(value: object) -> dt.date | None:
    """The day in a cell: a date, or text such as 2026-03-05. Anything else could be read two ways and is a fault."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = text_of(value)
    if not text:
        return None
    try:
        if len(text) != 10:
            raise ValueError(text)
        return dt.date.fromisoformat(text)
    except ValueError:
        raise _Bad("not_a_day") from None


def number_of(value: object) -> Decimal | None:
    """The number in a cell, to six figures behind the point, which is how exactly numbers are kept."""
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        raise _Bad("not_a_number")
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) >= 1e15:
            raise _Bad("not_a_number")
        exact = Decimal(repr(value))
    else:
        text = text_of(value)
        if not text:
            return None
        try:
            exact = read_number(text)
        except (ValueError, InvalidOperation):
            raise _Bad("not_a_number") from None
        if abs(exact) >= Decimal(10) ** 15:
            raise _Bad("not_a_number")
    return exact.quantize(Decimal("0.000001"))


def _is_blank(cells: Mapping[str, Cell]) -> bool:
    """Nothing was entered: what the product wrote for reading does not count."""
    return not any(text_of(cell.value) for name, cell in cells.items() if name not in QUIET) and not (
        "document" in cells and text_of(cells["document"].value)
    )


def _version(cells: Mapping[str, Cell]) -> int:
    text = text_of(cells["version"].value) if "version" in cells else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _part_places(parts: Sequence[Sequence[Part]]) -> Iterator[tuple[str, Place]]:
    for name, items in zip(("evidence", "metrics"), parts, strict=True):
        for number, (_entry, places) in enumerate(items):
            for column, place in places.items():
                yield f"{name}.{number}.{column}", place
