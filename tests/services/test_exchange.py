"""Clarification, findings that the company has seen, and its right of reply."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.clarifications import ClarificationEntry
from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.domain.findings import FindingEntry
from compliance.domain.replies import ReplyEntry, Stance
from compliance.domain.results import Rating
from compliance.services.assessment import answers
from compliance.services.review import clarifications, findings, replies
from compliance.services.review.clarifications import QuestionReply
from compliance.services.transaction import writing
from compliance.storage.models import Assessment, Clarification, Finding, FindingVersion, Result, Submission
from tests.services.exchange_world import DAY, NOW, TODAY, World, stamp, submitted_world
from tests.support import factories as make

QUESTION = ClarificationEntry("Which formats are matched?", TODAY + 14 * DAY)
NOT_MET = FindingEntry(Rating.NOT_MET, "No evidence was seen.", "Show the matching of images.")
DISAGREE = ReplyEntry(Stance.DISAGREE, "The evidence is on the page linked.")


@pytest.fixture
def world(context: Flask) -> World:
    return submitted_world()


def state(session: Session, world: World) -> str:
    session.rollback()
    return session.get_one(Assessment, world.assessment.id).state


def flags(session: Session, indicator: str = "P01.a") -> list[str]:
    session.rollback()
    return list(session.scalars(select(Result.flags).where(Result.indicator_id == indicator)).one())


def returned(world: World) -> Clarification:
    row = clarifications.ask(world.reviewer, world.place(), QUESTION, stamp(), now=NOW)
    clarifications.give_back(world.reviewer, world.company.slug, world.cycle.slug, now=NOW)
    return row


def shared(world: World, entry: FindingEntry = NOT_MET) -> int:
    """The id of a finding that was shared with the company."""
    findings.save_finding(world.reviewer, world.place(), entry, stamp(), now=NOW)
    replies.share(world.reviewer, world.company.slug, world.cycle.slug, TODAY + 20 * DAY, now=NOW)
    return replies.own_findings(world.lead, world.cycle.slug, now=NOW).items[0].version.finding_id


class TestClarification:
    def test_the_company_sees_a_question_only_after_the_return(self, world: World, session: Session) -> None:
        clarifications.ask(world.reviewer, world.place(), QUESTION, stamp(), now=NOW)
        assert clarifications.own_questions(world.lead, world.cycle.slug).open == []
        assert clarifications.give_back(world.reviewer, world.company.slug, world.cycle.slug, now=NOW) == 1
        assert state(session, world) == "returned"
        found = clarifications.own_questions(world.lead, world.cycle.slug)
        assert [item.row.question for item in found.open] == [QUESTION.question]

    def test_only_the_answer_that_was_named_is_open(self, world: World) -> None:
        returned(world)
        new = AnswerEntry(Status.PARTLY, surfaces=("posts",), explanation="Images only.")
        named, other = world.place(government=False), world.place("P01.b", government=False)
        assert answers.question_page(world.lead, named).editable
        assert not answers.question_page(world.lead, other).editable
        assert answers.save(world.lead, named, new, stamp(1), now=NOW).version == 2
        with pytest.raises(NotAllowed):
            answers.save(world.lead, other, AnswerEntry(Status.IN_PLACE), stamp(1), now=NOW)
        with pytest.raises(NotAllowed):
            answers.save(world.lead, world.place("P01.c", government=False), new, stamp(), now=NOW)

    def test_old_and_new_stay_beside_each_other(self, world: World, session: Session) -> None:
        row = returned(world)
        sealed = session.scalars(select(Submission)).one().sha256
        session.rollback()
        new = AnswerEntry(Status.PARTLY, surfaces=("posts",), explanation="Images only.")
        answers.save(world.lead, world.place(government=False), new, stamp(1), now=NOW)
        with pytest.raises(Invalid):
            make.submitted(world.lead, world.cycle, now=NOW)  # the question has no reply yet
        clarifications.reply(
            world.contributor, world.cycle.slug, row.id, QuestionReply("Images."), stamp(row.version + 1), now=NOW
        )
        make.submitted(world.lead, world.cycle, now=NOW)
        session.rollback()
        kept = session.get_one(Clarification, row.id)
        assert (kept.state, kept.submission_number, kept.answered_number) == ("answered", 1, 2)
        assert session.scalars(select(Submission).where(Submission.number == 1)).one().sha256 == sealed
        again = clarifications.ask(world.reviewer, world.place(), QUESTION, stamp(), now=NOW)
        assert again.round == 2

    def test_a_profile_changed_meanwhile_opens_and_takes_away_nothing(self, world: World) -> None:
        row = returned(world)
        make.service(world.company, ("search",))
        place = replace(world.place("P06.a", government=False))
        with pytest.raises(NotFound):
            answers.question_page(world.lead, place)
        clarifications.reply(
            world.lead, world.cycle.slug, row.id, QuestionReply("As it was."), stamp(row.version + 1), now=NOW
        )
        assert make.submitted(world.lead, world.cycle, now=NOW).number == 2

    def test_taking_the_last_question_back_resumes_the_review(self, world: World, session: Session) -> None:
        row = returned(world)
        clarifications.drop(world.fellow, world.company.slug, world.cycle.slug, row.id, now=NOW)
        assert state(session, world) == "submitted"
        with pytest.raises(NotAllowed):
            answers.save(world.lead, world.place(government=False), AnswerEntry(Status.IN_PLACE), stamp(1), now=NOW)
        with pytest.raises(NotAllowed):
            clarifications.reply(world.lead, world.cycle.slug, row.id, QuestionReply("Late."), stamp(9), now=NOW)

    def test_reading_on_without_an_answer(self, world: World, session: Session) -> None:
        returned(world)
        clarifications.recall(world.reviewer, world.company.slug, world.cycle.slug, now=NOW)
        assert state(session, world) == "submitted"
        assert session.scalars(select(Clarification.state)).all() == ["withdrawn"]

    def test_two_reviewers_asking_at_once(self, world: World) -> None:
        first = clarifications.ask(world.reviewer, world.place(), QUESTION, stamp(0, "a"), now=NOW)
        with pytest.raises(Conflict):
            clarifications.ask(
                world.fellow, world.place(), replace(QUESTION, question="Other?"), stamp(0, "b"), now=NOW
            )
        assert clarifications.ask(world.reviewer, world.place(), QUESTION, stamp(0, "a"), now=NOW).id == first.id
        clarifications.give_back(world.reviewer, world.company.slug, world.cycle.slug, now=NOW)
        with pytest.raises(NotAllowed):
            clarifications.ask(
                world.fellow, world.place(), replace(QUESTION, question="Other?"), stamp(9, "c"), now=NOW
            )

    @pytest.mark.parametrize(
        "entry",
        [
            ClarificationEntry(" ", TODAY + DAY),
            ClarificationEntry("x" * 4_001, TODAY + DAY),
            ClarificationEntry("Why?", None),
            ClarificationEntry("Why?", TODAY),
            ClarificationEntry("Why?", TODAY + 400 * DAY),
        ],
    )
    def test_a_question_needs_words_and_a_day(self, world: World, entry: ClarificationEntry) -> None:
        with pytest.raises(Invalid):
            clarifications.ask(world.reviewer, world.place(), entry, stamp(), now=NOW)

    def test_a_return_needs_a_question_whose_day_has_not_come(self, world: World) -> None:
        with pytest.raises(Invalid):
            clarifications.give_back(world.reviewer, world.company.slug, world.cycle.slug, now=NOW)
        clarifications.ask(world.reviewer, world.place(), QUESTION, stamp(), now=NOW)
        with pytest.raises(Invalid):
            clarifications.give_back(world.reviewer, world.company.slug, world.cycle.slug, now=NOW + 14 * DAY)

    def test_who_may_ask(self, world: World) -> None:
        for person, error in (
            (world.approver, Denied),
            (world.other_country, Denied),
            (world.outsider, NotFound),
            (world.rival, NotFound),
        ):
            with pytest.raises(error):
                clarifications.ask(person, world.place(), QUESTION, stamp(), now=NOW)
        row = returned(world)
        with pytest.raises(NotFound):
            clarifications.reply(world.rival, world.cycle.slug, row.id, QuestionReply("Me!"), stamp(9), now=NOW)
        with pytest.raises(Denied):
            clarifications.reply(
                make.actor(world.company, "viewer"), world.cycle.slug, row.id, QuestionReply("x"), stamp(9), now=NOW
            )


class TestFinding:
    def test_it_says_which_copy_was_read(self, world: World, session: Session) -> None:
        findings.save_finding(world.reviewer, world.place(), NOT_MET, stamp(), now=NOW)
        with pytest.raises(Invalid) as refused:
            findings.save_finding(world.reviewer, world.place(), replace(NOT_MET, read=2), stamp(1), now=NOW)
        assert [problem.code for problem in refused.value.problems] == ["signed_anew"]

    def test_texts_keep_the_language_in_which_they_were_typed(self, world: World, session: Session) -> None:
        french = FindingEntry(Rating.NOT_MET, "Aucune page trouvée.", language="fr")
        findings.save_finding(world.reviewer, world.place(), french, stamp(), now=NOW)
        only_the_rating = replace(french, rating=Rating.PARTLY, language="en")
        findings.save_finding(world.reviewer, world.place(), only_the_rating, stamp(1), now=NOW)
        assert session.scalars(select(Finding.language)).one() == "fr"
        session.rollback()
        replies.share(world.reviewer, world.company.slug, world.cycle.slug, TODAY + 20 * DAY, now=NOW)
        assert session.scalars(select(FindingVersion.language)).one() == "fr"
        session.rollback()
        rewritten = replace(french, reason="No page found.", language="en", change_reason="Said better.")
        findings.save_finding(world.reviewer, world.place(), rewritten, stamp(2), now=NOW)
        versions = session.scalars(select(FindingVersion).order_by(FindingVersion.number))
        assert [row.language for row in versions] == ["fr", "en"]

    def test_after_sharing_a_change_is_a_new_version_with_a_reason(self, world: World, session: Session) -> None:
        shared(world)
        agreed = FindingEntry(Rating.AGREE)
        with pytest.raises(Invalid) as refused:
            findings.save_finding(world.reviewer, world.place(), agreed, stamp(1), now=NOW)
        assert [problem.code for problem in refused.value.problems] == ["change_reason_needed"]
        told = replace(agreed, change_reason="The page was found.")
        later = NOW + 19 * DAY
        findings.save_finding(world.reviewer, world.place(), told, stamp(1), now=later)
        rows = session.scalars(select(FindingVersion).order_by(FindingVersion.number)).all()
        assert [(row.number, row.rating, row.change_reason) for row in rows] == [
            (1, "not_met", ""),
            (2, "agree", "The page was found."),
        ]
        assert rows[1].reply_due_on == later.date() + 7 * DAY
        seen = replies.own_findings(world.lead, world.cycle.slug, now=later).items[0]
        assert (seen.version.number, seen.open) == (2, True)

    def test_the_company_goes_on_seeing_what_was_shared(self, world: World, session: Session) -> None:
        shared(world)
        replies.conclude_due(now=NOW + 30 * DAY)
        replies.reopen(world.coordinator, world.company.slug, world.cycle.slug, "New facts.", now=NOW + 31 * DAY)
        make.submitted(world.lead, world.cycle, now=NOW + 32 * DAY)
        changed = FindingEntry(Rating.PARTLY, "Seen in part.")
        findings.save_finding(world.reviewer, world.place(), changed, stamp(1), now=NOW + 33 * DAY)
        seen = replies.own_findings(world.lead, world.cycle.slug, now=NOW + 33 * DAY).items[0]
        assert (seen.version.number, seen.version.rating, seen.open) == (1, "not_met", False)

    def test_nothing_is_seen_before_it_is_shared(self, world: World) -> None:
        findings.save_finding(world.reviewer, world.place(), NOT_MET, stamp(), now=NOW)
        with pytest.raises(NotFound):
            replies.own_findings(world.lead, world.cycle.slug, now=NOW)


class TestReply:
    def test_a_disagreement_disputes_the_result_once_it_is_sent(self, world: World, session: Session) -> None:
        partly = FindingEntry(Rating.AGREE)
        finding_id = shared(world, partly)
        replies.save_reply(world.contributor, world.cycle.slug, finding_id, DISAGREE, stamp(), now=NOW)
        assert "disputed" not in flags(session)
        with pytest.raises(Denied):
            replies.send(world.contributor, world.cycle.slug, now=NOW)
        assert replies.send(world.lead, world.cycle.slug, now=NOW) == 1
        assert "disputed" in flags(session)
        with pytest.raises(NotAllowed):
            replies.save_reply(world.lead, world.cycle.slug, finding_id, ReplyEntry(Stance.ACCEPT), stamp(1), now=NOW)

    def test_a_new_version_does_not_end_the_dispute_by_itself(self, world: World, session: Session) -> None:
        finding_id = shared(world, FindingEntry(Rating.AGREE))
        replies.save_reply(world.lead, world.cycle.slug, finding_id, DISAGREE, stamp(), now=NOW)
        replies.send(world.lead, world.cycle.slug, now=NOW)
        told = FindingEntry(Rating.AGREE, "Corrected.", change_reason="A word was wrong.")
        findings.save_finding(world.reviewer, world.place(), told, stamp(1), now=NOW)
        assert "disputed" in flags(session)
        with pytest.raises(NotAllowed):
            replies.conclude(world.reviewer, world.company.slug, world.cycle.slug, now=NOW)
        replies.save_reply(world.lead, world.cycle.slug, finding_id, ReplyEntry(Stance.ACCEPT), stamp(), now=NOW)
        replies.send(world.lead, world.cycle.slug, now=NOW)
        assert "disputed" not in flags(session)
        assert replies.conclude(world.reviewer, world.company.slug, world.cycle.slug, now=NOW) == "replied"

    def test_concluded_after_the_reply_or_after_the_date(self, world: World, session: Session) -> None:
        shared(world)
        with pytest.raises(NotAllowed):
            replies.conclude(world.reviewer, world.company.slug, world.cycle.slug, now=NOW + 20 * DAY)
        assert replies.conclude_due(now=NOW + 20 * DAY) == 0
        assert replies.conclude_due(now=NOW + 21 * DAY) == 1
        assert replies.conclude_due(now=NOW + 21 * DAY) == 0
        assert state(session, world) == "concluded"
        assert session.get_one(Assessment, world.assessment.id).conclusion == "no_reply_given"

    def test_a_reply_that_came_in_time_is_not_called_none(self, world: World, session: Session) -> None:
        finding_id = shared(world)
        replies.save_reply(world.lead, world.cycle.slug, finding_id, DISAGREE, stamp(), now=NOW)
        replies.send(world.lead, world.cycle.slug, now=NOW)
        assert replies.conclude_due(now=NOW + 99 * DAY) == 0
        assert replies.conclude(world.approver, world.company.slug, world.cycle.slug, now=NOW + 99 * DAY) == "replied"

    def test_two_colleagues_and_the_same_form_twice(self, world: World) -> None:
        finding_id = shared(world)
        slug = world.cycle.slug
        assert replies.save_reply(world.lead, slug, finding_id, DISAGREE, stamp(0, "a"), now=NOW) == 1
        assert replies.save_reply(world.lead, slug, finding_id, DISAGREE, stamp(0, "a"), now=NOW) == 1
        with pytest.raises(Conflict):
            replies.save_reply(world.contributor, slug, finding_id, ReplyEntry(Stance.ACCEPT), stamp(0, "b"), now=NOW)

    @pytest.mark.parametrize(
        "entry",
        [
            ReplyEntry(None),
            ReplyEntry(Stance.CORRECT, " "),
            ReplyEntry(Stance.DISAGREE),
            ReplyEntry(Stance.ACCEPT, "x" * 4_001),
        ],
    )
    def test_reasons_are_needed(self, world: World, entry: ReplyEntry) -> None:
        finding_id = shared(world)
        with pytest.raises(Invalid):
            replies.save_reply(world.lead, world.cycle.slug, finding_id, entry, stamp(), now=NOW)
        with pytest.raises(Invalid):
            replies.send(world.lead, world.cycle.slug, now=NOW)

    def test_sharing_needs_a_finding_a_date_and_no_waiting_question(self, world: World) -> None:
        company, cycle = world.company.slug, world.cycle.slug
        with pytest.raises(Invalid):
            replies.share(world.reviewer, company, cycle, TODAY + DAY, now=NOW)
        findings.save_finding(world.reviewer, world.place(), NOT_MET, stamp(), now=NOW)
        for day in (None, TODAY, TODAY + dt.timedelta(days=400)):
            with pytest.raises(Invalid):
                replies.share(world.reviewer, company, cycle, day, now=NOW)
        clarifications.ask(world.reviewer, world.place(), QUESTION, stamp(), now=NOW)
        with pytest.raises(Invalid):
            replies.share(world.reviewer, company, cycle, TODAY + DAY, now=NOW)

    def test_a_withdrawn_assessment_shows_no_finding_to_reviewers(self, world: World) -> None:
        with writing() as session:
            session.get_one(Assessment, world.assessment.id).state = "withdrawn"
        with pytest.raises(NotFound):
            findings.save_finding(world.reviewer, world.place(), NOT_MET, stamp(), now=NOW)
