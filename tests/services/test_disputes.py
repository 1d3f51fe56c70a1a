"""A disputed function: what it opens, what the company says to it, and that neither silence nor unticking is a way out."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.disputes import DisputeEntry
from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound
from compliance.domain.submissions import unseal
from compliance.services.assessment import afterwards, answers, assessments, submissions
from compliance.services.review import clarifications, disputes, findings, reviews
from compliance.services.review.clarifications import QuestionReply
from compliance.storage.models import Assessment, AuditEvent, Clarification, Result, Service, Submission
from tests.services.exchange_world import DAY, NOW, TODAY, World, stamp, submitted_world
from tests.services.test_exchange import NOT_MET
from tests.support import factories as make

STREAMS = "live_streaming"
YES, NO = QuestionReply("", agrees=True), QuestionReply("Only partners can stream.", agrees=False)


@pytest.fixture
def world(context: Flask) -> World:
    return submitted_world()


def entry(world: World, function: str = STREAMS, reason: str = "Streams were seen on 3 May.") -> DisputeEntry:
    return DisputeEntry(world.service.slug, function, reason, TODAY + 14 * DAY)


def disputed(world: World, function: str = STREAMS) -> Clarification:
    """A dispute that is with the company."""
    row = disputes.write(world.reviewer, world.company.slug, world.cycle.slug, entry(world, function), now=NOW)
    clarifications.give_back(world.reviewer, world.company.slug, world.cycle.slug, now=NOW)
    return row


def stored(session: Session, row: Clarification) -> Clarification:
    session.rollback()
    return session.get_one(Clarification, row.id)


def reply(world: World, session: Session, row: Clarification, given: QuestionReply) -> None:
    version = stored(session, row).version
    session.rollback()
    clarifications.reply(world.lead, world.cycle.slug, row.id, given, stamp(version), now=NOW)


def severity(session: Session, indicator: str) -> str:
    session.rollback()
    return session.scalars(select(Result.severity).where(Result.indicator_id == indicator)).one()


def test_a_dispute_opens_the_questions_that_the_profile_kept_away(world: World, session: Session) -> None:
    place, other = world.place("P05.a", government=False), world.place(government=False)
    with pytest.raises(NotFound):
        answers.question_page(world.lead, place)
    before = severity(session, "P05.a")
    disputed(world)
    page = answers.question_page(world.lead, place)
    assert page.editable
    assert [item.function for item in page.asked] == [STREAMS]
    assert not answers.question_page(world.lead, other).editable
    with pytest.raises(NotAllowed):
        answers.save(world.lead, other, AnswerEntry(Status.NOT_IN_PLACE), stamp(1), now=NOW)
    answers.save(world.lead, place, AnswerEntry(Status.NOT_IN_PLACE, explanation="Not yet."), stamp(), now=NOW)
    assert (before, severity(session, "P05.a")) == ("does_not_apply", "not_known")  # asked, and nothing was signed yet


def test_an_answer_not_applicable_is_opened_again(world: World, session: Session) -> None:
    """A function that the company names: its questions are open, and one answered as not applicable is among them."""
    row = disputed(world, "image_video_sharing")
    assert row.claims is False
    opened = {key[1] for key in stored(session, row).questions}
    assert "P01.a" in opened
    session.rollback()
    assert answers.question_page(world.lead, world.place(government=False)).editable


def test_agreement_changes_the_profile_when_it_is_signed(world: World, session: Session) -> None:
    row = disputed(world)
    with pytest.raises(Invalid):
        make.submitted(world.lead, world.cycle, now=NOW)  # the company has not said anything
    reply(world, session, row, YES)
    make.submitted(world.lead, world.cycle, now=NOW)
    session.rollback()
    copies = session.scalars(select(Submission).order_by(Submission.number)).all()
    signed = [unseal(copy.sealed).services[0].functions or frozenset() for copy in copies]
    assert [STREAMS in functions for functions in signed] == [False, True]  # kept in versions
    assert STREAMS in (session.get_one(Service, world.service.id).functions or ())
    assert session.get_one(Assessment, world.assessment.id).profile_changes == {}
    assert stored(session, row).state == "answered"


def test_agreeing_that_a_function_is_lacking_takes_its_questions_away(world: World, session: Session) -> None:
    row = disputed(world, "children_can_use")
    asked = assessments.task_list(world.lead, world.cycle.slug).total
    known = session.scalars(select(Result.severity)).all()
    session.rollback()
    reply(world, session, row, YES)
    assert assessments.task_list(world.lead, world.cycle.slug).total < asked
    assert session.scalars(select(Result.severity)).all() == known  # a draft does not show through to government
    session.rollback()
    make.submitted(world.lead, world.cycle, now=NOW)
    session.rollback()
    assert "children_can_use" not in (session.get_one(Service, world.service.id).functions or ())


def test_a_company_that_disagrees_keeps_its_word_and_the_questions(world: World, session: Session) -> None:
    row = disputed(world)
    reply(world, session, row, NO)
    make.submitted(world.lead, world.cycle, now=NOW)
    review = reviews.review_of(world.reviewer, world.company.slug, world.cycle.slug, now=NOW)
    assert STREAMS not in (review.sealed.services[0].functions or ())
    assert [(item.state, item.agrees) for item in review.disputed] == [("answered", False)]
    assert "P05.a" in {item.question.indicator.id for item in review.items}
    assert severity(session, "P05.a") == "not_known"
    session.rollback()
    findings.save_finding(world.reviewer, world.place("P05.a"), NOT_MET, stamp(), now=NOW)
    number = submissions.receipt(world.lead, world.cycle.slug, 2)
    assert number.unanswered > 0
    disputes.take_back(world.fellow, world.company.slug, world.cycle.slug, row.id, now=NOW)
    assert severity(session, "P05.a") == "does_not_apply"


def test_silence_is_no_way_out(world: World, session: Session) -> None:
    row = disputed(world)
    clarifications.recall(world.reviewer, world.company.slug, world.cycle.slug, now=NOW)
    assert stored(session, row).state == "unanswered"
    assert severity(session, "P05.a") == "not_known"
    session.rollback()
    with pytest.raises(NotAllowed):
        disputes.write(world.reviewer, world.company.slug, world.cycle.slug, entry(world), now=NOW)
    # Nor is unticking and signing anew.
    afterwards.amend(world.lead, world.cycle.slug, now=NOW)
    assert answers.question_page(world.lead, world.place("P05.a", government=False)).editable
    disputes.take_back(world.reviewer, world.company.slug, world.cycle.slug, row.id, now=NOW)
    with pytest.raises(NotFound):
        answers.question_page(world.lead, world.place("P05.a", government=False))


def test_a_dispute_is_taken_back_like_a_question(world: World, session: Session) -> None:
    row = disputed(world)
    clarifications.drop(world.reviewer, world.company.slug, world.cycle.slug, row.id, now=NOW)
    assert severity(session, "P05.a") == "does_not_apply"
    assert session.get_one(Assessment, world.assessment.id).state == "submitted"
    session.rollback()
    again = disputes.write(world.reviewer, world.company.slug, world.cycle.slug, entry(world), now=NOW)
    assert again.round == 2


def test_one_written_while_it_is_returned_goes_at_once(world: World, session: Session) -> None:
    disputed(world)
    row = disputes.write(world.reviewer, world.company.slug, world.cycle.slug, entry(world, "search"), now=NOW)
    assert stored(session, row).state == "open"
    session.rollback()
    assert answers.question_page(world.lead, world.place("P06.a", government=False)).editable


@pytest.mark.parametrize("who", ["approver", "coordinator", "other_country", "outsider", "lead"])
def test_only_reviewers_of_the_lead_country_dispute(world: World, who: str) -> None:
    person = getattr(world, who)
    with pytest.raises(NotFound if who == "outsider" else Denied):
        disputes.write(person, world.company.slug, world.cycle.slug, entry(world), now=NOW)


@pytest.mark.parametrize(
    ("function", "reason"), [("", "Seen."), ("nothing", "Seen."), (STREAMS, " "), (STREAMS, "x" * 4_001)]
)
def test_a_faulty_dispute_is_refused(world: World, function: str, reason: str) -> None:
    with pytest.raises(Invalid):
        disputes.write(world.reviewer, world.company.slug, world.cycle.slug, entry(world, function, reason), now=NOW)


@pytest.mark.parametrize("given", [QuestionReply("Words."), QuestionReply("", agrees=False)])
def test_a_reply_takes_a_stance_and_reasons(world: World, session: Session, given: QuestionReply) -> None:
    row = disputed(world)
    with pytest.raises(Invalid):
        reply(world, session, row, given)


def test_the_trail_tells_of_it(world: World, session: Session) -> None:
    row = disputed(world)
    reply(world, session, row, NO)
    query = select(AuditEvent.action, AuditEvent.chain).where(AuditEvent.action.like("dispute.%"))
    events = session.execute(query.order_by(AuditEvent.id)).all()
    company, government = f"organisation:{world.company.id}", f"organisation:{world.reviewer.organisation_id}"
    assert [tuple(event) for event in events] == [
        ("dispute.ask", government),  # not sent yet: government's own
        ("dispute.send", company),
        ("dispute.reply", company),
    ]
