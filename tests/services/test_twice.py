"""The same act twice at once: a double click is one act, and two decisions never cross."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.domain.errors import Invalid, NotAllowed
from compliance.domain.permissions import Actor
from compliance.domain.submissions import Signature
from compliance.services.assessment import checks, profiles, submissions
from compliance.services.cycle import participations
from compliance.storage.models import Assessment, AuditEvent, Cycle, Organisation, Participation, Service, Submission
from tests.support import factories as make

SIGNATURE = Signature("Ada Sample", "Head of safety", "By decision of the board")


@pytest.fixture
def company(context: Flask) -> Organisation:
    return make.organisation()


@pytest.fixture
def lead(company: Organisation) -> Actor:
    return make.actor(company)


@pytest.fixture
def cycle(company: Organisation) -> Cycle:
    made = make.cycle()
    make.participation(made, company, "invited")
    return made


def at_once(context: Flask, *acts: Callable[[], object]) -> list[object]:
    """What each act returned, or the error it raised; they start together."""
    gate, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        with context.app_context():
            gate.wait()
            try:
                outcomes.append(act())
            except Exception as error:
                outcomes.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def count(session: Session, what: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(what)) or 0


def test_accepting_twice_is_one_assessment(
    context: Flask, lead: Actor, cycle: Cycle, session: Session, now: dt.datetime
) -> None:
    clicks = [lambda: participations.accept(lead, cycle.slug, now=now)] * 4
    assert at_once(context, *clicks) == [None] * 4
    assert count(session, Assessment) == 1
    assert session.scalar(select(func.count()).where(AuditEvent.action == "participation.accept")) == 1


def test_adding_a_service_twice_is_one_service_and_one_plain_refusal(
    context: Flask, lead: Actor, cycle: Cycle, session: Session, now: dt.datetime
) -> None:
    clicks = [lambda: profiles.add_service(lead, "Letters", ["letters"], now=now)] * 4
    outcomes = at_once(context, *clicks)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Invalid", "Invalid", "Invalid", "Service"]
    assert {problem.code for outcome in outcomes if isinstance(outcome, Invalid) for problem in outcome.problems} == {
        "name_taken"
    }
    assert count(session, Service) == 1


def test_signing_twice_is_one_submission(
    context: Flask, lead: Actor, company: Organisation, cycle: Cycle, session: Session, now: dt.datetime
) -> None:
    make.service(company)
    participations.accept(lead, cycle.slug, now=now)
    fingerprint = checks.check(lead, cycle.slug, now=now).fingerprint
    clicks = [lambda: submissions.submit(lead, cycle.slug, SIGNATURE, fingerprint=fingerprint, now=now)] * 3
    outcomes = at_once(context, *clicks)
    assert {outcome.number for outcome in outcomes if isinstance(outcome, Submission)} == {1}, outcomes
    assert len(outcomes) == 3
    assert count(session, Submission) == 1
    with pytest.raises(NotAllowed):
        submissions.submit(make.actor(company), cycle.slug, SIGNATURE, fingerprint=fingerprint, now=now)


def test_declining_and_signing_at_once_is_one_of_them(
    context: Flask, lead: Actor, company: Organisation, cycle: Cycle, session: Session, now: dt.datetime
) -> None:
    make.service(company)
    participations.accept(lead, cycle.slug, now=now)
    fingerprint = checks.check(lead, cycle.slug, now=now).fingerprint
    outcomes = at_once(
        context,
        lambda: submissions.submit(lead, cycle.slug, SIGNATURE, fingerprint=fingerprint, now=now),
        lambda: participations.decline(lead, cycle.slug, "No time.", now=now),
    )
    assert sum(isinstance(outcome, NotAllowed) for outcome in outcomes) == 1, outcomes
    declined = session.scalars(select(Participation.invitation)).one() == "declined"
    assert (count(session, Submission) == 1) is not declined


def test_who_declined_accepts_before_signing(
    lead: Actor, company: Organisation, cycle: Cycle, session: Session, now: dt.datetime
) -> None:
    make.service(company)
    participations.accept(lead, cycle.slug, now=now)
    participations.decline(lead, cycle.slug, "No time.", now=now)
    fingerprint = checks.check(lead, cycle.slug, now=now).fingerprint
    with pytest.raises(NotAllowed):
        submissions.submit(lead, cycle.slug, SIGNATURE, fingerprint=fingerprint, now=now)
    participations.accept(lead, cycle.slug, now=now)
    assert submissions.submit(lead, cycle.slug, SIGNATURE, fingerprint=fingerprint, now=now).number == 1
