"""The form with which a submission is withdrawn."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from compliance.web.fields import clean


class WithdrawForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    reason = TextAreaField(_("Why your company withdraws its submission"), filters=[clean])
