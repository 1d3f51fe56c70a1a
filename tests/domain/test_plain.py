"""Values as plain data and back: nothing is lost, and other versions of the product can be read."""

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain import plain
from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Ground, MetricEntry, Reason, Status
from compliance.domain.submissions import FORMAT, dump_answer, load_answer, seal, unseal
from tests.domain.samples import sealed_sample

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
NUMBERS = st.decimals(min_value=0, max_value=10**9, places=6)
ENTRIES = st.builds(
    AnswerEntry,
    status=st.sampled_from(Status),
    surfaces=st.lists(st.text(), max_size=3).map(tuple),
    explanation=st.text(),
    planned_on=st.none() | DAYS,
    reason=st.none() | st.sampled_from(Reason),
    evidence=st.lists(
        st.builds(EvidenceEntry, grade=st.sampled_from(Grade), address=st.text(), expires_on=st.none() | DAYS),
        max_size=3,
    ).map(tuple),
    metrics=st.lists(
        st.builds(MetricEntry, metric_id=st.text(), value=st.none() | NUMBERS, period_end=st.none() | DAYS), max_size=3
    ).map(tuple),
    language=st.sampled_from(["", "en", "fr"]),
    claim_ground=st.none() | st.sampled_from(Ground),
    claimed_on=st.none() | DAYS,
    sensitive_method=st.booleans(),
    carried=st.booleans(),
)


@given(ENTRIES)
def test_an_answer_comes_back_through_json(entry: AnswerEntry) -> None:
    assert load_answer(json.loads(json.dumps(dump_answer(entry)))) == entry


def test_every_field_of_an_answer_is_sealed() -> None:
    """A field that someone adds to the dataclass is in the copy without anybody remembering it."""
    names = {field.name for field in dataclasses.fields(AnswerEntry)}
    assert dump_answer(AnswerEntry()).keys() == names
    assert "metric" in dump_answer(AnswerEntry(metrics=(MetricEntry("m"),)))["metrics"][0]


def test_a_copy_of_another_version_is_read() -> None:
    """Fields that are missing take their default, unknown ones are left out, and the format is written down."""
    text, _sha256 = seal(sealed_sample())
    data = json.loads(text)
    assert data["format"] == FORMAT
    data["from_the_future"] = data["signature"]["more"] = 1
    del data["format"], data["signature"]["authority"]
    for answer in data["answers"]:
        answer["mood"] = "good"
        for name in ("language", "claim_ground", "sensitive_method", "carried", "metrics"):
            del answer[name]
    old = unseal(json.dumps(data))
    assert {entry.language for entry in old.answers.values()} == {"en"}, "that of the signer, as it was then"
    assert old.signature.name == sealed_sample().signature.name


def test_an_unknown_word_is_refused_or_left_out() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        plain.load(AnswerEntry, {"status": "nonsense"})
    assert plain.load(AnswerEntry, {"status": "nonsense"}, lenient=True).status is Status.UNANSWERED


def test_what_only_helps_to_handle_a_value_is_not_said() -> None:
    @dataclasses.dataclass(frozen=True)
    class Row:
        name: str
        id: int | None = dataclasses.field(default=None, compare=False)

    assert plain.dump(Row("x", 3)) == plain.shallow(Row("x", 3)) == {"name": "x"}


def test_numbers_keep_every_figure() -> None:
    data: Any = plain.dump(MetricEntry("m", Decimal("0.000001")))
    assert data["value"] == "0.000001"
