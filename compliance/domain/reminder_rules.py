"""When a person is reminded of what waits, and when a reminder no longer makes sense.

A plan is compared with what was already recorded, never with "today plus seven days": what an outage delayed is caught
up, and what has a record is never repeated. The record is unique per `Key`; the due date is part of it, so a moved due
date is a new occurrence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compliance.domain.reminders import (
    NOTICE,
    Key,
    Plan,
    Recipient,
    Slot,
    Stage,
    Subject,
    Why,
    audience_of,
    date_of,
    deadline_of,
    key_of,
    slots_of,
)
from compliance.domain.working_time import Rhythm, end_of_day, sending_moment


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder to record now. With a reason it is recorded as not sent; else it goes from `go_at` on."""

    key: Key
    kind: str
    company_id: int
    why_not: Why | None
    go_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the outlook: who would be reminded when, and what stands in the way."""

    key: Key
    stage: Stage
    moment: dt.datetime
    why_not: Why | None

    @property
    def kind(self) -> str:
        return self.stage.kind


class Timetable:
    """When stages come. Thousands of companies share a plan, dates and holidays: their moments are worked out once."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], list[Slot]] = {}
        self._moments: dict[tuple[object, ...], dt.datetime] = {}
        self._kept: list[object] = []  # what an id() stands for must live as long as this

    def slots(self, plan: Plan, subject: Subject, recipient: Recipient) -> list[Slot]:
        """The stages that reach a person, in the order of time; while the subject is paused only the notices."""
        place = (id(plan), id(recipient.calendar), recipient.parts, subject.shape)
        found = self._found.get(place)
        if found is None:
            self._kept += (plan, recipient.calendar)
            found = self._found[place] = [
                slot
                for slot in slots_of(plan, subject, recipient.calendar)
                if recipient.parts & audience_of(slot.stage, subject)
                and not (subject.paused and slot.stage.kind != NOTICE)
            ]
        return found

    def go_at(self, slot: Slot, subject: Subject, recipient: Recipient, now: dt.datetime) -> dt.datetime:
        """From when a stage that has come may go to a person."""
        if slot.stage.kind == NOTICE:
            return now
        early = slot.day <= subject.due_on
        place = (id(recipient.calendar), recipient.rhythm, early, subject.due_on, subject.zone.key, now)
        found = self._moments.get(place)
        if found is None:
            self._kept.append(recipient.calendar)
            deadline = deadline_of(slot.day, subject)
            found = sending_moment(now, recipient.calendar, recipient.rhythm, deadline=deadline)
            self._moments[place] = found
        return found


def due(
    plan: Plan,
    state: Sequence[Subject],
    recorded: Collection[Key],
    now: dt.datetime,
    timetable: Timetable | None = None,
) -> list[Due]:
    """The reminders to record at `now`: every stage that has come and has no record yet.

    Of the stages that have come for a person and subject only the latest goes; the others are recorded with the reason
    why not, so that three days of outage end in one reminder and not in three.
    """
    table = timetable or Timetable()
    found: list[Due] = []
    for subject in state:
        if subject.stopped is not None:
            continue
        for recipient in subject.recipients:
            slots = table.slots(plan, subject, recipient)
            if not slots or slots[0].moment > now:
                continue
            come = [slot for slot in slots if slot.moment <= now]
            latest = _latest(come)
            for slot in come:
                key = key_of(slot, subject, recipient)
                if key not in recorded:
                    why = _verdict(slot, latest, subject, recipient, now)
                    go_at = now if why else table.go_at(slot, subject, recipient, now)
                    found.append(Due(key, slot.stage.kind, subject.company_id, why, go_at))
    return found


def next_moment(plan: Plan, subject: Subject, now: dt.datetime, timetable: Timetable) -> dt.datetime | None:
    """When the next stage comes for anybody, after `now`; None when no stage is left."""
    if subject.stopped is not None:
        return None
    moments = (
        slot.moment
        for recipient in subject.recipients
        for slot in timetable.slots(plan, subject, recipient)
        if slot.moment > now
    )
    return min(moments, default=None)


def why_not(plan: Plan, subject: Subject | None, key: Key, now: dt.datetime) -> Why | None:
    """The last look before sending: why the recorded reminder is no longer wanted; None while it is.

    Whoever calls puts reminders of a paused subject back first: a pause drops nothing.
    """
    if subject is None:
        return Why.GONE
    if subject.stopped:
        return subject.stopped
    stage = next((stage for stage in plan if stage.id == key.stage and stage.about is subject.type), None)
    if stage is None:
        return Why.PLAN_CHANGED
    if date_of(stage.kind, subject) != key.due_on:
        return Why.DUE_DATE_MOVED
    recipient = subject.recipient(key.recipient_key)
    if recipient is None:
        return Why.LEFT
    slots = Timetable().slots(plan, subject, recipient)
    slot = next((slot for slot in slots if key_of(slot, subject, recipient) == key), None)
    if slot is None:
        return Why.LEFT
    come = [each for each in slots if each.moment <= now]
    return _verdict(slot, _latest(come), subject, recipient, now)


def outlook(plan: Plan, subject: Subject, timetable: Timetable) -> Iterator[Planned]:
    """Everything the plan would ever send about the subject, as things stand, in the order of each person's time."""
    for recipient in subject.recipients:
        for slot in timetable.slots(plan, subject, recipient):
            why = subject.stopped or (Why.STOPPED if _has_stopped(slot, recipient) else None)
            yield Planned(key_of(slot, subject, recipient), slot.stage, slot.moment, why)


def _latest(come: Sequence[Slot]) -> dict[str, Slot]:
    """The last stage of each kind of mail that has come; `come` is in the order of time."""
    return {slot.stage.kind: slot for slot in come}


def _verdict(
    slot: Slot, latest: Mapping[str, Slot], subject: Subject, recipient: Recipient, now: dt.datetime
) -> Why | None:
    """Why a stage does not go although its moment has come; one sent ahead of its time is not yet among the latest."""
    newest = latest.get(slot.stage.kind, slot)
    if newest is not slot and newest > slot:
        return Why.SUPERSEDED
    if slot.stage.kind == NOTICE:
        return None
    if _has_stopped(slot, recipient):
        return Why.STOPPED
    if slot.day <= subject.due_on and now >= end_of_day(subject.due_on, subject.zone):
        return Why.PASSED
    return None


def _has_stopped(slot: Slot, recipient: Recipient) -> bool:
    return recipient.rhythm is Rhythm.NEVER and slot.stage.kind != NOTICE
