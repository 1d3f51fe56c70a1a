"""The life of a report: from an official's draft to a released record that is never changed."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from compliance.domain.errors import NotAllowed


class ReportState(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class ReportAct(StrEnum):
    SUBMIT = "submit"
    TAKE_BACK = "take_back"  # by whoever writes it, before it is decided
    SEND_BACK = "send_back"  # by the approver, with a reason
    APPROVE = "approve"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"  # a newer version was released in its place


#: The only allowed moves. Withdrawn and superseded are ends: what was released stays to be seen as what it was.
REPORT_MOVES: Final[dict[tuple[ReportState, ReportAct], ReportState]] = {
    (ReportState.DRAFT, ReportAct.SUBMIT): ReportState.AWAITING_APPROVAL,
    (ReportState.AWAITING_APPROVAL, ReportAct.TAKE_BACK): ReportState.DRAFT,
    (ReportState.AWAITING_APPROVAL, ReportAct.SEND_BACK): ReportState.DRAFT,
    (ReportState.AWAITING_APPROVAL, ReportAct.APPROVE): ReportState.APPROVED,
    (ReportState.APPROVED, ReportAct.SEND_BACK): ReportState.DRAFT,
    (ReportState.APPROVED, ReportAct.RELEASE): ReportState.RELEASED,
    (ReportState.DRAFT, ReportAct.WITHDRAW): ReportState.WITHDRAWN,
    (ReportState.RELEASED, ReportAct.WITHDRAW): ReportState.WITHDRAWN,
    (ReportState.RELEASED, ReportAct.SUPERSEDE): ReportState.SUPERSEDED,
}

#: Being worked on: of each series of versions one at a time.
OPEN: Final = (ReportState.DRAFT, ReportState.AWAITING_APPROVAL, ReportState.APPROVED)
#: The facts of a report in one of these are frozen: nothing that happens to the data changes them.
FROZEN: Final = frozenset(ReportState) - {ReportState.DRAFT}
REASON_LIMIT: Final = 2_000  # characters


def move_report(state: ReportState, act: ReportAct) -> ReportState:
    """The state after `act`; raises NotAllowed when the table does not list the move."""
    try:
        return REPORT_MOVES[state, act]
    except KeyError:
        raise NotAllowed(f"a report that is {state} cannot be {act}") from None


def can(state: ReportState, act: ReportAct) -> bool:
    """Does the table list `act` for a report in `state`?"""
    return (state, act) in REPORT_MOVES


class BatchState(StrEnum):
    """Of a batch of reports, and of each report in it."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    MADE = "made"
    FAILED = "failed"


#: How often one report of a batch is tried. Whoever makes it may die each time.
MOST_ATTEMPTS: Final = 5
