"""Which asks are chosen, and what counts as never answered."""

from __future__ import annotations

from compliance.reporting.selection import choose_asks, is_silent, never_answered
from compliance.reporting.text import clean, excerpt
from tests.reporting.pieces import gap, label


def chosen(*gaps, applicable=None):
    return [ask["indicator"]["id"] for ask in choose_asks(gaps, applicable or {})]


def test_worst_severity_comes_first() -> None:
    assert chosen(
        gap(1, "a", "S", "gap_with_plan", "planned"),
        gap(2, "a", "S", "not_known", "unanswered"),
        gap(3, "a", "S", "gap_without_plan", "not_in_place"),
    ) == ["P03.a", "P02.a", "P01.a"]


def test_a_stated_gap_comes_before_silence_however_wide() -> None:
    silence = [gap(1, "a", f"S{number}", "not_known", "unanswered") for number in range(9)]
    assert chosen(*silence, gap(9, "a", "S", "gap_without_plan", "not_in_place")) == ["P09.a", "P01.a"]


def test_more_services_come_first_then_the_order_of_the_framework() -> None:
    assert chosen(
        gap(4, "b", "S1", "gap_without_plan", "not_in_place"),
        gap(2, "a", "S1", "gap_without_plan", "not_in_place"),
        gap(7, "a", "S1", "gap_without_plan", "not_in_place"),
        gap(7, "a", "S2", "gap_without_plan", "not_in_place"),
    ) == ["P07.a", "P02.a", "P04.b"]


def test_at_most_three_and_one_per_indicator() -> None:
    gaps = [gap(number, "a", service, "gap_without_plan", "partly") for number in range(1, 9) for service in "AB"]
    assert chosen(*gaps) == ["P01.a", "P02.a", "P03.a"]
    assert chosen(*gaps[:2]) == ["P01.a"]
    assert chosen() == []


def test_an_ask_names_the_services_that_share_its_severity_and_how_many_there_are() -> None:
    gaps = [
        gap(1, "a", "One", "gap_without_plan", "not_in_place"),
        gap(1, "a", "Two", "gap_with_plan", "planned", planned_on="2027-01-01"),
        gap(1, "a", "Three", "gap_without_plan", "not_in_place"),
    ]
    (ask,) = choose_asks(gaps, {"P01.a": 5})
    assert (ask["services"], ask["of"], ask["by"]) == (["One", "Three"], 5, None)


def test_the_earliest_planned_date_is_proposed() -> None:
    gaps = [
        gap(1, "a", "One", "gap_with_plan", "planned", planned_on="2027-06-01"),
        gap(1, "a", "Two", "gap_with_plan", "planned", planned_on="2027-01-01"),
    ]
    (ask,) = choose_asks(gaps, {"P01.a": 2})
    assert ask["by"] == "2027-01-01"


def test_a_denominator_is_never_smaller_than_what_it_counts() -> None:
    (ask,) = choose_asks([gap(1, "a", s, "not_known", "unanswered") for s in "AB"], {"P01.a": 1})
    assert ask["of"] == 2


def test_never_answered_counts_every_unanswered_question_by_principle() -> None:
    flagged = gap(2, "b", "A", "not_known", "unanswered", flags=[label("worse", "worse", "pire")])
    gaps = [
        gap(2, "c", "A", "not_known", "unanswered"),
        flagged,
        gap(2, "b", "B", "not_known", "unanswered"),
        gap(2, "a", "B", "not_known", "cannot_say"),
        gap(9, "a", None, "not_known", "unanswered"),
    ]
    silent = never_answered(gaps, {2: 7, 9: 1})
    assert (silent["count"], silent["of"]) == (4, 8)
    assert [(p["number"], p["count"], p["of"]) for p in silent["principles"]] == [(2, 3, 7), (9, 1, 1)]
    assert [item["indicator"]["id"] for item in silent["principles"][0]["indicators"]] == ["P02.b", "P02.c"]
    assert not is_silent(flagged)
    assert is_silent(gaps[0])


def test_excerpt_ends_at_a_word() -> None:
    assert excerpt("one two three", 7) == ("one two", True)
    assert excerpt("one two three", 9) == ("one two", True)
    assert excerpt("one two", 7) == ("one two", False)
    assert excerpt("x" * 20, 5) == ("xxxxx", True)
    assert excerpt("  ", 5) == ("", False)


def test_clean_takes_out_what_cannot_be_printed_and_nothing_else() -> None:
    assert clean("a\x00b\x1b[1m\u202ec\r\nd\ud800") == "ab[1mc\nd\ufffd"
    assert clean("é 漢 👩\u200d👧 ᐃ\t“x”") == "é 漢 👩\u200d👧 ᐃ\t“x”"
