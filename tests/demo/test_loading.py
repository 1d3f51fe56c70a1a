"""What is loaded: complete, marked as invented, consistent with what the site would have written."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from compliance.demo import accounts, loading
from compliance.domain.errors import NotAllowed
from compliance.domain.permissions import ROLES_OF, OrganisationKind
from compliance.domain.submissions import seal, unseal
from compliance.services import audit
from compliance.services.assessment.answers import entry_of
from compliance.services.gap import results
from compliance.storage.database import db
from compliance.storage.models import (
    Answer,
    Assessment,
    AuditEvent,
    Clarification,
    Commitment,
    Engagement,
    ExtensionRequest,
    FindingVersion,
    GapAcceptance,
    Inquiry,
    Membership,
    Organisation,
    Participation,
    PublicRecord,
    Reply,
    Result,
    ReviewAssignment,
    ReviewNote,
    Sharing,
    Submission,
    User,
)
from tests.demo.conftest import MADE_AT
from tests.support import factories as make
from tests.support.engines import bare_app, both_engines


@both_engines
def test_loads_once(context: Flask, session: Session) -> None:
    assert loading.load(12, 1, hash_password=lambda: "hash", now=MADE_AT).companies == 12
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    assert loading.load(12, 1, hash_password=lambda: "other", now=MADE_AT).companies == 0
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
    assert set(session.scalars(select(User.password))) == {"hash"}
    assert audit.verify(session) == []


def test_more_companies_than_designed(context: Flask, session: Session) -> None:
    loading.load(15, 3, hash_password=lambda: "hash", now=MADE_AT)
    assert session.scalar(select(func.count()).where(Organisation.kind == "company")) == 15


@pytest.mark.parametrize("count", [1, 5])
def test_fewer_companies_than_designed(context: Flask, session: Session, count: int) -> None:
    loading.load(count, 1, hash_password=lambda: "hash", now=MADE_AT)
    assert session.scalar(select(func.count()).where(Organisation.kind == "company")) == count


def test_same_seed_same_answers(demo: Session, engine_url: str) -> None:
    later = MADE_AT + dt.timedelta(days=5)
    with bare_app(engine_url), Session(db.engine) as session:
        loading.load(12, 1, hash_password=lambda: "hash", now=later)
        ours = list(session.scalars(select(Submission.sha256).order_by(Submission.id)))
    assert ours == list(demo.scalars(select(Submission.sha256).order_by(Submission.id)))
    assert len(ours) == 15


def test_real_organisations_keep_it_out(context: Flask, session: Session) -> None:
    make.organisation(fictional=False)
    with pytest.raises(NotAllowed, match="real organisations"):
        loading.load(12, 1, hash_password=lambda: "hash", now=MADE_AT)
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_demo_data_keeps_other_modes_out(context: Flask) -> None:
    loading.refuse_demo_data()
    loading.load(1, 1, hash_password=lambda: "hash", now=MADE_AT)
    with pytest.raises(NotAllowed, match="holds the demo"):
        loading.refuse_demo_data()


def test_everything_is_marked_fictional(demo: Session) -> None:
    organisations = demo.scalars(select(Organisation)).all()
    assert all(organisation.fictional for organisation in organisations)
    assert all("nvented" in item.description_en and "nvent" in item.description_fr for item in organisations)
    governments = {item.country for item in organisations if item.kind == "government"}
    assert governments == {"AU", "CA", "GB", "NZ", "US"}
    assert all(email.endswith(".example") for email in demo.scalars(select(User.email)))
    assert all(".example/" in record.source_address for record in demo.scalars(select(PublicRecord)))


def test_roles_fit_and_canada_works_in_both_languages(demo: Session) -> None:
    rows = demo.execute(select(Membership, Organisation, User).join(Organisation).join(User)).all()
    for membership, organisation, _user in rows:
        assert membership.role in ROLES_OF[OrganisationKind(organisation.kind)]
    canada = {(m.role, u.language) for m, o, u in rows if o.kind == "government" and o.country == "CA"}
    assert {language for _role, language in canada} == {"en", "fr"}


def test_sealed_copies_hold_what_was_answered(demo: Session) -> None:
    rows = demo.scalars(select(Submission).options(undefer(Submission.sealed))).all()
    for submission in rows:
        sealed = unseal(submission.sealed)
        assert seal(sealed) == (submission.sealed, submission.sha256)
        answers = demo.scalars(
            select(Answer)
            .where(Answer.assessment_id == submission.assessment_id)
            .options(selectinload(Answer.evidence), selectinload(Answer.metrics), joinedload(Answer.service))
        ).all()
        stored = {(row.service.slug if row.service else None, row.indicator_id): entry_of(row) for row in answers}
        assert stored == sealed.answers


def test_results_are_what_a_rebuild_gives(demo: Session) -> None:
    for cycle_id, company_id in demo.execute(select(Participation.cycle_id, Participation.company_id)).all():
        assert results.refresh(demo, cycle_id, company_id, now=MADE_AT) == 0
    demo.rollback()


def test_every_word_change_and_flag_is_there(demo: Session) -> None:
    severities = set(demo.scalars(select(Result.severity).distinct()))
    assert severities == {"gap_without_plan", "not_known", "gap_with_plan", "claimed", "in_place", "does_not_apply"}
    changes = set(demo.scalars(select(Result.change).distinct())) - {None}
    assert changes == {"better", "worse", "same", "new", "gone", "no_longer_answered", "now_stated"}
    flags = {flag for result in demo.scalars(select(Result)) for flag in result.flags}
    assert flags >= {"disputed", "generic", "better", "worse", "public_record_differs"}
    assert set(demo.scalars(select(Result.plan).distinct())) == {"none", "current", "past"}
    grades = set(demo.scalars(select(Result.grade).distinct()))
    assert grades == {"none", "stated", "public_link", "document_shown", "independently_assured", "expired"}
    assert set(demo.scalars(select(Result.finding).distinct())) == {"none", "agree", "partly", "not_met", "cannot_tell"}


def test_lead_country_always_sees_and_a_country_was_withdrawn(demo: Session) -> None:
    missing = demo.execute(
        select(Participation.id)
        .join(Organisation, Organisation.id == Participation.company_id)
        .outerjoin(
            Sharing,
            (Sharing.company_id == Participation.company_id)
            & (Sharing.cycle_id == Participation.cycle_id)
            & (Sharing.country == Organisation.country)
            & Sharing.ended_at.is_(None),
        )
        .where(Sharing.id.is_(None))
    ).all()
    assert missing == []
    assert demo.scalar(select(func.count()).where(Sharing.ended_at.is_not(None)))


def test_trail_tells_of_every_answer_and_move(demo: Session) -> None:
    assert audit.verify(demo) == []
    told = dict(demo.execute(select(AuditEvent.action, func.count()).group_by(AuditEvent.action)).all())
    assert told["answer.save"] == demo.scalar(select(func.count()).select_from(Answer))
    assert told["assessment.submit"] == demo.scalar(select(func.count()).select_from(Submission))
    assert {"assessment.return", "assessment.withdraw", "assessment.conclude", "participation.decline"} <= told.keys()
    assert max(demo.scalars(select(AuditEvent.at))) < MADE_AT


def test_endorsement_and_answers_differ(demo: Session) -> None:
    """An endorsing company that declines, and one that answers well and never endorsed."""
    rows = {item.slug: item for item in demo.scalars(select(Organisation))}
    assert rows["thistledown"].endorsed_on is not None
    assert rows["quillpath"].endorsed_on is None
    assert demo.scalar(select(Assessment.state).where(Assessment.company_id == rows["quillpath"].id).limit(1))


def test_sign_ins_name_everyone_in_government_and_who_leads(demo: Session) -> None:
    found = accounts.sign_ins()
    assert len(found) == 12 + 4 * 4 + 8 + 1
    assert accounts.table(found)[0].split()[0] == "lead@brindlecove.example"


@both_engines
def test_copies_are_what_the_site_would_have_written(context: Flask, session: Session, monkeypatch) -> None:
    """Whoever loads thousands gets copies: results are what a rebuild gives, seals and trails hold, ids go on."""
    monkeypatch.setattr(loading, "PLANNED", 21)
    loading.load(35, 1, hash_password=lambda: "hash", now=MADE_AT)
    companies = session.scalars(select(Organisation).where(Organisation.kind == "company")).all()
    assert len(companies) == len({company.slug for company in companies}) == 35
    for cycle_id, company_id in session.execute(select(Participation.cycle_id, Participation.company_id)).all():
        assert results.refresh(session, cycle_id, company_id, now=MADE_AT) == 0
    slugs = {company.id: company.slug for company in companies}
    rows = session.execute(
        select(Submission, Assessment.company_id).join(Assessment).options(undefer(Submission.sealed))
    )
    for submission, company_id in rows.all():
        sealed = unseal(submission.sealed)
        assert sealed.company == slugs[company_id]
        assert seal(sealed) == (submission.sealed, submission.sha256)
    assert audit.verify(session) == []
    members = session.execute(select(Membership.user_id, Membership.organisation_id)).all()
    assert len({user_id for user_id, _ in members}) == len(members)
    make.organisation()
    make.user()


def test_every_page_of_the_review_side_has_something_to_show(demo: Session) -> None:
    """Questions, disputes, versions, replies, promises, meetings, acceptances and requests, in several states each."""

    def states(column: object) -> set[object]:
        return set(demo.scalars(select(column).distinct()))  # type: ignore[call-overload]

    assert states(Clarification.state) == {"draft", "open"}
    assert states(Commitment.state) >= {"proposed", "agreed", "done", "verified", "declined"}
    assert states(Reply.stance) == {"accept", "correct", "disagree"}
    assert states(Assessment.conclusion) == {"", "replied", "no_reply_given"}
    assert states(GapAcceptance.approved_at.is_not(None)) == {True, False}
    assert states(ExtensionRequest.decided_at.is_not(None)) == {True, False}
    assert states(Inquiry.replied_at.is_not(None)) == {True, False}
    assert states(ReviewNote.shared_at.is_not(None)) == {True, False}
    assert states(FindingVersion.number) == {1, 2}
    assert states(Engagement.followed_up_on) == {None}
    [disputed] = demo.scalars(select(Clarification).where(Clarification.function != ""))
    changes = demo.get_one(Assessment, disputed.assessment_id).profile_changes
    assert [list(own) for own in changes.values()] == [[disputed.function]]
    assert demo.scalar(select(func.count()).select_from(ReviewAssignment)) > 0  # type: ignore[operator]
