"""Words for the states of an assessment; other words come from the framework."""

from __future__ import annotations

from flask_babel import gettext as _

from compliance.domain.assessments import State


def state_word(state: str) -> str:
    """The word for the state of an assessment, in the language of the page."""
    words: dict[State, str] = {
        State.DRAFT: _("Draft"),
        State.SUBMITTED: _("Submitted"),
        State.RETURNED: _("Returned"),
        State.WITHDRAWN: _("Withdrawn"),
        State.FINDINGS_SHARED: _("Findings shared"),
        State.CONCLUDED: _("Concluded"),
        State.REOPENED: _("Reopened"),
    }
    return words[State(state)]
