"""When an answer may be saved: each fault has its field and its code."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from compliance.content import load
from compliance.domain.answers import (
    AnswerEntry,
    EvidenceEntry,
    Grade,
    Ground,
    MetricEntry,
    Reason,
    Status,
    is_generic,
    is_web_address,
    problems_of,
)
from compliance.domain.framework import Framework
from compliance.domain.submissions import dump_answer, load_answer

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 24)
METRIC = MetricEntry(
    "P01-m1", Decimal(12), "items", dt.date(2026, 1, 1), dt.date(2026, 6, 30), "worldwide", "counted at the matcher"
)


@pytest.fixture(scope="module")
def framework() -> Framework:
    return load(ROOT / "principles" / "voluntary-principles" / "2026.1").framework


def codes(
    framework: Framework, entry: AnswerEntry, surfaces: tuple[str, ...] = ("posts", "storage")
) -> set[tuple[str, str]]:
    indicator = framework.indicators["P01.a"]
    metrics = {metric.id: metric for metric in framework.metrics.values()}
    return {(p.field, p.code) for p in problems_of(entry, indicator, surfaces, metrics, TODAY)}


GOOD = AnswerEntry(Status.IN_PLACE, explanation="Matching runs on every upload.")

CASES = [
    (GOOD, set()),
    (AnswerEntry(Status.IN_PLACE), set()),
    (AnswerEntry(Status.UNANSWERED), {("status", "status_not_offered")}),
    (AnswerEntry(Status.PARTLY), {("surfaces", "surfaces_needed")}),
    (AnswerEntry(Status.PARTLY, surfaces=("posts",)), set()),
    (AnswerEntry(Status.PARTLY, surfaces=("posts", "moon")), {("surfaces", "unknown_surface")}),
    (AnswerEntry(Status.PLANNED), {("planned_on", "date_needed")}),
    (AnswerEntry(Status.PLANNED, planned_on=TODAY), set()),
    (AnswerEntry(Status.PLANNED, planned_on=TODAY - dt.timedelta(days=1)), {("planned_on", "date_past")}),
    (AnswerEntry(Status.PLANNED, planned_on=dt.date(2099, 1, 1)), {("planned_on", "date_too_far")}),
    (AnswerEntry(Status.ALTERNATIVE_MEASURE), {("explanation", "describe_alternative")}),
    (AnswerEntry(Status.NOT_APPLICABLE, reason_text=" "), {("reason_text", "reason_needed")}),
    (AnswerEntry(Status.CANNOT_SAY), {("reason", "ground_needed")}),
    (AnswerEntry(Status.CANNOT_SAY, reason=Reason.LEGAL_PROHIBITION), set()),
    (
        AnswerEntry(Status.CANNOT_SAY, reason=Reason.INFORMATION_UNAVAILABLE),
        {("explanation", "steps_needed"), ("planned_on", "date_needed")},
    ),
    (dataclasses.replace(GOOD, explanation="x" * 8_001), {("explanation", "too_long")}),
    (dataclasses.replace(GOOD, reason_text="x" * 501), {("reason_text", "too_long")}),
    (
        dataclasses.replace(GOOD, evidence=(EvidenceEntry(Grade.NONE, "https://a.example"),)),
        {("evidence.0.grade", "grade_needed")},
    ),
    (
        dataclasses.replace(GOOD, evidence=(EvidenceEntry(Grade.PUBLIC_LINK),)),
        {("evidence.0.address", "address_needed")},
    ),
    (
        dataclasses.replace(GOOD, evidence=(EvidenceEntry(Grade.STATED),)),
        {("evidence.0.description", "describe_evidence")},
    ),
    (
        dataclasses.replace(
            GOOD,
            evidence=(
                EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/x"),
                EvidenceEntry(Grade.PUBLIC_LINK, "javascript:alert(1)", "", TODAY, TODAY - dt.timedelta(days=1)),
            ),
        ),
        {("evidence.1.address", "not_a_web_address"), ("evidence.1.expires_on", "ends_before_start")},
    ),
    (dataclasses.replace(GOOD, metrics=(METRIC,)), set()),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, value=None),)),
        {("metrics.0.value", "number_or_reason")},
    ),
    (
        dataclasses.replace(
            GOOD, metrics=(dataclasses.replace(METRIC, value=None, not_collected_reason="no counter"),)
        ),
        set(),
    ),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, not_collected_reason="no counter"),)),
        {("metrics.0.not_collected_reason", "number_and_reason")},
    ),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, value=Decimal("1.5")),)),
        {("metrics.0.value", "whole_number")},
    ),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, value=Decimal("NaN")),)),
        {("metrics.0.value", "number_out_of_range")},
    ),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, value=Decimal("0.0000001")),)),
        {("metrics.0.value", "number_too_exact")},
    ),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, value=Decimal("1234567890.123456")),)),
        {("metrics.0.value", "number_too_exact")},
    ),
    (
        dataclasses.replace(GOOD, metrics=(METRIC,) * 101),
        {("metrics", "too_many_numbers")},
    ),
    (
        dataclasses.replace(GOOD, claim_ground=Ground.TRADE_SECRET),
        {("claim_reason", "claim_reason_needed")},
    ),
    (
        dataclasses.replace(GOOD, claim_reason="Because."),
        {("claim_ground", "claim_ground_needed")},
    ),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, value=Decimal(-1)),)),
        {("metrics.0.value", "number_out_of_range")},
    ),
    (
        dataclasses.replace(GOOD, metrics=(MetricEntry("P01-m1", Decimal(3), "items"),)),
        {
            ("metrics.0.period_start", "date_needed"),
            ("metrics.0.period_end", "date_needed"),
            ("metrics.0.geography", "geography_needed"),
            ("metrics.0.method", "method_needed"),
        },
    ),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, period_end=dt.date(2025, 1, 1)),)),
        {("metrics.0.period_end", "ends_before_start")},
    ),
    (
        dataclasses.replace(GOOD, metrics=(dataclasses.replace(METRIC, metric_id="P99-m1"),)),
        {("metrics.0.value", "unknown_metric")},
    ),
]


@pytest.mark.parametrize(("entry", "expected"), CASES)
def test_faults(framework: Framework, entry: AnswerEntry, expected: set[tuple[str, str]]) -> None:
    assert codes(framework, entry) == expected


def test_partly_needs_no_surface_where_the_service_has_none_of_them(framework: Framework) -> None:
    assert codes(framework, AnswerEntry(Status.PARTLY), surfaces=()) == set()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/report", True),
        ("http://a.example", True),
        ("HTTPS://A.EXAMPLE/x?y=1#z", True),
        ("ftp://a.example", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https:///path", False),
        ("https://user:word@a.example", False),
        ("https://a.example/with space", False),
        ("//a.example", False),
        ("https://[broken", False),
        ("https://a.example/" + "x" * 2_000, False),
    ],
)
def test_web_addresses(address: str, *, expected: bool) -> None:
    assert is_web_address(address) is expected


def test_generic_means_empty_or_copied() -> None:
    assert is_generic("  \n", copied=False)
    assert is_generic("We take safety seriously.", copied=True)
    assert not is_generic("Matching runs on every upload.", copied=False)


def test_an_answer_survives_the_sealed_form() -> None:
    entry = AnswerEntry(
        Status.CANNOT_SAY,
        surfaces=("posts",),
        explanation="Étapes : audit\n« mars »",
        planned_on=TODAY,
        reason=Reason.CONFIDENTIAL,
        reason_text="why",
        evidence=(EvidenceEntry(Grade.STATED, "", "letter", TODAY, None),),
        metrics=(dataclasses.replace(METRIC, value=Decimal("0.50")),),
    )
    assert load_answer(dump_answer(entry)) == entry
