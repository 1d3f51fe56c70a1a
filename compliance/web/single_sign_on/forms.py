"""The forms of single sign-on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField

from compliance.services.account.single_sign_on import NewProvider
from compliance.web.fields import clean


class FindForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    email = StringField(_("Your work e-mail address"), filters=[clean])


class ProviderForm(FlaskForm):  # type: ignore[misc]
    """How an organisation's provider is reached."""

    issuer = StringField(_("Address of the provider (issuer)"), filters=[clean])
    client_id = StringField(_("Client ID"), filters=[clean])
    secret = PasswordField(_("Client secret"))
    email_domain = StringField(_("Domain of e-mail addresses"), filters=[clean])
    only = BooleanField(_("The people of this organisation sign in here only this way"))

    def provider(self) -> NewProvider:
        return NewProvider(
            self.issuer.data or "",
            self.client_id.data or "",
            self.secret.data or "",
            self.email_domain.data or "",
            bool(self.only.data),
        )
