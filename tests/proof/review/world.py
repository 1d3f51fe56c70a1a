"""A database in memory for each run of the model: two companies and two governments in two cycles, made once."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete

from compliance.domain.permissions import Actor
from compliance.services.gap import results
from compliance.services.transaction import looking, writing
from compliance.storage.database import db
from compliance.storage.models import Cycle, Organisation, Result
from tests.support import factories as make
from tests.support.engines import Databases, bare_app

START = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)

Key = tuple[str | None, str]  # service slug (None: once for the company) and indicator id


@dataclass(frozen=True)
class Company:
    row: Organisation
    lead: Actor
    assessments: dict[str, int]  # by cycle slug
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class World:
    companies: tuple[Company, ...]
    cycles: tuple[Cycle, ...]
    reviewer: Actor
    coordinator: Actor


def make_world() -> World:
    """Each company offers one service and answers two questions in each of two cycles, the second after the first."""
    first = make.cycle()
    cycles = (first, make.cycle(previous=first, opens_on=dt.date(2026, 8, 1)))
    government = make.government("CA")
    return World(
        companies=tuple(_company(cycles) for _number in range(2)),
        cycles=cycles,
        reviewer=make.actor(government),
        coordinator=make.actor(government, "coordinator"),
    )


def _company(cycles: tuple[Cycle, ...]) -> Company:
    row = make.organisation()
    service = make.service(row)
    ids = {}
    for cycle in cycles:
        make.participation(cycle, row)
        ids[cycle.slug] = make.assessment(cycle, row).id
        make.refresh(cycle, row, now=START)
    return Company(row, make.actor(row), ids, ((service.slug, "C1.a"), (None, "C2.a")))


class Stage:
    """The application on a database that is put back to its beginning before each run."""

    def __init__(self, folder: Path, world: World) -> None:
        self._folder, self.world = folder, world

    def reset(self) -> World:
        """A fresh copy of the world: files in memory, a fraction of a millisecond each."""
        db.session.remove()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            (self._folder / f"run.db{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._folder / "template.db", self._folder / "run.db")
        return self.world

    def keep(self) -> None:
        """What was added since is part of the beginning from now on."""
        db.session.remove()
        db.engine.dispose()
        shutil.copyfile(self._folder / "run.db", self._folder / "template.db")


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage in memory (in a temporary folder where the machine has no memory disk)."""
    memory = Path("/dev/shm")  # nosec B108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name)
        databases = Databases(folder)
        shutil.copyfile(databases.url("sqlite", "stocked").removeprefix("sqlite:///"), folder / "run.db")
        with bare_app(f"sqlite:///{folder / 'run.db'}"):
            world = make_world()
            db.session.remove()
            db.engine.dispose()
            shutil.copyfile(folder / "run.db", folder / "template.db")
            yield Stage(folder, world)


Rows = dict[tuple[int, int | None, str], tuple[object, ...]]


def stored_results() -> Rows:
    """The projection as it is stored: every column that says something."""
    names = ("principle_id", "severity", "status", "grade", "finding", "plan", "flags", "change", "next_change_on")
    with looking() as session:
        return {
            (row.participation_id, row.service_id, row.indicator_id): tuple(
                tuple(value) if isinstance(value := getattr(row, name), list) else value for name in names
            )
            for row in session.query(Result)
        }


def rebuilt_results(world: World, now: dt.datetime) -> Rows:
    """The same after everything was deleted and computed again, in the order of the cycles."""
    with writing() as session:
        session.execute(delete(Result))
    for cycle in world.cycles:
        for company in world.companies:
            with writing() as session:
                results.refresh(session, cycle.id, company.row.id, now=now)
    return stored_results()
