"""When a person is reminded of what waits for their company, and when a reminder no longer makes sense.

A plan is compared with what was already recorded, never with "today plus seven days": what an outage delayed is caught
up, and what has a record is never repeated. The record is unique per `Key`; the due date is part of it, so a moved due
date is a new occurrence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from compliance.domain.assessments import Invitation, State
from compliance.domain.permissions import Role

#: What a reminder of a company's assessment is about: its participation in a cycle.
PARTICIPATION: Final = "participation"


class Anchor(StrEnum):
    """The day that a stage counts from."""

    OPENING = "opening"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of a plan. Stages of the same `kind` reach a person in one mail a day."""

    id: str
    anchor: Anchor
    days: int  # after the anchor; negative is before
    audience: frozenset[Role]
    kind: str = "reminder"
    at: dt.time = dt.time(9)  # where the company is


Plan = Sequence[Stage]  # later in the plan wins over earlier at the same moment


class Why(StrEnum):
    """Why a reminder does not go. Recorded with it, so that "why was I not reminded?" has an answer."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    CLOSED = "closed"
    LEFT = "left"  # no longer in a role that the stage is for
    DUE_DATE_MOVED = "due_date_moved"
    PLAN_CHANGED = "plan_changed"
    SUPERSEDED = "superseded"  # a later stage has come and says it better
    PASSED = "passed"  # announces a day that is over
    GONE = "gone"  # what it was about no longer exists


@dataclass(frozen=True, slots=True)
class Recipient:
    user_id: int
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that waits for people of one company until the end of a day. `stopped` says why it no longer waits."""

    type: str
    id: int
    company_id: int
    opens_on: dt.date
    due_on: dt.date
    zone: ZoneInfo
    stopped: Why | None
    recipients: Sequence[Recipient]
    occurrence: int = 1

    def recipient(self, user_id: int) -> Recipient | None:
        return next((recipient for recipient in self.recipients if recipient.user_id == user_id), None)


class Key(NamedTuple):
    """What makes a reminder the same reminder. Sorted order is the order in which they are written."""

    subject_type: str
    subject_id: int
    stage: str
    occurrence: int
    due_on: dt.date
    recipient_id: int


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder to record now. With a reason it is recorded as not sent."""

    key: Key
    kind: str
    company_id: int
    why_not: Why | None


def stopped_by(invitation: Invitation, state: State | None, *, closed: bool) -> Why | None:
    """Why a company is no longer reminded of its assessment; None while the assessment waits for it.

    What was submitted once stays submitted here: a returned or reopened assessment has dates and reminders of its own.
    """
    if closed:
        return Why.CLOSED
    if state is State.WITHDRAWN:
        return Why.WITHDRAWN
    if state is not None and state is not State.DRAFT:
        return Why.SUBMITTED
    return Why.DECLINED if invitation is Invitation.DECLINED else None


def moment_of(stage: Stage, subject: Subject) -> dt.datetime:
    """When the stage comes, in UTC: at its time of day where the company is, never before the cycle opens.

    A time of day that the clocks skip falls right after the gap, one that they repeat on its first turn: once, on the
    right local day, either way.
    """
    return _in_utc(_day_of(stage, subject), stage.at, subject.zone)


def end_of_day(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment in UTC at which `day` is over in `zone`."""
    return _in_utc(day + dt.timedelta(days=1), dt.time(0), zone)


def earliest_day(plan: Plan, opens_on: dt.date, due_on: dt.date) -> dt.date | None:
    """The first calendar day on which any stage of the plan can come; None for an empty plan."""
    anchors = {Anchor.OPENING: opens_on, Anchor.DUE: due_on}
    return min((max(anchors[stage.anchor] + dt.timedelta(stage.days), opens_on) for stage in plan), default=None)


def due(plan: Plan, state: Sequence[Subject], sent: Collection[Key], now: dt.datetime) -> list[Due]:
    """The reminders to record at `now`: every stage that has come and has no record in `sent`.

    Of the stages that have come for a person and subject only the latest goes; the others are recorded with the reason
    why not, so that three days of outage end in one reminder and not in three.
    """
    return [
        Due(key_of(stage, subject, recipient), stage.kind, subject.company_id, _verdict(stage, come, subject, now))
        for subject, recipient, come in _come(plan, state, now)
        for stage in come
        if key_of(stage, subject, recipient) not in sent
    ]


def why_not(plan: Plan, subject: Subject | None, key: Key, now: dt.datetime) -> Why | None:
    """The last look before sending: why the recorded reminder is no longer wanted; None while it is."""
    if subject is None:
        return Why.GONE
    if subject.stopped:
        return subject.stopped
    if (subject.due_on, subject.occurrence) != (key.due_on, key.occurrence):
        return Why.DUE_DATE_MOVED
    stage = next((stage for stage in plan if stage.id == key.stage), None)
    if stage is None:
        return Why.PLAN_CHANGED
    recipient = subject.recipient(key.recipient_id)
    if recipient is None or not recipient.roles & stage.audience:
        return Why.LEFT
    return _verdict(stage, _stages_come(plan, subject, recipient, now), subject, now)


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the outlook: who would be reminded when, and what stands in the way."""

    key: Key
    moment: dt.datetime
    why_not: Why | None


def outlook(plan: Plan, state: Sequence[Subject]) -> list[Planned]:
    """Everything the plan would ever send, as things stand, in the order of time."""
    lines = [
        Planned(key_of(stage, subject, recipient), moment_of(stage, subject), subject.stopped)
        for subject in state
        for stage in plan
        for recipient in subject.recipients
        if recipient.roles & stage.audience
    ]
    return sorted(lines, key=lambda line: (line.moment, line.key))


def key_of(stage: Stage, subject: Subject, recipient: Recipient) -> Key:
    return Key(subject.type, subject.id, stage.id, subject.occurrence, subject.due_on, recipient.user_id)


def _come(plan: Plan, state: Sequence[Subject], now: dt.datetime) -> Iterator[tuple[Subject, Recipient, list[Stage]]]:
    for subject in state:
        if subject.stopped is None:
            for recipient in subject.recipients:
                yield subject, recipient, _stages_come(plan, subject, recipient, now)


def _stages_come(plan: Plan, subject: Subject, recipient: Recipient, now: dt.datetime) -> list[Stage]:
    """The stages for this person whose moment has come, the latest last."""
    come = [stage for stage in plan if recipient.roles & stage.audience and moment_of(stage, subject) <= now]
    return sorted(come, key=lambda stage: moment_of(stage, subject))  # stable: the plan's order decides a tie


def _verdict(stage: Stage, come: Sequence[Stage], subject: Subject, now: dt.datetime) -> Why | None:
    if come and come[-1] is not stage:
        return Why.SUPERSEDED
    if _day_of(stage, subject) <= subject.due_on and now >= end_of_day(subject.due_on, subject.zone):
        return Why.PASSED
    return None


def _day_of(stage: Stage, subject: Subject) -> dt.date:
    anchor = subject.opens_on if stage.anchor is Anchor.OPENING else subject.due_on
    return max(anchor + dt.timedelta(days=stage.days), subject.opens_on)


def _in_utc(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)
