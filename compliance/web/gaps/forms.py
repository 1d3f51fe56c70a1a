"""The form for accepting a gap as it is."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from compliance.services.gap.acceptances import AcceptanceEntry
from compliance.web.fields import DayField, clean


class AcceptanceForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    reason = TextAreaField(_("Reason"), filters=[clean])
    review_on = DayField(_("Look at it again on"))

    def entry(self) -> AcceptanceEntry:
        return AcceptanceEntry(self.reason.data or "", self.review_on.data)
