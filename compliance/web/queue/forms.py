"""The decision on a request for more time."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField

from compliance.services.cycle.extensions import Decision
from compliance.web.fields import DayField, clean


class DecisionForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    granted = RadioField(_("Your decision"), validate_choice=False, choices=[])
    due_on = DayField(_("The company's own last day"))
    reason = TextAreaField(_("Why, for the company to read"), filters=[clean])

    def decision(self) -> Decision:
        granted = {"yes": True, "no": False}.get(self.granted.data or "")
        return Decision(granted, self.due_on.data, self.reason.data or "")
