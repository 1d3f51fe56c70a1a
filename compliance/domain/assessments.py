"""The life of an assessment and of a company's participation in a cycle."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

from compliance.domain.errors import NotAllowed


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    FINDINGS_SHARED = "findings_shared"
    CONCLUDED = "concluded"
    REOPENED = "reopened"


class Act(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    WITHDRAW = "withdraw"
    REDRAFT = "redraft"
    RECALL = "recall"
    SHARE_FINDINGS = "share_findings"
    CONCLUDE = "conclude"
    REOPEN = "reopen"


#: The only allowed moves: from which state an act leads to which.
MOVES: Final[dict[tuple[State, Act], State]] = {
    (State.DRAFT, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.RETURN): State.RETURNED,
    (State.RETURNED, Act.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Act.RECALL): State.SUBMITTED,  # government takes its questions back and reads on
    (State.SUBMITTED, Act.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Act.WITHDRAW): State.WITHDRAWN,
    (State.WITHDRAWN, Act.REDRAFT): State.DRAFT,
    (State.SUBMITTED, Act.SHARE_FINDINGS): State.FINDINGS_SHARED,
    (State.FINDINGS_SHARED, Act.CONCLUDE): State.CONCLUDED,
    (State.CONCLUDED, Act.REOPEN): State.REOPENED,
    (State.REOPENED, Act.SUBMIT): State.SUBMITTED,
}

#: While in one of these a company may change answers; while returned only those that an open clarification names.
EDITABLE: Final = frozenset({State.DRAFT, State.REOPENED})

#: From the first of these on the company sees what was found.
FINDINGS_SEEN: Final = frozenset({State.FINDINGS_SHARED, State.CONCLUDED, State.REOPENED})


def move(state: State, act: Act) -> State:
    """The state after `act`; raises NotAllowed when the table does not list the move."""
    try:
        return MOVES[state, act]
    except KeyError:
        raise NotAllowed(f"an assessment that is {state} cannot be {act}") from None


def can(state: State | None, act: Act) -> bool:
    """Does the table list `act` for an assessment in `state`?"""
    return state is not None and (state, act) in MOVES


class Invitation(StrEnum):
    """What is stored about participation."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Participation(StrEnum):
    """What is shown about participation: stored or derived. None of these is the same as "not met"."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_STARTED = "not_started"
    NO_REPLY = "no_reply"
    PARTIAL = "partial"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


def due_of(cycle_due_on: dt.date, own_due_on: dt.date | None) -> dt.date:
    """The last day to submit: the cycle's, or the later one that a coordinator granted to this company alone.

    Everything that depends on a due date asks here (rows in hand) or `storage.queries.due` (in SQL).
    """
    return own_due_on or cycle_due_on


def participation(
    invitation: Invitation, state: State | None, *, has_answers: bool, due_on: dt.date, on: dt.date
) -> Participation:
    """How a company takes part on the day `on`; `state` is None while it has no assessment."""
    if state is State.WITHDRAWN:
        return Participation.WITHDRAWN
    if state is not None and state is not State.DRAFT:
        return Participation.SUBMITTED
    if invitation is Invitation.DECLINED:
        return Participation.DECLINED
    past_due = on > due_on
    if invitation is Invitation.INVITED:
        return Participation.NO_REPLY if past_due else Participation.INVITED
    if past_due:
        return Participation.PARTIAL
    return Participation.ACCEPTED if has_answers else Participation.NOT_STARTED
