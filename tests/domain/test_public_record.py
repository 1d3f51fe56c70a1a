"""Facts of the public record: when one may be kept, and how a file of them is read."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import string
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.content import load
from compliance.domain.answers import Status
from compliance.domain.public_record import FactEntry, ServicesScope, problems_of
from compliance.domain.public_record_file import FILE_LIMIT, Reading, Unreadable, read

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT / "tests" / "data" / "public_record_real.json"
FRAMEWORK = load(ROOT / "principles" / "voluntary-principles" / "2026.1").framework

ENTRY = FactEntry(
    statement="matches images that are uploaded",
    principle_id="P01",
    indicator_id="P01.a",
    scope=ServicesScope.NAMED,
    services=("Clips",),
    services_text="Clips",
    status=Status.NOT_IN_PLACE,
    value=None,
    unit="",
    period="",
    geography="",
    source_address="https://source.example/report",
    source_date="2024",
)
NUMBER = dataclasses.replace(ENTRY, status=None, value=Decimal("234"), unit="reports")

#: One item of a file that may be kept.
ITEM = {
    "id": "F1",
    "provider": "Harbour",
    "service": "Clips, Chat",
    "principle": 1,
    "indicator": "P01.a",
    "indicator_idea": "matches images that are uploaded",
    "status": "not in place",
    "value": None,
    "unit": None,
    "period_start": None,
    "period_end": None,
    "territory": "",
    "source_url": "https://source.example/report",
    "source_date": "2024-07",
}


def file(*items: object) -> bytes:
    return json.dumps({"about": "for a test", "facts": list(items)}).encode()


def reading(**changes: object) -> Reading:
    """One item with changes; a change to `...` leaves the key out."""
    item = {key: value for key, value in (ITEM | changes).items() if value is not ...}
    return read(file(item), FRAMEWORK)


def entry(**changes: object) -> FactEntry:
    [fact] = reading(**changes).facts
    return fact.entry


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"indicator_id": None, "status": None}, set()),
        ({"scope": ServicesScope.COMPANY, "services": (), "services_text": ""}, set()),
        ({"statement": ""}, {("statement", "statement_needed")}),
        ({"statement": "x" * 2_001}, {("statement", "too_long")}),
        ({"principle_id": ""}, {("principle", "principle_needed"), ("indicator", "indicator_elsewhere")}),
        ({"indicator_id": "P01.z"}, {("indicator", "unknown_indicator")}),
        ({"indicator_id": "P05.b"}, {("indicator", "indicator_elsewhere")}),
        ({"scope": None}, {("scope", "scope_needed")}),
        ({"services": ()}, {("services_text", "public_service_needed")}),
        ({"services": ("x" * 121,)}, {("services_text", "too_long")}),
        ({"status": Status.CANNOT_SAY}, {("status", "status_not_offered")}),
        ({"status": Status.UNANSWERED}, {("status", "status_not_offered")}),
        ({"unit": "reports"}, {("value", "value_needed")}),
        ({"value": Decimal(1), "unit": "reports"}, {("value", "status_or_value")}),
        ({"source_address": ""}, {("source_address", "address_needed")}),
        ({"source_address": "ftp://source.example"}, {("source_address", "not_a_web_address")}),
        ({"source_date": "x" * 201}, {("source_date", "too_long")}),
    ],
)
def test_when_a_fact_may_be_kept(changes: dict[str, object], expected: set[tuple[str, str]]) -> None:
    found = problems_of(dataclasses.replace(ENTRY, **changes), FRAMEWORK)  # type: ignore[arg-type]
    assert {(problem.field, problem.code) for problem in found} == expected


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("0", True),
        ("234", True),
        ("1.0000000000000000000000000000000000000000", True),
        ("999999999999999", True),
        ("0.000001", True),
        ("123456789.123456", True),
        ("0.0000001", False),
        ("15.0000000000000000000000000000000000000001", False),
        ("1234567890123.123", False),
        ("1000000000000000", False),
        ("1e999999", False),
        ("1e-999999", False),
        ("-1", False),
        ("NaN", False),
        ("Infinity", False),
    ],
)
def test_a_number_is_kept_only_when_every_database_gives_it_back(value: str, good: bool) -> None:
    codes = [problem.code for problem in problems_of(dataclasses.replace(NUMBER, value=Decimal(value)), FRAMEWORK)]
    assert codes == ([] if good else ["number_out_of_range"])


def test_an_item_becomes_a_fact() -> None:
    [fact] = reading().facts
    assert (fact.reference, fact.provider) == ("F1", "Harbour")
    assert fact.entry == dataclasses.replace(
        ENTRY, services=("Clips", "Chat"), services_text="Clips, Chat", source_date="2024-07"
    )


@pytest.mark.parametrize(
    ("service", "scope", "names"),
    [
        ("all services", ServicesScope.COMPANY, ()),
        ("services not named in the passage", ServicesScope.NOT_NAMED, ()),
        ("Meet, Chat, Gmail, Messages", ServicesScope.NAMED, ("Meet", "Chat", "Gmail", "Messages")),
        ("Content Safety API, CSAI Match", ServicesScope.NAMED, ("Content Safety API", "CSAI Match")),
        (" Clips ,, clips,Chat ", ServicesScope.NAMED, ("clips", "Chat")),
    ],
)
def test_services(service: str, scope: ServicesScope, names: tuple[str, ...]) -> None:
    found = entry(service=service)
    assert (found.scope, found.services) == (scope, names)


@pytest.mark.parametrize(
    ("start", "end", "period"),
    [
        (None, None, ""),
        ("2024-07-15", "2024-12-15", "2024-07-15/2024-12-15"),
        ("2024", None, "2024"),
        (..., "2024-07", "2024-07"),
        ("2023", "2023", "2023"),
        ("spring 2024", "", "spring 2024"),
    ],
)
def test_periods_are_kept_as_published(start: object, end: object, period: str) -> None:
    assert entry(period_start=start, period_end=end).period == period


@pytest.mark.parametrize("date", ["2024", "2024-07", "2024-07-15", "late 2024", ""])
def test_dates_are_as_exact_as_the_source(date: str) -> None:
    assert entry(source_date=date).source_date == date


@pytest.mark.parametrize("gone", [None, ...])
def test_what_is_optional_may_be_null_or_absent(gone: object) -> None:
    optional = ("indicator", "status", "value", "unit", "period_start", "period_end", "territory", "source_date")
    found = entry(**dict.fromkeys(optional, gone))
    assert (found.status, found.value, found.indicator_id, found.source_date) == (None, None, None, "")


def test_a_number_with_a_unit_that_no_framework_knows() -> None:
    found = entry(status="metric", value=21_382, unit="enforcements", territory="CA")
    assert (found.status, found.value, found.unit, found.geography) == (None, Decimal(21_382), "enforcements", "CA")


def test_a_principle_may_be_given_by_its_id() -> None:
    assert entry(principle="P01") == entry(principle=1)


@pytest.mark.parametrize(("given", "kept"), [(..., ""), (None, ""), ("fr", "fr"), ("pt-BR", "pt-BR")])
def test_the_language_of_a_statement(given: object, kept: str) -> None:
    assert entry(language=given).language == kept


def test_a_quotation_is_never_carried_over() -> None:
    assert "SECRET" not in repr(reading(quote="SECRET"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"source_url": ...}, "source_url is missing"),
        ({"source_url": "not an address"}, "source_url is not an address that begins with https:// or http://"),
        ({"source_url": "https://user:secret@source.example"}, "source_url is not an address"),
        ({"source_url": 5}, "source_url is not a text"),
        ({"provider": " "}, "provider is missing"),
        ({"provider": "x" * 121}, "provider is longer than 120 characters"),
        ({"indicator_idea": ""}, "statement or indicator_idea is missing"),
        ({"indicator_idea": "x" * 2_001}, "indicator_idea is longer than 2000 characters"),
        ({"indicator_idea": "half \ud800 a sign"}, "indicator_idea holds a control character"),
        ({"service": "Clips\x00"}, "service holds a control character"),
        ({"service": ["Clips"]}, "service is not a text"),
        ({"service": ""}, "service is missing"),
        ({"principle": ...}, "principle is missing"),
        ({"principle": 12}, "there is no principle 12 (1 to 11)"),
        ({"principle": True}, "principle is not a number"),
        ({"principle": 1.5}, "principle is not a number"),
        ({"principle": "P99"}, "there is no principle P99"),
        ({"indicator": "P99.z"}, "there is no indicator 'P99.z'"),
        ({"indicator": "P05.b"}, "the indicator 'P05.b' belongs to another principle"),
        ({"status": "maybe"}, "the status 'maybe' is none of: in place"),
        ({"status": "cannot say"}, "the status 'cannot say' is none of"),
        ({"status": 1}, "status is not a text"),
        ({"status": "metric"}, 'it has the status "metric" but no value'),
        ({"status": "metric", "value": 3}, "it has a value but no unit"),
        ({"status": "metric", "value": "3", "unit": "reports"}, "value is not a number"),
        ({"status": "metric", "value": True, "unit": "reports"}, "value is not a number"),
        ({"status": "metric", "value": -3, "unit": "reports"}, "value is not a number from 0"),
        ({"value": 3, "unit": "reports"}, 'its status must be "metric"'),
        ({"unit": "reports"}, "it has a unit but no value"),
        ({"indicater": "P01.a"}, "'indicater' is no field of a fact"),
        ({"territory": "x" * 201}, "territory is longer than 200 characters"),
        ({"language": "English!"}, "the language 'English!' is no tag"),
        ({"language": 'en" onclick="x'}, "is no tag"),
        ({"language": "én"}, "is no tag"),
    ],
)
def test_what_is_refused_is_named_with_its_id_in_one_line(changes: dict[str, object], reason: str) -> None:
    found = reading(**changes)
    assert found.facts == []
    [refusal] = found.refusals
    assert refusal.item == "F1"
    assert reason in refusal.reason
    assert len(refusal.reason.splitlines()) == 1


@pytest.mark.parametrize("id_", [..., None, "", "  ", 7, []])
def test_an_item_without_an_id_is_named_by_its_place(id_: object) -> None:
    item = {key: value for key, value in (ITEM | {"id": id_}).items() if value is not ...}
    found = read(file(ITEM, item), FRAMEWORK)
    assert [refusal.item for refusal in found.refusals] == ["item 2"]


@pytest.mark.parametrize("item", [None, 3, "text", [], True])
def test_an_item_that_is_no_object(item: object) -> None:
    [refusal] = read(file(item), FRAMEWORK).refusals
    assert (refusal.item, refusal.reason) == ("item 1", "it is not an object")


@pytest.mark.parametrize(("first", "second"), [("F1", "F1"), ("F1", " F1 "), ("y" * 80, "y" * 80)])
def test_an_id_is_there_once(first: str, second: str) -> None:
    found = read(file(ITEM | {"id": first}, ITEM | {"id": second}), FRAMEWORK)
    assert found.facts == []
    assert [refusal.reason for refusal in found.refusals] == ["the id is there 2 times"] * 2


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"   ", "is empty"),
        (b"{", "not JSON"),
        (b"facts", "not JSON"),
        (b"[]", 'not an object with a list "facts"'),
        (b"null", 'not an object with a list "facts"'),
        (b'{"facts": {}}', 'not an object with a list "facts"'),
        (b'{"facts": []}', "holds no fact"),
        (b'{"facts": ["\xff"]}', "not UTF-8: byte 13"),
        (b'{"facts": [NaN]}', "NaN, which is not a number"),
        (b'{"facts": [1e99999999999999999999]}', "a number that is too long"),
        (b'{"facts": [' + b"9" * 5_000 + b"]}", "a number that is too long"),
        (b'{"facts": [{"id": "a", "id": "b"}]}', "id is given twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"facts": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b" " * (FILE_LIMIT + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_used_at_all(data: bytes, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data, FRAMEWORK)
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_byte_order_mark_is_no_fault() -> None:
    assert len(read(b"\xef\xbb\xbf" + file(ITEM), FRAMEWORK).facts) == 1


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(string.ascii_lowercase), inner, max_size=3),
    max_leaves=5,
)


@given(st.fixed_dictionaries({}, optional={key: _ANYTHING | st.just(value) for key, value in ITEM.items()}))
def test_whatever_an_item_holds_it_is_kept_or_refused(item: dict[str, object]) -> None:
    found = read(file(item), FRAMEWORK)
    assert len(found.facts) + len(found.refusals) == 1


@given(st.binary(max_size=200))
def test_whatever_a_file_holds_it_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read(data, FRAMEWORK).facts == []


def test_the_facts_about_real_providers() -> None:
    """They are readings with their sources, never the words of a source, and each indicator belongs to its principle."""
    data = REAL.read_bytes()
    found = read(data, FRAMEWORK)
    assert len(found.facts) == 25
    assert found.refusals == []
    assert {fact.provider for fact in found.facts} == {"Apple", "Google", "Discord", "Snap"}
    items = json.loads(data)["facts"]
    assert not any("quote" in item for item in items)
    assert {fact.entry.indicator_id for fact in found.facts} == {
        None,
        "P01.c",
        "P03.a",
        "P05.b",
        "P06.c",
        "P07.d",
        "P10.b",
    }
    assert "rating" in json.loads(data)["about"]
