"""Words for reports: states, acts, pages of a draft, and what is entered on them."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _

from compliance.domain.report_texts import ASK, CHOSEN
from compliance.domain.reports import ReportState

STATES: Final = {
    ReportState.DRAFT: _("Draft"),
    ReportState.AWAITING_APPROVAL: _("Awaiting approval"),
    ReportState.APPROVED: _("Approved"),
    ReportState.RELEASED: _("Released"),
    ReportState.WITHDRAWN: _("Withdrawn"),
    ReportState.SUPERSEDED: _("Superseded"),
}
LOOKS: Final = {
    ReportState.DRAFT: "neutral",
    ReportState.AWAITING_APPROVAL: "active",
    ReportState.APPROVED: "active",
    ReportState.RELEASED: "done",
    ReportState.WITHDRAWN: "alert",
    ReportState.SUPERSEDED: "neutral",
}
EDITIONS: Final = {"full": _("Full edition"), "redacted": _("Redacted edition")}
LAYOUTS: Final = {
    "pdf": _("PDF"),
    "docx": _("Word"),
    "xlsx": _("Spreadsheet"),
    "csv": _("Facts (CSV)"),
    "json": _("Facts (JSON)"),
    "html": _("Web page"),
}
SLOTS: Final = {
    "meeting": _("Meeting and participants"),
    "objective": _("Objective of the meeting"),
    "likely": _("What they are likely to say, and our answer"),
    "lines_to_take": _("Lines to take"),
    "sensitivities": _("Sensitivities"),
    "next_steps": _("Next steps"),
    CHOSEN: _("What to ask for"),
}
HINTS: Final = {
    "meeting": _("When, where, and who takes part on both sides."),
    "objective": _("One or two sentences: what should be true after the meeting."),
    "likely": _("What the company is likely to say, each with what we answer."),
    "lines_to_take": _("What can be said as it stands. Each line becomes a point of its own."),
    "sensitivities": _(
        "Litigation, law, and confidential facts that must not be raised. Left out of the redacted edition."
    ),
    "next_steps": _("What happens after the meeting, who does it and by when."),
}
PIECES: Final = {
    "held_on": _("Day of the meeting"),
    "place": _("Place"),
    "participants": _("Participants"),
    "objective": _("Objective"),
    "lines_to_take": _("Lines to take"),
    "sensitivities": _("Sensitivities"),
    "next_steps": _("Next steps"),
    "wording": _("Wording of the ask"),
    "expected_reply": _("Expected reply"),
    "by": _("By when"),
}
LANGUAGES: Final = {"en": _("in English"), "fr": _("in French")}
KIND_HINTS: Final = {
    "company-brief": _("For a meeting with one company: one page to carry into the room, the rest as an annex."),
    "company-feedback": _(
        "For one company: its answers, what was found, and its replies. It can fetch it once released."
    ),
    "progress": _("What moved in one company since the last cycle."),
    "cross-company": _("All companies of a cycle: who takes part, results, the most common gaps, commitments due."),
    "principle": _("One principle across all companies, answers side by side."),
    "sector-aggregate": _(
        "The one table of a cycle that is published. No company is named; small numbers are suppressed."
    ),
}
ACTS: Final = {
    "submit": _("Submit for approval"),
    "take_back": _("Take back to go on writing"),
    "approve": _("Approve"),
    "send_back": _("Send back with a reason"),
    "release": _("Release"),
    "withdraw": _("Withdraw"),
}

BATCH_ERRORS: Final = {
    "not_shared": _("its content is not shared with our government any more"),
    "not_allowed": _("whoever asked for it may not build it any more"),
    "not_built": _("its facts could not be read"),
    "not_printed": _("it could not be laid out"),
    "no_language": _("it is not there in the languages asked for"),
    "gave_up": _("making it was interrupted too often"),
}


def slot_word(name: str) -> str:
    """The name of a page of texts."""
    if name.startswith(ASK):
        return str(_("Ask on %(indicator)s", indicator=name.removeprefix(ASK)))
    return str(SLOTS.get(name, name))


def piece_word(name: str) -> str:
    """The name of one thing to enter; those of a list carry their number."""
    stem, _underscore, number = name.rpartition("_")
    if number.isdecimal():
        words = {
            "they_say": _("They say %(number)s", number=number),
            "we_say": _("We answer %(number)s", number=number),
        }
        return str(words[stem])
    return str(PIECES[name])
