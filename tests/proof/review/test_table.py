"""State × act × role: every triple is tried through the use cases, and only the listed ones pass.

"Passes" means that the use case lets the person act: it succeeds, or says what is still missing (Invalid). Denied,
NotAllowed and NotFound are refusals. The list below is written by hand; it is not read from the permissions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.assessments import State
from compliance.domain.clarifications import ClarificationEntry
from compliance.domain.commitments import ActEntry, CommitmentAct, CommitmentEntry
from compliance.domain.disputes import DisputeEntry
from compliance.domain.engagements import EngagementEntry
from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound
from compliance.domain.findings import FindingEntry
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.replies import ReplyEntry, Stance
from compliance.domain.results import Rating
from compliance.domain.saving import Stamp
from compliance.services.assessment import answers
from compliance.services.gap import commitments
from compliance.services.review import (
    bench,
    clarifications,
    disputes,
    engagements,
    findings,
    replies,
    review_work,
    reviews,
)
from compliance.services.review.clarifications import QuestionReply
from compliance.services.transaction import looking, writing
from compliance.storage.models import Assessment, Clarification, Finding
from tests.proof.review.world import START, Stage, World, stage
from tests.support import factories as make

DAY = dt.timedelta(days=1)
NOW = START + DAY
TODAY = NOW.date()

COMPANY = ("viewer", "contributor", "lead")
WRITERS = ("contributor", "lead")
BENCH = ("reviewer", "approver", "coordinator")
SHARED = ("reviewer", "approver", "coordinator", "other reviewer", "other approver")
ALL = tuple(State)
SIGNED = (State.SUBMITTED, State.RETURNED, State.FINDINGS_SHARED, State.CONCLUDED, State.REOPENED)
KNOWN = (State.FINDINGS_SHARED, State.CONCLUDED)

#: Act: who may, in which states. Nobody else, and in no other state.
TABLE: dict[str, tuple[tuple[str, ...], tuple[State, ...]]] = {
    "answer, asked about": (WRITERS, (State.DRAFT, State.RETURNED, State.REOPENED)),
    "answer, not asked about": (WRITERS, (State.DRAFT, State.REOPENED)),
    # the same person signing the same once more is one submission, so it is no refusal
    "sign": (("lead",), (State.DRAFT, State.SUBMITTED, State.RETURNED, State.REOPENED)),
    "reply to a question": (WRITERS, (State.RETURNED,)),
    "reply to a finding": (WRITERS, (State.FINDINGS_SHARED,)),
    "send the replies": (("lead",), KNOWN),
    "read the findings": (COMPANY, ALL),  # once they were shared the company goes on seeing them
    "read the review": (SHARED, SIGNED),
    "find": (("reviewer",), (State.SUBMITTED, State.RETURNED, *KNOWN)),
    "ask": (("reviewer",), (State.SUBMITTED, State.RETURNED)),
    "dispute a function": (("reviewer",), (State.SUBMITTED, State.RETURNED)),
    "take a question back": (("reviewer",), (State.SUBMITTED, State.RETURNED)),
    "return": (("reviewer",), (State.SUBMITTED,)),
    "read on": (("reviewer",), (State.RETURNED,)),
    "share": (("reviewer", "approver"), (State.SUBMITTED,)),
    "conclude": (("reviewer", "approver"), (State.FINDINGS_SHARED,)),
    "reopen": (("coordinator",), (State.CONCLUDED,)),
    "assign": (("reviewer", "coordinator"), SIGNED),
    "note": (("reviewer", "approver", "other reviewer", "other approver"), SIGNED),
    "propose a commitment": ((*WRITERS, "reviewer"), SIGNED),
    "agree to a commitment": (("reviewer",), ALL),
    "write down a meeting": (("reviewer", "coordinator", "other reviewer"), ALL),
}


@dataclass(frozen=True)
class Scene:
    """One assessment that has everything: a finding that was shared, a reply, an open question, a commitment."""

    world: World
    people: dict[str, Actor]
    finding: int
    question: int
    commitment: int

    @property
    def slug(self) -> str:
        return self.world.companies[0].row.slug

    @property
    def cycle(self) -> str:
        return self.world.cycles[0].slug

    def place(self, number: int, actor: Actor) -> Place:
        key = self.world.companies[0].keys[number]
        return Place(self.cycle, key[0], key[1], None if actor.is_company else self.slug)


@pytest.fixture(scope="module")
def scene() -> Iterator[tuple[Stage, Scene]]:
    with stage() as made:
        built = _build(made.world)
        made.keep()
        yield made, built


def _build(world: World) -> Scene:
    company = world.companies[0]
    cycle, place = world.cycles[0], Place(world.cycles[0].slug, *company.keys[0], company.row.slug)
    make.sharing(cycle, company.row, "NZ")
    ca, nz = make.government("CA"), make.government("NZ")
    people = {
        **{role: make.actor(company.row, role) for role in COMPANY},
        **{role: make.actor(ca, role) for role in (*BENCH, "reader")},
        **{f"other {role}": make.actor(nz, role) for role in ("reviewer", "approver")},
        "outsider": make.actor(make.government("GB")),
        "rival": make.actor(make.organisation()),  # of a company that was not invited
        "administrator": make.actor(make.operator(), "administrator"),
    }
    own = replace(place, company=None)
    answers.save(people["lead"], own, AnswerEntry(Status.IN_PLACE, explanation="So."), Stamp(0, ""), now=START)
    make.submitted(people["lead"], cycle, now=START)
    row = commitments.propose(
        people["lead"], own, CommitmentEntry("We will.", "Someone", TODAY + 30 * DAY), Stamp(0, ""), now=START
    )
    findings.save_finding(people["reviewer"], place, FindingEntry(Rating.PARTLY, "Half."), Stamp(0, ""), now=START)
    replies.share(people["reviewer"], company.row.slug, cycle.slug, TODAY + 9 * DAY, now=START)
    with looking() as session:
        finding = session.query(Finding).one().id
    with writing() as session:
        question = Clarification(
            assessment_id=company.assessments[cycle.slug],
            service_id=session.get_one(Finding, finding).service_id,
            indicator_id=company.keys[0][1],
            round=1,
            state="open",
            question="Why?",
            due_on=TODAY + 9 * DAY,
            asked_by_id=people["reviewer"].user_id,
            country="CA",
            submission_number=1,
            written_at=START,
            sent_at=START,
        )
        session.add(question)
        session.flush()
        number = question.id
    return Scene(world, people, finding, number, row.id)


def put(scene: Scene, state: State) -> None:
    """The assessment in a state, with what belongs to that state."""
    with writing() as session:
        row = session.get_one(Assessment, scene.world.companies[0].assessments[scene.cycle])
        row.state = state
        question = session.get_one(Clarification, scene.question)
        question.state = {State.RETURNED: "open", State.SUBMITTED: "draft"}.get(state, "answered")
        question.sent_at = None if state is State.SUBMITTED else START


def act(scene: Scene, name: str, actor: Actor) -> None:
    """Do the act as a hand-made request would: with whatever version fits."""
    place, other = scene.place(0, actor), scene.place(1, actor)
    slug, cycle, entry = scene.slug, scene.cycle, AnswerEntry(Status.IN_PLACE, explanation="New.")
    acts: dict[str, Callable[[], object]] = {
        "answer, asked about": lambda: answers.save(actor, place, entry, Stamp(1, ""), now=NOW),
        "answer, not asked about": lambda: answers.save(actor, other, entry, Stamp(0, ""), now=NOW),
        "sign": lambda: make.submitted(actor, scene.world.cycles[0], now=NOW),
        "reply to a question": lambda: clarifications.reply(
            actor, cycle, scene.question, QuestionReply(""), Stamp(9, ""), now=NOW
        ),
        "reply to a finding": lambda: replies.save_reply(
            actor, cycle, scene.finding, ReplyEntry(Stance.ACCEPT), Stamp(0, ""), now=NOW
        ),
        "send the replies": lambda: replies.send(actor, cycle, now=NOW),
        "read the findings": lambda: replies.own_findings(actor, cycle, now=NOW),
        "read the review": lambda: reviews.review_of(actor, slug, cycle, now=NOW),
        "find": lambda: findings.save_finding(actor, place, FindingEntry(None), Stamp(1, ""), now=NOW),
        "ask": lambda: clarifications.ask(actor, other, ClarificationEntry("", None), Stamp(0, ""), now=NOW),
        "dispute a function": lambda: disputes.write(actor, slug, cycle, DisputeEntry("", "", "", None), now=NOW),
        "take a question back": lambda: clarifications.drop(actor, slug, cycle, scene.question, now=NOW),
        "return": lambda: clarifications.give_back(actor, slug, cycle, now=NOW),
        "read on": lambda: clarifications.recall(actor, slug, cycle, now=NOW),
        "share": lambda: replies.share(actor, slug, cycle, None, now=NOW),
        "conclude": lambda: replies.conclude(actor, slug, cycle, now=NOW + 30 * DAY),
        "reopen": lambda: replies.reopen(actor, slug, cycle, "", now=NOW),
        "assign": lambda: review_work.assign(actor, slug, cycle, review_work.AssignmentEntry(0, None), now=NOW),
        "note": lambda: bench.add_note(actor, place, "", shared=False, now=NOW),
        "propose a commitment": lambda: commitments.propose(
            actor, place, CommitmentEntry("", "", None), Stamp(0, ""), now=NOW
        ),
        "agree to a commitment": lambda: commitments.act_on(
            actor, scene.commitment, CommitmentAct.AGREE, ActEntry(), version=1, now=NOW
        ),
        "write down a meeting": lambda: engagements.save(
            actor, slug, cycle, EngagementEntry(None, ""), Stamp(0, ""), now=NOW
        ),
    }
    acts[name]()


#: So many faults are shown; a table that is wrong all over is not tried to its end.
SHOWN = 10


@pytest.mark.parametrize("state", State)
def test_only_the_listed_triples_pass(
    scene: tuple[Stage, Scene], state: State, record_property: Callable[[str, object], None]
) -> None:
    made, built = scene
    tried, passed = 0, 0
    wrong: list[tuple[str, str, str]] = []
    for name, (who, states) in TABLE.items():
        for role, actor in built.people.items():
            made.reset()
            put(built, state)
            tried += 1
            may = role in who and state in states
            got = _passes(built, name, actor)
            passed += got
            if got is not may:
                wrong.append((name, role, "passes" if got else "refused"))
            assert len(wrong) < SHOWN, "\n".join(map(str, wrong))
    assert wrong == [], "\n".join(map(str, wrong))
    assert passed == sum(len(set(who)) for who, states in TABLE.values() if state in states), "nobody was forgotten"
    record_property("result", f"{state}: {tried:,} triples tried, {passed} pass, as listed")


def _passes(scene: Scene, name: str, actor: Actor) -> bool:
    try:
        act(scene, name, actor)
    except Invalid:
        return True
    except (Denied, NotAllowed, NotFound):
        return False
    return True
