"""Forms with which a lead manages the team."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField

from compliance.services.account.invitations import Invited
from compliance.web.fields import clean


class InviteForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    email = StringField(_("E-mail address"), filters=[clean])
    name = StringField(_("Name"), filters=[clean])
    role = RadioField(_("What this person does"), validate_choice=False, choices=[])
    language = RadioField(_("Language of e-mails and pages"), validate_choice=False, choices=[])

    def invitation(self) -> Invited:
        return Invited(self.email.data or "", self.role.data or "", self.name.data or "", self.language.data or "")


class EndForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    successor = SelectField(_("Who takes over the assignments"), validate_choice=False, choices=[])
