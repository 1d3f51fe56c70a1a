"""Small forms beside a question."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, TextAreaField

from compliance.web.fields import clean, clean_rows


class NoteForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    text = TextAreaField(_("Note to colleagues"), filters=[clean])


class InquiryForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    text = TextAreaField(_("Your question to government"), filters=[clean])


class CopyForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    services = SelectMultipleField(_("Copy to"), validate_choice=False, choices=[])


class PasteForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    rows = TextAreaField(_("Rows from your spreadsheet"), filters=[clean_rows])
