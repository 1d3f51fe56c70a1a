"""Recording reminders and gathering them: what is due is recorded once, by any number of workers."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import event, select

from compliance.domain.errors import NotFound
from compliance.domain.reminder_plans import dump_plan
from compliance.domain.reminders import Anchor, Audience, Stage
from compliance.mail.senders import MemorySender
from compliance.services import audit
from compliance.services.reminder.outbox import send_due
from compliance.services.reminder.outlook import preview
from compliance.services.reminder.reminders import Queued, queue_due
from compliance.services.transaction import looking
from compliance.storage.database import db
from compliance.storage.models import AuditEvent
from tests.services.reminder_world import (
    BASE_URL,
    BEFORE,
    LATE,
    SOON,
    change,
    leave,
    messages,
    office,
    reminders,
    world,
)
from tests.support import factories

DAY = dt.timedelta(days=1)


def queue(now: dt.datetime) -> Queued:
    return queue_due(now, base_url=BASE_URL)


def recorded() -> set[tuple[str, int, str]]:
    return {(row.stage, int(row.recipient_key.removeprefix("user:")), row.dropped_reason) for row in reminders()}


def test_the_whole_plan_of_one_company():
    made = world()
    assert queue(BEFORE) == Queued()
    assert queue(SOON) == Queued(reminders=2, messages=2)
    assert queue(SOON) == Queued()
    assert queue(SOON + DAY) == Queued()
    assert queue(LATE) == Queued(reminders=1, messages=1)
    assert queue(LATE + 300 * DAY) == Queued()
    assert recorded() == {
        ("due_soon", made.lead.id, ""),
        ("due_soon", made.contributor.id, ""),
        ("overdue", made.lead.id, ""),
    }
    assert {(row.recipient_id, row.language) for row in messages()} == {
        (made.lead.id, "fr"),
        (made.contributor.id, "en"),
    }
    assert len({row.message_id for row in messages()}) == 3
    assert all(row.message_id.endswith("@tracker.example>") for row in messages())


@pytest.mark.parametrize(
    ("invitation", "state", "reminded"),
    [
        ("invited", None, True),
        ("accepted", None, True),
        ("accepted", "draft", True),
        ("declined", None, False),
        ("accepted", "submitted", False),
        ("accepted", "returned", False),
        ("accepted", "withdrawn", False),
        ("accepted", "concluded", False),
    ],
)
def test_only_who_still_has_to_answer(invitation, state, reminded):
    made = world(invitation=invitation)
    if state:
        factories.assessment(made.cycle, made.company, state)
    assert bool(queue(SOON).reminders) is reminded


def test_nobody_who_left_and_nobody_of_another_kind():
    made = world()
    leave(made.contributor, BEFORE)
    change(made.lead, active=False)
    assert queue(SOON) == Queued()
    factories.user(factories.government(), "reviewer")
    assert queue(SOON) == Queued()


def test_a_closed_cycle_and_an_empty_plan_are_silent():
    change(world().cycle, closed_on=dt.date(2026, 9, 20))
    change(world().cycle, reminder_plan=[])
    assert queue(SOON) == Queued()


def test_a_bad_plan_stops_only_its_own_cycle():
    bad = world()
    change(bad.cycle, reminder_plan=[{"id": "x"}])
    world()
    queued = queue(SOON)
    assert queued.reminders == 2
    assert [fault.split(":")[0] for fault in queued.faults] == [bad.cycle.slug]


def test_an_outage_is_caught_up_with_one_reminder():
    made = world()
    days = (14, 7, 3, 1)
    plan = [Stage(f"before_{n}", Anchor.DUE, -n, frozenset({Audience.LEAD})) for n in days]
    change(made.cycle, reminder_plan=dump_plan(plan))
    assert queue(dt.datetime(2026, 9, 29, 15, tzinfo=dt.UTC)) == Queued(reminders=1, skipped=3, messages=1)
    assert ("before_1", made.lead.id, "") in recorded()
    assert queue(dt.datetime(2026, 9, 29, 16, tzinfo=dt.UTC)) == Queued()


def test_a_moved_due_date_is_a_new_occurrence():
    made = world()
    queue(SOON)
    change(made.cycle, due_on=made.cycle.due_on + 30 * DAY)
    assert queue(SOON + DAY) == Queued()
    assert queue(SOON + 30 * DAY) == Queued(reminders=2, messages=2)
    outcomes = send_due(SOON + 30 * DAY, office(MemorySender()))
    assert outcomes == {"sent": 2, "cancelled": 2}
    assert {row.state_reason for row in messages() if row.state == "cancelled"} == {"due_date_moved"}


def test_each_company_has_its_own_day():
    cycle = factories.cycle()
    east = world(cycle, time_zone="Pacific/Auckland")
    west = world(cycle, time_zone="America/Vancouver")
    nine_in_auckland = dt.datetime(2026, 9, 22, 21, tzinfo=dt.UTC)
    assert queue(nine_in_auckland).reminders == 2
    assert {row.company_id for row in reminders()} == {east.company.id}
    assert {row.day for row in messages()} == {dt.date(2026, 9, 23)}
    assert queue(dt.datetime(2026, 9, 23, 15, 59, tzinfo=dt.UTC)) == Queued()
    assert queue(dt.datetime(2026, 9, 23, 16, tzinfo=dt.UTC)).reminders == 2
    assert {row.company_id for row in reminders()} == {east.company.id, west.company.id}


def test_one_mail_a_day_lists_everything():
    first, second = world(), world()
    factories.membership(first.lead, second.company, "lead")
    assert queue(SOON) == Queued(reminders=5, messages=4)
    sender = MemorySender()
    send_due(SOON, office(sender))
    (mail,) = [mail for mail in sender.mails if mail.to_address == first.lead.email]
    assert first.company.name in mail.text
    assert second.company.name in mail.text


def test_what_comes_after_the_days_mail_has_left_waits_for_the_next_day():
    first = world()
    sender = MemorySender()
    queue(SOON)
    send_due(SOON, office(sender))
    second = world()
    factories.membership(first.lead, second.company, "lead")
    assert queue(SOON + dt.timedelta(hours=1)) == Queued(reminders=3, messages=2)
    send_due(SOON + dt.timedelta(hours=1), office(sender))
    assert queue(SOON + DAY) == Queued(messages=1)
    send_due(SOON + DAY, office(sender))
    days = [mail.date.date() for mail in sender.mails if mail.to_address == first.lead.email]
    assert days == [SOON.date(), SOON.date() + DAY]


def test_what_comes_before_the_days_mail_has_left_joins_it():
    first = world()
    queue(SOON)
    second = world()
    factories.membership(first.lead, second.company, "lead")
    assert queue(SOON + dt.timedelta(minutes=1)) == Queued(reminders=3, messages=2)
    assert len({row.message_id for row in reminders() if row.recipient_key == f"user:{first.lead.id}"}) == 1


def test_the_audit_row_is_in_the_transaction(session, monkeypatch):
    world()
    queue(SOON)
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "reminders.queue")).all()
    assert [(row.chain, row.subject, row.after) for row in events] == [
        ("system", "reminders:participation", {"queued": 2})
    ]
    assert audit.verify(session) == []
    session.rollback()

    def breaks(*args, **kwargs):
        raise RuntimeError("no audit row, no reminder")

    monkeypatch.setattr(audit, "record", breaks)
    with pytest.raises(RuntimeError):
        queue(LATE)
    assert len(reminders()) == 2
    assert len(messages()) == 2


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_at_the_same_moment_record_everything_once(context, workers):
    cycle = factories.cycle()
    for _ in range(10):
        world(cycle)
    ready = threading.Barrier(workers)
    results, failures = [], []

    def work():
        with context.app_context():
            ready.wait()
            try:
                results.append(queue(SOON))
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sum(result.reminders for result in results) == 20
    assert sum(result.messages for result in results) == 20
    assert all(row.message_id for row in reminders())


def statements_of(act) -> int:
    count = 0

    def counted(*args):
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", counted)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", counted)
    return count


def test_the_number_of_queries_does_not_grow():
    cycle = factories.cycle()
    counts = []
    for _ in range(2):
        for _ in range(5):
            world(cycle)
        counts.append(statements_of(lambda: queue(SOON)))
    queue(SOON)
    assert statements_of(lambda: queue(SOON)) <= 12, "a look at each source, and nothing is loaded"
    assert counts[1] <= counts[0]


def test_preview_says_what_went_and_what_will_go():
    made = world()
    for_none = world(made.cycle, invitation="declined")
    queue(SOON)
    change(made.contributor, active=True)
    send_due(SOON, office(MemorySender()))
    lines = preview(made.cycle.slug, SOON + DAY)
    standing = {(line.stage, line.address): line.standing for line in lines}
    assert standing == {
        ("due_soon", made.contributor.email): "sent",
        ("due_soon", made.lead.email): "sent",
        ("overdue", made.lead.email): "will_go",
        ("due_soon", for_none.contributor.email): "declined",
        ("due_soon", for_none.lead.email): "declined",
        ("overdue", for_none.lead.email): "declined",
    }
    assert len(reminders()) == 2
    with pytest.raises(NotFound):
        preview("none", SOON)


def test_an_unknown_time_zone_does_not_silence():
    world(time_zone="Atlantis/Capital")
    assert queue(dt.datetime(2026, 9, 23, 9, tzinfo=dt.UTC)).reminders == 2


def test_looking_leaves_nothing_open():
    with looking() as session:
        session.execute(select(1))
    assert not session.in_transaction()


def test_a_later_date_for_one_company_moves_its_reminders_alone():
    made = world()
    other = world(made.cycle)
    change(made.participation, due_on=made.cycle.due_on + 20 * DAY)
    queue(SOON)
    assert {row.company_id for row in reminders()} == {other.company.id}
    queue(SOON + 20 * DAY)
    mine = [row for row in reminders() if row.company_id == made.company.id]
    assert {row.due_on for row in mine} == {made.cycle.due_on + 20 * DAY}
    queue(SOON + 20 * DAY)
    assert len([row for row in reminders() if row.company_id == made.company.id]) == len(mine), "once"


def test_a_reminder_that_waits_is_dropped_when_the_date_moves():
    made = world()
    queue(SOON)
    change(made.participation, due_on=made.cycle.due_on + 20 * DAY)
    sender = MemorySender()
    send_due(SOON, office(sender))
    assert sender.mails == []
    assert {row.dropped_reason for row in reminders()} == {"due_date_moved"}
