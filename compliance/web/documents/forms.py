"""The forms for documents: bring one, set one aside."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, Form, StringField, TextAreaField

from compliance.domain.documents import DocumentRef
from compliance.services.assessment.documents import Upload
from compliance.web.fields import clean


class DocumentField(StringField):
    """Which of the company's documents is shown, by its sha256; offered as a list, checked by the rules."""

    def process_data(self, value: Any) -> None:
        """Take a reference as an answer has it, as an object or as plain data."""
        found = value.get("sha256") if isinstance(value, dict) else getattr(value, "sha256", value)
        self.data = found or ""

    @property
    def ref(self) -> DocumentRef | None:
        return DocumentRef(self.data[:64]) if self.data else None


class UploadFields(Form):
    """A file with the tick that goes with each upload; part of a question's form, too."""

    upload = FileField(_("Document (PDF, Word, Excel, CSV or text; at most 10 MB)"))
    no_material = BooleanField(
        _("This document holds no abusive material, and no addresses, hashes or user names of offending content.")
    )

    @property
    def brings_file(self) -> bool:
        return isinstance(self.upload.data, FileStorage) and bool(self.upload.data.filename)

    def given(self) -> Upload:
        """The file as it came; an empty one when none was chosen."""
        sent = self.upload.data
        if not isinstance(sent, FileStorage):
            return Upload("", b"", confirmed=self.no_material.data)
        with sent.stream as stream:
            return Upload(sent.filename or "", stream.read(), confirmed=self.no_material.data)


class UploadForm(UploadFields, FlaskForm):  # type: ignore[misc]  # the base is untyped
    pass


class SetAsideForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    note = TextAreaField(_("Why it is set aside"), filters=[clean])
