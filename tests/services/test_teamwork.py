"""Working together: who answers what, notes that stay in the company, history, and a team that manages itself."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.services import audit
from compliance.services.account import team
from compliance.services.account.invitations import Invited, Next
from compliance.services.actors import actor_for
from compliance.services.assessment import answers, asking, assessments, beside, teamwork
from compliance.services.cycle import sharing
from compliance.storage.database import db
from compliance.storage.models import AuditEvent, Membership, Organisation, Result, User
from tests.services.reminder_world import BASE_URL
from tests.support import factories as make


@pytest.fixture
def company(context: Flask) -> Organisation:
    return make.organisation()


@pytest.fixture
def lead(company: Organisation) -> Actor:
    return make.actor(company)


@pytest.fixture
def place(company: Organisation) -> Place:
    cycle = make.cycle()
    make.participation(cycle, company)
    service = make.service(company)
    make.assessment(cycle, company)
    return Place(cycle.slug, service.slug, "C1.a")


def names(problems: Invalid) -> set[str]:
    return {problem.code for problem in problems.problems}


def test_a_question_goes_before_its_principle(
    lead: Actor, company: Organisation, place: Place, now: dt.datetime
) -> None:
    ann, bob = make.actor(company, "contributor"), make.actor(company, "contributor")
    assert teamwork.assign(lead, place.cycle, {"C1": ann.user_id, "C2": bob.user_id}, now=now) == 2
    assert teamwork.assign(lead, place.cycle, {"C1": ann.user_id}, now=now) == 0
    assert assessments.task_list(ann, place.cycle).yours == 1
    teamwork.assign(ann, place.cycle, {f"{place.service}/C1.a": bob.user_id}, now=now)
    assert (assessments.task_list(ann, place.cycle).yours, assessments.task_list(bob, place.cycle).yours) == (0, 2)
    teamwork.assign(lead, place.cycle, {f"{place.service}/C1.a": None}, now=now)
    assert assessments.task_list(ann, place.cycle).yours == 1


def test_work_goes_to_colleagues_only(lead: Actor, company: Organisation, place: Place, now: dt.datetime) -> None:
    stranger, viewer = make.actor(make.organisation()), make.actor(company, "viewer")
    for other in (stranger, viewer):
        with pytest.raises(Invalid):
            teamwork.assign(lead, place.cycle, {"C1": other.user_id}, now=now)
    with pytest.raises(NotFound):
        teamwork.assign(lead, place.cycle, {"C9": lead.user_id}, now=now)
    with pytest.raises(Denied):
        teamwork.assign(viewer, place.cycle, {"C1": lead.user_id}, now=now)
    with pytest.raises(NotFound):
        teamwork.assign(stranger, place.cycle, {"C1": stranger.user_id}, now=now)


def test_notes_are_for_colleagues(lead: Actor, company: Organisation, place: Place, now: dt.datetime) -> None:
    counsel = make.actor(company, "viewer")
    teamwork.add_note(counsel, place, "Ask the board first.", now=now)
    page = answers.question_page(lead, place)
    assert [note.text for note in beside.beside(lead, page).notes] == ["Ask the board first."]
    for outsider in (make.actor(make.organisation()), make.actor(make.government())):
        with pytest.raises(NotFound):
            teamwork.add_note(outsider, place, "I was here.", now=now)
    with pytest.raises(Invalid):
        teamwork.add_note(lead, place, "  ", now=now)


def test_the_history_has_every_text(lead: Actor, place: Place, now: dt.datetime, session: Session) -> None:
    for version, text in enumerate(("One.", "Two.", "Three.")):
        entry = AnswerEntry(Status.IN_PLACE, explanation=text)
        answers.save(lead, place, entry, Stamp(version, ""), now=now + version * dt.timedelta(hours=1))
    versions = teamwork.history(lead, place).versions
    assert [version.after.explanation for version in versions] == ["Three.", "Two.", "One."]
    assert [version.before.explanation if version.before else None for version in versions] == ["Two.", "One.", None]
    assert versions[0].fields == ("explanation",)
    assert versions[0].who == lead.name
    with pytest.raises(NotFound):
        teamwork.history(make.actor(make.government()), place)
    assert audit.verify(session) == []


def test_what_one_person_types_in_one_sitting_is_one_change(
    lead: Actor, company: Organisation, place: Place, now: dt.datetime
) -> None:
    colleague = make.actor(company, "contributor")
    for version, (who, text) in enumerate(
        [(lead, "O"), (lead, "On"), (lead, "One."), (colleague, "Two."), (lead, "Three.")]
    ):
        entry = AnswerEntry(Status.IN_PLACE, explanation=text)
        answers.save(who, place, entry, Stamp(version, ""), now=now + version * dt.timedelta(seconds=9))
    versions = teamwork.history(lead, place).versions
    assert [version.after.explanation for version in versions] == ["Three.", "Two.", "One."]
    assert [version.before.explanation if version.before else None for version in versions] == ["Two.", "One.", None]
    assert versions[-1].since == now


def test_a_lead_replaces_a_leaver_and_keeps_the_drafts(
    lead: Actor, company: Organisation, place: Place, session: Session, now: dt.datetime
) -> None:
    leaver, heir = make.actor(company, "contributor"), make.actor(company, "contributor")
    draft = AnswerEntry(Status.IN_PLACE, explanation="Half done.")
    answers.save(leaver, place, draft, Stamp(0, ""), now=now)
    teamwork.assign(lead, place.cycle, {"C1": leaver.user_id}, now=now)
    with pytest.raises(Denied):
        team.end(heir, leaver.user_id, None, now=now)
    assert team.end(lead, leaver.user_id, heir.user_id, now=now) == 1
    assert actor_for(leaver.user_id) is None, "no access from this moment"
    assert assessments.task_list(heir, place.cycle).yours == 1
    page = answers.question_page(heir, place)
    assert (page.entry, page.updated_by) == (draft, leaver.name)
    assert session.scalars(select(Membership.ended_at).where(Membership.user_id == leaver.user_id)).all() == [now]
    with pytest.raises(NotFound):
        team.end(lead, leaver.user_id, None, now=now)


def test_a_team_keeps_a_lead(lead: Actor, company: Organisation, now: dt.datetime) -> None:
    make.actor(company, "contributor")
    with pytest.raises(Invalid) as refused:
        team.end(lead, lead.user_id, None, now=now)
    assert names(refused.value) == {"last_lead"}
    second = make.actor(company)
    team.end(lead, lead.user_id, second.user_id, now=now)
    with pytest.raises(NotFound):
        team.member(make.actor(make.organisation()), second.user_id)


def test_inviting_without_asking_government(
    lead: Actor, company: Organisation, session: Session, now: dt.datetime
) -> None:
    new = Invited("New.Person@harbour.example", "contributor", "New Person", "fr")
    assert team.invite(lead, new, now=now, base_url=BASE_URL) is Next.MAIL
    (person,) = session.scalars(select(User).where(User.email == "new.person@harbour.example"))
    assert (person.language, person.active, person.password) == ("fr", False, None)
    assert actor_for(person.id) is None, "the role begins when the invitation is taken up"
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "invitation.make")).one()
    assert event.actor_id == lead.user_id
    elsewhere = make.user(make.organisation(), "lead")
    for invitation, code in (
        (Invited("no address", "lead"), "not_an_address"),
        (Invited(elsewhere.email, "lead"), "role_elsewhere"),
        (Invited("a@b.example", "reviewer"), "role_needed"),
        (Invited("a@b.example", ""), "role_needed"),
    ):
        with pytest.raises(Invalid) as refused:
            team.invite(lead, invitation, now=now, base_url=BASE_URL)
        assert code in names(refused.value)
    with pytest.raises(Denied):
        team.invite(make.actor(company, "contributor"), new, now=now, base_url=BASE_URL)


def test_asking_government_and_the_reply(lead: Actor, company: Organisation, place: Place, now: dt.datetime) -> None:
    asking.ask(lead, place, "Does a postcard count?", "en", now=now)
    reviewer, other = make.actor(make.government()), make.actor(make.government("NZ"))
    [(row, _framework)] = asking.led(reviewer)
    assert asking.led(other) == []
    with pytest.raises(NotFound):
        asking.reply(other, row.id, "No.", "en", now=now)
    with pytest.raises(Invalid):
        asking.reply(reviewer, row.id, " ", "en", now=now)
    asking.reply(reviewer, row.id, "It does.", "en", now=now)
    with pytest.raises(NotAllowed):
        asking.reply(reviewer, row.id, "It does not.", "en", now=now)
    colleague = make.actor(company, "viewer")
    assert [item.reply for item in asking.asked(colleague, place.cycle).inquiries] == ["It does."]
    page = answers.question_page(colleague, place)
    assert [item.reply for item in beside.beside(colleague, page).inquiries] == ["It does."]
    with pytest.raises(NotFound):
        asking.asked(make.actor(make.organisation()), place.cycle)
    with pytest.raises(NotFound):
        asking.ask(lead, Place(place.cycle, None, "X9"), "?", "en", now=now)


def test_asking_for_more_time(lead: Actor, company: Organisation, place: Place, now: dt.datetime) -> None:
    for until, reason, codes in (
        (None, "", {"date_needed", "needed"}),
        (dt.date(2026, 9, 30), "Too little time.", {"extension_not_later"}),
        (dt.date(2028, 9, 30), "Too little time.", {"extension_too_long"}),
    ):
        with pytest.raises(Invalid) as refused:
            asking.ask_for_time(lead, place.cycle, until, reason, now=now)
        assert names(refused.value) == codes
    with pytest.raises(Denied):
        asking.ask_for_time(make.actor(company, "contributor"), place.cycle, dt.date(2026, 10, 30), "Time.", now=now)
    asking.ask_for_time(lead, place.cycle, dt.date(2026, 10, 30), "Time.", now=now)
    [request] = asking.asked(lead, place.cycle).extensions
    assert (request.asked_due_on, request.decided_at) == (dt.date(2026, 10, 30), None)
    with pytest.raises(NotAllowed):
        asking.ask_for_time(lead, place.cycle, dt.date(2026, 11, 30), "More.", now=now)


def test_sharing_keeps_the_results_true(lead: Actor, place: Place, session: Session, now: dt.datetime) -> None:
    """Without a submission in this cycle government knows the services by the last one, if it may see that."""
    del session
    sharing.name_countries(lead, place.cycle, ["US"], seen=["CA"], now=now)
    rows = db.session.scalars(select(Result)).all()
    assert {row.company_id for row in rows} == {lead.organisation_id}
