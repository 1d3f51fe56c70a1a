"""The forms of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf

from compliance.domain.text import LANGUAGES
from compliance.web.fields import clean


class AccountForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    language = RadioField(
        _("Language of pages and e-mails"),
        choices=[],
        validate_choice=False,
        validators=[AnyOf(LANGUAGES, _("Choose one of the two languages."))],
    )
    time_zone = SelectField(_("Time zone of dates and times"), choices=[], validate_choice=False)


class NewAddressForm(FlaskForm):  # type: ignore[misc]
    email = StringField(_("New e-mail address"), filters=[clean])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    old = PasswordField(_("Password until now"))
    password = PasswordField(_("New password"))
