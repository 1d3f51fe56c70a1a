"""The forms of the bench: a finding, a question to the company, a note, and the steps of the whole review."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from compliance.domain.clarifications import ClarificationEntry
from compliance.domain.findings import FindingEntry
from compliance.domain.results import Rating
from compliance.services.review.review_work import AssignmentEntry
from compliance.web.fields import DayField, clean, whole_number
from compliance.web.language import selected


class FindingForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Keeps what was typed; the rules in `domain.findings` decide what may be saved."""

    rating = RadioField(_("Your finding"), validate_choice=False, choices=[])
    reason = TextAreaField(_("Reason"), filters=[clean])
    closes = TextAreaField(_("What would close it, if not the standard ask"), filters=[clean])
    change_reason = TextAreaField(_("Why the finding changes"), filters=[clean])
    read = HiddenField(default="0", filters=[clean])
    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])

    def entry(self) -> FindingEntry:
        rating = Rating(self.rating.data) if self.rating.data in set(Rating) else None
        return FindingEntry(
            rating,
            self.reason.data or "",
            self.closes.data or "",
            self.change_reason.data or "",
            whole_number(self.read.data),
            selected(),
        )


class ClarificationForm(FlaskForm):  # type: ignore[misc]
    """A question to the company about the answer."""

    question = TextAreaField(_("Question to the company"), filters=[clean])
    due_on = DayField(_("Last day for the answer"))
    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])

    def entry(self) -> ClarificationEntry:
        return ClarificationEntry(self.question.data or "", self.due_on.data)


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note for fellow reviewers."""

    text = TextAreaField(_("Note"), filters=[clean])
    shared = BooleanField(_("Let the other governments that see this answer read it"))


class StepForm(FlaskForm):  # type: ignore[misc]
    """What moves the assessment as a whole."""

    reply_due_on = DayField(_("The company may reply until"))
    reason = StringField(_("Reason"), filters=[clean])


class AssignForm(FlaskForm):  # type: ignore[misc]
    """Who reviews which part by when."""

    reviewer = SelectField(_("Reviewer"), validate_choice=False, choices=[])
    principle = SelectField(_("Part"), validate_choice=False, choices=[])
    due_on = DayField(_("By"))

    def entry(self, question: tuple[str | None, str] | None = None) -> AssignmentEntry:
        principle = "" if question else self.principle.data or ""
        return AssignmentEntry(whole_number(self.reviewer.data), self.due_on.data, principle, question)
