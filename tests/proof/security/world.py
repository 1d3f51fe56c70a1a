"""A world for the proofs of this group: two companies, two governments, an operator, every state, and what gives each away.

`OWN` is the company and `LEAD` the country whose content the pages are about. `OTHER` and `FAR` have nothing to do
with them. Every text of the content holds a canary that names its owner.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask
from sqlalchemy import MetaData, inspect, select
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Rule

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Status
from compliance.domain.assessments import State
from compliance.domain.permissions import ROLES_OF, OrganisationKind
from compliance.files.store import MemoryStore
from compliance.services.assessment.documents import Files
from compliance.services.transaction import reading
from compliance.storage.database import db
from compliance.storage.models import Cycle, Document, Organisation, Service, User
from tests.support import factories as make

NOW: Final = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)

#: What any request may change, GET or refused ones too: that somebody came by, and what was noted about it.
PASSING: Final = frozenset(
    {
        "audit_event",
        "audit_head",
        "session",
        "user_session",
        "visit",
        "sign_in_try",
        "rate_limit",
        "known_device",
        "heartbeat",
    }
)


@dataclass
class Company:
    """A company with a sealed answer in one cycle and a draft in the next."""

    row: Organisation
    service: Service
    people: dict[str, User]
    sealed: str
    draft: str


@dataclass
class World:
    now: Cycle
    later: Cycle
    companies: dict[str, Company]
    governments: dict[str, Organisation]
    people: dict[tuple[str, str], User] = field(default_factory=dict)  # (home, role)

    def homes(self) -> Iterator[tuple[str, str, User]]:
        """Everybody: home, role, person."""
        for (home, role), person in self.people.items():
            yield home, role, person


def build(state: State = State.SUBMITTED) -> World:
    """The world, with OWN's assessment of the cycle `now` in `state`."""
    now = make.cycle(make.REAL, slug="now", due_on=dt.date(2031, 1, 31))
    later = make.cycle(make.REAL, slug="later", previous=now, due_on=dt.date(2031, 7, 31))
    world = World(now, later, {}, {code: make.government(code) for code in ("CA", "NZ")})
    for name in ("own", "other"):
        world.companies[name] = _company(name, world, state if name == "own" else State.DRAFT)
    homes = {
        "own": world.companies["own"].row,
        "other": world.companies["other"].row,
        "lead": world.governments["CA"],
        "far": world.governments["NZ"],
        "operator": make.operator(),
    }
    for home, organisation in homes.items():
        for role in sorted(ROLES_OF[OrganisationKind(organisation.kind)]):
            world.people[home, role] = make.user(organisation, role, name=f"{home} {role}")
    return world


def _company(name: str, world: World, state: State) -> Company:
    row = make.organisation(slug=name, name=f"{name.title()} Ltd", country="CA" if name == "own" else "GB")
    service = make.service(row, ("image_video_sharing",), name=f"{name.title()} photos", slug="photos")
    sealed, draft = f"Sealed-canary-of-{name}", f"Draft-canary-of-{name}"
    author = make.actor(row)
    for cycle, text in ((world.now, sealed), (world.later, draft)):
        make.participation(cycle, row)
        assessment = make.assessment(cycle, row)
        link = EvidenceEntry(Grade.PUBLIC_LINK, f"https://{name}.example/{text}")
        entry = AnswerEntry(Status.NOT_IN_PLACE, explanation=f"{text} is what we wrote.", evidence=(link,))
        make.answer(assessment, service, "P01.a", author, entry)
        if cycle is world.now and state is not State.DRAFT:
            make.submitted(author, cycle, now=NOW)
            _move(assessment.id, state)
        make.refresh(cycle, row, now=NOW)
    make.document(row, author, name=f"{draft}.pdf", sha256=VALUES["sha256"])
    make.public_record(row, [service], principle_id="P01", statement=f"A public fact about {name}.")
    return Company(row, service, {}, sealed, draft)


def keep_files(app: Flask) -> None:
    """Give every document of the world the file that it stands for."""
    store = MemoryStore()
    with reading() as session:
        for key in session.scalars(select(Document.key)):
            store.put(key, FILE)
    app.extensions["documents"] = Files(store)


def _move(assessment_id: int, state: State) -> None:
    from compliance.services.transaction import writing
    from compliance.storage.models import Assessment

    with writing() as session:
        session.get_one(Assessment, assessment_id).state = state


#: What every document of the world holds.
FILE: Final = b"%PDF-1.7"

#: A value for each text that stands in an address; what is not here is a new kind of address: add it.
VALUES: Final[Mapping[str, Any]] = {
    "cycle": "now",
    "edition": "full",
    "filename": "site.css",
    "form": "csv",
    "indicator": "P01.a",
    "kind": "receipt",
    "layout": "pdf",
    "name": "none.eml",
    "principle": "P01",
    "role": "reviewer",
    "service": "photos",
    "sha256": hashlib.sha256(FILE).hexdigest(),
    "shown_in": "en",
    "slot": "objective",
    "token": "no-such-token",
}

#: Rows are numbered as they are made: what is made for OWN comes first, then what is made for OTHER.
NUMBERS: Final = {"own": 1, "other": 2, "nobody": 999_999}


def address(app: Flask, rule: Rule, company: str, **more: Any) -> str | None:
    """The address of `rule` for a company; None when it has arguments that the world has no value for."""
    values = {**VALUES, "slug": company, "company": company}
    values |= dict.fromkeys(whole_numbers(rule), NUMBERS.get(company, 1)) | more
    if not rule.arguments <= values.keys():
        return None
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def whole_numbers(rule: Rule) -> set[str]:
    """The arguments of a rule that are numbers of rows."""
    return {name for name, converter in rule._converters.items() if isinstance(converter, IntegerConverter)}


def rules(app: Flask, method: str) -> list[Rule]:
    """The rules of our own routes that take `method`, by endpoint."""
    from compliance.web.access import ROUTES

    own = [rule for rule in app.url_map.iter_rules() if rule.endpoint in ROUTES and method in (rule.methods or ())]
    return sorted(own, key=lambda rule: (rule.endpoint, rule.rule))


def snapshot(but: Iterable[str] = PASSING) -> dict[str, str]:
    """A digest of the rows of each table, except those that any request may touch."""
    with Session(db.engine) as session:
        names = [name for name in inspect(db.engine).get_table_names() if name not in set(but)]
        found = MetaData()
        found.reflect(db.engine, only=names)
        return {name: _digest(session, found.tables[name]) for name in names}


def _digest(session: Session, table: Any) -> str:
    columns = [column for column in table.columns if column.name not in ("last_used_at", "last_seen_at")]
    lines = sorted(repr(tuple(row)) for row in session.execute(select(*columns)))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(name for name in after if before.get(name) != after[name])
