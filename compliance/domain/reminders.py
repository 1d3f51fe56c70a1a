"""What a reminder is: what it is about, whom it is for, and when each stage of a plan comes.

The rules that compare a plan with what was recorded are in `domain/reminder_rules`.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from compliance.domain.assessments import Invitation, State
from compliance.domain.working_time import Rhythm, WorkCalendar, end_of_day, planned_moment


class About(StrEnum):
    """What people are reminded of; also what a person's preferences name."""

    PARTICIPATION = "participation"  # a company's assessment in a cycle
    CLARIFICATION = "clarification"  # an assessment that was returned with questions
    REPLY = "reply"  # the right of reply to findings
    COMMITMENT = "commitment"
    EVIDENCE = "evidence"  # evidence that expires
    ENGAGEMENT = "engagement"  # a meeting and what was to follow from it
    DIGEST = "digest"  # staff: what waits for whom, weekly


class Anchor(StrEnum):
    """The day that a stage counts from."""

    BEGAN = "began"  # invited, asked, shared, agreed
    OPENING = "opening"
    HALFWAY = "halfway"  # between opening and due
    DUE = "due"


class Audience(StrEnum):
    """Whom a stage is for. Those of a company have the names of its roles."""

    CONTRIBUTOR = "contributor"
    LEAD = "lead"
    VIEWER = "viewer"
    EXECUTIVE = "executive"  # a contact without an account
    STAFF = "staff"  # reviewers and coordinators of the lead country


#: Who is reminded when there is nobody in a stage's own audience: the next one up. Staff see it as a company to call.
LADDER: Final = (Audience.CONTRIBUTOR, Audience.LEAD, Audience.EXECUTIVE, Audience.STAFF)

#: Kinds of mail. Reminders are gathered into one mail a day; legal notices go at once and ask no preference.
REMINDER: Final = "reminder"
NOTICE: Final = "notice"
ACCOUNT: Final = "account"

#: Room for the repeats of one stage within a round; see `occurrence_of`.
TURNS: Final = 100


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of a plan. With `times` it comes again, a month later each time."""

    id: str
    anchor: Anchor
    days: int  # after the anchor; negative is before
    audience: frozenset[Audience]
    about: About = About.PARTICIPATION
    at: dt.time = dt.time(9)  # where the recipient works
    times: int = 1
    kind: str = REMINDER


Plan = Sequence[Stage]  # later in the plan wins over earlier at the same moment


class Why(StrEnum):
    """Why a reminder does not go. Recorded with it, so that "why was I not reminded?" has an answer."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    ANSWERED = "answered"  # the question, or the findings
    DONE = "done"  # the commitment
    NOT_AGREED = "not_agreed"  # the commitment
    NOTHING = "nothing"  # nothing waits
    CLOSED = "closed"
    LEFT = "left"  # no longer in a role that the stage is for
    STOPPED = "stopped"  # the person wants no such mail
    DUE_DATE_MOVED = "due_date_moved"
    PLAN_CHANGED = "plan_changed"
    SUPERSEDED = "superseded"  # a later stage has come and says it better
    PASSED = "passed"  # announces a day that is over
    GONE = "gone"  # what it was about no longer exists


@dataclass(frozen=True, slots=True, eq=False)
class Recipient:
    """A person for whom something waits: a user or a contact, by key ("user:7", "contact:3")."""

    key: str
    parts: frozenset[Audience]
    calendar: WorkCalendar
    rhythm: Rhythm = Rhythm.IMMEDIATE


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Something that waits until the end of a day. `stopped` says why it no longer waits.

    `began_at` is the moment from which it waits (invited, asked, shared, agreed). While `paused` only legal notices go.
    `company_id` is the organisation whose trail it belongs to: a company, or for a digest a government.
    """

    type: About
    id: int
    company_id: int
    began_at: dt.datetime
    opens_on: dt.date
    due_on: dt.date
    zone: ZoneInfo
    stopped: Why | None
    recipients: Sequence[Recipient]
    round: int = 1
    paused: bool = False
    present: frozenset[Audience] = field(init=False)  # whom a stage can reach at all
    shape: tuple[object, ...] = field(init=False)  # two subjects of one shape have their stages at the same moments

    def __post_init__(self) -> None:
        reached = {each.parts for each in self.recipients if each.rhythm is not Rhythm.NEVER}
        present = frozenset[Audience]().union(*reached)
        dates = (self.began_at, self.opens_on, self.due_on, self.zone.key)
        object.__setattr__(self, "present", present)
        object.__setattr__(self, "shape", (self.type, *dates, present, self.paused))

    def recipient(self, key: str) -> Recipient | None:
        return next((recipient for recipient in self.recipients if recipient.key == key), None)


class Key(NamedTuple):
    """What makes a reminder the same reminder. Sorted order is the order in which they are written."""

    subject_type: str
    subject_id: int
    stage: str
    occurrence: int
    due_on: dt.date
    recipient_key: str


class Slot(NamedTuple):
    """A stage as it comes for a subject: on which day, and at which moment for people of one calendar."""

    moment: dt.datetime
    place: int  # in the plan: later wins at the same moment
    turn: int
    day: dt.date
    stage: Stage


def occurrence_of(round: int, turn: int) -> int:
    """A second round and a monthly repeat are new occurrences of a stage; (1, 1) is 1."""
    return (round - 1) * TURNS + turn


def stopped_by(invitation: Invitation, state: State | None, *, closed: bool) -> Why | None:
    """Why a company is no longer reminded of its assessment; None while the assessment waits for it.

    A returned assessment waits through its clarifications, which have dates of their own. A reopened one waits again.
    """
    if closed:
        return Why.CLOSED
    if state is State.WITHDRAWN:
        return Why.WITHDRAWN
    if state is not None and state not in (State.DRAFT, State.REOPENED):
        return Why.SUBMITTED
    return Why.DECLINED if invitation is Invitation.DECLINED else None


def audience_of(stage: Stage, subject: Subject) -> frozenset[Audience]:
    """Whom the stage reaches: its own audience or, when nobody of it is there, the next one up the ladder.

    Staff are only called in once the day is over, and never for what companies only read.
    """
    if stage.audience & subject.present or stage.kind == NOTICE:
        return stage.audience
    highest = max((LADDER.index(each) for each in stage.audience if each in LADDER), default=len(LADDER))
    for step in LADDER[highest + 1 :]:
        if step in subject.present and (step is not Audience.STAFF or _comes_after_due(stage)):
            return frozenset({step})
    return stage.audience


def _comes_after_due(stage: Stage) -> bool:
    return stage.anchor is Anchor.DUE and stage.days > 0


def day_of(stage: Stage, subject: Subject, turn: int, zone: ZoneInfo) -> dt.date:
    """The local day of the stage: never before the subject opens, unless it counts from when it began."""
    if stage.anchor is Anchor.BEGAN:
        return subject.began_at.astimezone(zone).date() + dt.timedelta(days=stage.days)
    anchor = subject.due_on if stage.anchor is Anchor.DUE else subject.opens_on
    if stage.anchor is Anchor.HALFWAY:
        anchor += (subject.due_on - subject.opens_on) // 2
    return max(_months_later(anchor + dt.timedelta(days=stage.days), turn - 1), subject.opens_on)


def _months_later(day: dt.date, number: int) -> dt.date:
    """The same day `number` months later, or the last day of that month when it has no such day."""
    if number == 0:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, months.monthrange(year, month + 1)[1]))


def moment_of(stage: Stage, subject: Subject, calendar: WorkCalendar, turn: int = 1) -> dt.datetime:
    """When the stage comes for people of `calendar`, in UTC: at its time of day, moved into their working time.

    What announces the due day never moves beyond it; a notice comes when its subject begins.
    """
    if stage.kind == NOTICE:
        return subject.began_at
    day = day_of(stage, subject, turn, calendar.zone)
    planned = calendar.at(day, stage.at)
    if stage.anchor is Anchor.BEGAN:
        planned = max(planned, subject.began_at)
    earliest = max(subject.began_at, calendar.at(subject.opens_on, dt.time(0)))
    return planned_moment(planned, calendar, earliest=earliest, deadline=deadline_of(day, subject))


def deadline_of(day: dt.date, subject: Subject) -> dt.datetime | None:
    """The moment after which a stage of `day` is pointless; None for one that comes when the due day is over."""
    return end_of_day(subject.due_on, subject.zone) if day <= subject.due_on else None


def slots_of(plan: Plan, subject: Subject, calendar: WorkCalendar) -> list[Slot]:
    """Every stage about the subject as it comes for people of `calendar`, in the order of time."""
    return sorted(
        Slot(moment_of(stage, subject, calendar, turn), place, turn, day_of(stage, subject, turn, calendar.zone), stage)
        for place, stage in enumerate(plan)
        if stage.about is subject.type
        for turn in range(1, stage.times + 1)
    )


def date_of(kind: str, subject: Subject) -> dt.date:
    """The date in a reminder's key: what it announces, or for a notice the day of what it tells.

    A moved last day makes reminders anew; a notice is of one act and is not repeated because a day has moved.
    """
    return subject.began_at.astimezone(subject.zone).date() if kind == NOTICE else subject.due_on


def key_of(slot: Slot, subject: Subject, recipient: Recipient) -> Key:
    return Key(
        subject.type.value,
        subject.id,
        slot.stage.id,
        occurrence_of(subject.round, slot.turn),
        date_of(slot.stage.kind, subject),
        recipient.key,
    )
