"""What went, what will go, and what does not go and why: the plan laid beside the record, changing nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select

from compliance.domain.errors import NotFound
from compliance.domain.reminder_rules import Planned, Timetable, due, outlook
from compliance.domain.reminders import NOTICE, About, Key, Recipient, Stage
from compliance.domain.working_time import Rhythm, end_of_day, sending_moment
from compliance.services.reminder.sources import SOURCES, Loaded, Round
from compliance.services.transaction import looking
from compliance.storage.queries import reminder_people as people
from compliance.storage.queries import reminder_records as records
from compliance.storage.queries.cycles import cycle_by_slug

#: Nothing stands in the way, but its time has not come.
WILL_GO: Final = "will_go"
#: It is recorded and waits for its message: for working hours, a digest, or the end of a pause.
WAITING: Final = "waiting"
PAUSED: Final = "paused"


@dataclass(frozen=True, slots=True)
class Line:
    """One reminder: who, when, and what has become or would become of it, in a word.

    `standing` is WILL_GO, WAITING, PAUSED, a reason (domain Why) or the state of the message that carries it.
    `moment` is when it comes by the plan; `goes_at` when it was sent or is to be sent.
    """

    key: Key
    plan_stage: Stage
    company_id: int
    company: str
    cycle_slug: str
    moment: dt.datetime
    goes_at: dt.datetime
    zone: ZoneInfo
    name: str
    address: str
    standing: str
    message_id: int | None = None
    error: str = ""

    @property
    def about(self) -> About:
        return About(self.key.subject_type)

    @property
    def kind(self) -> str:
        return self.plan_stage.kind

    @property
    def stage(self) -> str:
        return self.key.stage

    @property
    def due_on(self) -> dt.date:
        return self.key.due_on

    @property
    def name_of_stage(self) -> str:
        """What tells the stages of one person apart, for the address of a form."""
        return f"{self.key.subject_type}.{self.key.subject_id}.{self.key.stage}.{self.key.occurrence}"

    @property
    def will_go(self) -> bool:
        return self.standing in (WILL_GO, WAITING, "queued", "claimed")


def preview(cycle_slug: str, now: dt.datetime) -> list[Line]:
    """Everything that a cycle's plan has sent and would send, in the order of time. Changes nothing."""
    with looking() as session:
        cycle = cycle_by_slug(session, cycle_slug)
        if cycle is None:
            raise NotFound(f"there is no cycle {cycle_slug!r}")
        round = Round(session, now)
        round.must_load(cycle)
        found = lines(round, records.companies_in(cycle.id))
    return [line for line in found if line.cycle_slug == cycle_slug]


def lines(round: Round, companies: Select[int], recipient_key: str | None = None) -> list[Line]:
    """Every reminder about the companies, recorded or to come, in the order of time; for one person or for all."""
    found: list[Line] = []
    for about, source in SOURCES.items():
        loaded = source.load(round, round.session.scalars(source.of_companies(companies, round.now)).all())
        history = records.history(round.session, about, loaded.keys())
        timetable = Timetable()
        for item in loaded.values():
            found += _of_item(round, item, history, timetable)
    wanted = [line for line in found if recipient_key in (None, line.key.recipient_key)]
    places = people.places(round.session, {line.key.recipient_key for line in wanted})
    return sorted(_named(wanted, places), key=lambda line: (line.goes_at, line.key))


def _named(found: Iterable[Line], places: Mapping[str, people.Place]) -> Iterator[Line]:
    for line in found:
        place = places.get(line.key.recipient_key)
        yield replace(line, name=place.name, address=place.address) if place else line


def _of_item(round: Round, item: Loaded, history: Mapping[Key, records.Record], timetable: Timetable) -> Iterator[Line]:
    subject = item.subject
    recipients = {recipient.key: recipient for recipient in subject.recipients}
    verdicts = {line.key: line for line in due(item.plan, [subject], history.keys(), round.now, timetable)}
    planned = list(outlook(item.plan, subject, timetable))
    for line in planned:
        recipient = recipients[line.key.recipient_key]
        record = history.get(line.key)
        verdict = verdicts.get(line.key)
        goes_at = _goes_at(line, recipient, item, round.now)
        if record is not None:
            standing, goes_at = record.standing(round.is_paused(subject.company_id)), record.at or goes_at
        elif verdict is not None:
            standing, goes_at = verdict.why_not or WILL_GO, verdict.go_at
        elif line.why_not is not None:
            standing = line.why_not
        else:
            standing = "superseded" if _overtaken(line, goes_at, planned) else WILL_GO
        yield Line(
            key=line.key,
            plan_stage=line.stage,
            company_id=subject.company_id,
            company=item.company,
            cycle_slug=item.cycle_slug,
            moment=line.moment,
            goes_at=goes_at,
            zone=recipient.calendar.zone,
            name="",
            address="",
            standing=str(standing),
            message_id=record.message_id if record else None,
            error=record.error if record else "",
        )


def _goes_at(line: Planned, recipient: Recipient, item: Loaded, now: dt.datetime) -> dt.datetime:
    """When a planned reminder would leave, given how often its recipient wants to hear."""
    if line.kind == NOTICE or recipient.rhythm is Rhythm.NEVER:
        return line.moment
    over = end_of_day(item.subject.due_on, item.subject.zone)
    moment = max(line.moment, now)
    return sending_moment(line.moment, recipient.calendar, recipient.rhythm, deadline=over if moment < over else None)


def _overtaken(line: Planned, goes_at: dt.datetime, planned: Iterable[Planned]) -> bool:
    """Would a later stage have come for the same person by the time this one leaves?"""
    return any(
        line.moment < other.moment <= goes_at
        and other.key.recipient_key == line.key.recipient_key
        and other.kind == line.kind
        for other in planned
    )
