"""After signing: an amendment is a new sealed copy beside the first; a withdrawal hides all of them, with a reason."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.services import audit
from compliance.services.assessment import afterwards, answers
from compliance.services.portfolio import companies
from compliance.services.transaction import writing
from compliance.storage.database import db
from compliance.storage.models import Assessment, AuditEvent, Cycle, Organisation, Submission
from tests.support import factories as make


@pytest.fixture
def lead(context: Flask) -> Actor:
    return make.actor(make.organisation())


@pytest.fixture
def company(lead: Actor) -> Organisation:
    return db.session.get_one(Organisation, lead.organisation_id)


@pytest.fixture
def cycle(company: Organisation) -> Cycle:
    cycle = make.cycle()
    make.participation(cycle, company)
    make.assessment(cycle, company)
    return cycle


@pytest.fixture
def place(cycle: Cycle, company: Organisation, lead: Actor, now: dt.datetime) -> Place:
    """A question that was answered and submitted."""
    place = Place(cycle.slug, make.service(company).slug, "C1.a")
    answers.save(lead, place, AnswerEntry(Status.NOT_IN_PLACE, explanation="Not yet."), Stamp(0, ""), now=now)
    make.submitted(lead, cycle, now=now)
    return place


def seen(cycle: Cycle, company: Organisation, now: dt.datetime) -> companies.CompanyView:
    return companies.company_view(make.actor(make.government("CA")), company.slug, cycle.slug, now=now)


def test_an_amendment(
    lead: Actor, company: Organisation, cycle: Cycle, place: Place, session: Session, now: dt.datetime
) -> None:
    change = AnswerEntry(Status.IN_PLACE, explanation="Since today.")
    with pytest.raises(NotAllowed):
        answers.save(lead, place, change, Stamp(1, ""), now=now)
    afterwards.amend(lead, cycle.slug, now=now)
    afterwards.amend(lead, cycle.slug, now=now)
    answers.save(lead, place, change, Stamp(1, ""), now=now)
    view = seen(cycle, company, now)
    assert view.sealed is not None
    assert view.sealed.answers[place.key].status is Status.NOT_IN_PLACE, "government sees what was signed"
    make.submitted(lead, cycle, now=now)
    view = seen(cycle, company, now)
    assert view.sealed is not None
    assert (view.submission_number, view.sealed.answers[place.key].status) == (2, Status.IN_PLACE)
    session.rollback()
    assert session.scalars(select(Submission.number).order_by(Submission.number)).all() == [1, 2]
    with pytest.raises(NotAllowed):
        answers.save(lead, place, change, Stamp(2, ""), now=now)
    [changed] = afterwards.amendment(lead, cycle.slug, 2).changes
    assert changed.before is not None
    assert (changed.before.explanation, changed.after) == ("Not yet.", view.sealed.answers[place.key])
    reviewer = make.actor(make.government("CA"))
    assert len(afterwards.shown_amendment(reviewer, company.slug, cycle.slug, 2, now=now).changes) == 1
    for person, number in ((make.actor(make.government("NZ")), 2), (reviewer, 1)):
        with pytest.raises(NotFound):
            afterwards.shown_amendment(person, company.slug, cycle.slug, number, now=now)
    with pytest.raises(NotFound):
        afterwards.amendment(lead, cycle.slug, 1)
    assert audit.verify(session) == []


def test_a_withdrawal_and_a_new_draft(
    lead: Actor, company: Organisation, cycle: Cycle, place: Place, session: Session, now: dt.datetime
) -> None:
    for reason in (" ", "x" * 501):
        with pytest.raises(Invalid):
            afterwards.withdraw(lead, cycle.slug, reason, now=now)
    afterwards.withdraw(lead, cycle.slug, "We signed too early.", now=now)
    view = seen(cycle, company, now)
    assert (view.sealed, view.reason) == (None, "We signed too early.")
    assert {row.severity for row in view.results} == {"not_known"} or all(
        row.status == "unanswered" for row in view.results
    )
    with pytest.raises(NotAllowed):
        afterwards.amend(lead, cycle.slug, now=now)
    afterwards.draft_again(lead, cycle.slug, now=now)
    answers.save(lead, place, AnswerEntry(Status.IN_PLACE, explanation="Now."), Stamp(1, ""), now=now)
    make.submitted(lead, cycle, now=now)
    assert seen(cycle, company, now).submission_number == 2
    session.rollback()
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("assessment.%"))).all()
    assert actions == ["assessment.submit", "assessment.withdraw", "assessment.redraft", "assessment.submit"]


def test_who_and_when(
    lead: Actor, company: Organisation, cycle: Cycle, place: Place, session: Session, now: dt.datetime
) -> None:
    contributor = make.actor(company, "contributor")
    stranger = make.actor(make.organisation())
    for act in (
        lambda actor: afterwards.amend(actor, cycle.slug, now=now),
        lambda actor: afterwards.withdraw(actor, cycle.slug, "x", now=now),
        lambda actor: afterwards.draft_again(actor, cycle.slug, now=now),
    ):
        with pytest.raises(Denied):
            act(contributor)
        with pytest.raises(NotFound):
            act(stranger)
    for state in ("findings_shared", "concluded", "draft"):
        with writing() as other:
            other.execute(update(Assessment).values(state=state))
        with pytest.raises(NotAllowed):
            afterwards.amend(lead, cycle.slug, now=now)
        with pytest.raises(NotAllowed):
            afterwards.withdraw(lead, cycle.slug, "too late", now=now)
