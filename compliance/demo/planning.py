"""The whole demo as plain values, before anything is written: pure, from a seed and a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from compliance.demo import statuses
from compliance.demo.answering import Setting, entry_for
from compliance.demo.chance import chance
from compliance.demo.dates import Dates
from compliance.demo.designs import CompanyDesign, Fate, GovernmentDesign, ServiceDesign
from compliance.demo.people import names
from compliance.demo.reviewing import FindingPlan, findings
from compliance.demo.statuses import Key
from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.assessments import State
from compliance.domain.framework import Framework
from compliance.domain.permissions import Role
from compliance.domain.questionnaire import Profile, asked_questions
from compliance.domain.slugs import free_slug
from compliance.domain.text import Language

#: Days after a cycle's opening on which things happen; all before the day on which the demo is made (see dates.py).
ACCEPTED_AFTER: Final = 2
ANSWERED_AFTER: Final = (4, 26)
SUBMITTED_AFTER: Final = (28, 34)
RETURNED_AFTER: Final = 38
REVIEWED_AFTER: Final = (35, 40)
SHARED_AFTER: Final = 41
CONCLUDED_AFTER: Final = 43


@dataclass(frozen=True, slots=True)
class PersonPlan:
    email: str
    name: str
    role: Role
    language: Language


@dataclass(frozen=True, slots=True)
class AnswerPlan:
    entry: AnswerEntry
    saved_at: dt.datetime
    saved_by: int  # place in the company's people


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """A company in one cycle. `profiles` are its services as they were then."""

    dates: Dates
    fate: Fate
    profiles: Sequence[Profile]
    answers: Mapping[Key, AnswerPlan]
    findings: Sequence[FindingPlan]
    submitted_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class CompanyPlan:
    design: CompanyDesign
    people: Sequence[PersonPlan]  # the lead first
    services: Sequence[tuple[str, ServiceDesign]]  # by slug
    rounds: Sequence[RoundPlan]  # the earlier cycle first


def plan_company(design: CompanyDesign, cycles: tuple[Dates, Dates], framework: Framework, seed: int) -> CompanyPlan:
    """Everything about one company."""
    dice = chance(seed, design.slug, "people")
    services = _services(design)
    people = company_people(design, dice)
    rounds = []
    before: dict[Key, Status] = {}
    for dates, fate in zip(cycles, (design.then, design.now), strict=True):
        if fate is not None:
            profiles = _profiles(services, is_current=dates is cycles[1])
            setting = Setting(design, dates, framework, seed, is_current=dates is cycles[1])
            given = _statuses(setting, profiles, before)
            rounds.append(_round(setting, fate, profiles, given, len(people)))
            before = given if fate.state else before
    return CompanyPlan(design, people, services, rounds)


def company_people(design: CompanyDesign, dice: Random) -> list[PersonPlan]:
    """A lead, one or two contributors, and a viewer; whoever contributes in a small company is one person."""
    roles = [("lead", Role.LEAD), ("contributor", Role.CONTRIBUTOR), ("viewer", Role.VIEWER)]
    if design.size >= 1:
        roles.insert(2, ("contributor2", Role.CONTRIBUTOR))
    domain = f"{design.slug}.example"
    return [
        PersonPlan(f"{box}@{domain}", name, role, design.language)
        for (box, role), name in zip(roles, names(dice, len(roles)), strict=True)
    ]


def government_people(design: GovernmentDesign, seed: int) -> list[PersonPlan]:
    """The staff of a department, in the order of its design."""
    dice = chance(seed, design.slug, "people")
    return [
        PersonPlan(f"{box}@{design.slug}.example", name, Role(box.partition(".")[0]), "fr" if ".fr" in box else "en")
        for box, name in zip(design.staff, names(dice, len(design.staff)), strict=True)
    ]


def _services(design: CompanyDesign) -> list[tuple[str, ServiceDesign]]:
    """The services by the slugs that the site would give them."""
    found: dict[str, ServiceDesign] = {}
    for service in design.services:
        found[free_slug(service.name, found, "service")] = service
    return list(found.items())


def _profiles(services: Sequence[tuple[str, ServiceDesign]], *, is_current: bool) -> list[Profile]:
    if is_current:
        return [Profile(slug, item.name, frozenset(item.functions)) for slug, item in services if not item.retired]
    return [Profile(slug, item.name, frozenset(item.before)) for slug, item in services if item.before is not None]


def _statuses(setting: Setting, profiles: Sequence[Profile], before: Mapping[Key, Status]) -> dict[Key, Status]:
    found = {}
    for question in asked_questions(setting.framework, profiles):
        dice = setting.dice(question, "status")
        earlier = before.get(question.key)
        found[question.key] = (
            statuses.first(question, setting.design.strength, dice)
            if earlier is None
            else statuses.later(question, earlier, dice)
        )
    return found


def _round(
    setting: Setting, fate: Fate, profiles: Sequence[Profile], given: Mapping[Key, Status], people: int
) -> RoundPlan:
    answers: dict[Key, AnswerPlan] = {}
    dice = chance(setting.seed, setting.design.slug, setting.dates.slug, "round")
    if fate.state is not None:
        answers = dict(_answers(setting, fate, profiles, given, people))
    submitted_at = None
    found: list[FindingPlan] = []
    if fate.state not in (None, State.DRAFT):
        submitted_at = setting.dates.moment(dice.randint(*SUBMITTED_AFTER), dice.randint(0, 300))
        entries = {key: plan.entry for key, plan in answers.items()}
        found = findings(setting, profiles, entries, fate.reviewed)
    return RoundPlan(setting.dates, fate, profiles, answers, found, submitted_at)


def _answers(
    setting: Setting, fate: Fate, profiles: Sequence[Profile], given: Mapping[Key, Status], people: int
) -> Iterator[tuple[Key, AnswerPlan]]:
    """The answers in the order in which they were saved: principle by principle, some days apart."""
    questions = asked_questions(setting.framework, profiles)
    first, last = ANSWERED_AFTER
    for place, question in enumerate(questions):
        dice = setting.dice(question, "saving")
        status = given[question.key]
        if status is Status.UNANSWERED or dice.random() >= fate.answered:
            continue
        days = place * (last - first) / len(questions)
        saved_at = setting.dates.moment(first + int(days), int(days % 1 * 300))
        entry = entry_for(setting, question, status, saved_at.date())
        yield question.key, AnswerPlan(entry, saved_at, dice.randrange(people - 1))
