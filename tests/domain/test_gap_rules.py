"""The gap rules: the shipped decision table line by line, roll-up, flags, change and denominators."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from compliance.content import load
from compliance.domain.answers import EvidenceEntry, Grade, Status
from compliance.domain.results import (
    Change,
    Facts,
    Flag,
    Key,
    Rating,
    change_between,
    compare,
    if_agreed,
    judge,
    plan_on,
    roll_up_of,
)
from compliance.domain.rules import Case, Kind, Rules, Severity, all_cases, holes, unreachable_rows

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load(ROOT / "principles" / "voluntary-principles" / "2026.1").framework.rules


def case(
    status: str, *, evidence: str = "none", finding: str = "none", plan: str = "none", profile: str = "applies"
) -> Case:
    return Case(profile=profile, status=status, evidence=evidence, finding=finding, plan=plan)


LINES = [
    # 1 does not apply
    (case("unanswered", profile="lacks_functions"), "does_not_apply"),
    (case("in_place", profile="lacks_functions", finding="not_met"), "does_not_apply"),
    (case("not_applicable", finding="agree"), "does_not_apply"),
    # 2 not known: silence is its own word
    (case("unanswered"), "not_known"),
    (case("unanswered", finding="agree"), "not_known"),
    (case("unanswered", finding="cannot_tell", plan="current"), "not_known"),
    (case("not_applicable"), "not_known"),
    (case("not_applicable", finding="cannot_tell"), "not_known"),
    (case("cannot_say"), "not_known"),
    (case("cannot_say", plan="current", finding="agree"), "not_known"),
    # 3 and 4: by answer
    (case("not_in_place"), "gap_without_plan"),
    (case("partly"), "gap_without_plan"),
    (case("planned"), "gap_without_plan"),
    (case("planned", plan="past"), "gap_without_plan"),
    (case("planned", plan="current"), "gap_with_plan"),
    (case("partly", plan="current", finding="agree", evidence="independently_assured"), "gap_with_plan"),
    (case("not_in_place", plan="current", finding="cannot_tell"), "gap_with_plan"),
    # 3 and 4: by finding, whatever was answered
    (case("in_place", finding="not_met", evidence="independently_assured"), "gap_without_plan"),
    (case("in_place", finding="partly"), "gap_without_plan"),
    (case("in_place", finding="partly", plan="current"), "gap_with_plan"),
    (case("alternative_measure", finding="not_met", plan="past"), "gap_without_plan"),
    (case("not_applicable", finding="not_met"), "gap_without_plan"),
    (case("unanswered", finding="not_met"), "gap_without_plan"),
    (case("cannot_say", finding="partly", plan="current"), "gap_with_plan"),
    # 5 in place: evidence at least a public link, in force, and the finding agrees
    (case("in_place", finding="agree", evidence="public_link"), "in_place"),
    (case("in_place", finding="agree", evidence="document_shown"), "in_place"),
    (case("alternative_measure", finding="agree", evidence="independently_assured"), "in_place"),
    # 6 claimed otherwise
    (case("in_place"), "claimed"),
    (case("in_place", evidence="independently_assured"), "claimed"),
    (case("in_place", evidence="public_link", finding="cannot_tell"), "claimed"),
    (case("in_place", evidence="stated", finding="agree"), "claimed"),
    (case("in_place", evidence="expired", finding="agree"), "claimed"),
    (case("in_place", evidence="none", finding="agree"), "claimed"),
    (case("alternative_measure"), "claimed"),
]


@pytest.mark.parametrize(("given", "expected"), LINES, ids=str)
def test_each_line_of_the_table(rules: Rules, given: Case, expected: str) -> None:
    assert rules.decide(given).id == expected


def test_the_table_is_total_and_every_row_is_needed(rules: Rules) -> None:
    assert len(list(all_cases())) == 2 * 8 * 6 * 5 * 3
    assert holes(rules.table) == []
    assert unreachable_rows(rules.table) == []
    # The canary of the proof: without its last row the table has a hole, and the proof sees it.
    assert holes(rules.table[:-1])


def test_silence_never_ranks_better_than_a_plan_or_a_claim(rules: Rules) -> None:
    ranks = {severity.id: severity.rank for severity in rules.severities}
    assert ranks["gap_without_plan"] < ranks["not_known"] < ranks["gap_with_plan"] < ranks["claimed"]
    assert ranks["claimed"] < ranks["in_place"] < ranks["does_not_apply"]


def facts(status: Status = Status.IN_PLACE, **others: object) -> Facts:
    return Facts(applies=True, status=status, **others)  # type: ignore[arg-type]  # the tests name real fields


def link(*, start: dt.date | None = None, end: dt.date | None = None) -> EvidenceEntry:
    return EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/report", "", start, end)


class TestEvidenceAndPlansRunOutByTheCalendar:
    def test_evidence_is_in_force_on_its_last_day_and_expired_the_day_after(self, rules: Rules) -> None:
        given = facts(evidence=(link(end=TODAY),), finding=Rating.AGREE)
        assert judge(rules, given, TODAY).severity.id == "in_place"
        assert judge(rules, given, TODAY).next_change_on == TODAY + DAY
        later = judge(rules, given, TODAY + DAY)
        assert (later.severity.id, later.grade, later.next_change_on) == ("claimed", Grade.EXPIRED, None)

    def test_the_last_day_of_all_has_no_day_after(self, rules: Rules) -> None:
        outcome = judge(rules, facts(evidence=(link(end=dt.date.max),), plans=(dt.date.max,)), TODAY)
        assert outcome.next_change_on is None

    def test_the_best_evidence_in_force_counts(self, rules: Rules) -> None:
        old = EvidenceEntry(Grade.INDEPENDENTLY_ASSURED, expires_on=TODAY - DAY)
        given = facts(evidence=(old, link()), finding=Rating.AGREE)
        assert judge(rules, given, TODAY).grade is Grade.PUBLIC_LINK

    def test_evidence_of_the_future_is_no_evidence_yet_and_not_expired(self, rules: Rules) -> None:
        outcome = judge(rules, facts(evidence=(link(start=TODAY + 5 * DAY),)), TODAY)
        assert outcome.grade is Grade.NONE
        assert outcome.next_change_on == TODAY + 5 * DAY

    def test_a_plan_is_current_to_the_end_of_its_day(self, rules: Rules) -> None:
        given = facts(Status.PLANNED, plans=(TODAY,))
        assert judge(rules, given, TODAY).severity.id == "gap_with_plan"
        assert judge(rules, given, TODAY).next_change_on == TODAY + DAY
        assert judge(rules, given, TODAY + DAY).severity.id == "gap_without_plan"
        assert judge(rules, given, TODAY + DAY).next_change_on is None

    def test_one_current_step_is_a_plan_although_another_is_past(self) -> None:
        assert plan_on((TODAY - DAY, TODAY + DAY), TODAY) == "current"
        assert plan_on((TODAY - DAY,), TODAY) == "past"
        assert plan_on((), TODAY) == "none"

    def test_what_does_not_apply_never_changes_and_carries_no_flag(self, rules: Rules) -> None:
        given = Facts(applies=False, plans=(TODAY + DAY,), generic=True)
        outcome = judge(rules, given, TODAY)
        assert (outcome.severity.id, outcome.flags, outcome.next_change_on) == ("does_not_apply", frozenset(), None)


class TestFlags:
    @pytest.mark.parametrize(
        ("status", "finding", "disputed"),
        [
            (Status.IN_PLACE, Rating.PARTLY, True),
            (Status.IN_PLACE, Rating.NOT_MET, True),
            (Status.IN_PLACE, Rating.AGREE, False),
            (Status.IN_PLACE, Rating.CANNOT_TELL, False),
            (Status.ALTERNATIVE_MEASURE, Rating.PARTLY, True),
            (Status.PARTLY, Rating.PARTLY, False),
            (Status.PARTLY, Rating.NOT_MET, True),
            (Status.NOT_IN_PLACE, Rating.NOT_MET, False),
            (Status.NOT_IN_PLACE, Rating.PARTLY, False),
            (Status.PLANNED, Rating.NOT_MET, False),
            (Status.NOT_APPLICABLE, Rating.NOT_MET, True),
            (Status.NOT_APPLICABLE, Rating.PARTLY, True),
            (Status.NOT_APPLICABLE, Rating.AGREE, False),
            (Status.UNANSWERED, Rating.NOT_MET, False),
        ],
    )
    def test_disputed(self, rules: Rules, status: Status, finding: Rating, *, disputed: bool) -> None:
        assert (Flag.DISPUTED in judge(rules, facts(status, finding=finding), TODAY).flags) is disputed

    def test_a_company_that_disagrees_disputes_whatever_the_rating(self, rules: Rules) -> None:
        given = facts(Status.PARTLY, finding=Rating.PARTLY, company_disagrees=True)
        assert Flag.DISPUTED in judge(rules, given, TODAY).flags

    def test_the_public_record_differs_only_from_an_answer(self, rules: Rules) -> None:
        says_no = (Status.NOT_IN_PLACE,)
        assert Flag.PUBLIC_RECORD_DIFFERS in judge(rules, facts(public_statuses=says_no), TODAY).flags
        same = facts(Status.NOT_IN_PLACE, public_statuses=says_no)
        assert Flag.PUBLIC_RECORD_DIFFERS not in judge(rules, same, TODAY).flags
        silent = judge(rules, facts(Status.UNANSWERED, public_statuses=says_no), TODAY)
        assert Flag.PUBLIC_RECORD_DIFFERS not in silent.flags

    def test_the_public_record_never_sets_a_severity(self, rules: Rules) -> None:
        outcome = judge(rules, facts(Status.UNANSWERED, public_statuses=(Status.NOT_IN_PLACE,)), TODAY)
        assert outcome.severity.kind is Kind.UNKNOWN

    def test_stale_generic_and_overdue(self, rules: Rules) -> None:
        given = facts(carried_forward=True, generic=True, agreed_days=(TODAY - dt.timedelta(days=1),))
        assert judge(rules, given, TODAY).flags == {Flag.STALE, Flag.GENERIC, Flag.OVERDUE_COMMITMENT}


class TestRollUp:
    def test_the_worst_word_present_and_the_counts(self, rules: Rules) -> None:
        ids = ["gap_without_plan", "gap_without_plan", *["not_known"] * 3, *["claimed"] * 4, "does_not_apply"]
        cell = roll_up_of(rules, ids)
        assert cell.worst is not None
        assert cell.worst.id == "gap_without_plan"
        assert [(severity.id, number) for severity, number in cell.counts] == [
            ("gap_without_plan", 2),
            ("not_known", 3),
            ("claimed", 4),
            ("does_not_apply", 1),
        ]
        assert cell.applicable == 9

    def test_the_order_of_words(self, rules: Rules) -> None:
        order = ["gap_without_plan", "not_known", "gap_with_plan", "claimed", "in_place", "does_not_apply"]
        assert [severity.id for severity in rules.severities] == order
        for place, worse in enumerate(order):
            for better in order[place:]:
                worst = roll_up_of(rules, [better, worse]).worst
                assert worst is not None
                assert worst.id == worse

    def test_unanswered_counts_in_the_denominator(self, rules: Rules) -> None:
        cell = roll_up_of(rules, ["in_place", "not_known"])
        assert (cell.count_of(Kind.MET), cell.applicable) == (1, 2)

    def test_nothing_applies_is_not_complete(self, rules: Rules) -> None:
        for ids in (["does_not_apply", "does_not_apply"], []):
            cell = roll_up_of(rules, ids)
            assert cell.nothing_applies
            assert cell.count_of(Kind.MET) == 0


class TestChange:
    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("claimed", "claimed", Change.SAME),
            ("claimed", "in_place", Change.BETTER),
            ("gap_without_plan", "gap_with_plan", Change.BETTER),
            ("in_place", "gap_with_plan", Change.WORSE),
            ("claimed", "not_known", Change.NO_LONGER_ANSWERED),
            ("gap_without_plan", "not_known", Change.NO_LONGER_ANSWERED),
            ("gap_with_plan", "not_known", Change.NO_LONGER_ANSWERED),
            ("not_known", "gap_without_plan", Change.NOW_STATED),
            ("not_known", "gap_with_plan", Change.NOW_STATED),
            ("not_known", "claimed", Change.BETTER),
            ("not_known", "not_known", Change.SAME),
            ("does_not_apply", "gap_without_plan", Change.NEW),
            (None, "claimed", Change.NEW),
            ("claimed", "does_not_apply", Change.GONE),
            ("claimed", None, Change.GONE),
            ("does_not_apply", "does_not_apply", None),
            (None, "does_not_apply", None),
        ],
    )
    def test_between_two_words(
        self, rules: Rules, before: str | None, after: str | None, expected: Change | None
    ) -> None:
        words = rules.severity_by_id
        assert change_between(words[before] if before else None, words[after] if after else None) is expected

    def test_what_nobody_reviewed_yet_is_not_worse(self, rules: Rules) -> None:
        words = rules.severity_by_id
        seen, claimed, planned = (words[name] for name in ("in_place", "claimed", "gap_with_plan"))
        assert change_between(seen, claimed, agreed=seen) is Change.SAME
        assert change_between(seen, claimed, agreed=None) is Change.WORSE
        assert change_between(seen, planned, agreed=planned) is Change.WORSE

    def test_evidence_that_is_gone_is_worse_also_before_anybody_looked(self, rules: Rules) -> None:
        words = rules.severity_by_id
        expired = EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/x", expires_on=TODAY - dt.timedelta(days=1))
        valid = EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/x")
        for evidence, expected in (((), Change.WORSE), ((expired,), Change.WORSE), ((valid,), Change.SAME)):
            given = facts(Status.IN_PLACE, evidence=evidence)
            now = judge(rules, given, TODAY).severity
            assert now.id == "claimed"
            assert change_between(words["in_place"], now, agreed=if_agreed(rules, given, TODAY)) is expected

    def test_only_what_is_in_both_cycles_is_better_or_worse(self, rules: Rules) -> None:
        words = rules.severity_by_id
        before: dict[Key, Severity] = {("app", "P01.a"): words["claimed"], ("old", "P01.a"): words["in_place"]}
        after: dict[Key, Severity] = {("app", "P01.a"): words["in_place"], ("new", "P01.a"): words["gap_without_plan"]}
        assert compare(before, after, {}) == {
            ("app", "P01.a"): Change.BETTER,
            ("new", "P01.a"): Change.NEW,
            ("old", "P01.a"): Change.GONE,
        }

    def test_an_indicator_that_replaces_another_is_compared_with_it(self, rules: Rules) -> None:
        words = rules.severity_by_id
        before: dict[Key, Severity] = {(None, "P09.a"): words["claimed"]}
        after: dict[Key, Severity] = {(None, "P09.f"): words["gap_with_plan"]}
        assert compare(before, after, {"P09.a": "P09.f"}) == {(None, "P09.f"): Change.WORSE}
        assert compare(before, after, {})[None, "P09.f"] is Change.NEW
