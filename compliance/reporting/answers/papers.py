"""The questionnaire, the draft, the sealed copy and the receipt as documents: the same blocks as every report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from compliance.domain.answers import AnswerEntry, EvidenceEntry, MetricEntry
from compliance.domain.questionnaire import Question
from compliance.domain.text import Language
from compliance.reporting.answers.taken import Taken
from compliance.reporting.answers.words import Words
from compliance.reporting.document import Block, Bullets, Document, Heading, Line, Note, Pairs, Paragraph, Run
from compliance.reporting.text import clean


def answers_paper(taken: Taken, words: Words, language: Language) -> Document:
    """Every question that is asked, with its answer where there is one; what kind of paper it is says `taken.kind`."""
    paper = _Paper(taken, words, language)
    return paper.document([*paper.opening(), *paper.questions()])


def receipt_paper(taken: Taken, words: Words, language: Language) -> Document:
    """One page that says what was received, from whom, and how its sealed copy is known."""
    paper = _Paper(taken, words, language)
    return paper.document(paper.opening())


class _Paper:
    def __init__(self, taken: Taken, words: Words, language: Language) -> None:
        self.taken, self.words, self.language = taken, words, language

    def say(self, path: str, **values: object) -> str:
        return clean(self.words.say(path, self.language, **values))

    def document(self, blocks: Sequence[Block]) -> Document:
        taken = self.taken
        cycle = taken.cycle.get(self.language)
        name = clean(taken.company)
        return Document(
            language=self.language,
            kind_name=self.say(f"files.{taken.kind}"),
            title=name or taken.company_slug,
            subtitle=clean(cycle),
            marking=self.say(f"markings.{taken.kind}"),
            date=taken.made_on,
            footer=clean(f"{name[:80]} · {cycle} · {self.day(taken.made_on)}"),
            page_of=self.words.say("sentences.page_of", self.language, page="{page}", pages="{pages}"),
            not_printable=self.words.say("sentences.not_printable", self.language, number="{number}"),
            headings=(),
            blocks=tuple(blocks),
        )

    def opening(self) -> list[Block]:
        """The note, and the facts of the whole."""
        taken = self.taken
        rows = [("about.framework", f"{taken.framework.name.get(self.language)}, {taken.framework.version}")]
        rows += [("about.services", ", ".join(profile.name for profile in taken.services) or "–")]
        if taken.kind == "questionnaire":
            rows += [("about.questions", str(len(taken.questions)))]
        else:
            counts = self.say("sentences.counts", answered=taken.answered, total=len(taken.questions))
            rows += [("about.answered", counts)]
        if taken.signature is not None:
            rows += [
                ("about.submission", str(taken.number)),
                ("about.received", taken.received),
                ("about.signed", f"{taken.signature.name}, {taken.signature.role}"),
                ("about.authority", taken.signature.authority),
                ("about.sha256", taken.sha256),
            ]
        pairs = tuple((self.say(path), _line(clean(value))) for path, value in rows)
        return [Note(_line(self.say(f"sentences.{taken.kind}_note"))), Pairs(pairs)]

    def questions(self) -> Iterator[Block]:
        """Principle by principle, service by service."""
        principle = None
        for question in self.taken.questions:
            if question.principle.id != principle:
                principle = question.principle.id
                yield Heading(self.say("sentences.principle", number=question.principle.number))
                yield Paragraph(_line(clean(question.principle.wording.text.get(self.language))))
            service = clean(question.service.name) if question.service else self.say("sheets.company")
            yield Heading(f"{question.indicator.id} · {service}", level=2)
            yield Paragraph((Run(clean(question.indicator.question.get(self.language)), look="strong"),))
            yield from self._one(question)

    def _one(self, question: Question) -> Iterator[Block]:
        entry = self.taken.entries.get(question.key)
        if self.taken.kind == "questionnaire":
            yield from self._blank(question)
        elif entry is None:
            yield Paragraph(_line(self.say("sentences.not_answered")))
        else:
            yield Pairs(tuple(self._said(entry)))

    def _blank(self, question: Question) -> Iterator[Block]:
        """What a person needs to know to prepare an answer."""
        framework, indicator = self.taken.framework, question.indicator
        yield Paragraph(_line(clean(indicator.help.get(self.language))))
        choices = ", ".join(framework.status_words[status].label.get(self.language) for status in indicator.statuses)
        lines = [
            self.say("sentences.choices", choices=choices),
            self.say("sentences.evidence_hint", hint=indicator.evidence_hint.get(self.language)),
        ]
        metrics = framework.metrics_by_indicator.get(indicator.id, ())
        if metrics:
            names = "; ".join(f"{m.name.get(self.language)} ({m.unit.label.get(self.language)})" for m in metrics)
            lines.append(self.say("sentences.asked_numbers", names=names))
        yield Bullets(tuple(_line(line) for line in lines))

    def _said(self, entry: AnswerEntry) -> Iterator[tuple[str, Line]]:
        """An answer, field by field, as pairs of label and value; texts keep the language they were typed in."""
        framework = self.taken.framework
        written = entry.language
        yield self.say("columns.status"), _line(framework.status_words[entry.status].label.get(self.language))
        if entry.surfaces:
            known = framework.surface_words
            places = (known[id_].label.get(self.language) if id_ in known else id_ for id_ in entry.surfaces)
            yield self.say("sheets.where"), _line(", ".join(places))
        if entry.reason:
            yield self.say("columns.reason"), _line(framework.reason_words[entry.reason].label.get(self.language))
        if entry.reason_text:
            yield self.say("columns.reason_text"), self._typed(entry.reason_text, written)
        if entry.explanation:
            yield self.say("columns.explanation"), self._typed(entry.explanation, written)
        if entry.planned_on:
            yield self.say("columns.planned_on"), _line(self.day(entry.planned_on))
        for item in entry.evidence:
            yield self.say("sheets.evidence"), self._evidence(item, written)
        for number in entry.metrics:
            yield self._metric(number, written)
        if entry.claim_ground:
            ground = self.say(f"grounds.{entry.claim_ground}")
            yield self.say("columns.claim_ground"), (*_line(f"{ground}. "), *self._typed(entry.claim_reason, written))
        if entry.sensitive_method:
            yield self.say("columns.sensitive_method"), _line(self.say("sentences.sensitive"))

    def _evidence(self, item: EvidenceEntry, written: str) -> Line:
        grade = self.taken.framework.rules.words["grades"][item.grade].label.get(self.language)
        runs = [Run(clean(grade))]
        if item.description:
            runs += [Run(": "), *self._typed(item.description, written)]
        if item.address:
            runs += [Run(" "), Run(clean(item.address), address=item.address)]
        if item.document:
            known = {"name": item.document.name, "size": item.document.size, "sha256": item.document.sha256}
            runs += [Run("; " + self.say("sentences.document", **known))]
        if item.effective_on:
            runs += [Run("; " + self.say("sentences.from_day", day=self.day(item.effective_on)))]
        if item.expires_on:
            runs += [Run("; " + self.say("sentences.until_day", day=self.day(item.expires_on)))]
        return tuple(runs)

    def _metric(self, item: MetricEntry, written: str) -> tuple[str, Line]:
        framework = self.taken.framework
        metric = framework.metrics.get(item.metric_id)
        name = clean(metric.name.get(self.language)) if metric else item.metric_id
        if item.value is None:
            return name, _line(self.say("sentences.not_collected", reason=item.not_collected_reason))
        unit = framework.units_by_id.get(item.unit)
        shown = f"{self.number(item.value)} {unit.label.get(self.language) if unit else item.unit}"
        start, end = (self.day(day) if day else "…" for day in (item.period_start, item.period_end))
        period = self.say("sentences.period", start=start, end=end)
        return name, (*_line(f"{shown}; {period}; "), *self._typed(f"{item.geography}; {item.method}", written))

    def _typed(self, text: str, written: str) -> Line:
        return (Run(clean(text), language=written if written not in ("", self.language) else ""),)

    def day(self, value: dt.date) -> str:
        return str(format_date(value, "d MMMM y", locale=self.language))

    def number(self, value: Decimal) -> str:
        return str(format_decimal(value.normalize(), locale=self.language, decimal_quantization=False))


def _line(text: str) -> Line:
    return (Run(text),)
