"""Organisations, people and cycles are set up on both engines, each in one act that leaves its mark in the trail."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import OrganisationKind, Role
from compliance.domain.text import Text
from compliance.services import audit
from compliance.services.account import organisations, users
from compliance.services.account.organisations import NewOrganisation
from compliance.services.account.users import NewRole
from compliance.services.cycle import cycles
from compliance.services.cycle.cycles import NewCycle
from compliance.services.gap import results
from compliance.storage.models import AuditEvent, Cycle, Membership, Organisation, Participation, Result, Sharing, User
from tests.support import factories as make

NEW_CYCLE = NewCycle(
    slug="second",
    name=Text("Second", "Deuxième"),
    framework="tiny-charter",
    version="1.0",
    period_start=dt.date(2026, 7, 1),
    period_end=dt.date(2026, 12, 31),
    opens_on=dt.date(2027, 1, 1),
    due_on=dt.date(2027, 3, 31),
    companies=None,
)


def plain(password: str) -> str:
    return f"hash of {password}"


def codes(error: Invalid) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in error.problems]


def test_organisation_is_created(session: Session, now: dt.datetime) -> None:
    new = NewOrganisation("acme", "  Acme   Ltd ", OrganisationKind.COMPANY, "GB")
    made = organisations.create(new, now=now)
    assert (made.name, made.time_zone, made.fictional) == ("Acme Ltd", "Europe/London", False)
    assert session.scalars(select(AuditEvent.subject)).all()[-1] == f"organisation:{made.id}"
    with pytest.raises(Invalid) as caught:
        organisations.create(new, now=now)
    assert codes(caught.value) == [("slug", "slug_taken")]
    assert audit.verify(session) == []


def test_every_fault_of_an_organisation_is_named_at_once(session: Session, now: dt.datetime) -> None:
    new = NewOrganisation("A B", "", OrganisationKind.COMPANY, "FR", "Nowhere", "de")
    with pytest.raises(Invalid) as caught:
        organisations.create(new, now=now)
    fields = [field for field, _code in codes(caught.value)]
    assert fields == ["slug", "name", "country", "time_zone", "language"]
    assert session.scalars(select(Organisation)).all() == []


def test_person_gets_account_and_role_together(session: Session, now: dt.datetime) -> None:
    company = make.organisation(language="fr")
    granted = users.create_user(NewRole("X@Y.Example", Role.LEAD, company.slug), plain, now=now)
    assert granted.is_new
    assert granted.password is not None
    user = session.scalars(select(User)).one()
    assert (user.email, user.password, user.language) == ("x@y.example", plain(granted.password), "fr")
    assert session.scalars(select(Membership.role)).all() == ["lead"]
    assert granted.password not in str(session.scalars(select(AuditEvent.after)).all())


def test_nothing_is_stored_when_the_role_does_not_fit(session: Session, now: dt.datetime) -> None:
    company = make.organisation()
    with pytest.raises(Invalid) as caught:
        users.create_user(NewRole("x@y.example", Role.READER, company.slug), plain, now=now)
    assert codes(caught.value) == [("role", "role_does_not_fit")]
    assert session.scalars(select(User)).all() == []


def test_someone_who_left_may_begin_elsewhere(session: Session, now: dt.datetime) -> None:
    person = make.user()
    make.membership(person, make.organisation(), "lead", ended_at=now)
    other = make.organisation()
    granted = users.create_user(NewRole(person.email, Role.VIEWER, other.slug), plain, now=now)
    assert (granted.is_new, granted.password) == (False, None)
    assert make.acting(person).organisation_id == other.id


def test_cycle_is_opened_and_closed(session: Session, now: dt.datetime) -> None:
    first = make.cycle()
    companies = [make.organisation(country=country) for country in ("CA", "NZ")]
    opened, invited = cycles.open_cycle(dataclasses.replace(NEW_CYCLE, previous=first.slug), now=now)
    assert (opened.previous_id, invited) == (first.id, 2)
    assert sorted(session.scalars(select(Sharing.country))) == ["CA", "NZ"]
    assert sorted(session.scalars(select(Participation.company_id))) == [company.id for company in companies]
    assert results.refresh_stale(now=now) == 2
    assert results.refresh_stale(now=now) == 0
    session.rollback()
    assert session.scalar(select(func.count()).where(Result.cycle_id == opened.id)) == 6
    with pytest.raises(NotAllowed, match="2027-03-31"):
        cycles.close_cycle("second", early=False, now=now)
    closed_at = dt.datetime(2027, 4, 1, 12, tzinfo=dt.UTC)
    assert cycles.close_cycle("second", early=False, now=closed_at).closed_on == closed_at.date()
    with pytest.raises(NotAllowed, match="was closed"):
        cycles.close_cycle("second", early=True, now=closed_at)
    with pytest.raises(NotFound):
        cycles.close_cycle("third", early=True, now=closed_at)
    session.rollback()
    assert audit.verify(session) == []
    for company in companies:
        chain = select(AuditEvent.action).where(AuditEvent.chain == audit.chain_of(company.id))
        assert session.scalars(chain.order_by(AuditEvent.number)).all()[-2:] == ["participation.invite", "cycle.close"]


def test_cycle_acts_carry_the_person_who_acts(session: Session, now: dt.datetime) -> None:
    company = make.organisation()
    coordinator = make.actor(make.government(), "coordinator")
    cycles.open_cycle(NEW_CYCLE, actor=coordinator, now=now)
    cycles.close_cycle(NEW_CYCLE.slug, early=True, actor=coordinator, now=now)
    about = select(AuditEvent).where(AuditEvent.action.in_(["cycle.open", "participation.invite", "cycle.close"]))
    events = session.scalars(about).all()
    assert {event.chain for event in events} == {"system", audit.chain_of(company.id)}
    assert {event.actor_id for event in events} == {coordinator.user_id}
    for actor in (make.actor(make.government("NZ")), make.actor(company)):
        with pytest.raises(Denied):
            cycles.open_cycle(dataclasses.replace(NEW_CYCLE, slug="other"), actor=actor, now=now)


def test_more_companies_are_invited_later(session: Session, now: dt.datetime) -> None:
    first, later = make.organisation(), make.organisation()
    cycles.open_cycle(dataclasses.replace(NEW_CYCLE, companies=[first.slug]), now=now)
    assert cycles.invite(NEW_CYCLE.slug, None, now=now) == 1
    assert cycles.invite(NEW_CYCLE.slug, None, now=now) == 0
    assert sorted(session.scalars(select(Participation.company_id))) == [first.id, later.id]
    with pytest.raises(Invalid):
        cycles.invite(NEW_CYCLE.slug, ["nobody"], now=now)
    cycles.close_cycle(NEW_CYCLE.slug, early=True, now=now)
    with pytest.raises(NotAllowed):
        cycles.invite(NEW_CYCLE.slug, None, now=now)


def test_cycle_with_an_unknown_company_is_not_opened_at_all(session: Session, now: dt.datetime) -> None:
    known = make.organisation()
    with pytest.raises(Invalid) as caught:
        cycles.open_cycle(dataclasses.replace(NEW_CYCLE, companies=[known.slug, "nobody"]), now=now)
    assert codes(caught.value) == [("companies", "unknown_company")]
    assert session.scalars(select(Cycle)).all() == []
    assert session.scalars(select(Participation)).all() == []
