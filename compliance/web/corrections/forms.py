"""The forms of a correction: what the company proposes, and what staff decide."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField

from compliance.domain.corrections import CorrectionEntry, CorrectionState, Decision
from compliance.web.fields import clean


class CorrectionForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    statement = TextAreaField(_("How it should read"), filters=[clean])
    reason = TextAreaField(_("Why"), filters=[clean])
    source_address = StringField(_("Address where that can be seen"), filters=[clean])

    def entry(self) -> CorrectionEntry:
        """What was typed."""
        return CorrectionEntry(self.statement.data or "", self.reason.data or "", self.source_address.data or "")


class DecisionForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    state = RadioField(_("Is the fact corrected?"), validate_choice=False, choices=[])
    drop_claim = BooleanField(_("The fact no longer states a status or a number."))
    reason = TextAreaField(_("Why, for the company to read"), filters=[clean])

    def decision(self) -> Decision:
        """What was chosen."""
        state = next((state for state in CorrectionState if state == self.state.data), None)
        return Decision(state, self.reason.data or "", drop_claim=bool(self.drop_claim.data))
