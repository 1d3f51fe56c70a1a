"""What is planned: possible answers, in time, of invented companies, the same for the same seed."""

import dataclasses
import datetime as dt
import re
from collections import Counter

import pytest

from compliance.demo import designs, planning
from compliance.demo.dates import Dates, two_cycles
from compliance.demo.planning import CompanyPlan, plan_company
from compliance.demo.wording import fragments, phrases
from compliance.domain.answers import Status, problems_of
from compliance.domain.assessments import Invitation, State, participation
from compliance.domain.framework import Framework
from compliance.domain.questionnaire import asked_questions

FIRST = dt.date(2026, 1, 1)


def test_every_indicator_has_a_fragment_and_every_metric_a_range(framework: Framework) -> None:
    assert fragments().keys() == framework.indicators.keys()
    assert phrases()["metrics"].keys() == framework.metrics.keys()
    for parts in fragments().values():
        for part in ("does", "lacks"):
            assert parts[part].keys() == {"en", "fr"}
            assert all(text.strip().endswith(".") for text in parts[part].values())


def test_functions_are_those_of_the_framework(framework: Framework) -> None:
    used = {
        name
        for design in designs.designed_companies()
        for service in design.services
        for name in (*service.functions, *(service.before or ()))
    }
    assert used <= framework.function_words.keys()
    assert used == framework.function_words.keys(), "and each is tried by some company"


def test_every_answer_could_be_saved_on_the_site(plans: list[CompanyPlan], framework: Framework) -> None:
    for plan in plans:
        for each in plan.rounds:
            asked = {question.key: question for question in asked_questions(framework, each.profiles)}
            for key, answer in each.answers.items():
                question = asked[key]
                functions = question.service.functions if question.service else None
                surfaces = {surface.id for surface in framework.surfaces_of(question.indicator, functions)}
                metrics = {item.id: item for item in framework.metrics_by_indicator.get(key[1], ())}
                found = problems_of(answer.entry, question.indicator, surfaces, metrics, answer.saved_at.date())
                assert found == [], (plan.design.slug, key)


def test_every_status_and_every_state_is_there(plans: list[CompanyPlan]) -> None:
    designed = plans[:12]
    statuses = Counter(
        answer.entry.status for plan in designed for each in plan.rounds for answer in each.answers.values()
    )
    assert set(statuses) == set(Status) - {Status.UNANSWERED}
    states = {each.fate.state for plan in designed for each in plan.rounds}
    assert states >= set(State) - {State.REOPENED}
    assert {each.fate.invitation for plan in designed for each in plan.rounds} == set(Invitation)


def test_every_participation_is_there(plans: list[CompanyPlan], cycles: tuple[Dates, Dates]) -> None:
    found = {
        participation(
            each.fate.invitation,
            each.fate.state,
            has_answers=bool(each.answers),
            due_on=each.dates.due_on,
            on=dt.date(2026, 11, 10),
        ).value
        for plan in plans[:12]
        for each in plan.rounds
    }
    assert found == {"invited", "accepted", "declined", "not_started", "no_reply", "partial", "submitted", "withdrawn"}


def test_same_seed_same_plan_and_another_seed_another(framework: Framework, cycles: tuple[Dates, Dates]) -> None:
    design = designs.designed_companies()[0]
    assert plan_company(design, cycles, framework, 1) == plan_company(design, cycles, framework, 1)
    assert plan_company(design, cycles, framework, 1) != plan_company(design, cycles, framework, 2)


def test_one_company_does_not_depend_on_the_others() -> None:
    assert list(designs.companies(40, 7))[:20] == list(designs.companies(20, 7))
    slugs = [design.slug for design in designs.companies(500, 7)]
    assert len(set(slugs)) == 500


@pytest.mark.parametrize("day", range(0, 730, 3))
def test_calendar_is_sensible_on_any_day(day: int) -> None:
    today = FIRST + dt.timedelta(days=day)
    earlier, current = two_cycles(today)
    assert current.closed_on is None
    assert earlier.closed_on is not None
    assert earlier.period_end < earlier.opens_on < earlier.due_on < earlier.closed_on < current.opens_on
    assert current.period_end < current.opens_on <= today - dt.timedelta(days=44)
    assert today + dt.timedelta(days=44) <= current.due_on <= today + dt.timedelta(days=76)
    assert current.period_start == earlier.period_end + dt.timedelta(days=1)
    assert earlier.slug != current.slug
    assert current.moment(planning.CONCLUDED_AFTER, 60).date() <= today


def test_same_month_same_dates() -> None:
    assert two_cycles(dt.date(2026, 11, 1)) == two_cycles(dt.date(2026, 11, 16))


def test_everything_happened_before_today_and_in_order(plans: list[CompanyPlan]) -> None:
    now = dt.datetime(2026, 11, 10, 15, tzinfo=dt.UTC)
    for plan in plans:
        for each in plan.rounds:
            saved = [answer.saved_at for answer in each.answers.values()]
            assert saved == sorted(saved)
            if each.submitted_at is not None:
                assert max(saved) < each.submitted_at < now


def test_addresses_are_invented_and_companies_named_so(plans: list[CompanyPlan]) -> None:
    text = repr([dataclasses.asdict(plan.design) for plan in plans]) + repr(plans) + repr(designs.records())
    assert set(re.findall(r"https?://([^/'\"\s]+)", text)) != set()
    assert all(host.endswith(".example") for host in re.findall(r"https?://([^/'\"\s]+)", text))
    assert all(person.email.endswith(".example") for plan in plans for person in plan.people)
    for language, word in (("en", "invented"), ("fr", "inventée")):
        assert word in phrases()["description"][language]


def test_french_companies_speak_french(plans: list[CompanyPlan]) -> None:
    french = next(plan for plan in plans if plan.design.slug == "trillavoie")
    texts = [answer.entry.explanation for each in french.rounds for answer in each.answers.values()]
    assert not any(re.search(r"\b(the|with|and|our)\b", text) for text in texts)
    assert any(" sur Trillavoie" in text or "chez Réseau Trillavoie" in text for text in texts)


def test_no_placeholder_is_left(plans: list[CompanyPlan]) -> None:
    assert re.findall(r"\{\w*\}", repr([each.answers for plan in plans for each in plan.rounds])) == ["{}"] * repr(
        [each.answers for plan in plans for each in plan.rounds]
    ).count("{}")
