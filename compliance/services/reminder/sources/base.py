"""What every source of reminders gives."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Select

from compliance.domain.reminders import About, Subject, Why
from compliance.domain.text import Text
from compliance.services.days import zone_of
from compliance.services.reminder.sources.rounds import Crowd, Loaded, Round
from compliance.storage.queries import reminder_people as people
from compliance.storage.queries import reminders as queries


class Source(ABC):
    """One kind of thing that people are reminded of."""

    about: ClassVar[About]

    @abstractmethod
    def live(self, now: dt.datetime) -> Select[int, dt.datetime | None, dt.date | None]:
        """Columns `id`, `began_at` and `due_on` of everything that may still wait for somebody."""

    @abstractmethod
    def load(self, round: Round, ids: Sequence[int]) -> Mapping[int, Loaded]:
        """The subjects with these ids, whatever their state, by id, in a number of queries that does not grow.

        What belongs to a cycle whose plan cannot be used is left out.
        """

    @abstractmethod
    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        """The ids of everything of some companies that a page about reminders should show."""


class Companies:
    """The companies, people and cycles behind the rows that a source loads."""

    def __init__(self, round: Round, about: About, company_ids: Iterable[int], cycle_ids: Iterable[int]) -> None:
        self._round = round
        self._about = about
        ids = sorted(set(company_ids))
        self._crowd = Crowd(round, about, ids)
        self._companies = people.companies(round.session, ids)
        self._cycles = round.cycles(set(cycle_ids))

    def loaded(self, item: Item) -> Loaded | None:
        """An item of a source as the rules want it; None when its cycle's plan cannot be used."""
        company, cycle = self._companies[item.company_id], self._cycles[item.cycle_id]
        plan = self._round.plan_of(cycle)
        if plan is None:
            return None
        return Loaded(
            subject=Subject(
                type=self._about,
                id=item.id,
                company_id=item.company_id,
                began_at=item.began_at,
                opens_on=item.opens_on,
                due_on=item.due_on,
                zone=zone_of(company.time_zone),
                stopped=item.stopped,
                recipients=self._crowd.of(company),
                round=item.round,
                paused=self._round.is_paused(item.company_id),
            ),
            plan=plan,
            company=company.name,
            cycle=Text(en=cycle.name_en, fr=cycle.name_fr),
            cycle_slug=cycle.slug,
            invited=item.invited,
            path=item.path.format(cycle=cycle.slug),
            staff_path=item.staff_path.format(company=company.slug, cycle=cycle.slug),
        )


@dataclass(frozen=True, slots=True)
class Item:
    """What a source says of one of its rows. Paths may name {cycle} and, for staff, {company}."""

    id: int
    company_id: int
    cycle_id: int
    began_at: dt.datetime
    opens_on: dt.date
    due_on: dt.date
    stopped: Why | None
    path: str
    staff_path: str
    invited: bool = False
    round: int = 1


class SourceOfItems(Source):
    """A source whose rows each belong to a company and a cycle."""

    @abstractmethod
    def items(self, round: Round, ids: Sequence[int]) -> list[Item]:
        """The rows with these ids."""

    def load(self, round: Round, ids: Sequence[int]) -> Mapping[int, Loaded]:
        items = [item for some in queries.batches(ids) for item in self.items(round, some)]
        if not items:
            return {}
        known = Companies(round, self.about, (item.company_id for item in items), (item.cycle_id for item in items))
        loaded = ((item.id, known.loaded(item)) for item in items)
        return {id: found for id, found in loaded if found is not None}
