"""When reminders come: stages, days, zones, outages, and that nothing comes twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.assessments import Invitation, State
from compliance.domain.permissions import Role
from compliance.domain.reminder_plans import DEFAULT_PLAN
from compliance.domain.reminders import (
    Anchor,
    Key,
    Recipient,
    Stage,
    Subject,
    Why,
    due,
    earliest_day,
    end_of_day,
    moment_of,
    outlook,
    stopped_by,
    why_not,
)

DUE_ON = dt.date(2027, 4, 30)
CONTRIBUTOR, LEAD, VIEWER = 11, 12, 13
PEOPLE = (
    Recipient(CONTRIBUTOR, frozenset({Role.CONTRIBUTOR})),
    Recipient(LEAD, frozenset({Role.LEAD, Role.CONTRIBUTOR})),
    Recipient(VIEWER, frozenset({Role.VIEWER})),
)


def subject(zone: str = "UTC", **changes) -> Subject:
    made = Subject(
        type="participation",
        id=1,
        company_id=5,
        opens_on=dt.date(2027, 1, 1),
        due_on=DUE_ON,
        zone=ZoneInfo(zone),
        stopped=None,
        recipients=PEOPLE,
    )
    return dataclasses.replace(made, **changes)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def went(found) -> set[tuple[str, int]]:
    return {(line.key.stage, line.key.recipient_id) for line in found if line.why_not is None}


def skipped(found) -> set[tuple[str, int, str]]:
    return {(line.key.stage, line.key.recipient_id, str(line.why_not)) for line in found if line.why_not}


@pytest.mark.parametrize(
    ("now", "goes", "not_needed"),
    [
        ("2027-04-23T08:59", set(), set()),
        ("2027-04-23T09:00", {("due_soon", CONTRIBUTOR), ("due_soon", LEAD)}, set()),
        ("2027-04-30T23:59", {("due_soon", CONTRIBUTOR), ("due_soon", LEAD)}, set()),
        # the day is over: nothing is announced any more
        ("2027-05-01T00:00", set(), {("due_soon", CONTRIBUTOR, "passed"), ("due_soon", LEAD, "passed")}),
        ("2027-05-03T08:59", set(), {("due_soon", CONTRIBUTOR, "passed"), ("due_soon", LEAD, "passed")}),
        (
            "2027-05-03T09:00",
            {("overdue", LEAD)},
            {("due_soon", CONTRIBUTOR, "passed"), ("due_soon", LEAD, "superseded")},
        ),
        (
            "2027-08-01T00:00",
            {("overdue", LEAD)},
            {("due_soon", CONTRIBUTOR, "passed"), ("due_soon", LEAD, "superseded")},
        ),
    ],
)
def test_the_stages_of_the_default_plan(now, goes, not_needed):
    found = due(DEFAULT_PLAN, [subject()], set(), utc(now))
    assert went(found) == goes
    assert skipped(found) == not_needed


@pytest.mark.parametrize(
    ("zone", "first_moment", "day_is_over"),
    [
        ("Pacific/Auckland", "2027-04-22T21:00", "2027-04-30T12:00"),
        ("America/Vancouver", "2027-04-23T16:00", "2027-05-01T07:00"),
        ("America/St_Johns", "2027-04-23T11:30", "2027-05-01T02:30"),
        ("Australia/Lord_Howe", "2027-04-22T22:30", "2027-04-30T13:30"),
    ],
)
def test_a_day_is_the_companys_own_day(zone, first_moment, day_is_over):
    item = subject(zone)
    assert moment_of(DEFAULT_PLAN[0], item) == utc(first_moment)
    assert end_of_day(DUE_ON, item.zone) == utc(day_is_over)
    minute = dt.timedelta(minutes=1)
    assert not due(DEFAULT_PLAN, [item], set(), utc(first_moment) - minute)
    assert went(due(DEFAULT_PLAN, [item], set(), utc(day_is_over) - minute))
    assert not went(due(DEFAULT_PLAN, [item], set(), utc(day_is_over)))


ZONES = (
    "Pacific/Auckland", "Australia/Lord_Howe", "Australia/Sydney", "Europe/London", "America/St_Johns",
    "America/New_York", "America/Vancouver", "America/Santiago", "Africa/Casablanca", "Pacific/Chatham",
)  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_each_stage_comes_once_on_the_right_local_day_through_every_change_of_clocks(zone):
    """Every day of six years, at times of day that changes of clocks skip or repeat."""
    times = (dt.time(0), dt.time(0, 30), dt.time(2, 15), dt.time(3), dt.time(9))
    for at in times:
        stage = Stage("on_the_day", Anchor.DUE, 0, frozenset({Role.LEAD}), at=at)
        before = None
        for number in range(6 * 365 + 2):
            day = dt.date(2025, 1, 1) + dt.timedelta(days=number)
            item = subject(zone, opens_on=dt.date(2024, 1, 1), due_on=day)
            moment = moment_of(stage, item)
            assert moment.astimezone(item.zone).date() == day
            assert before is None or moment > before
            assert moment < end_of_day(day, item.zone)
            before = moment


def test_an_outage_of_several_days_ends_in_one_reminder():
    stages = (30, 14, 7, 1)
    plan = [Stage(f"before_{days}", Anchor.DUE, -days, frozenset({Role.LEAD})) for days in stages]
    found = due(plan, [subject()], set(), utc("2027-04-29T09:00"))
    assert went(found) == {("before_1", LEAD)}
    assert skipped(found) == {(f"before_{days}", LEAD, "superseded") for days in (30, 14, 7)}
    assert not due(plan, [subject()], {line.key for line in found}, utc("2027-04-29T09:05"))


def test_a_clock_set_back_repeats_nothing():
    sent = {line.key for line in due(DEFAULT_PLAN, [subject()], set(), utc("2027-04-23T09:30"))}
    assert sent
    assert not due(DEFAULT_PLAN, [subject()], sent, utc("2027-04-23T08:30"))
    assert not due(DEFAULT_PLAN, [subject()], sent, utc("2027-04-23T09:30"))


def test_a_moved_due_date_is_a_new_occurrence():
    sent = {line.key for line in due(DEFAULT_PLAN, [subject()], set(), utc("2027-04-23T09:00"))}
    moved = subject(due_on=dt.date(2027, 5, 31))
    assert not due(DEFAULT_PLAN, [moved], sent, utc("2027-04-25T09:00"))
    assert went(due(DEFAULT_PLAN, [moved], sent, utc("2027-05-24T09:00"))) == {
        ("due_soon", CONTRIBUTOR),
        ("due_soon", LEAD),
    }
    assert {why_not(DEFAULT_PLAN, moved, key, utc("2027-04-25T09:00")) for key in sent} == {Why.DUE_DATE_MOVED}


def test_nothing_comes_before_the_cycle_opens():
    late = subject(opens_on=dt.date(2027, 4, 28))
    assert not due(DEFAULT_PLAN, [late], set(), utc("2027-04-28T08:59"))
    assert went(due(DEFAULT_PLAN, [late], set(), utc("2027-04-28T09:00")))
    assert earliest_day(DEFAULT_PLAN, late.opens_on, late.due_on) == dt.date(2027, 4, 28)
    assert earliest_day(DEFAULT_PLAN, subject().opens_on, DUE_ON) == dt.date(2027, 4, 23)
    assert earliest_day((), DUE_ON, DUE_ON) is None


@pytest.mark.parametrize(
    ("invitation", "state", "closed", "why"),
    [
        (Invitation.INVITED, None, False, None),
        (Invitation.ACCEPTED, None, False, None),
        (Invitation.ACCEPTED, State.DRAFT, False, None),
        (Invitation.DECLINED, None, False, Why.DECLINED),
        (Invitation.DECLINED, State.DRAFT, False, Why.DECLINED),
        (Invitation.ACCEPTED, State.WITHDRAWN, False, Why.WITHDRAWN),
        (Invitation.ACCEPTED, State.DRAFT, True, Why.CLOSED),
        *(
            (Invitation.ACCEPTED, state, False, Why.SUBMITTED)
            for state in (State.SUBMITTED, State.RETURNED, State.FINDINGS_SHARED, State.CONCLUDED, State.REOPENED)
        ),
    ],
)
def test_who_is_not_reminded(invitation, state, closed, why):
    assert stopped_by(invitation, state, closed=closed) is why
    item = subject(stopped=why)
    assert bool(due(DEFAULT_PLAN, [item], set(), utc("2027-04-23T09:00"))) is (why is None)


def test_the_last_look():
    now = utc("2027-04-24T09:00")
    key = Key("participation", 1, "due_soon", 1, DUE_ON, CONTRIBUTOR)
    without = tuple(person for person in PEOPLE if person.user_id != CONTRIBUTOR)
    only_views = (*without, Recipient(CONTRIBUTOR, frozenset({Role.VIEWER})))
    assert why_not(DEFAULT_PLAN, subject(), key, now) is None
    assert why_not(DEFAULT_PLAN, None, key, now) is Why.GONE
    assert why_not(DEFAULT_PLAN, subject(stopped=Why.SUBMITTED), key, now) is Why.SUBMITTED
    assert why_not(DEFAULT_PLAN, subject(recipients=without), key, now) is Why.LEFT
    assert why_not(DEFAULT_PLAN, subject(recipients=only_views), key, now) is Why.LEFT
    assert why_not(DEFAULT_PLAN[1:], subject(), key, now) is Why.PLAN_CHANGED
    assert why_not(DEFAULT_PLAN, subject(), key, utc("2027-05-01T00:00")) is Why.PASSED
    assert why_not(DEFAULT_PLAN, subject(), key._replace(recipient_id=LEAD), utc("2027-05-03T09:00")) is Why.SUPERSEDED


def test_who_joins_late_is_told_once():
    sent = {line.key for line in due(DEFAULT_PLAN, [subject()], set(), utc("2027-04-23T09:00"))}
    joined = subject(recipients=(*PEOPLE, Recipient(14, frozenset({Role.CONTRIBUTOR}))))
    assert went(due(DEFAULT_PLAN, [joined], sent, utc("2027-04-26T12:00"))) == {("due_soon", 14)}


def test_the_outlook_lists_everything_in_the_order_of_time():
    lines = outlook(DEFAULT_PLAN, [subject(), subject(id=2, stopped=Why.DECLINED)])
    assert [line.moment for line in lines] == sorted(line.moment for line in lines)
    assert len(lines) == 6
    assert {line.why_not for line in lines if line.key.subject_id == 2} == {Why.DECLINED}


@st.composite
def plans(draw):
    count = draw(st.integers(1, 6))
    return [
        Stage(
            f"stage_{number}",
            draw(st.sampled_from(Anchor)),
            draw(st.integers(-40, 40)),
            frozenset(draw(st.sets(st.sampled_from([Role.CONTRIBUTOR, Role.LEAD]), min_size=1))),
            at=dt.time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 15, 30]))),
        )
        for number in range(count)
    ]


@given(
    plan=plans(),
    zone=st.sampled_from(ZONES),
    due_on=st.dates(dt.date(2026, 1, 1), dt.date(2031, 12, 31)),
    hours=st.lists(st.integers(-60 * 24, 60 * 24), min_size=1, max_size=40),
)
def test_whenever_the_rounds_run_each_reminder_is_recorded_exactly_once(plan, zone, due_on, hours):
    """Rounds at any times, in any order (clocks go back, too), and one at the end."""
    item = subject(zone, opens_on=due_on - dt.timedelta(days=60), due_on=due_on)
    noon = dt.datetime.combine(due_on, dt.time(12), tzinfo=dt.UTC)
    records: list[Key] = []
    for hour in [*hours, 24 * 100]:
        found = due(plan, [item], set(records), noon + dt.timedelta(hours=hour))
        goes = [line.key.recipient_id for line in found if line.why_not is None]
        assert len(goes) == len(set(goes)), "one person, one subject, one reminder a round"
        records += [line.key for line in found]
    expected = sum(bool(person.roles & stage.audience) for stage in plan for person in PEOPLE)
    assert len(records) == len(set(records)) == expected


@given(plan=plans(), zone=st.sampled_from(ZONES), hours=st.integers(-60 * 24, 60 * 24))
def test_what_goes_passes_the_last_look(plan, zone, hours):
    item = subject(zone, opens_on=DUE_ON - dt.timedelta(days=60))
    now = dt.datetime.combine(DUE_ON, dt.time(12), tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    for line in due(plan, [item], set(), now):
        assert why_not(plan, item, line.key, now) is line.why_not
