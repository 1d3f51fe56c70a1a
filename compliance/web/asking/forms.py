"""Forms for what companies ask and government replies."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from compliance.web.fields import DayField, clean


class ExtensionForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    until = DayField(_("New due date you ask for"))
    reason = TextAreaField(_("Why you need more time"), filters=[clean])


class ReplyForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    text = TextAreaField(_("Reply"), filters=[clean])
