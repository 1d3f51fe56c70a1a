"""The form of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import AnyOf

from compliance.domain.text import LANGUAGES


class AccountForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    language = RadioField(
        _("Language of pages and e-mails"),
        choices=[],
        validate_choice=False,
        validators=[AnyOf(LANGUAGES, _("Choose one of the two languages."))],
    )
