"""The forms of passwords."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from compliance.web.fields import clean


class ForgottenForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    email = StringField(_("E-mail address"), filters=[clean])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(_("New password"))


class ChangeForm(FlaskForm):  # type: ignore[misc]
    old = PasswordField(_("Password until now"))
    password = PasswordField(_("New password"))
