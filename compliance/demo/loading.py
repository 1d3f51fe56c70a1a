"""Loads the demo into a database, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from compliance.demo import designs
from compliance.demo.copying import copy_companies
from compliance.demo.dates import two_cycles
from compliance.demo.planning import plan_company
from compliance.demo.storing import (
    Staff,
    StoredCompany,
    store_companies,
    store_governments,
    store_operator,
    store_records,
)
from compliance.demo.storing_cycles import store_cycles, store_rounds
from compliance.demo.storing_exchange import store_exchange
from compliance.demo.storing_promises import store_asking, store_promises
from compliance.demo.storing_reviews import store_reviews
from compliance.demo.trail import Trail
from compliance.domain.errors import NotAllowed
from compliance.domain.framework import Framework
from compliance.services.cycle.frameworks import framework_for
from compliance.services.gap import results
from compliance.services.transaction import looking, writing
from compliance.storage.queries import cycles, organisations

FRAMEWORK: Final = "voluntary-principles"
#: So many companies are planned, each on its own; the rest are copies of them, see copying.py.
PLANNED: Final = 400
#: How many companies are planned and written together: enough to fill statements, few enough to stay small in memory.
_AT_ONCE: Final = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded; `companies` is 0 when the demo was there already."""

    companies: int


def load(companies: int, seed: int, *, hash_password: Callable[[], str], now: dt.datetime) -> Loaded:
    """Load the demo in one transaction, unless it is there.

    Every account gets the hash that `hash_password` makes; hashing takes a while, so it is called only when needed.
    Raises NotAllowed for a database that holds real organisations, and when the framework was not imported.
    """
    with looking() as session:
        if _is_there(session):
            return Loaded(0)
    password_hash = hash_password()
    with writing() as session:
        if _is_there(session):  # another process was faster
            return Loaded(0)
        version = cycles.last_imported(session, FRAMEWORK)
        if version is None:
            raise NotAllowed(f"the framework {FRAMEWORK} was not imported")
        _Loading(session, framework_for(version), seed, password_hash, now).load(companies, version.id)
    return Loaded(companies)


def refuse_demo_data() -> None:
    """Raises NotAllowed for a database that holds the demo: its accounts have a password that was printed."""
    with looking() as session:
        is_there = organisations.any_organisation(session, fictional=True)
    if is_there:
        raise NotAllowed("this database holds the demo; choose another with DATABASE_URL or INSTANCE")


def _is_there(session: Session) -> bool:
    if organisations.any_organisation(session, fictional=False):
        raise NotAllowed("this database holds real organisations, and demo data is kept apart from them")
    return organisations.any_organisation(session, fictional=True)


class _Loading:
    """One load: what every step of it needs."""

    def __init__(self, session: Session, framework: Framework, seed: int, password_hash: str, now: dt.datetime) -> None:
        self._session = session
        self._framework = framework
        self._seed = seed
        self._password = password_hash
        self._now = now
        self._trail = Trail()
        self._cycles = two_cycles(now.date())

    def load(self, count: int, version_id: int) -> None:
        session, trail = self._session, self._trail
        made_at = self._cycles[0].moment(-30, 0)
        store_operator(session, trail, self._password, made_at)
        staff = store_governments(session, trail, designs.governments(), self._seed, self._password, made_at)
        cycle_ids = store_cycles(session, trail, self._cycles, version_id)
        trail.write(session)
        ids: list[int] = []
        for some in _groups(list(designs.companies(min(count, PLANNED), self._seed))):
            plans = [plan_company(design, self._cycles, self._framework, self._seed) for design in some]
            stored = store_companies(session, trail, plans, self._seed, self._password, made_at)
            self._store_what_they_did(stored, staff, cycle_ids)
            ids += [company.id for company in stored]
        if count > PLANNED:
            # Those that were designed have an exchange with government, which is theirs alone.
            pattern = ids[len(designs.designed_companies()) :]
            copy_companies(session, pattern, count - len(ids) + len(pattern), now=made_at)

    def _store_what_they_did(
        self, stored: Sequence[StoredCompany], staff: dict[str, Staff], cycle_ids: Sequence[int]
    ) -> None:
        session, trail = self._session, self._trail
        for cycle_id, dates in zip(cycle_ids, self._cycles, strict=True):
            rounds = store_rounds(session, trail, stored, cycle_id, dates, staff)
            store_reviews(session, trail, rounds, self._framework)
            store_exchange(session, trail, rounds, self._framework)
            store_promises(session, trail, rounds)
            store_asking(session, trail, rounds, staff)
        by_slug = {company.plan.design.slug: company for company in stored}
        store_records(session, trail, designs.records(), by_slug, staff, self._cycles[1])
        trail.write(session)
        for cycle_id in cycle_ids:  # the earlier one first: the later is compared with it
            for company in stored:
                results.refresh(session, cycle_id, company.id, now=self._now)
        session.expunge_all()


def _groups(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
