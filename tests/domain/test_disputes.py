"""Which questions a disputed function opens, and how disputes change what is asked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from compliance.domain.disputes import agreed_to, applied, changes_of
from compliance.domain.questionnaire import Profile


@dataclass
class Row:
    state: str
    claims: bool | None = True
    agrees: bool | None = None
    function: str = "search"


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        (Row("draft"), {}),
        (Row("open"), {"mail": {"search": True}}),
        (Row("open", agrees=True), {"mail": {"search": True}}),
        (Row("answered", agrees=True), {}),  # the signed profile says so
        (Row("answered", agrees=False), {"mail": {"search": True}}),
        (Row("unanswered"), {"mail": {"search": True}}),
        (Row("withdrawn"), {}),
        (Row("open", claims=False), {}),
        (Row("open", claims=False, agrees=True), {"mail": {"search": False}}),
        (Row("answered", claims=False, agrees=False), {}),
        (Row("unanswered", claims=False), {}),
    ],
)
def test_what_a_dispute_changes(row: Row, changes: object) -> None:
    assert changes_of([("mail", row)]) == changes


def test_the_later_dispute_of_a_function_counts() -> None:
    rows = [("mail", Row("unanswered")), ("mail", Row("answered", claims=False, agrees=True))]
    assert changes_of(rows) == {}


def test_government_reads_no_draft_through_the_questions() -> None:
    profile = Profile("mail", "Mail", frozenset({"search", "groups"}))
    changes = {"mail": {"search": False, "games": True}}
    assert applied([profile], changes, agreed=True)[0].functions == frozenset({"groups", "games"})
    assert applied([profile], changes, agreed=False)[0].functions == frozenset({"search", "groups", "games"})
    assert applied([Profile("mail", "Mail", None)], changes, agreed=True)[0].functions is None


def test_only_open_disputes_are_signed() -> None:
    rows = [("mail", Row("open", agrees=True)), ("mail", Row("answered", agrees=True, function="games"))]
    assert agreed_to(rows) == {"mail": {"search": True}}
