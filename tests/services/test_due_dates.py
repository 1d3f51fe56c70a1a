"""A date of its own for one company: who may grant it, what is refused, and what follows it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.services import audit
from compliance.services.cycle import cycles, due_dates
from compliance.services.cycle.due_dates import NewDate
from compliance.services.cycle.participations import own_cycle
from compliance.services.portfolio.companies import company_view
from compliance.storage.models import AuditEvent
from tests.support import factories as make

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
AFTER = dt.datetime(2026, 10, 10, 16, tzinfo=dt.UTC)


def test_everything_follows_the_date(session: Session) -> None:
    company, other = make.organisation(), make.organisation()
    cycle = make.cycle()
    for each in (company, other):
        make.participation(cycle, each, "invited")
    lead = make.actor(company)
    coordinator = make.actor(make.government(), "coordinator")
    new = NewDate(cycle.slug, company.slug, dt.date(2026, 10, 31), "Their incident team is busy.")
    assert due_dates.grant(coordinator, new, seen=cycle.due_on, now=NOW) == new.due_on
    assert own_cycle(lead, cycle.slug, now=AFTER).participation == "invited"
    assert own_cycle(lead, cycle.slug, now=AFTER).due_on == new.due_on
    assert own_cycle(make.actor(other), cycle.slug, now=AFTER).participation == "no_reply"
    assert company_view(coordinator, company.slug, cycle.slug, now=AFTER).due_on == new.due_on
    with pytest.raises(NotAllowed, match="2026-10-31"):
        cycles.close_cycle(cycle.slug, early=False, now=AFTER)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "participation.due_date")).one()
    assert (event.chain, event.actor_id) == (audit.chain_of(company.id), coordinator.user_id)
    assert event.after == {"due_on": "2026-10-31", "reason": new.reason}


def test_who_may_not_and_what_is_refused(session: Session) -> None:
    company = make.organisation()
    cycle = make.cycle()
    make.participation(cycle, company)
    coordinator = make.actor(make.government(), "coordinator")
    new = NewDate(cycle.slug, company.slug, dt.date(2026, 10, 31), "Good reasons.")
    for actor in (
        make.actor(make.government("NZ"), "coordinator"),
        make.actor(make.government(), "reviewer"),
        make.actor(company),
    ):
        with pytest.raises(Denied):
            due_dates.grant(actor, new, now=NOW)
    with pytest.raises(NotFound):
        due_dates.grant(make.actor(make.organisation()), new, now=NOW)
    for changed, code in (
        ({"due_on": dt.date(2026, 9, 29)}, "date_before_cycle"),
        ({"due_on": dt.date(2028, 1, 1)}, "date_over_a_year"),
        ({"reason": " "}, "needed"),
        ({"reason": "x" * 501}, "too_long"),
    ):
        with pytest.raises(Invalid) as caught:
            due_dates.grant(coordinator, dataclasses.replace(new, **changed), now=NOW)
        assert [problem.code for problem in caught.value.problems] == [code]
    with pytest.raises(Invalid):
        due_dates.grant(coordinator, dataclasses.replace(new, due_on=dt.date(2026, 10, 1)), now=AFTER)
    due_dates.grant(coordinator, new, seen=cycle.due_on, now=NOW)
    with pytest.raises(Conflict):
        due_dates.grant(coordinator, new, seen=cycle.due_on, now=NOW)
    back = dataclasses.replace(new, due_on=None)
    assert due_dates.grant(coordinator, back, seen=dt.date(2026, 10, 31), now=NOW) == cycle.due_on
    cycles.close_cycle(cycle.slug, early=True, now=NOW)
    with pytest.raises(NotAllowed):
        due_dates.grant(coordinator, new, now=NOW)
