"""The form in which an invited person says who they are."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from compliance.web.fields import clean


class AcceptForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    name = StringField(_("Your name"), filters=[clean])
    password = PasswordField(_("Password"))
