"""The form of a dispute."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField

from compliance.domain.disputes import DisputeEntry
from compliance.web.fields import DayField, clean


class DisputeForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    service = SelectField(_("Service"), validate_choice=False, choices=[])
    function = SelectField(_("Function"), validate_choice=False, choices=[])
    reason = TextAreaField(_("Why you dispute it"), filters=[clean])
    due_on = DayField(_("Last day for the answer"))

    def entry(self) -> DisputeEntry:
        return DisputeEntry(self.service.data or "", self.function.data or "", self.reason.data or "", self.due_on.data)
