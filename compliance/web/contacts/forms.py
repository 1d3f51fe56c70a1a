"""The form of a contact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from compliance.services.account.contacts import ContactEntry
from compliance.web.fields import clean


class ContactForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    name = StringField(_("Name"), filters=[clean])
    email = StringField(_("E-mail address"), filters=[clean])
    position = StringField(_("Position, for example “Chief executive”"), filters=[clean])
    language = RadioField(_("Language of mails"), choices=[], validate_choice=False)

    def entry(self) -> ContactEntry:
        """What was typed, as the rules know it."""
        values = {name: getattr(self, name).data or "" for name in ("name", "email", "position", "language")}
        return ContactEntry(**{name: value.strip() for name, value in values.items()})
