"""Time that stands still, jumps and runs backwards: outages, clocks set back, changes of clocks, and the dry run."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from compliance.domain.reminder_plans import dump_plan
from compliance.domain.reminder_rules import due
from compliance.domain.reminders import About, Anchor, Audience, Recipient, Stage, Subject, slots_of
from compliance.domain.working_time import WorkCalendar, end_of_day
from compliance.mail.senders import MemorySender
from compliance.services.reminder.outbox import send_due
from compliance.services.reminder.outlook import lines
from compliance.services.reminder.plans import usual_plan
from compliance.services.reminder.reminders import queue_due
from compliance.services.reminder.sources import Round
from compliance.services.transaction import looking
from compliance.storage.models import Organisation, Reminder
from tests.services.reminder_world import BASE_URL, change, office, world
from tests.support import factories

Property = Callable[[str, object], None]
HOUR = dt.timedelta(hours=1)
both = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)


def run(moment: dt.datetime, sender: MemorySender) -> None:
    queue_due(moment, base_url=BASE_URL)
    send_due(moment, office(sender), elapsed=lambda: 0)


@both
def test_down_for_three_days(context: object, record_property: Property) -> None:
    """From a week before until the day before, over the stages of both: one mail each, and only of what still counts."""
    cycle = factories.cycle(reminder_plan=dump_plan(usual_plan()), due_on=dt.date(2026, 10, 8))
    for _ in range(40):
        made = world(cycle)
        other = world(cycle)
        factories.membership(made.lead, other.company, "lead")
    sender = MemorySender()
    run(dt.datetime(2026, 9, 30, 14, tzinfo=dt.UTC), sender)
    sender.mails.clear()
    # down from here; the stages of seven days and of one day before come meanwhile, and the last day
    run(dt.datetime(2026, 10, 8, 14, tzinfo=dt.UTC), sender)
    people = Counter(mail.to_address for mail in sender.mails)
    with looking() as session:
        rows = session.execute(select(Reminder.stage, Reminder.dropped_reason).where(Reminder.due_on == cycle.due_on))
        went = Counter(row.stage for row in rows if not row.dropped_reason)
    record_property("result", f"{len(people)} people, {max(people.values())} mail each; stages that went: {dict(went)}")
    assert set(people.values()) == {1}
    assert len(people) == 160
    assert "due_7" not in went
    assert "due_1" not in went


@both
def test_a_clock_set_back_an_hour_repeats_nothing(context: object) -> None:
    world()
    sender, moment = MemorySender(), dt.datetime(2026, 9, 23, 13, 30, tzinfo=dt.UTC)
    run(moment, sender)
    assert len(sender.mails) == 2
    for minutes in range(-60, 61, 5):
        run(moment + dt.timedelta(minutes=minutes), sender)
    assert len(sender.mails) == 2


ZONES = (
    "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Europe/London", "America/St_Johns",
    "America/Toronto", "America/Vancouver", "America/Santiago", "Africa/Casablanca", "Australia/Sydney",
)  # fmt: skip
YEARS = range(2025, 2031)
TIMES = (dt.time(0), dt.time(0, 30), dt.time(2, 15), dt.time(3), dt.time(9))


@pytest.mark.parametrize("zone", ZONES)
def test_each_stage_fires_once_on_the_right_local_day(zone: str, record_property: Property) -> None:
    """Rounds every half hour through each day of six years around which the clocks change, and day by day otherwise."""
    place = ZoneInfo(zone)
    calendar = WorkCalendar(place, opens=dt.time(0), closes=dt.time.max, weekdays=frozenset(range(7)))
    person = Recipient("user:1", frozenset({Audience.LEAD}), calendar)
    fired = changes = 0
    for number in range((dt.date(YEARS[-1], 12, 31) - dt.date(YEARS[0], 1, 1)).days):
        day = dt.date(YEARS[0], 1, 1) + dt.timedelta(days=number)
        plan = [Stage(f"at_{n}", Anchor.DUE, 0, frozenset({Audience.LEAD}), at=at) for n, at in enumerate(TIMES)]
        subject = Subject(
            About.PARTICIPATION,
            1,
            1,
            dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
            dt.date(2024, 1, 1),
            day,
            place,
            None,
            (person,),
        )
        slots = slots_of(plan, subject, calendar)
        assert {slot.moment.astimezone(place).date() for slot in slots} == {day}
        assert [slot.moment for slot in slots] == sorted(slot.moment for slot in slots)
        fired += len(slots)
        start, end = calendar.at(day, dt.time(0)), end_of_day(day, place)
        if end - start != dt.timedelta(days=1):
            changes += 1
            recorded: set[object] = set()
            moment = start - HOUR
            while moment < end + HOUR:
                recorded.update(line.key for line in due(plan, [subject], recorded, moment))  # type: ignore[arg-type]
                moment += dt.timedelta(minutes=30)
            assert len(recorded) == len(TIMES)
    record_property("result", f"{zone}: {fired} firings over {len(YEARS)} years, {changes} days of another length")
    assert changes >= 10 or zone == "Africa/Casablanca"


def test_the_dry_run_is_what_happens(context: object, record_property: Property) -> None:
    """What the desk says will go in eight weeks, by day and person, is what rounds then send."""
    cycle = factories.cycle(reminder_plan=dump_plan(usual_plan()))
    for zone, country in (("America/Toronto", "CA"), ("Pacific/Auckland", "NZ"), ("Europe/London", "GB")):
        made = world(cycle, time_zone=zone, country=country)
        factories.contact(made.company)
    first = dt.datetime(2026, 8, 20, 0, tzinfo=dt.UTC)
    with looking() as session:
        companies = select(Organisation.id).where(Organisation.kind == "company")
        foretold = {
            (line.address, line.goes_at.astimezone(line.zone).date())
            for line in lines(Round(session, first), companies)
            if line.will_go and line.goes_at < first + dt.timedelta(days=70)
        }
    sender, moment = MemorySender(), first
    while moment < first + dt.timedelta(days=70):
        run(moment, sender)
        moment += HOUR
    zones = {mail.to_address: mail for mail in sender.mails}
    assert zones
    with looking() as session:
        from compliance.storage.models import Message

        sent = {
            (address, row.day)
            for row in session.scalars(select(Message).where(Message.state == "sent"))
            for address in [mail.to_address for mail in sender.mails if mail.message_id == row.message_id]
        }
    record_property("result", f"{len(foretold)} mails foretold, {len(sent)} sent, {len(foretold ^ sent)} differ")
    assert foretold == sent
    assert len(sent) > 30


def test_a_moved_due_date_and_a_submission_stop_what_waits(context: object) -> None:
    made = world()
    sender, moment = MemorySender(), dt.datetime(2026, 9, 23, 13, tzinfo=dt.UTC)
    queue_due(moment, base_url=BASE_URL)
    change(made.participation, due_on=dt.date(2026, 12, 1))
    run(moment, sender)
    assert sender.mails == []
