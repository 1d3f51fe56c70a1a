"""What the sources of reminders share in one round: pauses, preferences, people, plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from compliance.domain.permissions import Role
from compliance.domain.reminder_plans import BadPlan, load_plan, with_notices
from compliance.domain.reminders import About, Audience, Plan, Recipient, Subject
from compliance.domain.text import Text
from compliance.domain.working_time import Rhythm
from compliance.mail.waiting import Reader, Waiting
from compliance.services.reminder.plans import usual_plan
from compliance.services.reminder.work_calendars import calendar_of
from compliance.storage.models import Cycle
from compliance.storage.queries import reminder_people as people
from compliance.storage.queries import reminders as queries

_PARTS: Mapping[str, Audience] = {
    Role.CONTRIBUTOR: Audience.CONTRIBUTOR,
    Role.LEAD: Audience.LEAD,
    Role.VIEWER: Audience.VIEWER,
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A subject, the plan it goes by, and what a mail says of it."""

    subject: Subject
    plan: Plan
    company: str
    cycle: Text
    cycle_slug: str = ""
    invited: bool = False  # and has not said yes or no
    path: str = "/"  # the page of a company's people; behind the sign-in
    staff_path: str = "/"
    figures: tuple[tuple[str, int], ...] = ()  # of a digest

    def waiting(self, now: dt.datetime, parts: Collection[Audience], *, notice: bool) -> Waiting:
        """The line of a mail to somebody who has these parts."""
        subject = self.subject
        reader = _reader(parts)
        return Waiting(
            about=subject.type,
            subject_id=subject.id,
            company=self.company,
            cycle=self.cycle,
            due_on=subject.due_on,
            today=now.astimezone(subject.zone).date(),
            zone=subject.zone,
            invited=self.invited,
            reader=reader,
            notice=notice,
            path=self.staff_path if reader == "staff" else self.path,
            figures=self.figures,
        )


def _reader(parts: Collection[Audience]) -> Reader:
    if Audience.STAFF in parts:
        return "staff"
    return "executive" if set(parts) == {Audience.EXECUTIVE} else "company"


class Round:
    """What one round, or one last look, reads once: pauses, preferences, staff and plans."""

    def __init__(self, session: Session, now: dt.datetime) -> None:
        self.session = session
        self.now = now
        self.faults: dict[str, str] = {}  # by cycle: why its plan cannot be used
        self._cycles: dict[int, Cycle] = {}
        self._plans: dict[int | None, Plan | None] = {}
        self._rhythms: dict[About, Mapping[str, str]] = {}

    @cached_property
    def paused(self) -> frozenset[int | None]:
        return frozenset(queries.pauses(self.session))

    def is_paused(self, company_id: int) -> bool:
        return None in self.paused or company_id in self.paused

    def rhythm(self, about: About, recipient_key: str) -> Rhythm:
        if about not in self._rhythms:
            self._rhythms[about] = people.preferences(self.session, about)
        return Rhythm(self._rhythms[about].get(recipient_key, Rhythm.IMMEDIATE))

    def plan_of(self, cycle: Cycle | None) -> Plan | None:
        """The plan of a cycle with the legal notices; the usual plan without a cycle. None: it cannot be used."""
        place = cycle.id if cycle else None
        if place not in self._plans:
            self._plans[place] = self._load(cycle)
        return self._plans[place]

    def must_load(self, cycle: Cycle) -> None:
        """Raise BadPlan when the plan of a cycle cannot be used."""
        load_plan(cycle.reminder_plan)

    def _load(self, cycle: Cycle | None) -> Plan | None:
        if cycle is None:
            return with_notices(usual_plan())
        try:
            return with_notices(load_plan(cycle.reminder_plan))
        except BadPlan as error:
            self.faults[cycle.slug] = str(error)
            return None

    def cycles(self, ids: Collection[int]) -> Mapping[int, Cycle]:
        """The cycles with these ids; each is read once."""
        missing = sorted(set(ids) - self._cycles.keys())
        self._cycles |= {cycle.id: cycle for cycle in queries.cycles(self.session, missing)} if missing else {}
        return self._cycles

    @cached_property
    def _staff(self) -> Sequence[tuple[int, str, str, int]]:
        return people.staff(self.session)

    def staff_of(self, about: About, country: str | None) -> list[Recipient]:
        """The reviewers and coordinators of a country, each on the calendar of their own government."""
        return [
            Recipient(
                key := people.user_key(user_id),
                frozenset({Audience.STAFF}),
                calendar_of(zone, of, self.now),
                self.rhythm(about, key),
            )
            for _, of, zone, user_id in self._staff
            if of == country
        ]

    def staff_in(self, about: About, government_id: int) -> list[Recipient]:
        """The same for one government."""
        country = next((of for id, of, _, _ in self._staff if id == government_id), None)
        keys = {people.user_key(user) for id, _, _, user in self._staff if id == government_id}
        return [each for each in self.staff_of(about, country) if each.key in keys]


class Crowd:
    """The people of some companies as recipients of reminders about one thing, in two queries."""

    def __init__(self, round: Round, about: About, company_ids: Sequence[int]) -> None:
        self._round = round
        self._about = about
        self._parts: dict[int, dict[str, set[Audience]]] = {}
        self._staff: dict[str | None, list[Recipient]] = {}
        for part in people.members(round.session, company_ids):
            if part.role in _PARTS:
                self._add(part.organisation_id, people.user_key(part.user_id), _PARTS[part.role])
        for company_id, contact_id in people.contacts(round.session, company_ids):
            self._add(company_id, people.contact_key(contact_id), Audience.EXECUTIVE)

    def _add(self, company_id: int, key: str, part: Audience) -> None:
        self._parts.setdefault(company_id, {}).setdefault(key, set()).add(part)

    def of(self, company: people.CompanyRow) -> list[Recipient]:
        """Everybody whom a reminder may reach: the company's people and contacts, staff of its lead country."""
        calendar = calendar_of(company.time_zone, company.country, self._round.now)
        if company.country not in self._staff:
            self._staff[company.country] = self._round.staff_of(self._about, company.country)
        own = [
            Recipient(key, frozenset(parts), calendar, self._round.rhythm(self._about, key))
            for key, parts in self._parts.get(company.id, {}).items()
        ]
        return own + self._staff[company.country]
