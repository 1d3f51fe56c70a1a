"""The form with which an assessment is signed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from compliance.domain.submissions import Signature
from compliance.web.fields import clean


class DeclineForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    reason = TextAreaField(_("Why your company does not take part"), filters=[clean])


class SignatureForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    name = StringField(_("Your name"), filters=[clean])
    role = StringField(_("Your role in the company"), filters=[clean])
    authority = StringField(_("On whose authority you sign"), filters=[clean])
    no_material = BooleanField(
        _("No answer contains or links to abusive material, or addresses, hashes or user names of offending content."),
        validators=[InputRequired(_("Confirm that no answer contains or links to abusive material."))],
    )
    fingerprint = HiddenField(filters=[clean])

    def signature(self) -> Signature:
        return Signature(self.name.data or "", self.role.data or "", self.authority.data or "")
