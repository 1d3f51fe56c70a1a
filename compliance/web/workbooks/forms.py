"""The forms of the workbook: bring it, save it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, HiddenField

from compliance.web.fields import clean


class BringForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    upload = FileField(_("The workbook (xlsx)"))

    @property
    def given(self) -> tuple[str, bytes]:
        """Name and content; both empty when no file was chosen."""
        sent = self.upload.data
        if not isinstance(sent, FileStorage):
            return "", b""
        with sent.stream as stream:
            return sent.filename or "", stream.read()


class SaveForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    fingerprint = HiddenField(filters=[clean])
    overwrite = BooleanField(_("Replace the answers that colleagues saved in the meantime with those of the workbook"))
