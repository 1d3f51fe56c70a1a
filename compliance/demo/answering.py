"""What an invented company answers: one entry for each question, complete enough to be saved on the site."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from compliance.demo.chance import chance
from compliance.demo.dates import Dates
from compliance.demo.designs import CompanyDesign
from compliance.demo.wording import Voice, phrases
from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, MetricEntry, Reason, Status
from compliance.domain.framework import Framework, Metric, UnitKind
from compliance.domain.questionnaire import Question

_CLAIMS = (Status.IN_PLACE, Status.ALTERNATIVE_MEASURE)
#: Counts that do not grow with the size of a company.
_UNSCALED = frozenset({"languages", "reviews", "publications", "metrics", "terms"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A company answers in a cycle. `is_current`: dates may run out between the answer and today, and some shall."""

    design: CompanyDesign
    dates: Dates
    framework: Framework
    seed: int
    is_current: bool

    def dice(self, question: Question, what: str, *, same_in_both_cycles: bool = False) -> Random:
        """A source of chance for one thing about one question."""
        cycle = "" if same_in_both_cycles else self.dates.slug
        return chance(self.seed, self.design.slug, cycle, question.key, what)


def entry_for(setting: Setting, question: Question, status: Status, saved_on: dt.date) -> AnswerEntry:
    """The answer with `status` to a question, as saved on `saved_on`."""
    dice = setting.dice(question, "entry")
    voice = Voice(
        language=setting.design.language,
        name=question.service.name if question.service else setting.design.name,
        whole_company=question.service is None,
        indicator_id=question.indicator.id,
        saved_on=saved_on,
        dice=dice,
    )
    return replace(_entry(setting, question, status, voice), language=voice.language)


def _entry(setting: Setting, question: Question, status: Status, voice: Voice) -> AnswerEntry:
    planned_on = _planned_on(setting, status, voice.saved_on, voice.dice)
    if status is Status.NOT_APPLICABLE:
        return AnswerEntry(status, reason_text=voice.pick(_group(voice, "not_applicable")))
    if status is Status.CANNOT_SAY:
        return _cannot_say(voice, voice.saved_on)
    has_evidence = status in (*_CLAIMS, Status.PARTLY)
    return AnswerEntry(
        status,
        surfaces=_surfaces(setting, question, voice.dice) if status is Status.PARTLY else (),
        explanation=_explanation(setting, voice, status, planned_on),
        planned_on=planned_on,
        evidence=_evidence(setting, question, voice) if has_evidence else (),
        metrics=_metrics(setting, question, voice) if has_evidence else (),
    )


def _explanation(setting: Setting, voice: Voice, status: Status, planned_on: dt.date | None) -> str:
    if status is Status.ALTERNATIVE_MEASURE:
        return voice.pick(_group(voice, "alternatives"))
    if voice.indicator_id in setting.design.generic:
        return voice.one("generic")
    if voice.dice.random() < 0.02:
        return ""
    if status is Status.IN_PLACE:
        return voice.measure()
    if status is Status.PARTLY:
        return voice.part()
    return voice.plan(planned_on) if planned_on else voice.gap()


def _group(voice: Voice, name: str) -> str:
    return f"company_{name}" if voice.whole_company else name


def _cannot_say(voice: Voice, saved_on: dt.date) -> AnswerEntry:
    reason = voice.dice.choice(list(Reason))
    text = voice.one("cannot_say", reason.value)
    if reason is Reason.INFORMATION_UNAVAILABLE:
        answer_by = saved_on + dt.timedelta(days=voice.dice.randint(60, 240))
        return AnswerEntry(Status.CANNOT_SAY, explanation=text, planned_on=answer_by, reason=reason)
    return AnswerEntry(Status.CANNOT_SAY, reason=reason, reason_text=text)


def _planned_on(setting: Setting, status: Status, saved_on: dt.date, dice: Random) -> dt.date | None:
    chance = {Status.PLANNED: 1.0, Status.PARTLY: 0.5, Status.NOT_IN_PLACE: 0.3}.get(status, 0.0)
    if dice.random() >= chance:
        return None
    if setting.is_current and dice.random() < 0.35:
        return saved_on + dt.timedelta(days=dice.randint(5, 14))
    return saved_on + dt.timedelta(days=dice.randint(90, 500))


def _surfaces(setting: Setting, question: Question, dice: Random) -> tuple[str, ...]:
    functions = question.service.functions if question.service else None
    offered = [surface.id for surface in setting.framework.surfaces_of(question.indicator, functions)]
    return tuple(sorted(dice.sample(offered, dice.randint(1, max(1, len(offered) - 1))))) if offered else ()


def _evidence(setting: Setting, question: Question, voice: Voice) -> tuple[EvidenceEntry, ...]:
    """One or two pieces for most answers, weaker ones more often."""
    dice = voice.dice
    grades = dice.choices(
        [Grade.STATED, Grade.PUBLIC_LINK, Grade.DOCUMENT_SHOWN, Grade.INDEPENDENTLY_ASSURED],
        [0.2, 0.55, 0.18, 0.07],
        k=dice.choices([0, 1, 2], [0.12, 0.73, 0.15])[0],
    )
    return tuple(_piece(setting, question, voice, grade, number) for number, grade in enumerate(dict.fromkeys(grades)))


def _piece(setting: Setting, question: Question, voice: Voice, grade: Grade, number: int) -> EvidenceEntry:
    dice, host = voice.dice, f"https://{setting.design.slug}.example"
    page = f"{host}/safety/{question.service.slug if question.service else 'company'}/{question.indicator.id.lower()}"
    effective_on = voice.saved_on - dt.timedelta(days=dice.randint(20, 500))
    draw = dice.random()
    if draw < 0.12:
        expires_on: dt.date | None = voice.saved_on + dt.timedelta(days=dice.randint(3, 12))
    elif draw < 0.4:
        expires_on = setting.dates.due_on + dt.timedelta(days=dice.randint(10, 400))
    else:
        expires_on = None
    return EvidenceEntry(
        grade=grade,
        address="" if grade is Grade.STATED else f"{page}{'-more' * number}",
        description=phrases()["evidence"][grade.value][voice.language],
        effective_on=effective_on,
        expires_on=expires_on,
    )


def _metrics(setting: Setting, question: Question, voice: Voice) -> tuple[MetricEntry, ...]:
    """Most metrics of the question have a number, some a reason why not, a few are left out."""
    found = []
    for metric in setting.framework.metrics_by_indicator.get(question.indicator.id, ()):
        draw = voice.dice.random()
        if draw < 0.72:
            found.append(_number(setting, question, voice, metric))
        elif draw < 0.9:
            reason = voice.pick("not_collected")
            found.append(MetricEntry(metric.id, None, metric.unit.id, not_collected_reason=reason))
    return tuple(found)


def _number(setting: Setting, question: Question, voice: Voice, metric: Metric) -> MetricEntry:
    return MetricEntry(
        metric_id=metric.id,
        value=_value(setting, question, metric),
        unit=metric.unit.id,
        period_start=setting.dates.period_start,
        period_end=setting.dates.period_end,
        geography=setting.dice(question, "where", same_in_both_cycles=True).choice(
            phrases()["geographies"][voice.language]
        ),
        method=setting.dice(question, "how", same_in_both_cycles=True).choice(phrases()["methods"][voice.language]),
    )


def _value(setting: Setting, question: Question, metric: Metric) -> Decimal:
    """A number in the metric's range, near to that of the other cycle; counts and staff grow with the company."""
    low, high = phrases()["metrics"].get(metric.id, (1, 100))
    base = setting.dice(question, metric.id, same_in_both_cycles=True)
    value = math.exp(base.uniform(math.log(low), math.log(high)))
    value *= setting.dice(question, metric.id).uniform(0.85, 1.25)
    kind = metric.unit.kind
    if kind is UnitKind.SHARE:
        return Decimal(str(round(min(value, 100), 1)))
    if kind in (UnitKind.COUNT, UnitKind.PEOPLE) and metric.unit.id not in _UNSCALED:
        value *= setting.design.size
    if kind is UnitKind.COUNT:
        return Decimal(max(1, round(value)))
    if kind is UnitKind.PEOPLE:
        return Decimal(str(max(1, round(value * 2)) / 2))
    return Decimal(str(round(value, 1))) if value < 10 else Decimal(round(value))
