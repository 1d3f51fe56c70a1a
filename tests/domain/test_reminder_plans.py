"""Plans as data: what can be used, and what is said about what cannot."""

from __future__ import annotations

import pytest

from compliance.domain.reminder_plans import BadPlan, dump_plan, load_plan
from compliance.domain.reminders import About, Anchor, Audience, Stage

USUAL = (
    Stage("opens", Anchor.OPENING, 0, frozenset({Audience.CONTRIBUTOR, Audience.LEAD})),
    Stage("monthly", Anchor.DUE, 31, frozenset({Audience.LEAD}), About.COMMITMENT, times=4),
)


def test_a_plan_is_stored_and_read_back():
    assert load_plan(dump_plan(USUAL)) == USUAL
    assert load_plan([]) == ()
    short = load_plan([{"id": "opens", "from": "opening", "days": 0, "to": ["lead"]}])
    assert short == (Stage("opens", Anchor.OPENING, 0, frozenset({Audience.LEAD})),)


GOOD = {"id": "one", "from": "due", "days": -7, "to": ["lead"]}


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("text", "it must be a list of stages"),
        ({}, "it must be a list of stages"),
        (["x"], "stage 1: it must be a mapping with id, from, days and to"),
        ([{}], "stage 1: days is missing"),
        ([GOOD, GOOD], "stage 2: the id 'one' is used twice"),
        ([GOOD | {"id": "No good"}], "stage 1: id must be a short word of a-z, 0-9 and _, not 'No good'"),
        ([GOOD | {"from": "birth"}], "stage 1: from must be one of began, opening, halfway, due, not 'birth'"),
        ([GOOD | {"days": "7"}], "stage 1: days must be a whole number from -366 to 366, not '7'"),
        ([GOOD | {"days": True}], "stage 1: days must be a whole number from -366 to 366, not True"),
        ([GOOD | {"days": 400}], "stage 1: days must be a whole number from -366 to 366, not 400"),
        ([GOOD | {"at": "9:00"}], "stage 1: at must be a time such as 09:00, not '9:00'"),
        ([GOOD | {"at": "24:00"}], "stage 1: at must be a time such as 09:00, not '24:00'"),
        ([GOOD | {"to": []}], "stage 1: to must be a list of at least one of contributor, lead"),
        (
            [GOOD | {"to": ["reviewer"]}],
            "stage 1: to must name people to remind (contributor, lead, viewer, executive, staff), not 'reviewer'",
        ),
        ([GOOD | {"to": [["lead"]]}], "stage 1: to must name people"),
        ([GOOD | {"about": "weather"}], "stage 1: about must be one of participation, clarification"),
        ([GOOD | {"times": 0}], "stage 1: times must be a whole number from 1 to 12, not 0"),
        ([GOOD | {"times": 400}], "stage 1: times must be a whole number from 1 to 12, not 400"),
        ([GOOD | {"kind": "notice"}], "stage 1: kind must be 'reminder', or left out, not 'notice'"),
        ([GOOD | {"id": "returned"}], "stage 1: the id 'returned' is used twice"),
        ([GOOD | {"when": 1}], "stage 1: 'when' is not known"),
        (None, "it must be a list of stages"),
    ],
)
def test_a_bad_plan_is_refused_by_name(data, fault):
    with pytest.raises(BadPlan) as caught:
        load_plan(data)
    assert any(line.startswith(fault) for line in caught.value.faults), caught.value.faults
