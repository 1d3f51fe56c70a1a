"""When reminders come: stages, days, zones, outages, and that nothing comes twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.assessments import Invitation, State
from compliance.domain.reminder_rules import Timetable, due, next_moment, outlook, why_not
from compliance.domain.reminders import (
    About,
    Anchor,
    Audience,
    Key,
    Recipient,
    Stage,
    Subject,
    Why,
    moment_of,
    stopped_by,
)
from compliance.domain.working_time import WorkCalendar, end_of_day

DUE_ON = dt.date(2027, 4, 30)
CONTRIBUTOR, LEAD, VIEWER = "user:11", "user:12", "user:13"
PARTS = {
    CONTRIBUTOR: frozenset({Audience.CONTRIBUTOR}),
    LEAD: frozenset({Audience.LEAD, Audience.CONTRIBUTOR}),
    VIEWER: frozenset({Audience.VIEWER}),
}
PLAN = (
    Stage("due_soon", Anchor.DUE, -7, frozenset({Audience.CONTRIBUTOR, Audience.LEAD})),
    Stage("overdue", Anchor.DUE, 3, frozenset({Audience.LEAD})),
)


@functools.cache
def whole_days(zone: str) -> WorkCalendar:
    """Somewhere where people work day and night, so that stages come when the plan says."""
    return WorkCalendar(ZoneInfo(zone), opens=dt.time(0), closes=dt.time.max, weekdays=frozenset(range(7)))


def people(zone: str = "UTC", **more: frozenset[Audience]) -> tuple[Recipient, ...]:
    return tuple(Recipient(key, parts, whole_days(zone)) for key, parts in {**PARTS, **more}.items())


PEOPLE = people()


def subject(zone: str = "UTC", **changes) -> Subject:
    made = Subject(
        type=About.PARTICIPATION,
        id=1,
        company_id=5,
        began_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
        opens_on=dt.date(2027, 1, 1),
        due_on=DUE_ON,
        zone=ZoneInfo(zone),
        stopped=None,
        recipients=people(zone),
    )
    return dataclasses.replace(made, **changes)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def went(found) -> set[tuple[str, str]]:
    return {(line.key.stage, line.key.recipient_key) for line in found if line.why_not is None}


def skipped(found) -> set[tuple[str, str, str]]:
    return {(line.key.stage, line.key.recipient_key, str(line.why_not)) for line in found if line.why_not}


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
    found = due(PLAN, [subject()], set(), utc(now))
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
    assert moment_of(PLAN[0], item, whole_days(zone)) == utc(first_moment)
    assert end_of_day(DUE_ON, item.zone) == utc(day_is_over)
    minute = dt.timedelta(minutes=1)
    assert not due(PLAN, [item], set(), utc(first_moment) - minute)
    assert went(due(PLAN, [item], set(), utc(day_is_over) - minute))
    assert not went(due(PLAN, [item], set(), utc(day_is_over)))


ZONES = (
    "Pacific/Auckland", "Australia/Lord_Howe", "Australia/Sydney", "Europe/London", "America/St_Johns",
    "America/New_York", "America/Vancouver", "America/Santiago", "Africa/Casablanca", "Pacific/Chatham",
)  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_each_stage_comes_once_on_the_right_local_day_through_every_change_of_clocks(zone):
    """Every day of six years, at times of day that changes of clocks skip or repeat."""
    times = (dt.time(0), dt.time(0, 30), dt.time(2, 15), dt.time(3), dt.time(9))
    for at in times:
        stage = Stage("on_the_day", Anchor.DUE, 0, frozenset({Audience.LEAD}), at=at)
        before = None
        for number in range(6 * 365 + 2):
            day = dt.date(2025, 1, 1) + dt.timedelta(days=number)
            item = subject(zone, opens_on=dt.date(2024, 1, 1), due_on=day)
            moment = moment_of(stage, item, whole_days(zone))
            assert moment.astimezone(item.zone).date() == day
            assert before is None or moment > before
            assert moment < end_of_day(day, item.zone)
            before = moment


def test_an_outage_of_several_days_ends_in_one_reminder():
    stages = (30, 14, 7, 1)
    plan = [Stage(f"before_{days}", Anchor.DUE, -days, frozenset({Audience.LEAD})) for days in stages]
    found = due(plan, [subject()], set(), utc("2027-04-29T09:00"))
    assert went(found) == {("before_1", LEAD)}
    assert skipped(found) == {(f"before_{days}", LEAD, "superseded") for days in (30, 14, 7)}
    assert not due(plan, [subject()], {line.key for line in found}, utc("2027-04-29T09:05"))


def test_a_clock_set_back_repeats_nothing():
    sent = {line.key for line in due(PLAN, [subject()], set(), utc("2027-04-23T09:30"))}
    assert sent
    assert not due(PLAN, [subject()], sent, utc("2027-04-23T08:30"))
    assert not due(PLAN, [subject()], sent, utc("2027-04-23T09:30"))


def test_a_moved_due_date_is_a_new_occurrence():
    sent = {line.key for line in due(PLAN, [subject()], set(), utc("2027-04-23T09:00"))}
    moved = subject(due_on=dt.date(2027, 5, 31))
    assert not due(PLAN, [moved], sent, utc("2027-04-25T09:00"))
    assert went(due(PLAN, [moved], sent, utc("2027-05-24T09:00"))) == {
        ("due_soon", CONTRIBUTOR),
        ("due_soon", LEAD),
    }
    assert {why_not(PLAN, moved, key, utc("2027-04-25T09:00")) for key in sent} == {Why.DUE_DATE_MOVED}


def test_nothing_comes_before_the_cycle_opens():
    late = subject(opens_on=dt.date(2027, 4, 28))
    assert not due(PLAN, [late], set(), utc("2027-04-28T08:59"))
    assert went(due(PLAN, [late], set(), utc("2027-04-28T09:00")))
    assert next_moment(PLAN, late, utc("2027-04-20T09:00"), Timetable()) == utc("2027-04-28T09:00")
    assert next_moment(PLAN, late, utc("2027-05-03T09:00"), Timetable()) is None


@pytest.mark.parametrize(
    ("invitation", "state", "closed", "why"),
    [
        (Invitation.INVITED, None, False, None),
        (Invitation.ACCEPTED, None, False, None),
        (Invitation.ACCEPTED, State.DRAFT, False, None),
        (Invitation.ACCEPTED, State.REOPENED, False, None),
        (Invitation.DECLINED, None, False, Why.DECLINED),
        (Invitation.DECLINED, State.DRAFT, False, Why.DECLINED),
        (Invitation.ACCEPTED, State.WITHDRAWN, False, Why.WITHDRAWN),
        (Invitation.ACCEPTED, State.DRAFT, True, Why.CLOSED),
        *(
            (Invitation.ACCEPTED, state, False, Why.SUBMITTED)
            for state in (State.SUBMITTED, State.RETURNED, State.FINDINGS_SHARED, State.CONCLUDED)
        ),
    ],
)
def test_who_is_not_reminded(invitation, state, closed, why):
    assert stopped_by(invitation, state, closed=closed) is why
    item = subject(stopped=why)
    assert bool(due(PLAN, [item], set(), utc("2027-04-23T09:00"))) is (why is None)


def test_the_last_look():
    now = utc("2027-04-24T09:00")
    key = Key("participation", 1, "due_soon", 1, DUE_ON, CONTRIBUTOR)
    without = tuple(person for person in PEOPLE if person.key != CONTRIBUTOR)
    only_views = (*without, Recipient(CONTRIBUTOR, frozenset({Audience.VIEWER}), whole_days("UTC")))
    assert why_not(PLAN, subject(), key, now) is None
    assert why_not(PLAN, None, key, now) is Why.GONE
    assert why_not(PLAN, subject(stopped=Why.SUBMITTED), key, now) is Why.SUBMITTED
    assert why_not(PLAN, subject(recipients=without), key, now) is Why.LEFT
    assert why_not(PLAN, subject(recipients=only_views), key, now) is Why.LEFT
    assert why_not(PLAN[1:], subject(), key, now) is Why.PLAN_CHANGED
    assert why_not(PLAN, subject(), key, utc("2027-05-01T00:00")) is Why.PASSED
    assert why_not(PLAN, subject(), key._replace(recipient_key=LEAD), utc("2027-05-03T09:00")) is Why.SUPERSEDED


def test_who_joins_late_is_told_once():
    sent = {line.key for line in due(PLAN, [subject()], set(), utc("2027-04-23T09:00"))}
    joined = subject(recipients=(*PEOPLE, Recipient("user:14", frozenset({Audience.CONTRIBUTOR}), whole_days("UTC"))))
    assert went(due(PLAN, [joined], sent, utc("2027-04-26T12:00"))) == {("due_soon", "user:14")}


def test_the_outlook_lists_everything():
    lines = list(outlook(PLAN, subject(), Timetable()))
    assert len(lines) == 3
    assert {line.why_not for line in lines} == {None}
    declined = list(outlook(PLAN, subject(id=2, stopped=Why.DECLINED), Timetable()))
    assert {line.why_not for line in declined} == {Why.DECLINED}


@st.composite
def plans(draw):
    count = draw(st.integers(1, 6))
    return [
        Stage(
            f"stage_{number}",
            draw(st.sampled_from([Anchor.OPENING, Anchor.HALFWAY, Anchor.DUE])),
            draw(st.integers(-40, 40)),
            frozenset(draw(st.sets(st.sampled_from([Audience.CONTRIBUTOR, Audience.LEAD]), min_size=1))),
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
        goes = [line.key.recipient_key for line in found if line.why_not is None]
        assert len(goes) == len(set(goes)), "one person, one subject, one reminder a round"
        records += [line.key for line in found]
    expected = sum(bool(person.parts & stage.audience) for stage in plan for person in PEOPLE)
    assert len(records) == len(set(records)) == expected


@given(plan=plans(), zone=st.sampled_from(ZONES), hours=st.integers(-60 * 24, 60 * 24))
def test_what_goes_passes_the_last_look(plan, zone, hours):
    item = subject(zone, opens_on=DUE_ON - dt.timedelta(days=60))
    now = dt.datetime.combine(DUE_ON, dt.time(12), tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    for line in due(plan, [item], set(), now):
        assert why_not(plan, item, line.key, now) is line.why_not
