"""The form of a commitment with its steps, and of an act on one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, StringField, TextAreaField

from compliance.domain.commitments import STEPS_LIMIT, ActEntry, CommitmentEntry, Step
from compliance.domain.saving import Stamp
from compliance.web.fields import DayField, clean


class StepForm(Form):
    text = StringField(_("Step"), filters=[clean])
    due_on = DayField(_("By"))

    @property
    def is_blank(self) -> bool:
        return not (self.text.data or any(self.due_on.typed.values()))


class CommitmentForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    text = TextAreaField(_("What will be done"), filters=[clean])
    owner = StringField(_("Who in the company sees to it"), filters=[clean])
    due_on = DayField(_("By when"))
    steps = FieldList(FormField(StepForm), max_entries=STEPS_LIMIT)
    key = HiddenField(filters=[clean])

    def entry(self) -> CommitmentEntry:
        steps = tuple(Step(item.form.text.data or "", item.form.due_on.data) for item in self.kept)
        return CommitmentEntry(self.text.data or "", self.owner.data or "", self.due_on.data, steps)

    @property
    def kept(self) -> list[Any]:
        """The steps that hold something, in their order."""
        return [item for item in self.steps.entries if not item.form.is_blank]

    def stamp(self) -> Stamp:
        """A commitment is proposed once, however often its form is sent."""
        return Stamp(0, (self.key.data or "")[:64])

    def row_of(self, number: int) -> int:
        """The place on the page of the step that the rules call `number`: they do not see blank ones."""
        return int(self.steps.entries.index(self.kept[number]))


class ActForm(FlaskForm):  # type: ignore[misc]
    text = TextAreaField(_("In words"), filters=[clean])
    evidence_address = StringField(_("Address where it can be seen (optional)"), filters=[clean])
    version = HiddenField(default="0", filters=[clean])

    def entry(self) -> ActEntry:
        return ActEntry(self.text.data or "", self.evidence_address.data or "")
