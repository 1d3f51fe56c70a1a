"""The form of a service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField

from compliance.domain.framework import Framework
from compliance.web.fields import clean


class ServiceForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A service's name and what it can do. The rules check it; the form only keeps what was typed."""

    name = StringField(_("Name of the service"), filters=[clean])
    functions = SelectMultipleField(_("What can people do with this service?"), validate_choice=False)
    version = HiddenField(default="0", filters=[clean])

    def offer(self, framework: Framework) -> None:
        """The functions to choose from."""
        self.functions.choices = [(term.id, term.label.en) for term in framework.functions]
