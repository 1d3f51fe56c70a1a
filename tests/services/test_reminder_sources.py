"""What people are reminded of besides the assessment itself, who is when others do not react, and what staff hear."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from compliance.domain.reminder_plans import dump_plan
from compliance.mail.mails import Mail
from compliance.mail.senders import MemorySender
from compliance.services.reminder.outbox import send_due
from compliance.services.reminder.plans import usual_plan
from compliance.services.reminder.reminders import queue_due
from compliance.services.transaction import looking, writing
from compliance.storage.database import Base
from compliance.storage.models import (
    Assessment,
    Clarification,
    Commitment,
    CommitmentStep,
    Engagement,
    Evidence,
    Finding,
    FindingVersion,
    MailPreference,
    Reminder,
    ReminderPause,
    User,
)
from tests.services.reminder_world import BASE_URL, World, change, messages, office, reminders, world
from tests.support import factories

UTC = dt.UTC
DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def nine(date: dt.date) -> dt.datetime:
    """Nine o'clock in Toronto in summer time, ten in winter: work has begun."""
    return dt.datetime.combine(date, dt.time(14, 30), tzinfo=UTC)


class Days:
    """Lets days pass: two rounds each, morning and evening, and keeps what was sent on which day."""

    def __init__(self) -> None:
        self.sender = MemorySender()

    def through(self, first: str, last: str) -> list[Mail]:
        before = len(self.sender.mails)
        date = day(first)
        while date <= day(last):
            for hours in (0, 4):
                self.at(nine(date) + dt.timedelta(hours=hours))
            date += DAY
        return self.sender.mails[before:]

    def at(self, moment: dt.datetime) -> list[Mail]:
        before = len(self.sender.mails)
        queue_due(moment, base_url=BASE_URL)
        send_due(moment, office(self.sender), elapsed=lambda: 0)
        return self.sender.mails[before:]


Row = TypeVar("Row", bound=Base)


def store(row: Row) -> Row:
    with writing() as session:
        session.add(row)
    return row


def dates(mails: list[Mail], person: Any) -> list[str]:
    return [mail.date.date().isoformat() for mail in mails if mail.to_address == person.email]


@pytest.fixture
def made() -> World:
    """A company in a cycle with the usual plan, due on Wednesday 30 September 2026."""
    return world(factories.cycle(reminder_plan=dump_plan(usual_plan())))


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.mark.slow
def test_the_usual_plan_from_the_invitation_to_the_call(days):
    made = world(factories.cycle(reminder_plan=dump_plan(usual_plan())), invitation="invited")
    executive = factories.contact(made.company)
    reviewer = factories.user(factories.government("CA"), "reviewer", "reader")
    elsewhere = factories.user(factories.government("NZ"), "reviewer")
    reader = factories.user(factories.government("CA"), "reader")
    sent = days.through("2026-07-01", "2026-11-30")
    # Canada Day, the last day itself and Thanksgiving are days off, and so are weekends
    assert dates(sent, made.contributor) == [
        "2026-07-02", "2026-08-31", "2026-09-16", "2026-09-23", "2026-09-29", "2026-10-05",
    ]  # fmt: skip
    assert dates(sent, made.lead) == [
        "2026-07-02", "2026-08-31", "2026-09-16", "2026-09-23", "2026-09-29", "2026-10-05",
        "2026-10-13", "2026-10-20",
    ]  # fmt: skip
    assert dates(sent, executive) == ["2026-10-20"]
    mondays = [date for date in dates(sent, reviewer) if day(date).weekday() == 0]
    assert "2026-10-21" in dates(sent, reviewer)
    assert len(mondays) >= 15
    assert dates(sent, elsewhere) == dates(sent, reader) == dates(sent, made.viewer) == []
    call = next(mail for mail in sent if mail.to_address == reviewer.email and mail.date.date() == day("2026-10-21"))
    assert "please call" in call.text
    assert f"{BASE_URL}/companies/{made.company.slug}" in call.text
    to_executive = next(mail for mail in sent if mail.to_address == executive.email)
    assert "sign in" not in to_executive.text
    assert "/account/mail" not in to_executive.text


def test_the_due_day_may_be_a_day_off(days):
    """Due on a public holiday: the last word comes on the working day before, together with the one of that day."""
    christmas = factories.cycle(reminder_plan=dump_plan(usual_plan()), due_on=day("2026-12-25"))
    made = world(christmas)
    assert dates(days.through("2026-12-21", "2026-12-27"), made.lead) == ["2026-12-21", "2026-12-24"]
    stages = {row.stage: row.dropped_reason for row in reminders() if row.recipient_key == f"user:{made.lead.id}"}
    assert (stages["due_1"], stages["due_today"]) == ("superseded", "")


@pytest.mark.parametrize(("left", "reached"), [("contributor", "lead"), ("both", "executive")])
def test_where_nobody_is_left_the_next_one_up_is_reminded(days, made, left, reached):
    executive = factories.contact(made.company)
    change(made.contributor, active=False)
    if left == "both":
        change(made.lead, active=False)
    sent = days.through("2026-09-23", "2026-09-24")
    expected = {"lead": made.lead, "executive": executive}[reached]
    assert {mail.to_address for mail in sent} == {expected.email}


def test_a_company_without_anybody_is_called_by_staff(days, made):
    change(made.contributor, active=False)
    change(made.lead, active=False)
    reviewer = factories.user(factories.government("CA"), "coordinator")
    sent = days.through("2026-09-22", "2026-09-25")
    assert sent == []
    assert dates(days.through("2026-10-05", "2026-10-07"), reviewer)


def clarification(assessment: Assessment, by: User, **columns: Any) -> Clarification:
    values = {
        "indicator_id": "1a",
        "service_id": None,
        "round": 1,
        "state": "open",
        "question": "Which of them?",
        "due_on": day("2026-11-20"),
        "asked_by_id": by.id,
        "country": "CA",
        "submission_number": 1,
        "written_at": factories.MADE_AT,
        "sent_at": dt.datetime(2026, 11, 3, 2, tzinfo=UTC),
        "version": 1,
    }
    return store(Clarification(assessment_id=assessment.id, **(values | columns)))


def returned(made: World) -> tuple[Assessment, Clarification, Clarification]:
    reviewer = factories.user(factories.government(), "reviewer")
    assessment = factories.assessment(made.cycle, made.company, "returned")
    first = clarification(assessment, reviewer)
    second = clarification(assessment, reviewer, indicator_id="1b", due_on=day("2026-11-24"))
    clarification(assessment, reviewer, indicator_id="1c", state="draft", sent_at=None)
    return assessment, first, second


def test_questions_notice_at_once_then_halfway_then_before_then_overdue(days, made):
    _, first, second = returned(made)
    night = dt.datetime(2026, 11, 3, 7, tzinfo=UTC)
    notices = days.at(night)
    assert {mail.to_address for mail in notices} == {made.lead.email, made.contributor.email}
    assert all("List-Unsubscribe" not in dict(mail.headers) for mail in notices)
    assert days.at(night + dt.timedelta(minutes=1)) == []
    sent = days.through("2026-11-03", "2026-11-23")
    # halfway between 3 and 20 November is a public holiday; two days before; the Monday after
    assert dates(sent, made.contributor) == ["2026-11-12", "2026-11-18", "2026-11-23"]
    change(first, state="answered")
    sent = days.through("2026-11-24", "2026-11-24")
    assert len(dates(sent, made.contributor)) == 1, "the date of the second question is another occurrence"
    change(second, state="answered")
    assert days.through("2026-11-25", "2026-12-31") == []


def test_a_second_round_of_questions_is_a_new_occurrence(days, made):
    assessment, first, second = returned(made)
    days.through("2026-11-03", "2026-11-04")
    for row in (first, second):
        change(row, state="answered")
    change(assessment, state="submitted")
    days.through("2026-11-05", "2026-11-06")
    change(assessment, state="returned")
    again = dt.datetime(2026, 11, 7, 2, tzinfo=UTC)  # night, and a Saturday
    clarification(assessment, User(id=first.asked_by_id), round=2, sent_at=again)
    assert len(days.at(again + dt.timedelta(minutes=1))) == 2
    assert {row.occurrence for row in reminders() if row.stage == "returned"} == {1, 101}


def test_findings_notice_at_once_and_the_right_of_reply(days, made):
    shared_at = dt.datetime(2026, 11, 2, 20, tzinfo=UTC)
    assessment = factories.assessment(
        made.cycle,
        made.company,
        "findings_shared",
        findings_shared_at=shared_at,
        reply_due_on=day("2026-11-30"),
    )
    notices = days.at(shared_at + dt.timedelta(seconds=30))
    assert {mail.to_address for mail in notices} == {made.lead.email, made.contributor.email, made.viewer.email}
    assert "/findings" in notices[0].text
    sent = days.through("2026-11-03", "2026-12-04")
    assert dates(sent, made.lead) == ["2026-11-16", "2026-11-30", "2026-12-01"]
    assert dates(sent, made.contributor) == ["2026-11-16", "2026-11-30"]
    change(assessment, state="concluded", conclusion="no_reply_given")
    assert days.through("2026-12-05", "2026-12-20") == []


def test_a_changed_finding_is_told_again_and_a_reply_ends_it(days, made):
    shared_at = dt.datetime(2026, 11, 2, 20, tzinfo=UTC)
    assessment = factories.assessment(
        made.cycle,
        made.company,
        "findings_shared",
        findings_shared_at=shared_at,
        reply_due_on=day("2026-11-30"),
    )
    reviewer = factories.acting(factories.user(factories.government(), "reviewer"))
    finding: Finding = factories.finding(assessment, None, "1a", reviewer)
    values = {"finding_id": finding.id, "rating": "agree", "author_id": reviewer.user_id, "submission_number": 1}
    store(FindingVersion(number=1, shared_at=shared_at, reply_due_on=day("2026-11-30"), **values))
    days.through("2026-11-03", "2026-11-03")
    changed_at = dt.datetime(2026, 11, 4, 20, tzinfo=UTC)
    store(FindingVersion(number=2, shared_at=changed_at, reply_due_on=day("2026-12-07"), **values))
    assert len(days.at(changed_at + dt.timedelta(seconds=30))) == 3
    change(assessment, replied_at=changed_at + DAY)
    sent = days.through("2026-11-06", "2026-12-10")
    assert "2026-12-07" in dates(sent, made.lead) or "2026-12-08" in dates(sent, made.lead)


def commitment(made: World, **columns: Any) -> Commitment:
    values = {
        "company_id": made.company.id,
        "cycle_id": made.cycle.id,
        "indicator_id": "1a",
        "state": "agreed",
        "side": "company",
        "country": "CA",
        "text": "We will.",
        "owner": "Head of safety",
        "due_on": day("2027-03-31"),
        "made_by_id": made.lead.id,
        "made_at": dt.datetime(2026, 11, 2, 15, tzinfo=UTC),
        "changed_at": factories.MADE_AT,
        "version": 1,
    }
    return store(Commitment(**(values | columns)))


def submitted(made: World) -> None:
    factories.assessment(made.cycle, made.company, "submitted")


@pytest.mark.slow
def test_a_commitment_before_overdue_and_then_monthly_four_times(days, made):
    submitted(made)
    commitment(made)
    commitment(made, state="proposed")
    commitment(made, state="verified")
    sent = days.through("2026-11-02", "2028-03-31")
    # before: 30 and 7 days; the day after; then a month after that, four times
    assert dates(sent, made.lead) == [
        "2027-03-01", "2027-03-24", "2027-04-01", "2027-05-03", "2027-06-01", "2027-07-02", "2027-08-02",
    ]  # fmt: skip
    assert dates(sent, made.contributor) == ["2027-03-01", "2027-03-24", "2027-04-01"]
    assert {row.occurrence for row in reminders() if row.stage == "commitment_monthly"} == {1, 2, 3, 4}


def test_a_step_on_the_way_has_a_day_of_its_own_and_done_ends_it(days, made):
    submitted(made)
    row = commitment(made)
    step = store(CommitmentStep(commitment_id=row.id, position=0, text="First", due_on=day("2026-12-11")))
    assert dates(days.through("2026-11-10", "2026-12-04"), made.lead) == ["2026-11-12", "2026-12-04"]
    change(step, done_on=day("2026-12-05"))
    assert days.through("2026-12-07", "2026-12-31") == []
    change(row, state="done")
    assert days.through("2027-01-04", "2027-04-30") == []


@pytest.mark.slow
def test_evidence_that_expires_is_one_line_however_much_it_is(days, made):
    submitted(made)
    assessment = factories.assessment(factories.cycle(), made.company, "submitted")
    del assessment
    with looking() as session:
        own = session.scalars(select(Assessment).where(Assessment.cycle_id == made.cycle.id)).one()
    answer = factories.answer(own, None, "1a", factories.acting(made.lead))
    for number in range(3):
        store(
            Evidence(
                answer_id=answer.id,
                position=number,
                grade="public_link",
                address="https://evidence.example",
                description="",
                expires_on=day("2027-01-29"),
            )
        )
    sent = days.through("2026-12-28", "2027-02-26")
    assert dates(sent, made.contributor) == ["2026-12-30", "2027-01-29"]
    mail = next(mail for mail in sent if mail.to_address == made.contributor.email)
    assert "3 pieces of evidence expire." in mail.text
    assert mail.text.count(made.company.name) == 1


def test_a_meeting_is_followed_up_by_the_department_that_met(days, made):
    submitted(made)
    ours, theirs = factories.government("CA"), factories.government("CA")
    reviewer, other = factories.user(ours, "reviewer"), factories.user(theirs, "reviewer")
    for person in (reviewer, other):
        store(
            MailPreference(
                recipient_key=f"user:{person.id}", about="digest", rhythm="never", updated_at=factories.MADE_AT
            )
        )
    row = store(
        Engagement(
            company_id=made.company.id,
            cycle_id=made.cycle.id,
            organisation_id=ours.id,
            country="CA",
            held_on=day("2026-11-03"),
            met="Two of each side",
            follow_up_on=day("2026-12-15"),
            recorded_by_id=reviewer.id,
            recorded_at=dt.datetime(2026, 11, 3, 15, tzinfo=UTC),
            version=1,
        )
    )
    sent = days.through("2026-12-07", "2026-12-14")
    assert {mail.to_address for mail in sent} == {reviewer.email}
    assert dates(sent, reviewer) == ["2026-12-08"]
    change(row, followed_up_on=day("2026-12-14"))
    assert days.through("2026-12-15", "2026-12-16") == []


def test_the_weekly_digest_comes_once_a_week_and_only_when_something_waits(days, made):
    government = factories.government("CA")
    reviewer = factories.user(government, "reviewer", language="en")
    factories.user(government, "reader")
    nobody = factories.user(factories.government("AU"), "reviewer")
    sent = days.through("2026-11-02", "2026-11-29")
    assert dates(sent, reviewer) == ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]
    assert dates(sent, nobody) == []
    mail = next(mail for mail in sent if mail.to_address == reviewer.email)
    assert "1 assessment overdue" in mail.text
    assert mail.calendar is None
    factories.assessment(made.cycle, made.company, "concluded")
    assert days.through("2026-11-30", "2026-12-06") == []


def pause(company: Any, by: User) -> ReminderPause:
    return store(
        ReminderPause(
            company_id=company.id if company else None, reason="x", started_at=factories.MADE_AT, started_by_id=by.id
        )
    )


@pytest.mark.parametrize("everything", [True, False])
def test_a_pause_holds_back_and_loses_nothing(days, made, everything):
    coordinator = factories.user(factories.government("GB"), "coordinator")
    held = pause(None if everything else made.company, coordinator)
    other = world(made.cycle)
    sent = days.through("2026-09-16", "2026-09-17")
    assert dates(sent, made.lead) == []
    assert bool(dates(sent, other.lead)) is not everything
    change(held, ended_at=nine(day("2026-09-18")))
    sent = days.at(nine(day("2026-09-18")) + dt.timedelta(hours=1, minutes=1))
    assert dates(sent, made.lead) == ["2026-09-18"]


def test_a_pause_after_queueing_puts_back(days, made):
    coordinator = factories.user(factories.government("GB"), "coordinator")
    queue_due(nine(day("2026-09-16")), base_url=BASE_URL)
    assert messages()
    held = pause(made.company, coordinator)
    assert days.through("2026-09-16", "2026-09-18") == []
    assert {row.state_reason for row in messages()} == {"paused"}
    change(held, ended_at=nine(day("2026-09-20")))
    assert dates(days.through("2026-09-21", "2026-09-21"), made.lead) == ["2026-09-21"]


def test_a_pause_does_not_hold_a_notice(days, made):
    returned(made)
    pause(made.company, factories.user(factories.government(), "coordinator"))
    pause(None, factories.user(factories.government(), "coordinator"))
    assert len(days.at(dt.datetime(2026, 11, 3, 7, tzinfo=UTC))) == 2


def prefer(person: Any, about: str, rhythm: str) -> None:
    store(MailPreference(recipient_key=f"user:{person.id}", about=about, rhythm=rhythm, updated_at=factories.MADE_AT))


@pytest.mark.parametrize(
    ("rhythm", "moments"),
    [
        ("immediate", ["2026-09-16T13:00", "2026-09-23T13:00", "2026-09-29T13:00"]),
        ("daily", ["2026-09-16T14:00", "2026-09-23T14:00", "2026-09-29T14:00"]),
        # 21 and 28 September are Mondays; what announces the 30th is not held back beyond it
        ("weekly", ["2026-09-21T14:00", "2026-09-28T14:00", "2026-09-29T13:00"]),
        ("never", []),
    ],
)
def test_how_often_a_person_wants_to_hear(made, rhythm, moments):
    prefer(made.lead, "participation", rhythm)
    days = Days()
    moment = dt.datetime(2026, 9, 16, 12, 30, tzinfo=UTC)
    while moment < dt.datetime(2026, 9, 30, 23, tzinfo=UTC):
        days.at(moment)
        moment += dt.timedelta(minutes=30)
    sent = [mail.date.strftime("%Y-%m-%dT%H:%M") for mail in days.sender.mails if mail.to_address == made.lead.email]
    assert sent == moments
    if rhythm == "never":
        assert {row.dropped_reason for row in reminders() if row.recipient_key == f"user:{made.lead.id}"} == {
            "stopped", "superseded",
        }  # fmt: skip


def test_who_wants_none_still_gets_notices_and_is_passed_over(days, made):
    executive = factories.contact(made.company)
    for person in (made.lead, made.contributor):
        prefer(person, "participation", "never")
        prefer(person, "clarification", "never")
    assert dates(days.through("2026-09-23", "2026-09-23"), executive) == ["2026-09-23"]
    returned(made)
    assert len(days.at(dt.datetime(2026, 11, 3, 7, tzinfo=UTC))) == 2


@pytest.mark.slow
def test_nobody_gets_two_reminder_mails_on_a_day(days, made):
    """Whatever comes together, on any day of half a year, for people with several companies and subjects."""
    other = world(made.cycle, time_zone="America/Vancouver")
    factories.membership(made.lead, other.company, "lead")
    commitment(made, due_on=day("2026-10-07"))
    commitment(other, due_on=day("2026-10-20"))
    sent = days.through("2026-08-20", "2026-12-31")
    found: list[Callable[..., Any] | tuple[str, dt.date]] = [(mail.to_address, mail.date.date()) for mail in sent]
    assert len(found) == len(set(found)) > 20
    with looking() as session:
        waiting = session.scalars(select(Reminder).where(Reminder.message_id.is_(None), Reminder.dropped_reason == ""))
        assert waiting.all() == []
