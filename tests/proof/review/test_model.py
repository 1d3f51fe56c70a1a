"""2,000 runs of up to 30 acts over two companies and two cycles: the database is what the model says it must be."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.clarifications import ClarificationEntry
from compliance.domain.commitments import ActEntry, CommitmentAct, CommitmentEntry
from compliance.domain.errors import ProductError
from compliance.domain.findings import FindingEntry
from compliance.domain.questionnaire import Place
from compliance.domain.replies import ReplyEntry, Stance
from compliance.domain.results import Rating
from compliance.domain.saving import Stamp
from compliance.services.assessment import answers
from compliance.services.gap import commitments, results
from compliance.services.review import clarifications, findings, replies
from compliance.services.review.clarifications import QuestionReply
from compliance.services.transaction import looking
from compliance.storage.models import (
    Answer,
    Assessment,
    Clarification,
    Commitment,
    Finding,
    FindingVersion,
    Reply,
    Result,
    Service,
    Submission,
)
from tests.proof.review.model import Exchange, Key, Pledge
from tests.proof.review.world import START, Company, Stage, rebuilt_results, stage, stored_results
from tests.proof.row import SEED
from tests.support import factories as make

RUNS, PARTS, STEPS = 2_000, 8, 30

#: Company, cycle and question; mostly one of them, so that a run gets far with it.
mostly_first = st.sampled_from([0, 0, 0, 1])
here = st.tuples(mostly_first, mostly_first, st.integers(0, 1))
days = st.integers(1, 40)
tally: Counter[str] = Counter()

#: What the runs of each part must have done and been refused, so that a green run means something.
DONE = ("save", "submit", "ask", "give_back", "drop", "recall", "reply_to_question", "find", "share", "reply", "send")
MUST = {*(f"{name} done" for name in (*DONE, "conclude", "reopen", "propose", "move"))}
MUST |= {*(f"{name} refused" for name in ("save", "submit", "ask", "give_back", "find", "share", "reply", "move"))}


class Machine(RuleBasedStateMachine):
    """Does each act in the model and in the product; both must agree on what happened."""

    stage: Stage

    @initialize(depth=st.integers(0, 9), before=st.sampled_from(["nothing", "answered", "recalled"]))
    def begin(self, depth: int, before: str) -> None:
        """A run begins somewhere on the way: nobody would wait for chance to get there."""
        self._reset()
        first = (0, 0, 0)
        signed = [lambda: self.save(first, "in_place", 1), lambda: self.submit(first)]
        asked = [lambda: self.ask(first, 9), lambda: self.give_back(first)]
        questions = {
            "nothing": [],
            "answered": [*asked, lambda: self.reply_to_question(first), lambda: self.submit(first)],
            "recalled": [*asked, lambda: self.recall(first)],
        }
        findings_ = [
            lambda: self.find(first, "not_met", told=True),
            lambda: self.share(first, 5),
            lambda: self.reply(first, "disagree"),
            lambda: self.send(first),
            lambda: self.conclude(first),
            lambda: self.reopen(first),
        ]
        for act in [*signed, *questions[before], *findings_][:depth]:
            act()

    def _reset(self) -> None:
        self.world = self.stage.reset()
        self.now = START
        self.model = {(c, n): Exchange() for c in range(2) for n in range(2)}
        self.sealed: dict[tuple[int, int], str] = {}  # assessment id and number: sha256 when it was signed
        self.ids: dict[int, Pledge] = {}
        self.acts = 0

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def both(self, expected: type[Exception] | None, act: Callable[[], Any]) -> Any:
        """Do the act; it must succeed or end in the error that the model says."""
        self.acts += 1
        what, done, refusal = sys._getframe(1).f_code.co_name, None, None
        try:
            done = act()
        except ProductError as error:
            refusal = error
        assert type(refusal) is (expected or type(None)), f"{what}: {refusal!r} where the model says {expected}"
        how = "refused" if refusal else "done"
        tally[f"{what} {how}"] += 1
        return done

    def at(self, where: tuple[int, int, int]) -> tuple[Exchange, Company, str, Key]:
        company = self.world.companies[where[0]]
        return self.model[where[:2]], company, self.world.cycles[where[1]].slug, company.keys[where[2]]

    def place(self, where: tuple[int, int, int], *, own: bool) -> Place:
        _model, company, cycle, key = self.at(where)
        return Place(cycle, key[0], key[1], None if own else company.row.slug)

    def stored(self, table: Any, where: tuple[int, int, int]) -> Any:
        """The row of the question, newest first: what a form was filled from."""
        _model, company, cycle, key = self.at(where)
        with looking() as session:
            service = (
                session.scalars(select(Service.id).where(Service.slug == key[0])).one_or_none() if key[0] else None
            )
            rows = session.scalars(
                select(table)
                .where(
                    table.assessment_id == company.assessments[cycle],
                    table.service_id.is_(None) if service is None else table.service_id == service,
                    table.indicator_id == key[1],
                )
                .order_by(table.id.desc())
            )
            return rows.first()

    def stamp(self, table: Any, where: tuple[int, int, int]) -> Stamp:
        row = self.stored(table, where)
        return Stamp(row.version if row else 0, "")

    @rule(where=here, status=st.sampled_from(["in_place", "not_in_place", "planned"]), ahead=days)
    def save(self, where: tuple[int, int, int], status: str, ahead: int) -> None:
        model, company, _cycle, key = self.at(where)
        planned = self.today + dt.timedelta(days=ahead) if status == "planned" else None
        entry = AnswerEntry(Status(status), explanation=f"{self.acts} {key[1]}", planned_on=planned)
        place, stamp = self.place(where, own=True), self.stamp(Answer, where)
        self.both(model.save(key, status), lambda: answers.save(company.lead, place, entry, stamp, now=self.now))

    @rule(where=here)
    def submit(self, where: tuple[int, int, int]) -> None:
        model, company, _cycle, _key = self.at(where)
        cycle = self.world.cycles[where[1]]
        row = self.both(model.submit(), lambda: make.submitted(company.lead, cycle, now=self.now))
        if row is not None:
            self.sealed.setdefault((row.assessment_id, row.number), row.sha256)

    @rule(where=here, ahead=days)
    def ask(self, where: tuple[int, int, int], ahead: int) -> None:
        model, _company, _cycle, key = self.at(where)
        row = self.stored(Clarification, where)
        stamp = Stamp(row.version if row is not None and row.state == "draft" else 0, "")
        entry = ClarificationEntry(f"Why, at {self.acts}?", self.today + dt.timedelta(days=ahead))
        place = self.place(where, own=False)
        self.both(
            model.ask(key, self.today, ahead),
            lambda: clarifications.ask(self.world.reviewer, place, entry, stamp, now=self.now),
        )

    @rule(where=here)
    def give_back(self, where: tuple[int, int, int]) -> None:
        model, company, cycle, _key = self.at(where)
        act = partial(clarifications.give_back, self.world.reviewer, company.row.slug, cycle, now=self.now)
        self.both(model.give_back(self.today), act)

    @rule(where=here)
    def drop(self, where: tuple[int, int, int]) -> None:
        model, company, cycle, key = self.at(where)
        row = self.stored(Clarification, where)
        number = row.id if row is not None else 0
        act = partial(clarifications.drop, self.world.reviewer, company.row.slug, cycle, number, now=self.now)
        self.both(model.drop(key), act)

    @rule(where=here)
    def recall(self, where: tuple[int, int, int]) -> None:
        model, company, cycle, _key = self.at(where)
        act = partial(clarifications.recall, self.world.reviewer, company.row.slug, cycle, now=self.now)
        self.both(model.recall(), act)

    @rule(where=here)
    def reply_to_question(self, where: tuple[int, int, int]) -> None:
        model, company, cycle, key = self.at(where)
        row = self.stored(Clarification, where)
        if row is None or row.sent_at is None:
            return  # the company knows of no question
        text, stamp = f"Because, at {self.acts}.", Stamp(row.version, "")
        act = partial(clarifications.reply, company.lead, cycle, row.id, QuestionReply(text), stamp, now=self.now)
        self.both(model.reply_to_question(key, text), act)

    @rule(where=here, rating=st.sampled_from(["agree", "partly", "not_met"]), told=st.booleans())
    def find(self, where: tuple[int, int, int], rating: str, told: bool) -> None:
        model, _company, _cycle, key = self.at(where)
        reason = "It was wrong." if told else ""
        entry = FindingEntry(Rating(rating), f"Seen as {rating}.", change_reason=reason)
        place, stamp = self.place(where, own=False), self.stamp(Finding, where)
        self.both(
            model.find(key, rating, reason, self.today),
            lambda: findings.save_finding(self.world.reviewer, place, entry, stamp, now=self.now),
        )

    @rule(where=here, ahead=days)
    def share(self, where: tuple[int, int, int], ahead: int) -> None:
        model, company, cycle, _key = self.at(where)
        due = self.today + dt.timedelta(days=ahead)
        act = partial(replies.share, self.world.reviewer, company.row.slug, cycle, due, now=self.now)
        self.both(model.share(self.today, ahead), act)

    @rule(where=here, stance=st.sampled_from(["accept", "correct", "disagree"]))
    def reply(self, where: tuple[int, int, int], stance: str) -> None:
        model, company, cycle, key = self.at(where)
        finding = self.stored(Finding, where)
        number, version = finding.id if finding else 0, 0
        with looking() as session:
            row = session.scalars(
                select(Reply)
                .join(FindingVersion, FindingVersion.id == Reply.finding_version_id)
                .where(FindingVersion.finding_id == number)
                .where(FindingVersion.number == len(model.versions.get(key, [])))
            ).first()
            version = row.version if row else 0
        entry = ReplyEntry(Stance(stance), f"Our view at {self.acts}.")
        act = partial(replies.save_reply, company.lead, cycle, number, entry, Stamp(version, ""), now=self.now)
        self.both(model.reply(key, stance, self.today), act)

    @rule(where=here)
    def send(self, where: tuple[int, int, int]) -> None:
        model, company, cycle, _key = self.at(where)
        self.both(model.send(), lambda: replies.send(company.lead, cycle, now=self.now))

    @rule(where=here)
    def conclude(self, where: tuple[int, int, int]) -> None:
        model, company, cycle, _key = self.at(where)
        act = partial(replies.conclude, self.world.reviewer, company.row.slug, cycle, now=self.now)
        self.both(model.conclude(self.today), act)

    @rule(where=here)
    def reopen(self, where: tuple[int, int, int]) -> None:
        model, company, cycle, _key = self.at(where)
        act = partial(replies.reopen, self.world.coordinator, company.row.slug, cycle, "New facts.", now=self.now)
        self.both(model.reopen(), act)

    @rule(where=here, side=st.sampled_from(["company", "government"]), ahead=days)
    def propose(self, where: tuple[int, int, int], side: str, ahead: int) -> None:
        model, company, _cycle, key = self.at(where)
        due = self.today + dt.timedelta(days=ahead)
        actor = company.lead if side == "company" else self.world.reviewer
        place, entry = self.place(where, own=side == "company"), CommitmentEntry("We will.", "Someone", due)
        row = self.both(
            model.propose(key, side, due),
            lambda: commitments.propose(actor, place, entry, Stamp(0, ""), now=self.now),
        )
        if row is not None:
            self.ids[row.id] = model.pledges[-1]

    @rule(
        number=st.integers(0, 5),
        act=st.sampled_from(["agree", "decline", "withdraw", "claim_done", "verify", "reopen"]),
        side=st.sampled_from(["company", "government"]),
    )
    def move(self, number: int, act: str, side: str) -> None:
        if not self.ids:
            return
        id_ = sorted(self.ids)[number % len(self.ids)]
        with looking() as session:
            row = session.get_one(Commitment, id_)
            company = next(item for item in self.world.companies if item.row.id == row.company_id)
            version = row.version
        actor = company.lead if side == "company" else self.world.reviewer
        entry = ActEntry("As shown.")
        self.both(
            Exchange.move(self.ids[id_], act, side),
            lambda: commitments.act_on(actor, id_, CommitmentAct(act), entry, version=version, now=self.now),
        )

    @rule(ahead=days)
    def days_pass(self, ahead: int) -> None:
        self.now += dt.timedelta(days=ahead)
        replies.conclude_due(now=self.now)
        results.refresh_due(now=self.now)
        for model in self.model.values():
            model.day_came(self.today)

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        tally["runs"] += 1
        tally["acts"] += self.acts
        self.compare()
        stored = stored_results()
        assert rebuilt_results(self.world, self.now) == stored, "the projection is not what a rebuild gives"
        later = self.now + dt.timedelta(days=400)
        replies.conclude_due(now=later)
        results.refresh_due(now=later)
        stored = stored_results()
        assert rebuilt_results(self.world, later) == stored, "400 days later the projection is not what a rebuild gives"

    def compare(self) -> None:
        """Everything that the model knows against what is stored."""
        with looking() as session:
            slugs = dict(session.execute(select(Service.id, Service.slug)).all())
            for (number, cycle_number), model in self.model.items():
                company, cycle = self.world.companies[number], self.world.cycles[cycle_number]
                id_ = company.assessments[cycle.slug]
                row = session.get_one(Assessment, id_)
                assert (row.state, row.conclusion) == (model.state, model.conclusion)
                assert (row.reply_due_on, row.replied_at is not None) == (model.reply_due_on, model.replied)
                kept = {(slugs.get(a.service_id), a.indicator_id): a.status for a in _of(session, Answer, id_)}
                assert kept == model.draft
                found = {
                    (slugs.get(f.service_id), f.indicator_id): (f.rating, f.reason, f.submission_number)
                    for f in _of(session, Finding, id_)
                }
                assert found == model.findings
                self._compare_submissions(session, id_, model)
                self._compare_questions(session, id_, model, slugs)
                self._compare_versions(session, id_, model, slugs)
                self._compare_flags(session, number, cycle_number, slugs)
            states = {row.id: (row.state, row.side, row.due_on) for row in session.scalars(select(Commitment))}
            assert states == {id_: (p.state, p.side, p.due_on) for id_, p in self.ids.items()}

    def _compare_submissions(self, session: Any, id_: int, model: Exchange) -> None:
        rows = session.scalars(
            select(Submission).where(Submission.assessment_id == id_).order_by(Submission.number)
        ).all()
        assert [row.number for row in rows] == list(range(1, len(model.signed) + 1))
        for row in rows:
            assert row.sha256 == self.sealed[id_, row.number], (
                "a sealed copy has another sha256 than when it was signed"
            )
            assert hashlib.sha256(row.sealed.encode()).hexdigest() == row.sha256, "a sealed copy was changed"

    def _compare_questions(self, session: Any, id_: int, model: Exchange, slugs: dict[int, str]) -> None:
        rows: dict[Key, list[tuple[Any, ...]]] = {}
        for row in sorted(_of(session, Clarification, id_), key=lambda row: row.round):
            key = (slugs.get(row.service_id), row.indicator_id)
            said = (row.state, row.due_on, row.submission_number, row.round, row.reply, row.answered_number)
            rows.setdefault(key, []).append(said)
        expected = {
            key: [(q.state, q.due_on, q.made_on, q.round, q.reply, q.answered_in) for q in questions]
            for key, questions in model.questions.items()
            if questions
        }
        assert rows == expected

    def _compare_versions(self, session: Any, id_: int, model: Exchange, slugs: dict[int, str]) -> None:
        rows: dict[Key, list[tuple[Any, ...]]] = {}
        query = (
            select(Finding, FindingVersion, Reply)
            .join(FindingVersion, FindingVersion.finding_id == Finding.id)
            .outerjoin(Reply, Reply.finding_version_id == FindingVersion.id)
            .where(Finding.assessment_id == id_)
            .order_by(FindingVersion.number)
        )
        for finding, version, reply in session.execute(query):
            key = (slugs.get(finding.service_id), finding.indicator_id)
            stance, sent = (reply.stance, reply.sent_at is not None) if reply else (None, False)
            said = (version.rating, version.reason, version.reply_due_on, stance, sent)
            rows.setdefault(key, []).append(said)
        expected = {
            key: [(v.rating, v.reason, v.due_on, v.stance, v.sent) for v in known]
            for key, known in model.versions.items()
        }
        assert rows == expected

    def _compare_flags(self, session: Any, number: int, cycle_number: int, slugs: dict[int, str]) -> None:
        """The flags that a reader sees, from the model alone: disputed, and overdue in this cycle or the one before."""
        model = self.model[number, cycle_number]
        if not model.signed:
            return
        company, cycle = self.world.companies[number], self.world.cycles[cycle_number]
        rows = session.scalars(
            select(Result).where(Result.cycle_id == cycle.id, Result.company_id == company.row.id)
        ).all()
        flags = {(slugs.get(row.service_id), row.indicator_id): set(row.flags) for row in rows}
        earlier = [self.model[number, each] for each in range(cycle_number + 1)]
        for key in company.keys:
            assert ("disputed" in flags[key]) is model.disputed(key)
            assert ("overdue_commitment" in flags[key]) is any(item.overdue(key, self.today) for item in earlier)


def _of(session: Any, table: Any, assessment_id: int) -> list[Any]:
    return list(session.scalars(select(table).where(table.assessment_id == assessment_id)))


@pytest.fixture(scope="module")
def made() -> Iterator[Stage]:
    with ExitStack() as stack:
        yield stack.enter_context(stage())


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_the_database_is_what_the_model_says(
    made: Stage, part: int, record_property: Callable[[str, object], None]
) -> None:
    Machine.stage = made
    tally.clear()
    run = settings(
        max_examples=RUNS // PARTS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    seed(SEED * 1_000 + part)(partial(run_state_machine_as_test, Machine, settings=run))()
    assert tally["runs"] >= RUNS // PARTS
    assert tally.keys() >= MUST, f"never happened: {sorted(MUST - tally.keys())}"
    record_property("result", f"part {part + 1} of {PARTS}: {tally['runs']} runs, {tally['acts']} acts, 0 differences")
