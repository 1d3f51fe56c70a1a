"""The form of an invitation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from compliance.services.account.invitations import Invited
from compliance.web.fields import clean


class InviteForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """The use case checks it; the form keeps what was typed."""

    email = StringField(_("E-mail address"), filters=[clean])
    name = StringField(_("Name"), filters=[clean])
    role = RadioField(_("Role"), choices=[], validate_choice=False)
    language = RadioField(_("Language of pages and e-mails"), choices=[], validate_choice=False)

    def invited(self) -> Invited:
        return Invited(self.email.data or "", self.role.data or "", self.name.data or "", self.language.data or "")
