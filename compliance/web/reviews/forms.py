"""The form of a finding."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField

from compliance.domain.findings import FindingEntry
from compliance.domain.results import Rating
from compliance.web.fields import clean


class FindingForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Keeps what was typed; the rules in `domain.findings` decide what may be saved."""

    rating = RadioField(_("Your finding"), validate_choice=False, choices=[])
    reason = TextAreaField(_("Reason"), filters=[clean])
    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])

    def entry(self) -> FindingEntry:
        rating = Rating(self.rating.data) if self.rating.data in set(Rating) else None
        return FindingEntry(rating, self.reason.data or "")
