"""The words for what is done. An action without words is shown by its code, and a test names it."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

ACTIONS: Final = {
    "answer.save": _l("Answer saved"),
    "assessment.submit": _l("Assessment signed and submitted"),
    "audit.export": _l("Audit trail downloaded"),
    "cycle.close": _l("Cycle closed"),
    "cycle.open": _l("Cycle opened"),
    "finding.save": _l("Finding saved"),
    "framework.import": _l("Framework imported"),
    "organisation.create": _l("Organisation added"),
    "participation.accept": _l("Invitation accepted"),
    "participation.decline": _l("Invitation declined"),
    "participation.invite": _l("Company invited"),
    "reminders.queue": _l("Reminders queued"),
    "service.add": _l("Service added"),
    "user.create": _l("Account made"),
    "user.language": _l("Language chosen"),
    "user.role": _l("Role granted"),
}

NOUNS: Final = {
    "answer": _l("Answers"),
    "assessment": _l("Assessments"),
    "audit": _l("The audit trail"),
    "cycle": _l("Cycles"),
    "finding": _l("Findings"),
    "framework": _l("Frameworks"),
    "organisation": _l("Organisations"),
    "participation": _l("Participation"),
    "reminders": _l("Reminders"),
    "service": _l("Services"),
    "user": _l("Accounts"),
}


def action_words(action: str) -> str:
    """What was done, in the language of the page."""
    return str(ACTIONS[action]) if action in ACTIONS else action


__all__ = ["ACTIONS", "NOUNS", "action_words"]
