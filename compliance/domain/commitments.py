"""Commitments: one table of who may move them from where to where, and when one is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from compliance.domain.answers import Problem, is_web_address
from compliance.domain.errors import Denied, NotAllowed

TEXT_LIMIT: Final = 2_000  # characters
OWNER_LIMIT: Final = 200
STEPS_LIMIT: Final = 12
YEARS_AHEAD: Final = 10


class CommitmentState(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    DONE = "done"  # the company says so, with evidence
    VERIFIED = "verified"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    COMPANY = "company"
    GOVERNMENT = "government"

    @property
    def other(self) -> Side:
        return Side.GOVERNMENT if self is Side.COMPANY else Side.COMPANY


class CommitmentAct(StrEnum):
    PROPOSE = "propose"
    AGREE = "agree"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    STEP_DONE = "step_done"
    CLAIM_DONE = "claim_done"
    VERIFY = "verify"
    REOPEN = "reopen"


#: Of whom an act is: of whoever proposed, of the other side, or always of one of the two.
_PROPOSER, _OTHER = "proposer", "other"

#: The only allowed moves: from which state an act leads to which, and whose act it is.
MOVES: Final[dict[tuple[CommitmentState, CommitmentAct], tuple[CommitmentState, str]]] = {
    (CommitmentState.PROPOSED, CommitmentAct.AGREE): (CommitmentState.AGREED, _OTHER),
    (CommitmentState.PROPOSED, CommitmentAct.DECLINE): (CommitmentState.DECLINED, _OTHER),
    (CommitmentState.PROPOSED, CommitmentAct.WITHDRAW): (CommitmentState.WITHDRAWN, _PROPOSER),
    (CommitmentState.AGREED, CommitmentAct.STEP_DONE): (CommitmentState.AGREED, Side.COMPANY),
    (CommitmentState.AGREED, CommitmentAct.CLAIM_DONE): (CommitmentState.DONE, Side.COMPANY),
    (CommitmentState.DONE, CommitmentAct.VERIFY): (CommitmentState.VERIFIED, Side.GOVERNMENT),
    (CommitmentState.DONE, CommitmentAct.REOPEN): (CommitmentState.AGREED, Side.GOVERNMENT),
    (CommitmentState.VERIFIED, CommitmentAct.REOPEN): (CommitmentState.AGREED, Side.GOVERNMENT),
}

#: Acts that say why, or with what evidence.
WITH_REASON: Final = frozenset({CommitmentAct.DECLINE, CommitmentAct.WITHDRAW, CommitmentAct.REOPEN})

#: A commitment whose dates count as a plan: it is proposed or agreed. One that is said to be done was agreed, and
#: stays a plan until somebody has looked.
PLANNING: Final = frozenset({CommitmentState.PROPOSED, CommitmentState.AGREED, CommitmentState.DONE})


def move(state: CommitmentState, act: CommitmentAct, *, by: Side, proposed_by: Side) -> CommitmentState:
    """The state after `act`. Raises NotAllowed when the table does not list the move, Denied for the wrong side."""
    try:
        after, whose = MOVES[state, act]
    except KeyError:
        raise NotAllowed(f"a commitment that is {state} cannot be {act}") from None
    if by != _side(whose, proposed_by):
        raise Denied(f"{act} is for the other side")
    return after


def acts_of(state: CommitmentState, *, by: Side, proposed_by: Side) -> tuple[CommitmentAct, ...]:
    """The acts open to one side, in the order of the table."""
    return tuple(
        act for (before, act), (_, whose) in MOVES.items() if before is state and by == _side(whose, proposed_by)
    )


def _side(whose: str, proposed_by: Side) -> str:
    return {_PROPOSER: proposed_by, _OTHER: proposed_by.other}.get(whose, whose)


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way. `due_on` is None when no day was typed, or none that can be read."""

    text: str
    due_on: dt.date | None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Pledge:
    """What the rules need to know about a commitment."""

    state: CommitmentState
    due_on: dt.date
    steps: tuple[Step, ...] = ()


def plan_dates(pledges: Iterable[Pledge]) -> tuple[dt.date, ...]:
    """The last days of the dated steps that count as a plan: of commitments proposed or agreed, not yet done."""
    return tuple(day for pledge in pledges if pledge.state in PLANNING for day in _open_days(pledge))


def agreed_days(pledges: Iterable[Pledge]) -> tuple[dt.date, ...]:
    """The last days that were agreed and are not done: each that has passed makes the commitment overdue."""
    return tuple(day for pledge in pledges if pledge.state is CommitmentState.AGREED for day in _open_days(pledge))


def is_overdue(pledge: Pledge, today: dt.date) -> bool:
    """Agreed, not done, and a last day has passed. A step may take its whole day."""
    return any(day < today for day in agreed_days([pledge]))


def _open_days(pledge: Pledge) -> list[dt.date]:
    return [step.due_on for step in pledge.steps if step.due_on and not step.done] + [pledge.due_on]


@dataclass(frozen=True, slots=True)
class CommitmentEntry:
    """A commitment as typed."""

    text: str
    owner: str
    due_on: dt.date | None
    steps: tuple[Step, ...] = ()


def problems_of(entry: CommitmentEntry, today: dt.date) -> list[Problem]:
    """What stands in the way of proposing."""
    problems = [*_text("text", entry.text, TEXT_LIMIT), *_text("owner", entry.owner, OWNER_LIMIT)]
    problems += _day("due_on", entry.due_on, today)
    if len(entry.steps) > STEPS_LIMIT:
        problems.append(Problem("steps", "too_many_steps", {"limit": str(STEPS_LIMIT)}))
    for number, step in enumerate(entry.steps):
        problems += _text(f"steps.{number}.text", step.text, TEXT_LIMIT)
        problems += _day(f"steps.{number}.due_on", step.due_on, today)
        if step.due_on and entry.due_on and step.due_on > entry.due_on:
            problems.append(Problem(f"steps.{number}.due_on", "step_after_end"))
    return problems


@dataclass(frozen=True, slots=True)
class ActEntry:
    """What is said with an act: a reason, or what is done and where that can be seen."""

    text: str = ""
    evidence_address: str = ""


def act_problems(act: CommitmentAct, entry: ActEntry) -> list[Problem]:
    """A reason where the other side is refused; evidence, as an address or in words, for what is said to be done."""
    problems = []
    if len(entry.text) > TEXT_LIMIT:
        problems.append(Problem("text", "too_long", {"limit": str(TEXT_LIMIT)}))
    if act in WITH_REASON and not entry.text.strip():
        problems.append(Problem("text", "reason_for_act_needed"))
    if act is CommitmentAct.CLAIM_DONE and not (entry.text.strip() and len(entry.text) <= TEXT_LIMIT):
        problems.append(Problem("text", "describe_evidence"))
    if entry.evidence_address and not is_web_address(entry.evidence_address):
        problems.append(Problem("evidence_address", "not_a_web_address"))
    return problems


def _text(field: str, text: str, limit: int) -> Sequence[Problem]:
    if not text.strip():
        return [Problem(field, "needed")]
    return [Problem(field, "too_long", {"limit": str(limit)})] if len(text) > limit else []


def _day(field: str, day: dt.date | None, today: dt.date) -> Sequence[Problem]:
    if day is None:
        return [Problem(field, "date_needed")]
    if day < today:
        return [Problem(field, "date_past")]
    return [Problem(field, "date_too_far")] if day.year > today.year + YEARS_AHEAD else []
