"""The forms of signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField

from compliance.web.fields import clean


class PasswordForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    email = StringField(_("E-mail address"), filters=[clean])
    password = PasswordField(_("Password"))


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A code of an app, or a recovery code; `sealed` carries a secret that is being set up."""

    code = StringField(_("Code"), filters=[clean])
    sealed = HiddenField()


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Show once more who you are: by a code, or by the password where there is no second factor."""

    code = StringField(_("Code"), filters=[clean])
    password = PasswordField(_("Password"))
