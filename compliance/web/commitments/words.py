"""Words for the states of a commitment and for what is done with it."""

from __future__ import annotations

from flask_babel import gettext as _

from compliance.domain.commitments import CommitmentAct, CommitmentState


def state_of(state: str, *, overdue: bool = False) -> str:
    """The word for a commitment's state; overdue is said in its place, because it is what matters then."""
    if overdue:
        return str(_("Overdue"))
    words: dict[CommitmentState, str] = {
        CommitmentState.PROPOSED: _("Proposed"),
        CommitmentState.AGREED: _("Agreed"),
        CommitmentState.DONE: _("Said to be done"),
        CommitmentState.VERIFIED: _("Verified"),
        CommitmentState.DECLINED: _("Not agreed"),
        CommitmentState.WITHDRAWN: _("Taken back"),
    }
    return words[CommitmentState(state)]


def act_word(act: str) -> str:
    """The word for what was done with a commitment, as the history and the flash say it."""
    words: dict[CommitmentAct, str] = {
        CommitmentAct.PROPOSE: _("proposed"),
        CommitmentAct.AGREE: _("agreed"),
        CommitmentAct.DECLINE: _("not agreed"),
        CommitmentAct.WITHDRAW: _("taken back"),
        CommitmentAct.STEP_DONE: _("a step is done"),
        CommitmentAct.CLAIM_DONE: _("said to be done"),
        CommitmentAct.VERIFY: _("verified"),
        CommitmentAct.REOPEN: _("opened again"),
    }
    return words[CommitmentAct(act)]
